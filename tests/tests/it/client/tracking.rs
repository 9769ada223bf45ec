//! A tracking derives the same states from events and answers, regardless of order and repetitions.

use std::collections::BTreeSet;
use std::path::Path;

use novamed::tracking::{OrderState, ShipmentState, Stage, Subject, Tracking};
use novamed::{CreatedMedicationRequest, CreatedRefillRequest, Event, MedicationOrderId, PatientId, ShipmentId};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::{assert_holds_none, spec};

/// The events of an order's stages, in the order of the published list.
const STAGES: [(&str, Stage, OrderState); 4] = [
    ("medication_order:verified", Stage::Verified, OrderState::Verified),
    ("medication_order:submitted", Stage::Submitted, OrderState::Submitted),
    ("medication_order:acknowledged", Stage::Acknowledged, OrderState::Acknowledged),
    ("medication_order:filled", Stage::Filled, OrderState::Filled),
];

/// An input of a tracking.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Event(Value),
    Refill(Value),
    Request(Value),
}

fn id(kind: char, number: u8) -> String {
    format!("00000000-0000-4000-8000-0000000{kind}{number:04}")
}

fn order(number: u8) -> MedicationOrderId {
    id('d', number).parse().expect("it is a UUID")
}

fn shipment(number: u8) -> ShipmentId {
    id('e', number).parse().expect("it is a UUID")
}

fn patient(number: u8) -> PatientId {
    id('b', number).parse().expect("it is a UUID")
}

fn stage(name: &str, order: u8, patient: u8) -> Told {
    Told::Event(json!({"event_name": name, "event_data": {
        "id": id('d', order), "clinic_id": id('c', 1), "patient_id": id('b', patient),
        "practitioner_id": id('a', 1),
    }}))
}

fn created(order: u8, patient: u8, shipment: u8) -> Told {
    Told::Event(json!({"event_name": "shipment:created", "event_data": {
        "id": id('d', order), "clinic_id": id('c', 1), "patient_id": id('b', patient),
        "practitioner_id": id('a', 1), "rx_number": "RXMARKER", "shipping_label": "https://labelMARKER.example",
        "shipment_id": id('e', shipment), "shipment_provider": "Ameriship",
        "tracking_url": "https://parcelMARKER.example",
    }}))
}

fn cancelled(shipment: Option<u8>) -> Told {
    let mut event = json!({"event_name": "shipment:cancelled", "event_data": {}});
    if let Some(shipment) = shipment {
        event["event_data"]["shipment_id"] = id('e', shipment).into();
    }
    Told::Event(event)
}

fn refill(request: u8, order: u8) -> Told {
    Told::Refill(json!({"refill_request_id": id('9', request), "medication_order_id": id('d', order)}))
}

fn request(request: u8, order: Option<u8>) -> Told {
    let mut answer = json!({"medication_request_id": id('8', request)});
    if let Some(order) = order {
        answer["medication_order_id"] = id('d', order).into();
    }
    Told::Request(answer)
}

fn event(told: &Value) -> Event {
    Event::parse(told.to_string().as_bytes()).expect("it is an event")
}

fn tell(tracking: &mut Tracking, told: &Told) {
    match told {
        Told::Event(delivery) => drop(tracking.apply(&event(delivery))),
        Told::Refill(answer) => {
            let answer: CreatedRefillRequest = serde_json::from_value(answer.clone()).expect("it is an answer");
            assert_eq!(tracking.expect_refill(&answer), answer.medication_order_id);
        }
        Told::Request(answer) => {
            let answer: CreatedMedicationRequest = serde_json::from_value(answer.clone()).expect("it is an answer");
            assert_eq!(tracking.expect_order(&answer), answer.medication_order_id);
        }
    }
}

fn fold<'t>(history: impl IntoIterator<Item = &'t Told>) -> Tracking {
    let mut tracking = Tracking::new();
    history.into_iter().for_each(|told| tell(&mut tracking, told));
    tracking
}

