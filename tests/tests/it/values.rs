//! What values become in the types of composed schemas, and that they are written back unchanged.

use serde_json::{Value, json};
use wire::builder::{Missing, Set};
use wire::value::Nullable;
use wire::{
    Block, Keys, Kind, Link, Setting, SettingChoice, Source, Thing, Values, ValuesDetail, ValuesModel, ValuesOutcome,
    ValuesVersion,
};

/// Decodes a property of `Values`, and checks that it is written back as it was.
#[track_caller]
fn decoded(property: &str, value: &Value) -> Values {
    let read = read(property, value);
    assert_eq!(serde_json::to_value(&read).expect("it encodes"), json!({ property: value }));
    read
}

#[track_caller]
fn read(property: &str, value: &Value) -> Values {
    serde_json::from_value(json!({ property: value })).expect("it decodes")
}

#[test]
fn a_tag_has_the_type_of_its_property() {
    let link = |secure: Value| decoded("link", &json!({"secure": secure, "host": "h"})).link;
    assert!(matches!(link(json!(true)), Some(Link::SafeLink(_))));
    assert!(matches!(link(json!(false)), Some(Link::PlainLink(_))));
    assert!(matches!(link(json!("true")), Some(Link::Unrecognized(_))));
    let block = |tag: Value| decoded("block", &json!({"type": tag, "words": "w"})).block;
    assert!(matches!(block(json!(1)), Some(Block::Words(_))));
    assert!(matches!(block(json!(2)), Some(Block::Image(_))));
    assert!(matches!(block(json!(3)), Some(Block::Unrecognized(_))));
    let block = read("block", &json!({"type": 2.0, "words": "w"})).block;
    assert!(matches!(block, Some(Block::Image(_))), "2.0 is 2");
    // A value that the caller builds without its tag gets it.
    let image = wire::Image::builder().words("w").build();
    let written = serde_json::to_value(Block::Image(image)).expect("it encodes");
    assert_eq!(written, json!({"type": 2, "words": "w"}));
    let safe = wire::SafeLink::builder().host("h").build();
    assert_eq!(serde_json::to_value(Link::SafeLink(safe)).expect("it encodes"), json!({"secure": true, "host": "h"}));
}

#[test]
fn a_boolean_constant_chooses() {
    let outcome = |ok: bool| decoded("outcome", &json!({"ok": ok, "id": 7})).outcome;
    assert!(matches!(outcome(true), Some(ValuesOutcome::Done(_))));
    assert!(matches!(outcome(false), Some(ValuesOutcome::Failed(_))));
    let more = read("outcome", &json!({"ok": false, "id": 7, "added": true}));
    assert!(matches!(more.outcome, Some(ValuesOutcome::Failed(_))));
}

#[test]
fn a_property_that_the_server_adds_does_not_turn_an_object_into_a_map() {
    let detail = |value: Value| read("detail", &value).detail;
    assert!(matches!(detail(json!({"code": 7})), Some(ValuesDetail::Coded(_))));
    assert!(matches!(detail(json!({"code": 7, "added": 8})), Some(ValuesDetail::Coded(_))));
    assert!(matches!(detail(json!({"a": 7, "b": 8})), Some(ValuesDetail::Map(_))));
}

#[test]
fn base64url_has_its_own_alphabet() {
    let bytes = decoded("token", &json!("-_8")).token.expect("it is there");
    assert_eq!(bytes.as_bytes(), [0xfb, 0xff]);
}

#[test]
fn constants_choose_without_a_discriminator() {
    let source = |tag: &str| decoded("source", &json!({"type": tag, "path": "p"})).source;
    assert!(matches!(source("loose"), Some(Source::Loose(_))));
    assert!(matches!(source("zip"), Some(Source::Zip(_))));
    assert!(matches!(source("jar"), Some(Source::Jar(_))));
    assert!(matches!(source("tar"), Some(Source::Unrecognized(_))));
    // A property that the document doesn't know changes nothing.
    let more = json!({"type": "zip", "path": "p", "entry": "e", "added": [1, 2, 3]});
    assert!(matches!(read("source", &more).source, Some(Source::Zip(_))));
}

#[test]
fn a_hierarchy_has_its_base_and_every_level() {
    let thing = |value: Value| decoded("thing", &value).thing;
    assert!(matches!(thing(json!({"petType": "pet", "name": "n"})), Some(Thing::Thing(_))));
    assert!(matches!(thing(json!({"petType": "dog", "bark": 1})), Some(Thing::Dog(_))));
    let angry = json!({"petType": "angry", "bark": 1, "bites": 2});
    assert!(matches!(thing(angry), Some(Thing::AngryDog(_))));
    assert!(matches!(thing(json!({"petType": "cat"})), Some(Thing::Unrecognized(_))));
}

