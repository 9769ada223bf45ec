//! The examples of the four use cases, each run as a separate process against a server in this one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::server::{Received, Reply, Server, Then};
use super::{DEV_KEY, PROD_KEY, assert_holds_none, spec};
use crate::compile::is_skipped;

/// A UUID with a prefix for its kind: `a` for practitioners, `b` for patients, `c` for clinics, `d` for orders, `e` for
/// shipments, `8` for medication requests and `9` for refills.
fn id(kind: char, number: u32) -> String {
    format!("00000000-0000-4000-8000-0000000{kind}{number:04}")
}

/// A folder for one program, and the server that it talks to. The program takes it for production, where patient data
/// is, so that what the server says is withheld as well.
struct World {
    folder: PathBuf,
    server: Server,
}

impl World {
    async fn new(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let name = format!("use-case-{}-{}", std::process::id(), WORLDS.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        Self { folder, server: Server::answering(answer).await }
    }

    /// Writes a file with one JSON text per line.
    fn write(&self, name: &str, lines: &[Value]) {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        fs::write(self.folder.join(name), lines.join("\n")).expect("the file can be written");
    }

    /// Runs a program, and returns whether it succeeded and the lines it printed.
    async fn run(&self, example: &str, files: &[&str]) -> (bool, Vec<String>) {
        self.run_with(PROD_KEY, example, files).await
    }

    async fn run_with(&self, key: &str, example: &str, files: &[&str]) -> (bool, Vec<String>) {
        let (example, key) = (example.to_owned(), key.to_owned());
        let files: Vec<PathBuf> = files.iter().map(|file| self.folder.join(file)).collect();
        let url = self.server.url.clone();
        let run = tokio::task::spawn_blocking(move || {
            let mut command = Command::new(super::example(&example));
            command.args(files).env("NOVAMED_ENVIRONMENT", "production");
            command.env("NOVAMED_API_KEY", key).env("NOVAMED_BASE_URL", url).output().expect("it can be run")
        });
        let output = run.await.expect("the process was run");
        let [out, err] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).expect("it prints UTF-8"));
        let said = out + &err;
        let ids = ['a', 'b', 'd', 'e', '8', '9'].map(|kind| format!("0000{kind}000"));
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert_holds_none("what it said", &said, &ids);
        assert_holds_none("what it said", &said, &["MARKER", "Examplestatin", "Rivera", &self.server.host]);
        (output.status.success(), said.lines().map(str::to_owned).collect())
    }

    /// Runs a program that must succeed.
    async fn perform(&self, example: &str, files: &[&str]) -> Vec<String> {
        let (is_ok, said) = self.run(example, files).await;
        assert!(is_ok, "it failed: {said:#?}");
        said
    }

    /// Returns the requests since the last count, and updates the count.
    fn since(&self, before: &mut usize) -> Vec<Received> {
        let new = self.server.seen().split_off(*before);
        *before += new.len();
        new
    }
}

impl Drop for World {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).expect("the body is JSON")
}

fn done(data: &Value) -> Reply {
    Reply::json(200, &json!({"success": true, "data": data}))
}

fn refused(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"success": false, "error": {"message": message}}))
}

/// A delivery about an order.
fn event(name: &str, order: u32, patient: u32) -> Value {
    json!({"event_name": name, "event_data": {
        "id": id('d', order), "clinic_id": id('c', 1), "patient_id": id('b', patient), "practitioner_id": id('a', 1),
    }})
}

fn shipped(order: u32, patient: u32) -> Value {
    let mut event = event("shipment:created", order, patient);
    event["event_data"]["shipment_id"] = id('e', order).into();
    event["event_data"]["shipment_provider"] = "Ameriship".into();
    event["event_data"]["shipping_label"] = "https://MARKER.example/label".into();
    event["event_data"]["tracking_url"] = "https://MARKER.example/parcel".into();
    event
}

/// The number in an id in a body.
fn number(body: &Value, key: &str) -> u32 {
    let id = body[key].as_str().expect("it is an id");
    id[id.len() - 4..].parse().expect("it ends in a number")
}

fn prescription(number: u32) -> Value {
    let mut order = spec::operation("createMedicationRequest").request("complete").value.clone();
    order["patient_id"] = id('b', number).into();
    order["practitioner_id"] = id('a', 1).into();
    json!({"reference": format!("rx-{number}"), "order": order})
}

