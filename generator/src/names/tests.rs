//! Cases, keywords, collisions and scripts.

use super::*;

fn all(mut scope: Scope, wires: &[&str]) -> Vec<String> {
    let root = Pointer::root();
    wires.iter().map(|wire| scope.name(wire, &root).name.as_str().to_owned()).collect()
}

#[test]
fn cases_follow_the_scope() {
    let wires = ["first name", "createPet", "X-RateLimit-Limit", "addressLine1"];
    assert_eq!(all(Scope::fields(), &wires), ["first_name", "create_pet", "x_rate_limit_limit", "address_line1"]);
    assert_eq!(all(Scope::types(), &wires), ["FirstName", "CreatePet", "XRateLimitLimit", "AddressLine1"]);
}

#[test]
fn keywords_get_an_underscore() {
    assert_eq!(all(Scope::fields(), &["type", "async", "gen", "Self"]), ["type_", "async_", "gen_", "self_"]);
    assert_eq!(all(Scope::variants(), &["self"]), ["SelfValue"]);
}

#[test]
fn what_the_client_itself_uses_is_evaded() {
    assert_eq!(
        all(Scope::types(), &["Option", "Response", "string", "f0"]),
        ["OptionModel", "ResponseModel", "StringModel", "F0Model"]
    );
    assert_eq!(all(Scope::methods(), &["clone", "with_options"]), ["clone_", "with_options_"]);
    assert_eq!(all(Scope::variants(), &["unrecognized"]), ["UnrecognizedValue"]);
    assert_eq!(all(Scope::modules(), &["client", "CON"]), ["client", "con_"]);
}

#[test]
fn collisions_are_counted_and_name_the_first() {
    let mut scope = Scope::fields();
    let first = Pointer::root().key("first");
    assert_eq!(scope.name("a-b", &first).collides_with, None);
    let second = scope.name("a_b", &Pointer::root().key("second"));
    assert_eq!((second.name.as_str(), second.collides_with), ("a_b_2", Some(first)));
    assert_eq!(all(Scope::fields(), &["type", "type_", "Type"]), ["type_", "type_2", "type_3"]);
}

#[test]
fn a_suffix_is_taken_with_its_name() {
    let mut scope = Scope::types();
    let root = Pointer::root();
    assert_eq!(scope.name_with("pet", &["Builder"], &root).name.as_str(), "Pet");
    assert_eq!(scope.name("PetBuilder", &root).name.as_str(), "PetBuilder2");
    let mut scope = Scope::types();
    assert_eq!(scope.name("PetBuilder", &root).name.as_str(), "PetBuilder");
    assert_eq!(scope.name_with("pet", &["Builder"], &root).name.as_str(), "Pet2");
}

#[test]
fn symbols_that_tell_names_apart_become_words() {
    let wires = ["+1", "-1", "1", "<=", ">", "!=", "", "*", "-", "$ref", "@type", "a/b"];
    assert_eq!(
        all(Scope::variants(), &wires),
        ["Plus1", "Minus1", "N1", "LessEqual", "Greater", "NotEqual", "Empty", "Star", "Dash", "Ref", "Type", "AB"]
    );
}

#[test]
fn any_script_gives_an_identifier() {
    for wire in ["имя", "名前", "größe", "اسم", "😀", "a😀b", "\u{200d}", "400", "_", "__init__"] {
        for scope in [Scope::types(), Scope::fields(), Scope::modules(), Scope::variants()] {
            let name = all(scope, &[wire]).remove(0);
            assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{wire:?} became {name:?}");
        }
    }
    assert_eq!(all(Scope::modules(), &["größe", "имя"]), ["gr_uf6_udf_e", "u438_u43c_u44f"]);
}
