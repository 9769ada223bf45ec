//! Values that this version doesn't know, and fields that are absent, null or present.

use novamed::value::Nullable;
use novamed::{
    ContactKind, ErrorCode, ErrorDetails, FreeShipmentType, Gender, PatientRequest, PatientStatus, PractitionerStatus,
    Species,
};
use serde_json::{Value, json};

use super::assert_same;
use super::requests::patient;
use super::types::read;

/// Tests an enum with a known and an unknown value.
macro_rules! open {
    ($($ty:ident: $known:literal => $variant:ident,)*) => {$({
        let known: $ty = serde_json::from_value(json!($known)).expect("a known value is read");
        assert!(known == $ty::$variant, "{}", stringify!($ty));
        assert!(known.unrecognized().is_none() && known.as_str() == $known);
        assert_eq!(serde_json::to_value(&known).expect("it is written"), json!($known));
        let text = "valueMARKER \u{e9}\n";
        let unknown: $ty = serde_json::from_value(json!(text)).expect("an unknown value is read");
        assert!(unknown == $ty::from(text) && unknown != known, "{}", stringify!($ty));
        assert!(unknown.unrecognized() == Some(text) && unknown.as_str() == text);
        assert_eq!(serde_json::to_value(&unknown).expect("it is written"), json!(text));
        assert!(!format!("{unknown:?}{unknown:#?}").contains("MARKER"), "{}", stringify!($ty));
        assert!(serde_json::from_value::<$ty>(json!(1)).is_err(), "a number is not a value of {}", stringify!($ty));
    })*};
}

#[test]
fn an_enum_keeps_a_value_that_it_does_not_know() {
    open! {
        Gender: "female" => Female,
        Species: "mammal - other" => OtherMammal,
        PatientStatus: "inactive" => Inactive,
        ContactKind: "fax" => Fax,
        FreeShipmentType: "clinic_specific" => ClinicSpecific,
        PractitionerStatus: "active" => Active,
        ErrorCode: "RATE_LIMIT_EXCEEDED" => RateLimitExceeded,
    }
}

#[test]
fn a_value_differs_from_another_by_every_character() {
    for near in ["Male", "male ", "", "MALE"] {
        let read: Gender = serde_json::from_value(json!(near)).expect("it is read");
        assert_eq!(read.unrecognized(), Some(near));
    }
}

#[test]
fn details_of_another_shape_are_kept_as_they_came() {
    for shape in [
        json!("text"),
        json!(7),
        json!(["dob", "too late"]),
        json!(["dob"]),
        json!([1, "a"]),
        json!(true),
        json!([{"field": 1}]),
    ] {
        let details: ErrorDetails = serde_json::from_value(shape.clone()).expect("it is read");
        assert!(matches!(details, ErrorDetails::Unrecognized(_)), "{shape} was taken for a known shape");
        assert_same("details", &serde_json::to_value(&details).expect("it is written"), &shape);
    }
    // An object is always a single detail: both of its fields may be absent, and others may be added.
    let details: ErrorDetails = serde_json::from_value(json!({"field": "dob", "hint": "new"})).expect("it is read");
    assert!(matches!(&details, ErrorDetails::Single(detail) if detail.field.as_deref() == Some("dob")));
}

/// The nullable properties of a patient, each with a value.
fn nullable() -> [(&'static str, Value); 6] {
    [
        ("middle_name", json!("Quincy")),
        ("species", json!("canine")),
        ("animal_owner_name", json!("Alex")),
        ("weight", json!("70.5")),
        ("weight_recorded_date", json!("2026-01-01")),
        ("status", json!("inactive")),
    ]
}

#[test]
fn absent_null_and_present_are_kept_apart_for_each_nullable_property() {
    let start = serde_json::to_value(patient("required")).expect("it is written");
    for (key, present) in nullable() {
        assert!(start.get(key).is_none(), "{key} is to be absent at first");
        for value in [Value::Null, present] {
            let mut request = start.clone();
            request[key] = value;
            assert_same(key, &read("PatientRequest", &request).expect("it is read").json, &request);
        }
    }
    assert_same("nothing set", &read("PatientRequest", &start).expect("it is read").json, &start);
}

#[test]
fn a_nullable_property_is_read_by_option_shaped_methods() {
    let mut request: PatientRequest = patient("required");
    assert!(request.middle_name.is_absent() && request.middle_name.get().is_none());
    request.middle_name = Nullable::Null;
    assert!(request.middle_name.is_null() && !request.middle_name.is_absent());
    request.middle_name = "Quincy".to_owned().into();
    assert_eq!(request.middle_name.as_deref(), Some("Quincy"));
    request.middle_name = None.into();
    assert!(request.middle_name.is_absent());
}

#[test]
fn a_property_that_is_not_nullable_refuses_null() {
    let start = serde_json::to_value(patient("person")).expect("it is written");
    for key in ["first_name", "last_name", "gender", "dob", "practitioner_id", "assigned_clinic", "addresses"] {
        let mut request = start.clone();
        request[key] = Value::Null;
        assert!(read("PatientRequest", &request).is_err(), "{key} may not be null");
        request.as_object_mut().expect("it is an object").remove(key);
        assert!(read("PatientRequest", &request).is_err(), "{key} is required");
    }
}
