//! What `drift` reports about our document and a published one.

use std::fs;
use std::path::Path;

use generator::Source;
use review::drift::{self, Difference, Drift};

use crate::fixture::{self, FOLDER, Fixture};

fn compared<'s>(ours: &'s Fixture, theirs: &'s Fixture) -> Drift<'s> {
    drift::drift(ours.source(), theirs.source()).unwrap_or_else(|unreadable| {
        let source = if unreadable.is_new { theirs.source() } else { ours.source() };
        panic!("{}", fixture::shown(&unreadable.diagnostics, &source))
    })
}

fn named(name: &str) -> Fixture {
    let fixtures = fixture::documents(&Path::new(FOLDER).join("drift"));
    fixture::assert_short(&fixtures);
    fixtures.into_iter().find(|fixture| fixture.name == name).expect("the fixture is there")
}

const KNOWN: &str = "\
[[known]]
code = 'property'
subject = 'orderPet body.gift'
reason = 'published by mistake, says their support'
";

#[test]
fn a_published_document_gives_its_snapshots() {
    let (ours, theirs) = (named("order.ours"), named("order.theirs_30"));
    let mut drift = compared(&ours, &theirs);
    assert_eq!(drift.know(KNOWN), []);
    let mut texts = vec![
        ("form_terminal".to_owned(), drift::terminal(&drift, false)),
        ("form_json".to_owned(), drift::json(&drift)),
        ("form_markdown".to_owned(), drift::markdown(&drift)),
    ];
    for (name, text) in published() {
        let theirs = Fixture { name: name.to_owned(), file: format!("{name}.yaml"), text, ..spec() };
        texts.push((name.to_owned(), drift::terminal(&compared(&spec(), &theirs), false)));
    }
    fixture::assert_snapshots("drift", &texts);
}

#[test]
fn openapi_3_1_says_the_same_in_its_own_way() {
    let ours = named("order.ours");
    let told = |name: &str| {
        let theirs = named(name);
        let drift = compared(&ours, &theirs);
        drift.differences.into_iter().map(|it| (it.whose, it.code, it.subject, it.message)).collect::<Vec<_>>()
    };
    assert_eq!(told("order.theirs_30"), told("order.theirs_31"));
    for (name, text) in published() {
        let theirs = Fixture { file: format!("{name}.yaml"), text: as_31(&text), ..spec() };
        let same = Fixture { file: format!("{name}.yaml"), text, ..spec() };
        let messages = |drift: Drift<'_>| drift.differences.into_iter().map(|it| it.message).collect::<Vec<_>>();
        assert_eq!(messages(compared(&spec(), &theirs)), messages(compared(&spec(), &same)), "{name}");
    }
}

#[test]
fn our_document_does_not_differ_from_itself() {
    let ours = spec();
    assert_eq!(compared(&ours, &ours).differences, []);
    let newer = Fixture { text: as_31(&ours.text), ..ours.clone() };
    assert_eq!(compared(&ours, &newer).differences, []);
}

#[test]
fn a_known_difference_that_is_gone_is_an_error() {
    let (ours, theirs) = (named("order.ours"), named("order.theirs_30"));
    let mut drift = compared(&ours, &theirs);
    let all = drift.differences.len();
    assert_eq!(drift.know(KNOWN), []);
    assert_eq!(drift.unknown().len(), all - 1);
    let mut same = compared(&ours, &ours);
    let problems = same.know(KNOWN);
    assert_eq!(problems.iter().map(|problem| problem.code.name()).collect::<Vec<_>>(), ["exception-unused"]);
    let shown = generator::report::text(&problems, &Source::alone("drift.toml", KNOWN), None, false);
    assert!(shown.contains("drift.toml:1:1"), "{shown}");
}