#[tokio::test]
async fn a_pharmacy_orders_once_and_tracks() {
    const FILES: [&str; 3] = ["orders", "book", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new(|request| match number(&body(request), "patient_id") {
        1 => done(&json!({"medication_request_id": id('8', 1), "medication_order_id": id('d', 1)})),
        2 => done(&json!({"medication_request_id": id('8', 2)})),
        3 => Reply::whole(502, &[], b"Bad Gateway"),
        4 => refused(400, "MARKER isn't a dose"),
        _ => done(&json!({"medication_request_id": id('8', 5), "medication_order_id": id('d', 5)})),
    })
    .await;
    world.write("orders", &[1, 2, 3, 4, 5].map(prescription));
    world.write("deliveries", &[]);
    let mut count = 0;
    let said = world.perform("pharmacy", &FILES).await;
    let sent = world.since(&mut count);
    assert_eq!(sent.len(), 5);
    assert!(sent.iter().all(|it| it.line == "POST /api/external/medication-order HTTP/1.1"));
    assert_eq!(body(&sent[0]), prescription(1)["order"]);
    assert_eq!(said[0], "rx-1: expected");
    assert_eq!(said[1], "rx-2: ordered; known orders of its patient and practitioner that may be this one: 0");
    assert_eq!(said[2], "rx-3: fate unknown, not sent again: ask NovaMed");
    assert!(said[3].starts_with("rx-4: not ordered: createMedicationRequest"), "{}", said[3]);
    assert_eq!((said[4].as_str(), said.len()), ("rx-5: expected", 5));

    // Deliveries arrive in any order and twice, and one is malformed. A record in the book is incomplete.
    let (filled, verified) = (event("medication_order:filled", 1, 1), event("medication_order:verified", 1, 1));
    let cancelled = json!({"event_name": "shipment:cancelled", "event_data": {"shipment_id": id('e', 5)}});
    let nameless = json!({"event_name": "shipment:cancelled", "event_data": {}});
    let other = event("medication_order:verified", 9, 2);
    world.write(
        "deliveries",
        &[filled.clone(), cancelled, verified, filled, json!("MARKER"), shipped(5, 5), other, nameless],
    );
    let book = world.folder.join("book");
    let text = fs::read_to_string(&book).expect("there is a book") + "{\"reference\": \"rx-1\", \"fate\": \"Not";
    fs::write(&book, text).expect("the book can be written");
    let said = world.perform("pharmacy", &FILES).await;
    let sent = world.since(&mut count);
    assert_eq!(sent.iter().map(|it| number(&body(it), "patient_id")).collect::<Vec<_>>(), [4], "only what was refused");
    assert_eq!(said[0], "delivery 5: the delivery is not a JSON object");
    assert_eq!(said[1], "rx-1: filled");
    assert_eq!(said[2], "rx-2: ordered; known orders of its patient and practitioner that may be this one: 1");
    assert_eq!(said[3], "rx-3: fate unknown, not sent again: ask NovaMed");
    assert_eq!(said[5], "rx-5: its shipment was canceled, please investigate");
    assert_eq!(said[6], "an event without a shipment id reported a cancellation: ask NovaMed which shipment it was");
}

#[tokio::test]
async fn a_mistake_in_the_input_is_told_by_its_line() {
    if is_skipped() {
        return;
    }
    let world = World::new(|_| Reply::whole(500, &[], b"")).await;
    world.write("deliveries", &[]);
    let mut spoilt = prescription(2);
    spoilt["order"]["medication_requests"] = "MARKER".into();
    for (orders, expected) in [
        ([prescription(1), spoilt], "line 2: "),
        ([prescription(1), prescription(1)], "line 2: `reference` is the same as in line 1"),
        ([json!({"order": "MARKER"}), prescription(1)], "line 1: `reference` is missing"),
    ] {
        world.write("orders", &orders);
        let (is_ok, said) = world.run("pharmacy", &["orders", "book", "deliveries"]).await;
        assert!(!is_ok && said.concat().contains(expected), "{said:?}");
    }
    assert!(world.server.seen().is_empty(), "nothing was sent");
}

/// Answers a refill request by the number of its medication request.
fn refill(request: &Received) -> Reply {
    match number(&body(request), "medication_request_id") {
        1 => done(&json!({"refill_request_id": id('9', 1), "medication_order_id": id('d', 1)})),
        2 => refused(400, "Refill request already exists"),
        3 => refused(400, "Refills are not possible for pending medication requests"),
        4 => refused(400, "Medication request not found"),
        5 => Reply::new("", Then::Cut),
        _ => refused(400, "MARKER"),
    }
}

fn wish(reference: &str, number: u32) -> Value {
    json!({"reference": reference, "medication_request_id": id('8', number)})
}

/// The numbers of the medication requests in the refills that were sent.
fn asked(sent: &[Received]) -> Vec<u32> {
    assert!(sent.iter().all(|it| it.line == "POST /api/external/refill-request HTTP/1.1"));
    sent.iter().map(|it| number(&body(it), "medication_request_id")).collect()
}

#[tokio::test]
async fn a_portal_asks_for_refills_and_shows_them() {
    const FILES: [&str; 4] = ["wishes", "book", "tracking", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new(refill).await;
    world.write("wishes", &[1, 2, 3, 4, 5].map(|number| wish(&format!("wish-{number}"), number)));
    world.write("deliveries", &[event("medication_order:acknowledged", 1, 1)]);
    let mut count = 0;
    let said = world.perform("portal", &FILES).await;
    assert_eq!(asked(&world.since(&mut count)), [1, 2, 3, 4, 5]);
    assert_eq!(said[0], "wish-1: Your medication is being prepared.");
    assert_eq!(said[1], "wish-2: You have already requested this refill.");
    assert_eq!(said[2], "wish-3: A refill is possible once your medication has been shipped.");
    assert!(said[3].starts_with("wish-4: Something went wrong on our side. (createRefillRequest"), "{}", said[3]);
    assert_eq!(said[4], "wish-5: We are checking whether your request arrived. Please don't request it again.");

    world.write("deliveries", &[shipped(1, 1)]);
    let shown = "wish-1: Your medication is on its way, with 1 tracking link(s).";
    assert_eq!(world.perform("portal", &FILES).await[0], shown);
    assert_eq!(asked(&world.since(&mut count)), [3, 4], "only what was refused is asked for again");
    // The state is stored, and an older delivery does no harm.
    world.write("deliveries", &[event("medication_order:verified", 1, 1)]);
    assert_eq!(world.perform("portal", &FILES).await[0], shown);
}

#[tokio::test]
async fn care_coordination_tells_the_refills_of_a_plan_apart() {
    const FILES: [&str; 3] = ["plan", "book", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new(|request| {
        let is_known = request.headers.contains(&("x-api-key".to_owned(), PROD_KEY.to_owned()));
        if is_known { refill(request) } else { refused(401, "Unauthorized") }
    })
    .await;
    let plan = [("a", 1), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("f", 5), ("g", 6)];
    world.write("plan", &plan.map(|(reference, number)| wish(reference, number)));
    world.write("deliveries", &[shipped(1, 1), shipped(1, 1), event("medication_order:filled", 1, 1)]);
    let mut count = 0;

    // A rejected key ends the run immediately, and so does a development key.
    let (is_ok, said) = world.run_with("prod_other", "care_coordination", &FILES).await;
    assert!(!is_ok && asked(&world.since(&mut count)) == [1], "{said:?}");
    let (is_ok, said) = world.run_with(DEV_KEY, "care_coordination", &FILES).await;
    assert!(!is_ok && world.since(&mut count).is_empty(), "{said:?}");

    let said = world.perform("care_coordination", &FILES).await;
    assert_eq!(asked(&world.since(&mut count)), [1, 2, 3, 4, 5, 6]);
    let expected = ["a: requested, shipped", "b: same as a", "c: already open", "d: not yet", "e: mistake in the plan"];
    assert_eq!(said[..5], expected);
    assert_eq!(said[5], "f: fate unknown");
    assert!(said[6].starts_with("g: failed: createRefillRequest"), "{}", said[6]);
    let counts = r#"{"already open": 1, "failed": 1, "fate unknown": 1, "mistake in the plan": 1, "not yet": 1, "requested": 1, "same": 1}"#;
    assert_eq!(said[7], counts);

    let again = world.perform("care_coordination", &FILES).await;
    assert_eq!(again, said);
    assert_eq!(asked(&world.since(&mut count)), [3, 4, 6], "neither what is done nor what is unknown");
}

/// Returns a consultation of the patient with this number. All have the same practitioner.
fn consultation(number: u32) -> Value {
    let order = spec::operation("createMedicationRequest").request("complete").value;
    let mut practitioner = spec::operation("createPractitioner").requests()[0].value.clone();
    practitioner["assigned_clinic"] = id('c', 1).into();
    json!({
        "reference": format!("consultation-{number}"),
        "practitioner_reference": "practitioner-1",
        "practitioner": practitioner,
        "patient_reference": format!("patient-{number}"),
        "patient": {
            "first_name": "MARKER", "last_name": format!("MARKER{number:04}"), "gender": "female", "dob": "1990-01-02",
            "address": {"addressLine1": "MARKER 1", "city": "MARKER", "state": "TX", "postalCode": "78701"},
        },
        "medications": order["medication_requests"],
    })
}

/// Answers for three carriers: the first doesn't ship to the patient, the others have prices.
fn clinic(request: &Received) -> Reply {
    let service = |id: &str, cost: f64| json!({"id": id, "name": "MARKER", "totalCost": cost, "originalCost": 30});
    let services = |services: &[Value]| {
        Reply::json(
            200,
            &json!({
                "success": true, "data": services, "isFreeShipment": false, "freeShipmentType": null, "patientState": "TX",
            }),
        )
    };
    let path = request.line.split([' ', '?']).nth(1).expect("a request has a path");
    match path {
        "/api/external/practitioner" => done(&json!({"practitioner_id": id('a', 1)})),
        "/api/external/patient" => match number(&body(request), "last_name") {
            3 => Reply::new("", Then::Cut),
            number => done(&json!({"patient_id": id('b', number)})),
        },
        "/api/external/carriers" => {
            let carriers = ["far", "near", "quick"].map(|id| json!({"id": id, "name": "MARKER"}));
            done(&json!({"carriers": carriers}))
        }
        "/api/external/carriers/far/services" => refused(400, "Service not available"),
        "/api/external/carriers/near/services" => services(&[service("slow", 10.5), service("ground", 9.25)]),
        "/api/external/carriers/quick/services" => services(&[service("air", 25.0)]),
        "/api/external/medication-order" => {
            let number = number(&body(request), "patient_id");
            done(&json!({"medication_request_id": id('8', number), "medication_order_id": id('d', number)}))
        }
        _ => Reply::whole(404, &[], b""),
    }
}

#[tokio::test]
async fn telemedicine_orders_out_of_consultations() {
    const FILES: [&str; 3] = ["consultations", "book", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new(clinic).await;
    world.write("consultations", &[1, 2, 3].map(consultation));
    world.write(
        "deliveries",
        &[event("medication_order:verified", 2, 2), json!({"event_name": "later", "event_data": {}})],
    );
    let mut count = 0;
    let said = world.perform("telemedicine", &FILES).await;
    let expected = [
        "consultation-1: by near for 9.25 USD",
        "consultation-2: by near for 9.25 USD",
        "consultation-3: fate unknown, not sent again: ask NovaMed",
        "consultation-1: expected",
        "consultation-2: verified",
    ];
    assert_eq!(said, expected);
    let sent = world.since(&mut count);
    let posted: Vec<(&str, Value)> = sent
        .iter()
        .filter(|it| it.line.starts_with("POST"))
        .map(|it| (it.line.split(['/', ' ']).nth(4).expect("it has a path"), body(it)))
        .collect();
    let names: Vec<&str> = posted.iter().map(|(name, _)| *name).collect();
    let each = ["patient", "medication-order"];
    assert_eq!(names, ["practitioner", each[0], each[1], each[0], each[1], each[0]]);
    assert_eq!(sent.len() - posted.len(), 8, "carriers, and the services of three, for two patients");
    assert_eq!(posted[1].1["practitioner_id"], json!(id('a', 1)));
    for (number, (_, order)) in [(1, &posted[2]), (2, &posted[4])] {
        let expected = json!([id('b', number), id('a', 1), id('c', 1), "near", "ground"]);
        let keys = ["patient_id", "practitioner_id", "clinic_id", "carrier_id", "service_id"];
        assert_eq!(json!(keys.map(|key| &order[key])), expected);
        assert_eq!(order["medication_requests"], consultation(number)["medications"]);
    }

    let again = world.perform("telemedicine", &FILES).await;
    assert_eq!(again, expected[2..]);
    assert!(world.since(&mut count).is_empty(), "nothing is sent twice");
}