/// Derives the state of an order from the whole history.
fn state_by_looking(history: &[Told], number: u8) -> Option<OrderState> {
    let events = || history.iter().filter_map(|told| if let Told::Event(event) = told { Some(event) } else { None });
    let is_of_order = |event: &&Value| event["event_data"]["id"] == json!(id('d', number));
    let shipments: BTreeSet<&str> =
        events().filter(is_of_order).filter_map(|event| event["event_data"]["shipment_id"].as_str()).collect();
    let is_cancelled = |shipment: &&str| {
        events().any(|event| {
            event["event_name"] == "shipment:cancelled" && event["event_data"]["shipment_id"] == json!(shipment)
        })
    };
    if !shipments.is_empty() {
        let all = shipments.iter().all(is_cancelled);
        return Some(if all { OrderState::ShipmentCancelled } else { OrderState::Shipped });
    }
    for (name, _, state) in STAGES.into_iter().rev() {
        if events().filter(is_of_order).any(|event| event["event_name"] == name) {
            return Some(state);
        }
    }
    let is_named = history.iter().any(|told| match told {
        Told::Event(_) => false,
        Told::Refill(answer) | Told::Request(answer) => answer["medication_order_id"] == json!(id('d', number)),
    });
    is_named.then_some(OrderState::Expected)
}

/// Any input, about only a few orders, shipments and patients, so they often contradict each other.
fn told() -> impl Strategy<Value = Told> {
    let names = select(STAGES.map(|(name, ..)| name).to_vec());
    prop_oneof![
        4 => (names, 1..4_u8, 1..3_u8).prop_map(|(name, order, patient)| stage(name, order, patient)),
        3 => (1..4_u8, 1..3_u8, 1..5_u8).prop_map(|(order, patient, shipment)| created(order, patient, shipment)),
        2 => prop::option::weighted(0.9, 1..5_u8).prop_map(cancelled),
        1 => (1..4_u8, 1..4_u8).prop_map(|(request, order)| refill(request, order)),
        1 => (1..4_u8, prop::option::of(1..4_u8)).prop_map(|(number, order)| request(number, order)),
        1 => Just(Told::Event(json!({"event_name": "medication_order:later", "event_data": {"id": id('d', 1)}}))),
    ]
}

fn history() -> impl Strategy<Value = Vec<Told>> {
    prop::collection::vec(told(), 0..24)
}