#[test]
fn alternatives_next_to_properties_keep_their_own_types() {
    let choice = |value: Value| decoded("setting", &value).setting.map(|setting| setting.choice);
    let words = choice(json!({"id": "a", "value": "v", "unit": "cm"}));
    assert!(matches!(words, Some(SettingChoice::Words(_))));
    assert!(matches!(choice(json!({"id": "a", "value": 7, "unit": "kg"})), Some(SettingChoice::Count(_))));
    let color = choice(json!({"id": "a", "value": {"R": 1, "G": 2, "B": 3}}));
    assert!(matches!(color, Some(SettingChoice::Color(_))));
    assert!(matches!(choice(json!({"id": "a", "value": [true]})), Some(SettingChoice::Unrecognized(_))));
    let built = Setting::builder().id("a").choice(wire::SettingChoiceCount::builder().value(7).build().into()).build();
    assert_eq!(serde_json::to_value(built).expect("it encodes"), json!({"id": "a", "value": 7}));
}

#[test]
fn constants_are_an_enum_and_any_string_is_not_unknown() {
    assert_eq!(decoded("kind", &json!("two")).kind, Some(Kind::Two));
    assert_eq!(decoded("model", &json!("A1")).model, Some(ValuesModel::A1));
    assert_eq!(decoded("model", &json!("abc")).model, Some(ValuesModel::Unlisted("abc".to_owned())));
}

#[test]
fn an_open_union_as_an_alternative_takes_only_what_it_knows() {
    assert!(matches!(decoded("keys", &json!("a")).keys, Some(Keys::Key(_))));
    assert!(matches!(decoded("keys", &json!(["a", 1])).keys, Some(Keys::List(keys)) if keys.len() == 2));
}

#[test]
fn a_property_of_several_members_satisfies_all_of_them() {
    let value = json!({
        "spec": {"prio": 1, "pages": 2},
        "meta": {"who": "w", "tray": "t"},
        "notes": [{"n": 1, "page": 2}],
        "state": "printed",
    });
    let job = decoded("job", &value).job.expect("it is there");
    assert_eq!((job.spec.prio, job.spec.pages), (Some(1), 2));
    assert_eq!(job.meta.as_ref().map(|meta| (meta.who.as_deref(), meta.tray.as_str())), Some((Some("w"), "t")));
    let state = |state: &str| {
        let job = decoded("job", &json!({"spec": {"pages": 1}, "state": state})).job;
        job.and_then(|job| job.state).expect("it is there")
    };
    assert!(state("lost").unrecognized().is_none());
    // Only one of the members lists these.
    assert!(state("queued").unrecognized().is_some());
    assert!(state("folded").unrecognized().is_some());
    let labels = decoded("labels", &json!({"id": "i", "prio": 3, "color": "red"})).labels.expect("it is there");
    assert_eq!((labels.prio, labels.additional_properties["color"].as_str()), (Some(3), "red"));
    assert_eq!(decoded("version", &json!("1.10")).version, Some(ValuesVersion::from("1.10")));
}

#[test]
fn a_property_that_travels_one_way_is_required_there() {
    // A response has no password, and a request no id.
    let read = decoded("user", &json!({"id": "i", "name": "n"})).user.expect("it is there");
    assert_eq!((read.id.as_deref(), read.password.as_deref()), (Some("i"), None));
    let user = || wire::User::builder().name("n").password("p");
    let sent = |user| serde_json::to_value(user).expect("it encodes");
    assert_eq!(sent(user().pin("1").build()), json!({"password": "p", "name": "n", "pin": "1"}));
    // What is required and may be null is sent as null, not left out.
    assert_eq!(sent(user().pin(None::<String>).build()), json!({"password": "p", "name": "n", "pin": null}));
    // Without the password and the PIN there is no `build`: the type still names the missing fields.
    let _: wire::UserBuilder<Missing<wire::field::Password>, Set, Missing<wire::field::Pin>> =
        wire::User::builder().name("n");
}

#[test]
fn numbers_keep_their_digits_and_null_is_kept() {
    let number = decoded("number", &json!(9_007_199_254_740_993_i64)).number.expect("it is there");
    assert_eq!(serde_json::to_string(&number).expect("it encodes"), "9007199254740993");
    decoded("number", &json!(0.1));
    assert!(matches!(decoded("size", &Value::Null).size, Nullable::Null));
    assert!(matches!(decoded("size", &json!(4)).size, Nullable::Value(_)));
    assert!(matches!(decoded("scale", &Value::Null).scale, Nullable::Null), "a member that says nothing allows null");
    assert_eq!(serde_json::to_value(Values::builder().size_null().build()).expect("it encodes"), json!({"size": null}));
}
