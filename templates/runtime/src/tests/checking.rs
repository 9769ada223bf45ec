//! Checks of a request before it is sent.

use std::collections::BTreeMap;

use super::server::{json, serve};
use super::{OPEN, plain};
use crate::runtime::call::Call;
use crate::runtime::checks::rules::Pattern;
use crate::runtime::checks::{Check, Checker};
use crate::runtime::error::problem::Violation;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::value::decimal::Decimal;

/// A value and the rules that it has to keep.
struct Ruled<F>(F);

impl<F: Fn(&mut Checker)> Check for Ruled<F> {
    fn check(&self, check: &mut Checker) {
        (self.0)(check);
    }
}

/// Returns what the call notes, as pointer and rule.
fn found(rules: impl Fn(&mut Checker)) -> Vec<(String, String)> {
    let client = plain("http://127.0.0.1:1");
    let call: Call<'_> = client.call(&OPEN).checked(&Ruled(rules));
    let pair = |it: &Violation| (it.pointer().to_owned(), it.rule().to_owned());
    call.violations.iter().map(pair).collect()
}

/// Returns the rules alone.
fn broken(rules: impl Fn(&mut Checker) -> &mut Checker) -> Vec<String> {
    let rules = |check: &mut Checker| {
        rules(check);
    };
    found(rules).into_iter().map(|(_, rule)| rule).collect()
}

const NPI: Pattern = Pattern { text: "^[0-9]{10}$", parts: &[(&[('0', '9')], 10, 10)], is_whole: true };

const WORD: Pattern = Pattern {
    text: "^a[b-dx]*é?",
    parts: &[(&[('a', 'a')], 1, 1), (&[('b', 'd'), ('x', 'x')], 0, usize::MAX), (&[('é', 'é')], 0, 1)],
    is_whole: false,
};

#[test]
fn lengths_are_counted_in_characters() {
    assert_eq!(broken(|it| it.min_length("é", 2)), ["at least 2 characters"]);
    assert_eq!(broken(|it| it.min_length("", 1)), ["at least 1 character"]);
    assert_eq!(broken(|it| it.max_length("éé", 1)), ["at most 1 character"]);
    assert!(broken(|it| it.min_length("éé", 2).max_length("éé", 2)).is_empty());
}

#[test]
fn a_pattern_is_a_row_of_classes() {
    for text in ["", "123456789", "12345678901", "123456789x", " 1234567890", "1234567890\n", "١٢٣٤٥٦٧٨٩٠"] {
        assert_eq!(broken(|it| it.pattern(text, &NPI)), ["matches `^[0-9]{10}$`"], "{text:?}");
    }
    assert!(broken(|it| it.pattern("0123456789", &NPI)).is_empty());
    for (text, is_kept) in [("a", true), ("abxcé!", true), ("az", true), ("", false), ("ba", false)] {
        assert_eq!(broken(|it| it.pattern(text, &WORD)).is_empty(), is_kept, "{text:?}");
    }
}

#[test]
fn an_address_has_two_sides_and_a_uri_a_scheme() {
    for text in ["", "a", "@b", "a@", "a b@c", "a@b\n"] {
        assert_eq!(broken(|it| it.email(text)), ["an email address"], "{text:?}");
    }
    for text in ["", "a", "https:", "/path", "1a:b", "https://a b", "a_b:c"] {
        assert_eq!(broken(|it| it.uri(text)), ["a URI"], "{text:?}");
    }
    assert!(broken(|it| it.email("a@b").email("a+b@ü.example").email("\"a@b\"@c")).is_empty());
    assert!(broken(|it| it.uri("https://a.example/é?b#c").uri("urn:x:y").uri("coap+tcp://a")).is_empty());
}

#[test]
fn items_are_counted() {
    assert_eq!(broken(|it| it.min_items::<u8>(&[], 1)), ["at least 1 item"]);
    assert_eq!(broken(|it| it.max_items(&[1, 2, 3], 2)), ["at most 2 items"]);
    assert!(broken(|it| it.min_items(&[1], 1).max_items(&[1], 1)).is_empty());
}

#[test]
fn ranges_are_exact() {
    assert_eq!(broken(|it| it.at_least(&0_i32, 1.0)), ["at least 1"]);
    assert_eq!(broken(|it| it.at_most(&0.75_f64, 0.5)), ["at most 0.5"]);
    assert_eq!(broken(|it| it.more_than(&1_i64, 1.0).less_than(&1_i64, 1.0)), ["more than 1", "less than 1"]);
    assert_eq!(broken(|it| it.at_least(&f64::NAN, 0.0)), ["at least 0"]);
    assert_eq!(broken(|it| it.at_most(&0.5_f32, 0.25)), ["at most 0.25"]);
    assert!(broken(|it| it.at_least(&1_i32, 1.0).at_most(&1.0_f64, 1.0).more_than(&2_i64, 1.5)).is_empty());
    // Its neighbours are the same double.
    let end = 9_007_199_254_740_992.0;
    assert_eq!(broken(|it| it.at_most(&9_007_199_254_740_993_i64, end)).len(), 1);
    assert_eq!(broken(|it| it.at_least(&i64::MAX, 1e300).at_most(&i64::MIN, -1e300)).len(), 2);
    assert_eq!(broken(|it| it.at_least(&-1_i64, -0.5).at_most(&1_i64, 0.5)), ["at least -0.5", "at most 0.5"]);
}