/// A history, and the same history partly repeated and shuffled.
fn told_twice() -> impl Strategy<Value = (Vec<Told>, Vec<Told>)> {
    (history(), prop::collection::vec(any::<Index>(), 0..24)).prop_flat_map(|(history, again)| {
        let again: Vec<Told> =
            again.iter().filter_map(|index| history.get(index.index(history.len().max(1))).cloned()).collect();
        let repeated = [history.clone(), again].concat();
        (Just(history), Just(repeated).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn order_and_repetition_do_not_count((history, shuffled) in told_twice()) {
        let (one, other) = (fold(&history), fold(&shuffled));
        prop_assert!(one == other);
        for number in 1..5 {
            prop_assert_eq!(other.state(order(number)), state_by_looking(&history, number));
        }
    }

    #[test]
    fn merging_is_telling_both(a in history(), b in history(), c in history()) {
        let merged = |one: &Tracking, other: &Tracking| {
            let mut merged = one.clone();
            merged.merge(other);
            merged
        };
        let (x, y, z) = (fold(&a), fold(&b), fold(&c));
        prop_assert!(merged(&x, &y) == fold(a.iter().chain(&b)));
        prop_assert!(merged(&x, &y) == merged(&y, &x));
        prop_assert!(merged(&merged(&x, &y), &z) == merged(&x, &merged(&y, &z)));
        prop_assert!(merged(&x, &x) == x && merged(&x, &Tracking::new()) == x && merged(&Tracking::new(), &x) == x);
    }

    #[test]
    fn what_is_written_is_read(history in history()) {
        let tracking = fold(&history);
        let text = serde_json::to_string(&tracking).expect("it can be written");
        prop_assert!(serde_json::from_str::<Tracking>(&text).expect("it can be read") == tracking);
    }

    #[test]
    fn orders_and_shipments_lead_to_each_other(history in history()) {
        let tracking = fold(&history);
        for order in tracking.orders() {
            prop_assert_eq!(tracking.shipments_of(order.id()).count(), order.shipments().count());
        }
        for shipment in tracking.shipments() {
            if let Some(order) = shipment.order() {
                prop_assert!(tracking.shipments_of(order).any(|it| it.id() == shipment.id()));
            }
        }
    }
}

#[test]
fn an_order_moves_on_with_its_events() {
    let mut tracking = Tracking::new();
    assert_eq!(tracking.state(order(1)), None);
    tell(&mut tracking, &refill(1, 1));
    assert_eq!(tracking.state(order(1)), Some(OrderState::Expected));
    for (index, (name, reached, state)) in STAGES.into_iter().enumerate() {
        tell(&mut tracking, &stage(name, 1, 1));
        assert_eq!(tracking.state(order(1)), Some(state));
        let known = tracking.order(order(1)).expect("it was told of");
        assert_eq!((known.stage(), known.stages().count()), (Some(reached), index + 1));
    }
    tell(&mut tracking, &created(1, 1, 1));
    assert_eq!(tracking.state(order(1)), Some(OrderState::Shipped));
    tell(&mut tracking, &created(1, 1, 2));
    tell(&mut tracking, &cancelled(Some(1)));
    assert_eq!(tracking.state(order(1)), Some(OrderState::Shipped), "its second shipment was not cancelled");
    tell(&mut tracking, &cancelled(Some(2)));
    assert_eq!(tracking.state(order(1)), Some(OrderState::ShipmentCancelled));
    let known = tracking.order(order(1)).expect("it was told of");
    assert_eq!((known.patient(), known.is_contradictory()), (Some(patient(1)), false));
    assert_eq!(known.prescription_numbers().map(novamed::PrescriptionNumber::as_str).collect::<Vec<_>>(), ["RXMARKER"]);
    assert!(known.refill_request().is_some() && known.medication_request().is_none());
}

#[test]
fn a_shipment_that_was_cancelled_before_it_was_created_stays_so() {
    let mut tracking = fold(&[cancelled(Some(1))]);
    let known = tracking.shipment(shipment(1)).expect("it was told of");
    assert_eq!((known.state(), known.order(), known.parcel()), (ShipmentState::Cancelled, None, None));
    assert_eq!(tracking.orders().count(), 0, "nothing says whose it was");

    let Told::Event(late) = created(1, 1, 1) else { unreachable!("it is an event") };
    assert_eq!(tracking.apply(&event(&late)), Subject::Shipment(shipment(1)));
    let known = tracking.shipment(shipment(1)).expect("it was told of");
    assert_eq!((known.state(), known.order()), (ShipmentState::Cancelled, Some(order(1))));
    assert_eq!(known.parcel().map(|it| it.provider.as_str()), Some("Ameriship"));
    assert_eq!(tracking.state(order(1)), Some(OrderState::ShipmentCancelled));
}

#[test]
fn a_cancellation_without_a_shipment_is_said_of_none() {
    let mut tracking = fold(&[created(1, 1, 1)]);
    assert!(!tracking.has_unattributed_cancellation());
    let Told::Event(nameless) = cancelled(None) else { unreachable!("it is an event") };
    assert_eq!(tracking.apply(&event(&nameless)), Subject::UnnamedShipment);
    assert!(tracking.has_unattributed_cancellation());
    assert_eq!(tracking.state(order(1)), Some(OrderState::Shipped));
}

#[test]
fn what_contradicts_is_said_and_nothing_chosen() {
    let verified = STAGES[0].0;
    let tracking = fold(&[
        stage(verified, 1, 1),
        stage(verified, 1, 2),
        refill(1, 1),
        stage(verified, 2, 1),
        refill(1, 2),
        refill(2, 2),
        created(3, 1, 1),
        created(4, 1, 1),
    ]);
    let known = |number| tracking.order(order(number)).expect("it was told of");
    assert!(known(1).is_contradictory() && known(1).patient().is_none());
    assert!(known(1).clinic().is_some() && known(1).practitioner().is_some(), "on these both events agree");
    assert!(known(2).is_contradictory() && known(2).refill_request().is_none());
    assert!(!known(3).is_contradictory());
    let shared = tracking.shipment(shipment(1)).expect("it was told of");
    assert!(shared.is_contradictory() && shared.order().is_none() && shared.parcel().is_some());
    assert_eq!(tracking.state(order(1)), Some(OrderState::Verified));

    let Told::Event(mut other) = created(3, 1, 1) else { unreachable!("it is an event") };
    other["event_data"]["tracking_url"] = "https://other.example".into();
    let tracking = fold(&[created(3, 1, 1), Told::Event(other)]);
    let shipment = tracking.shipment(shipment(1)).expect("it was told of");
    assert!(shipment.is_contradictory() && shipment.parcel().is_none() && shipment.order() == Some(order(3)));
    assert_eq!(shipment.parcels().count(), 2);
}

#[test]
fn an_order_can_be_expected_by_its_id() {
    let mut tracking = Tracking::new();
    tracking.expect(order(1));
    assert_eq!(tracking.state(order(1)), Some(OrderState::Expected));
    tell(&mut tracking, &stage(STAGES[1].0, 1, 1));
    tracking.expect(order(1));
    assert_eq!(tracking.state(order(1)), Some(OrderState::Submitted));
}

#[test]
fn only_what_an_answer_names_is_linked() {
    let practitioner = id('a', 1).parse().expect("it is a UUID");
    let tracking = fold(&[request(1, None), request(2, Some(2)), stage(STAGES[0].0, 1, 1), stage(STAGES[0].0, 2, 2)]);
    assert!(tracking.order(order(1)).is_some_and(|order| order.medication_request().is_none()));
    assert!(tracking.order(order(2)).is_some_and(|order| order.medication_request().is_some()));
    let found: Vec<_> = tracking.orders_for(patient(1), practitioner).map(novamed::tracking::Order::id).collect();
    assert_eq!(found, [order(1)]);
}

#[test]
fn what_was_put_together_by_hand_is_made_consistent() {
    let empty: Tracking = serde_json::from_str("{}").expect("an empty one is read");
    assert!(empty == Tracking::new());
    // Two entries of one order, and links in one direction only.
    let written = json!({
        "orders": [
            {"id": id('d', 1), "stages": ["verified"], "shipments": [id('e', 1)]},
            {"id": id('d', 1), "stages": ["filled"]},
        ],
        "shipments": [{"id": id('e', 2), "orders": [id('d', 1)], "cancelled": true}],
    });
    let read: Tracking = serde_json::from_value(written).expect("it is read");
    assert_eq!((read.orders().count(), read.shipments().count()), (1, 2));
    assert_eq!(read.shipments_of(order(1)).count(), 2);
    assert_eq!(read.order(order(1)).map(|order| order.stages().count()), Some(2));
    assert_eq!(read.state(order(1)), Some(OrderState::Shipped));
}

#[test]
fn every_event_of_the_document_has_a_subject() {
    for example in spec::callbacks().iter().flat_map(spec::Operation::requests) {
        let name = example.value["event_name"].as_str().expect("an event has a name");
        let mut tracking = Tracking::new();
        let subject = tracking.apply(&event(example.value));
        match name {
            "shipment:created" => assert!(matches!(subject, Subject::Shipment(_)) && tracking.orders().count() == 1),
            "shipment:cancelled" if example.value["event_data"].get("shipment_id").is_none() => {
                assert_eq!(subject, Subject::UnnamedShipment);
            }
            "shipment:cancelled" => assert!(matches!(subject, Subject::Shipment(_))),
            "practitioner:activated" => assert!(subject == Subject::Other && tracking == Tracking::new()),
            name => {
                let (_, _, state) = STAGES.into_iter().find(|(stage, ..)| *stage == name).expect("a new event");
                let Subject::Order(id) = subject else { panic!("{name} is of an order") };
                assert_eq!(tracking.state(id), Some(state));
            }
        }
    }
}

/// The public items of the module. The test below prints each of them, except the names of states.
const ITEMS: [&str; 8] = ["Order", "OrderState", "Parcel", "Shipment", "ShipmentState", "Stage", "Subject", "Tracking"];

#[test]
fn nothing_prints_whom_it_is_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/src");
    let files = ["tracking.rs", "tracking/order.rs", "tracking/shipment.rs"];
    let texts = files.map(|file| std::fs::read_to_string(folder.join(file)).expect("it is there"));
    let words = texts.iter().flat_map(|text| text.lines()).filter_map(|line| {
        line.strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "))
            .map(|rest| rest.trim_end_matches(" {"))
    });
    assert_eq!(words.collect::<BTreeSet<_>>(), BTreeSet::from(ITEMS), "a public item came or went: show it here");

    let mut tracking = fold(&[refill(1, 1), request(1, Some(2)), cancelled(Some(2))]);
    let Told::Event(shipped) = created(1, 1, 1) else { unreachable!("it is an event") };
    let subjects = [tracking.apply(&event(&shipped)), Subject::Order(order(1))];
    let parts: Vec<_> = tracking.orders().collect();
    let shipments: Vec<_> = tracking.shipments().map(|it| (it, it.parcel())).collect();
    let said = format!("{tracking:?} {tracking:#?} {subjects:?} {parts:?} {parts:#?} {shipments:?} {shipments:#?}");
    let [b, d, e, request, refill] = ['b', 'd', 'e', '8', '9'].map(|kind| format!("0000{kind}000"));
    assert_holds_none("what is printed", &said, &[&b, &d, &e, &request, &refill, "MARKER", "Ameriship"]);
    let counts = "Tracking { orders: {Expected: 1, Shipped: 1}, shipments: {Created: 1, Cancelled: 1}, \
                  unattributed_cancellation: false }";
    assert!(said.starts_with(counts), "it printed something else");
    assert_eq!(OrderState::ShipmentCancelled.to_string(), "shipment cancelled");
    assert_eq!(serde_json::to_value(OrderState::ShipmentCancelled).ok(), Some(json!("shipment_cancelled")));
}
