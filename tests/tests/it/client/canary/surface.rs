//! What a program can print without a call: types, builders, events, and errors of values and configurations. Lists
//! prove that nothing is missing.

use std::collections::BTreeSet;
use std::path::Path;

use novamed::audit::Vouched;
use novamed::value::{Json, Nullable};
use novamed::webhooks::EventError;
use novamed::{Client, ClientBuilder, Date, DateTime, Decimal, Environment, Event, PatientId, Secret};
use serde_json::{Value, json};

use super::calls::Marked;
use super::places::Places;
use crate::client::filler::{Filler, Marker};
use crate::client::requests::OPERATIONS;
use crate::client::types::{NAMES, TYPES, read};
use crate::client::{PROD_KEY, spec};

/// The public items of the runtime, and the test that shows that they don't leak values.
const RUNTIME: &[(&str, &str)] = &[
    ("AuditRecord", "the records of all calls"),
    ("Base64", "all types"),
    ("Body", "values"),
    ("BoxError", "it is the caller's own"),
    ("Client", "the clients of all calls"),
    ("ClientBuilder", "the builders of all calls"),
    ("ConfigError", "configurations"),
    ("ConnectionProblem", "the errors of all calls"),
    ("Date", "it prints itself, and types that hold one print none: all types"),
    ("DateTime", "it prints itself, and types that hold one print none: all types"),
    ("Decimal", "it prints itself, and types that hold one print none: all types"),
    ("Delivery", "the errors of all calls"),
    ("DuplicateKey", "events"),
    ("Error", "the errors of all calls"),
    ("EventError", "events"),
    ("GroupKey", "events"),
    ("Json", "values"),
    ("Meta", "the answers of all calls"),
    ("Missing", "it holds nothing"),
    ("NotRepeated", "the errors of all calls"),
    ("Nullable", "values"),
    ("Optional", "it prints its name alone"),
    ("Options", "the clients of all calls"),
    ("Outcome", "the records of all calls"),
    ("ParseError", "values"),
    ("Provided", "it is a trait"),
    ("RateLimit", "it holds numbers of the server's, and what is none of them is left out: the answers of all calls"),
    ("Response", "the answers of all calls"),
    ("Secret", "configurations"),
    ("Set", "it holds nothing"),
    ("UnknownEvent", "events"),
    ("Unrecognized", "all types"),
    ("Unsent", "values"),
    ("Violation", "the errors of all calls"),
    ("Vouched", "whoever makes one says that it may be printed"),
];

/// Returns the source files of the generated client under a folder.
fn sources(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/src").join(folder);
    let files = std::fs::read_dir(folder).expect("the client has the folder");
    let files = files.map(|file| file.expect("it is read").path());
    files.map(|path| std::fs::read_to_string(path).expect("it is text")).collect()
}

/// Returns the words after `start` at the beginning of a line.
fn named<'t>(text: &'t str, start: &str) -> Vec<&'t str> {
    let rests = text.lines().filter_map(|line| line.trim_start().strip_prefix(start));
    rests.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()).collect()
}

#[test]
fn every_type_of_the_generated_client_is_covered() {
    let texts = sources("types");
    let items =
        texts.iter().flat_map(|text| ["struct", "enum", "type"].map(|sort| named(text, &format!("pub {sort} "))));
    let items = items.flatten();
    let (builders, types): (BTreeSet<&str>, BTreeSet<&str>) = items.partition(|name| name.ends_with("Builder"));
    assert_eq!(types, NAMES.iter().copied().collect(), "the types are not those that are tested");
    for text in &texts {
        for builder in named(text, "pub struct ").into_iter().filter(|name| builders.contains(name)) {
            let debug = format!("f.debug_struct(\"{builder}\").finish_non_exhaustive()");
            assert!(text.contains(&debug), "`Debug` of {builder} is to print no field");
        }
    }
    assert!(builders.len() > 5, "the builders were not found");
}