#[test]
fn a_known_value_is_known_while_it_stays() {
    let edited = |ty: &str| {
        let text = spec().text;
        let from = "        first_name:\n          description: The patient's given name, at least 2 characters.\n          type: string";
        assert!(text.contains(from), "the document has another first name");
        Fixture { text: text.replacen(from, &from.replace("type: string", &format!("type: {ty}")), 1), ..spec() }
    };
    let ours = spec();
    let entry = |code: &str, theirs: &str| {
        format!("[[known]]\ncode = '{code}'\nsubject = 'PatientRequest.first_name'\n{theirs}reason = 'so it is'\n")
    };
    for (ty, code, theirs, told) in [
        ("integer", "type", "theirs = 'integer'\n", None),
        (
            "boolean",
            "type",
            "theirs = 'integer'\n",
            Some("the published document now has `boolean`; this entry has `integer`"),
        ),
        ("integer", "type", "", Some("this entry lacks the value of the published document: `integer`")),
        ("integer", "tpye", "theirs = 'integer'\n", Some("what this names is found, and its code is not `tpye`")),
    ] {
        let theirs_document = edited(ty);
        let mut drift = compared(&ours, &theirs_document);
        let problems = drift.know(&entry(code, theirs));
        assert_eq!(problems.first().map(|problem| problem.message.as_str()), told, "{ty}");
        let is_known = drift.differences.iter().any(|it| it.code == "type" && it.reason.is_some());
        assert_eq!(is_known, told.is_none(), "{ty}");
    }
}

#[test]
fn every_difference_has_a_place() {
    let (ours, theirs) = (named("order.ours"), named("order.theirs_31"));
    let is_placed = |it: &Difference| it.ours.is_some() || it.theirs.is_some();
    assert!(compared(&ours, &theirs).differences.iter().all(is_placed));
}

fn spec() -> Fixture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/novamed.yaml");
    let text = fs::read_to_string(path).expect("the document is there");
    Fixture {
        name: "novamed".to_owned(),
        file: "novamed.yaml".to_owned(),
        text,
        files: generator::source::Files::default(),
        behavior: None,
    }
}

/// Successive versions of the published document, as edits of ours.
fn published() -> Vec<(&'static str, String)> {
    let edited = |edits: &[(&str, &str)]| {
        let mut text = spec().text;
        for (from, to) in edits {
            assert!(text.contains(from), "the document has no `{from}` any more");
            text = text.replace(from, to);
        }
        text
    };
    vec![
        (
            "names_of_2025_12_21",
            edited(&[
                ("        - npi\n", "        - npi_number\n"),
                ("        npi:\n", "        npi_number:\n"),
                ("        - dob\n", "        - date_of_birth\n"),
                ("        dob:\n", "        date_of_birth:\n"),
            ]),
        ),
        (
            "events_of_2025_12_22",
            edited(&[
                ("name: medication_order:verified", "name: medication:updated"),
                ("name: shipment:created", "name: order:shipped"),
            ]),
        ),
        (
            "orders_of_2026_01_11",
            edited(&[
                ("/api/external/medication-order:", "/api/external/medication-request:"),
                ("        - carrier_id\n        - service_id\n", ""),
                (
                    "        carrier_id:\n          description: The carrier that ships the medications, from the list of carriers.\n          allOf:\n            - $ref: '#/components/schemas/CarrierId'\n",
                    "        delivery_speed:\n          type: string\n          enum: [next-day, business-day]\n",
                ),
            ]),
        ),
    ]
}

/// The same document in OpenAPI 3.1.
fn as_31(text: &str) -> String {
    let mut newer = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        match line.trim().strip_prefix("type: ") {
            Some(ty) if lines.peek().is_some_and(|next| next.trim() == "nullable: true") => {
                lines.next();
                newer.extend([indent, "type: [", ty, ", 'null']\n"]);
            }
            _ => newer.extend([line, "\n"]),
        }
    }
    newer.replacen("openapi: 3.0.3", "openapi: 3.1.0", 1)
}
