//! Every example of the document fits its schema, and goes through the generated types unchanged.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::assert_same;
use super::spec::{self, Example};
use super::types::{ENVELOPES, read};

/// Converts the OpenAPI 3.0 components to JSON Schema: `nullable` becomes a type, and objects allow only the listed
/// properties, to find misspelled ones in examples.
fn as_json_schema(node: &Value) -> Value {
    match node {
        Value::Object(members) => {
            let mut written: Map<String, Value> =
                members.iter().map(|(key, value)| (key.clone(), as_json_schema(value))).collect();
            if written.remove("nullable") == Some(Value::Bool(true)) {
                let ty = written.remove("type").expect("what is nullable has a type");
                written.insert("type".to_owned(), json!([ty, "null"]));
            }
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                written.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            Value::Object(written)
        }
        Value::Array(items) => items.iter().map(as_json_schema).collect(),
        other => other.clone(),
    }
}

/// Returns a validator for a component.
fn validator(component: &str) -> Validator {
    let components = as_json_schema(&spec::document()["components"]["schemas"]);
    let schema = json!({
        "$ref": format!("#/components/schemas/{component}"),
        "components": { "schemas": components },
    });
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&schema).expect("the components are JSON Schema")
}

/// Fails if a value is invalid. The failure contains pointers and rules, but no values.
fn assert_valid(what: &str, component: &str, value: &Value) {
    let validator = validator(component);
    let problems: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} by {}", error.instance_path(), error.schema_path()))
        .collect();
    assert!(problems.is_empty(), "{what} does not fit {component} at {}", problems.join(", "));
}

/// Returns all example bodies in the document, each with a name for failures.
fn all() -> Vec<(String, Example)> {
    let mut all = Vec::new();
    for operation in spec::operations().into_iter().chain(spec::callbacks()) {
        let requests = operation.requests();
        let answers = operation
            .responses()
            .into_iter()
            .flat_map(|(status, examples)| examples.into_iter().map(move |example| (status, example)));
        all.extend(requests.into_iter().map(|example| (format!("{} {}", operation.id, example.name), example)));
        all.extend(answers.map(|(status, example)| (format!("{} {status} {}", operation.id, example.name), example)));
    }
    all
}

#[test]
fn every_example_fits_its_schema() {
    let all = all();
    for (what, example) in &all {
        assert_valid(what, example.schema, example.value);
    }
    let bodies: usize = spec::operations().iter().map(|operation| operation.requests().len()).sum();
    let events: usize = spec::callbacks().iter().map(|operation| operation.requests().len()).sum();
    assert_eq!((bodies, events), (10, 14), "the document has other examples than were counted");
    assert!(all.len() > 150, "there are {} examples", all.len());
}

#[test]
fn a_value_that_does_not_fit_its_schema_is_found() {
    let value = |change: fn(&mut Value)| {
        let mut value = spec::operation("createPatient").request("person").value.clone();
        change(&mut value);
        value
    };
    for (rule, value) in [
        ("a format", value(|it| it["dob"] = json!("1985-02-30"))),
        ("an id", value(|it| it["assigned_clinic"] = json!("c001"))),
        ("a length", value(|it| it["first_name"] = json!("X"))),
        ("an enum", value(|it| it["species"] = json!("martian"))),
        ("null where none may be", value(|it| it["gender"] = Value::Null)),
        ("two addresses", value(|it| it["addresses"] = json!([it["addresses"][0], it["addresses"][0]]))),
        ("an unknown property", value(|it| it["middleName"] = json!("Quincy"))),
    ] {
        assert!(!validator("PatientRequest").is_valid(&value), "{rule} was not found");
    }
    let null = value(|it| it["species"] = Value::Null);
    assert!(validator("PatientRequest").is_valid(&null), "species may be null");
}

#[test]
fn every_body_has_an_example() {
    for operation in spec::operations() {
        assert_eq!(operation.requests().is_empty(), operation.node.get("requestBody").is_none(), "{}", operation.id);
        for (status, examples) in operation.responses() {
            assert!(!examples.is_empty(), "{} {status} has no example", operation.id);
        }
    }
    for callback in spec::callbacks() {
        assert!(!callback.requests().is_empty(), "{} has no example", callback.id);
    }
}

#[test]
fn the_examples_of_parameters_and_headers_fit() {
    let mut checked = 0;
    for operation in spec::operations() {
        for parameter in operation.node.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let reference = parameter["schema"]["$ref"].as_str().expect("each parameter has a named type");
            let component = reference.rsplit('/').next().expect("it has a name");
            assert_valid(operation.id, component, &parameter["example"]);
            assert_same(
                operation.id,
                &read(component, &parameter["example"]).expect("it is read").json,
                &parameter["example"],
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 3);
    let headers = spec::document()["components"]["headers"].as_object().expect("there are headers");
    assert!(!headers.is_empty() && headers.values().all(|header| header["example"].is_u64()));
}

/// Returns the component of an envelope's data, and the data.
fn unwrapped(example: &Example) -> (&'static str, Value) {
    let Some((_, data)) = ENVELOPES.iter().find(|(name, _)| *name == example.schema) else {
        return (example.schema, example.value.clone());
    };
    let pointer = format!("/components/schemas/{}/properties/{data}/allOf/0/$ref", example.schema);
    let reference = spec::document().pointer(&pointer).and_then(Value::as_str).expect("the data is a component");
    (reference.rsplit('/').next().expect("it has a name"), example.value[*data].clone())
}

/// Fields of an answer that the client separates from its data: `success` becomes the `Result`, and the message
/// `Meta::message`. The tests of answers cover both.
fn without_envelope(component: &str, mut value: Value) -> Value {
    if matches!(component, "CarrierServicesResponse" | "DeletedWebhookResponse") {
        let members = value.as_object_mut().expect("it is an object");
        members.remove("success").expect("the envelope says it");
        members.remove("message");
    }
    value
}

#[test]
fn every_example_is_decoded_and_encoded_to_the_same_json() {
    for (what, example) in all() {
        let (component, value) = unwrapped(&example);
        let value = without_envelope(component, value);
        let read = read(component, &value).unwrap_or_else(|problem| panic!("{what}: {problem}"));
        assert_same(&what, &read.json, &value);
    }
}