#[test]
fn every_operation_of_the_generated_client_is_covered() {
    let texts = sources("operations");
    let methods: BTreeSet<&str> = texts.iter().flat_map(|text| named(text, "pub async fn ")).collect();
    let rust = |id: &str| {
        let parts = id.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.into() });
        parts.collect::<String>()
    };
    let covered: BTreeSet<String> = OPERATIONS.iter().map(|id| rust(id)).collect();
    assert_eq!(methods, covered.iter().map(String::as_str).collect());
}

#[test]
fn every_item_of_the_runtime_is_covered() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/src");
    let read = |path: &str| std::fs::read_to_string(source.join(path)).expect("the client has the file");
    let texts =
        [(read("lib.rs"), "pub use crate::runtime::"), (read("webhooks/mod.rs"), "pub use crate::runtime::webhook::")];
    let uses = texts.iter().flat_map(|(text, start)| text.split(start).skip(1));
    let uses = uses.filter_map(|item| item.split_once(';')).map(|(item, _)| item);
    let names = uses.flat_map(|item| item.rsplit("::").next().unwrap_or_default().split([',', '{', '}']));
    let names: BTreeSet<&str> = names.map(str::trim).filter(|name| !name.is_empty()).collect();
    let covered: BTreeSet<&str> = RUNTIME.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, covered, "a public item came or went: show here that it keeps its values");
}

#[test]
fn no_type_prints_a_value() {
    for (component, choice) in TYPES.iter().flat_map(|(component, _)| [(component, 0), (component, 1)]) {
        let mut filler = Filler { choice, ..Filler::default() };
        let value = filler.fill(&spec::document()["components"]["schemas"][component], component);
        let places = Places::default();
        for text in read(component, &value).unwrap_or_else(|problem| panic!("{component}: {problem}")).debug {
            places.add(&format!("`Debug` of {component}"), text);
        }
        let leaks = places.leaks(&filler.sensitive);
        assert!(leaks.is_empty(), "{}", leaks.join("; "));
    }
}

#[test]
fn no_event_prints_a_value() {
    for (operation, choice) in spec::callbacks().iter().flat_map(|operation| [(operation, 0), (operation, 1)]) {
        let schema = &spec::resolve(&operation.node["requestBody"])["content"]["application/json"]["schema"];
        let mut filler = Filler { choice, ..Filler::default() };
        let unnamed = filler.fill(schema, "delivery");
        let places = Places::default();
        let parsed = |delivery: &Value| match Event::parse(delivery.to_string().as_bytes()) {
            Ok(event) => {
                places.debug("an event", &event);
                places.debug("an event's key", &event.duplicate_key());
                places.debug("an event's group", &event.group_key());
                matches!(event, Event::Unknown(_))
            }
            Err(error) => {
                places.error("an event's error", &error);
                false
            }
        };
        assert!(parsed(&unnamed), "an unknown name is not an error");
        let name = operation.node["x-client-event"]["name"].as_str();
        let name = name.or_else(|| operation.requests().first()?.value["event_name"].as_str());
        let mut known = unnamed.clone();
        known["event_name"] = json!(name.expect("an event has a name"));
        assert!(!parsed(&known), "a name of the document is known");
        for spoilt in [json!({"event_name": known["event_name"], "event_data": unnamed.to_string()}), json!([unnamed])]
        {
            parsed(&spoilt);
        }
        let leaks = places.leaks(&filler.sensitive);
        assert!(leaks.is_empty() && places.count() > 8, "{}: {}", operation.id, leaks.join("; "));
    }
    let places = Places::default();
    for error in [EventError::NotJson, EventError::NoName, EventError::Payload] {
        places.error("an event's error", &error);
    }
    assert!(places.leaks(&[Marker::new("a value", "MARKER")]).is_empty());
}