#[test]
fn ranges_of_decimals_are_exact() {
    let number = |text: &str| text.parse::<Decimal>().expect("it is a number");
    let (tenth, more) = (number("0.1"), number("0.1000000000000000000001"));
    assert!(broken(|it| it.at_least(&tenth, 0.1).at_most(&tenth, 0.1).more_than(&more, 0.1)).is_empty());
    assert_eq!(broken(|it| it.at_most(&more, 0.1).more_than(&tenth, 0.1)), ["at most 0.1", "more than 0.1"]);
    assert!(broken(|it| it.at_most(&tenth, 1e300)).is_empty());
}

/// A name of at least two characters.
struct Name(&'static str);

impl Check for Name {
    fn check(&self, check: &mut Checker) {
        check.field("a/b~c").min_length(self.0, 2);
    }
}

#[test]
fn a_pointer_has_fields_and_indices_and_no_key() {
    let map: BTreeMap<String, Vec<Option<Box<Name>>>> =
        [("secret key".to_owned(), vec![None, Some(Box::new(Name("long"))), Some(Box::new(Name("x")))])].into();
    let texts = ["long", "x"];
    let all = found(|it| {
        it.field("map").value(&map);
        it.field("texts").items(&texts, |it, text| it.min_length(text, 2)).max_items(&texts, 1);
        it.max_length("long", 1);
    });
    let all: Vec<(&str, &str)> = all.iter().map(|(pointer, rule)| (pointer.as_str(), rule.as_str())).collect();
    let expected = [
        ("/map/*/2/a~1b~0c", "at least 2 characters"),
        ("/texts/1", "at least 2 characters"),
        ("/texts", "at most 1 item"),
        ("", "at most 1 character"),
    ];
    assert_eq!(all, expected);
}

fn wrong(check: &mut Checker) {
    check.field("first_name").min_length("V", 2);
    check.field("n\np").pattern("VALUE", &NPI);
}

#[tokio::test]
async fn nothing_is_sent_and_no_value_is_printed() {
    let server = serve(json("200 OK", "{}")).await;
    let client = plain(&server.url);
    let error: Error = client.call(&OPEN).checked(&Ruled(wrong)).empty().await.expect_err("rules are broken");
    assert_eq!((error.delivery(), error.attempts(), error.violations().len()), (Delivery::NotSent, 0, 2));
    assert!(server.requests().is_empty());
    let expected = "open: the request breaks 2 rules: /first_name: at least 2 characters; \
                    /n p: matches `^[0-9]{10}$`; nothing was sent";
    assert_eq!(error.to_string(), expected);
    let debug = format!("{error:?}{error:#?}{:?}", error.violations());
    assert!(debug.contains("at least 2 characters") && !debug.contains("VALUE"));
    let one = client.call(&OPEN).checked(&Name("x")).empty().await.expect_err("a rule is broken");
    assert_eq!(one.to_string(), "open: the request breaks 1 rule: /a~1b~0c: at least 2 characters; nothing was sent");
}

#[tokio::test]
async fn checks_can_be_turned_off() {
    let server = serve(json("200 OK", "{}")).await;
    let client = plain(&server.url).with_options(|it| it.check(false));
    client.call(&OPEN).checked(&Ruled(wrong)).empty().await.expect("it is sent");
    assert_eq!(server.requests().len(), 1);
    let checking = client.with_options(|it| it.check(true));
    assert!(checking.call(&OPEN).checked(&Ruled(wrong)).empty().await.is_err());
    assert!(checking.call(&OPEN).checked(&Name("long")).empty().await.is_ok());
}

#[test]
fn a_long_list_of_violations_ends() {
    let names: Vec<Name> = (0..1000).map(|_| Name("x")).collect();
    assert_eq!(broken(|it| it.value(&names)).len(), 100);
}

#[test]
fn a_place_is_a_parameter_or_the_body() {
    let client = plain("http://127.0.0.1:1");
    let texts: BTreeMap<String, &str> = [("secret key".to_owned(), "x")].into();
    let call: Call<'_> = client
        .call(&OPEN)
        .check_parameter("limit", Some(&0_i32), |check, value| check.at_least(value, 1.0))
        .check_parameter("absent", None::<&i32>, |check, value| check.at_least(value, 1.0))
        .check_parameter("a\nb", Some(&[Name("x")][..]), Checker::value)
        .check_body(&texts, |check, body| check.values(body, |check, item| check.min_length(item, 2)))
        .check_body("long", |check, body| check.max_length(body, 1))
        .checked(&Name("x"));
    let shown: Vec<String> = call.violations.iter().map(Violation::to_string).collect();
    let expected = [
        "parameter `limit`: at least 1",
        "parameter `a b`, /0/a~1b~0c: at least 2 characters",
        "/*: at least 2 characters",
        "the body: at most 1 character",
        "/a~1b~0c: at least 2 characters",
    ];
    assert_eq!(shown, expected);
    let parameters: Vec<Option<&str>> = call.violations.iter().map(Violation::parameter).collect();
    assert_eq!(parameters, [Some("limit"), Some("a\nb"), None, None, None]);
}