#[test]
fn no_configuration_prints_a_key_or_a_url() {
    let places = Places::default();
    let check = |builder: ClientBuilder| {
        places.debug("a builder", &builder);
        match builder.build() {
            Ok(client) => places.debug("a client", &client),
            Err(error) => {
                places.error("a configuration's error", &error);
                places.unwrapped(Err::<(), _>(error));
            }
        }
    };
    for key in
        ["KEYMARKER", " KEYMARKER", "KEY MARKER", "KEYMARKER\n", "KEYMARKER\r\nx: y", "KEYMARKER\0", "KEYMARKER\u{7f}"]
    {
        for environment in [Environment::Development, Environment::Production, Environment::DevelopmentNimbus] {
            for key in [key.to_owned(), format!("prod_{key}"), format!("dev_{key}"), format!("{key}é")] {
                places.debug("a secret", &Secret::from(key.as_str()));
                check(Client::builder().environment(environment).api_key(key.as_str()));
                check(Client::builder().environment(environment).base_url("https://hostMARKER").api_key(key));
            }
        }
    }
    for url in [
        "hostMARKER",
        "ftp://hostMARKER",
        "http://hostMARKER",
        "https://u:passwordMARKER@hostMARKER/?q#f",
        "https://h/hostMARKER",
    ] {
        check(Client::builder().base_url(url).api_key(PROD_KEY));
        check(Client::builder().environment(Environment::Production).api_key(PROD_KEY).proxy(url));
        check(
            Client::builder()
                .environment(Environment::Production)
                .api_key(PROD_KEY)
                .root_certificate_pem(url.as_bytes()),
        );
        check(
            Client::builder()
                .environment(Environment::Production)
                .api_key(PROD_KEY)
                .identity_pem(url.as_bytes(), b"passwordMARKER"),
        );
    }
    let markers = ["KEYMARKER", "KEY MARKER", "hostMARKER", "passwordMARKER"].map(|text| Marker::new(text, text));
    let leaks = places.leaks(&markers);
    assert!(leaks.is_empty() && places.count() > 400, "{}", leaks.join("; "));
}

#[test]
fn no_value_prints_itself_and_no_error_of_one_does() {
    let places = Places::default();
    let text = "2150-99-MARKER7654321";
    places.error("a date's error", &text.parse::<Date>().expect_err("it isn't a date"));
    places.error("a moment's error", &text.parse::<DateTime>().expect_err("it isn't a time"));
    places.error("a number's error", &text.parse::<Decimal>().expect_err("it isn't a number"));
    places.error("an id's error", &text.parse::<PatientId>().expect_err("it isn't a UUID"));
    let json = Json::from(text);
    places.debug("JSON", &json);
    places.error("JSON's error", &json.decode::<u8>().expect_err("it isn't a number"));
    places.error("JSON's error", &json.decode::<novamed::PatientRequest>().expect_err("it isn't an object"));
    let unwritable = std::collections::BTreeMap::from([(vec![text], 1)]);
    places.error("JSON's error", &Json::of(&unwritable).expect_err("a list isn't a key"));
    places.debug("a body", &novamed::body::Body::from(text));
    places.debug("what may be null", &Nullable::Value(novamed::ShipmentGroupId::new(text)));
    let unsent = novamed::transport::Unsent::new(text);
    places.add("`Display` of what was not sent", unsent.to_string());
    places.debug("what was not sent", &unsent);
    let leaks = places.leaks(&[Marker::new("a value", text), Marker::new("a part", "MARKER7654321")]);
    assert!(leaks.is_empty(), "{}", leaks.join("; "));
    // Vouched values may be printed.
    assert_eq!(format!("{:?}", Vouched::new("user 7")), "\"user 7\"");
}

#[test]
fn the_markers_of_an_operation_are_all_different() {
    for operation in spec::operations() {
        let marked = Marked::new(&operation, true, 0);
        let texts: Vec<&String> = marked.sensitive.iter().chain(&marked.safe).map(|it| &it.texts[0]).collect();
        assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "{}", operation.id);
    }
}
