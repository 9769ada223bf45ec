//! What a value has to keep beside its type: `maxLength` and its kin.
//!
//! Of several schemas that hold together the strictest limit counts, and each pattern.

use std::collections::BTreeSet;

use openapiv3::AnySchema;

use super::super::finding::{Class, Finding};
use super::merged::MergedSchema;
use super::{Walk, Way};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::Value;

/// Which numbers a keyword allows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// A larger number allows less.
    Lower,
    /// A smaller number allows less.
    Upper,
}

/// A keyword, which numbers it allows, and its value as text.
type Number = (&'static str, Bound, fn(&AnySchema) -> Option<String>);

const NUMBERS: &[Number] = &[
    ("minLength", Bound::Lower, |any| any.min_length.map(|it| it.to_string())),
    ("maxLength", Bound::Upper, |any| any.max_length.map(|it| it.to_string())),
    ("minimum", Bound::Lower, |any| any.minimum.map(|it| it.to_string())),
    ("maximum", Bound::Upper, |any| any.maximum.map(|it| it.to_string())),
    ("minItems", Bound::Lower, |any| any.min_items.map(|it| it.to_string())),
    ("maxItems", Bound::Upper, |any| any.max_items.map(|it| it.to_string())),
    ("minProperties", Bound::Lower, |any| any.min_properties.map(|it| it.to_string())),
    ("maxProperties", Bound::Upper, |any| any.max_properties.map(|it| it.to_string())),
];

/// The keywords that exclude the limit itself.
const EXCLUSIVE: [&str; 2] = ["exclusiveMinimum", "exclusiveMaximum"];

/// A keyword that another value changes to something else, and its value as text.
type Form = (&'static str, fn(&AnySchema) -> Option<String>);

const FORMS: &[Form] = &[
    ("pattern", |any| any.pattern.clone()),
    ("multipleOf", |any| any.multiple_of.map(|it| it.to_string())),
    ("uniqueItems", |any| any.unique_items.filter(|it| *it).map(|_| "true".to_owned())),
];

/// The strictest number of a keyword.
#[derive(Debug, Clone)]
struct Limit {
    text: String,
    /// Whether the number itself is not allowed.
    is_exclusive: bool,
    pointer: Pointer,
}

impl PartialEq for Limit {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.is_exclusive) == (&other.text, other.is_exclusive)
    }
}

impl Limit {
    fn number(&self) -> f64 {
        self.text.parse().unwrap_or_default()
    }

    /// Whether it allows less than another one.
    fn is_stricter(&self, other: &Self, bound: Bound) -> bool {
        let (one, other_number) = (self.number(), other.number());
        let is_further = if bound == Bound::Lower { one > other_number } else { one < other_number };
        let is_back = if bound == Bound::Lower { one < other_number } else { one > other_number };
        // Large counts may differ where their floats do not.
        let is_other = self.is_exclusive && !other.is_exclusive || self.text != other.text;
        is_further || !is_back && is_other
    }

    fn words(&self, bound: Bound) -> String {
        match (self.is_exclusive, bound) {
            (false, _) => self.text.clone(),
            (true, Bound::Lower) => format!("more than {}", self.text),
            (true, Bound::Upper) => format!("less than {}", self.text),
        }
    }
}

impl Walk<'_> {
    /// Compares the limits of a value. Answers are not checked, so that a limit there breaks nobody. What `own` says is
    /// the same on both sides is left out.
    pub(super) fn limits(
        &mut self,
        views: [&MergedSchema<'_>; 2],
        own: Option<[&MergedSchema<'_>; 2]>,
        subject: &str,
        way: Way,
    ) {
        for number in NUMBERS {
            if own.is_none_or(|[old, new]| strictest(old, number) != strictest(new, number)) {
                self.number(number, views, subject, way);
            }
        }
        for form in FORMS {
            if own.is_none_or(|[old, new]| texts(old, form) != texts(new, form)) {
                self.form(form, views, subject, way);
            }
        }
    }

    fn number(&mut self, number: &Number, [old, new]: [&MergedSchema<'_>; 2], subject: &str, way: Way) {
        let (keyword, bound, _) = *number;
        let (before, after) = (strictest(old, number), strictest(new, number));
        if before == after {
            return;
        }
        let (is_stricter, message) = match (&before, &after) {
            (Some(before), Some(after)) => {
                (after.is_stricter(before, bound), self.number_words([before, after], keyword, bound))
            }
            (Some(limit), None) => came(keyword_of(self.old, limit, keyword), false),
            (_, limit) => came(limit.as_ref().map_or(keyword, |it| keyword_of(self.new, it, keyword)), true),
        };
        let word = |limit: &Option<Limit>| limit.as_ref().map(|limit| limit.words(bound));
        let at =
            |limit: Option<Limit>, view: &MergedSchema<'_>| limit.map_or_else(|| view.pointer.clone(), |it| it.pointer);
        let values = [word(&before), word(&after)];
        self.limit((keyword, is_stricter, message), values, [at(before, old), at(after, new)], subject, way);
    }

    /// What a limit is now and what it was, in words.
    fn number_words(&self, [before, after]: [&Limit; 2], keyword: &'static str, bound: Bound) -> String {
        let [was, is] = [keyword_of(self.old, before, keyword), keyword_of(self.new, after, keyword)];
        if was == is && is != keyword {
            return format!("`{is}` is {} now, and was {}", after.text, before.text);
        }
        let what = if was == is { format!("`{keyword}`") } else { "the limit".to_owned() };
        format!("{what} is {} now, and was {}", after.words(bound), before.words(bound))
    }

    fn form(&mut self, form: &Form, [old, new]: [&MergedSchema<'_>; 2], subject: &str, way: Way) {
        let (keyword, read) = *form;
        let (before, after) = (texts(old, form), texts(new, form));
        if before == after {
            return;
        }
        let (is_stricter, message) = match (before.is_empty(), after.is_empty()) {
            (true, _) | (_, true) => came(keyword, before.is_empty()),
            _ if after.is_superset(&before) => (true, format!("a further `{keyword}` has to be kept")),
            _ if after.is_subset(&before) => (false, format!("one `{keyword}` less has to be kept")),
            _ => (true, format!("`{keyword}` is another one")),
        };
        let word = |texts: BTreeSet<String>| {
            let texts: Vec<String> = texts.into_iter().collect();
            (!texts.is_empty()).then(|| texts.join("` and `"))
        };
        let places = [old, new].map(|view| view.at(keyword, |any| read(any).is_some()));
        self.limit((keyword, is_stricter, message), [word(before), word(after)], places, subject, way);
    }

    fn limit(
        &mut self,
        (keyword, is_stricter, message): (&str, bool, String),
        values: [Option<String>; 2],
        [old, new]: [Pointer; 2],
        subject: &str,
        way: Way,
    ) {
        let code = if is_stricter { "limit-tightened" } else { "limit-loosened" };
        let class = if is_stricter { way.narrowed() } else { Class::Compatible };
        let [was, is] = values.map(|value| value.map_or_else(|| "none".to_owned(), |value| format!("`{value}`")));
        let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}`: {message}"));
        self.add(finding.detail(keyword).values(was, is).old(&old).new_at(&new));
    }
}

/// A limit that came or went: whether less is allowed than before, and the words.
fn came(keyword: &str, is_new: bool) -> (bool, String) {
    (is_new, format!("the limit `{keyword}` {}", if is_new { "is new" } else { "is gone" }))
}

/// The keyword that a limit is written by: in 3.1 `exclusiveMinimum` is a number, and in 3.0 a mark of `minimum`.
fn keyword_of(reading: &Reading<'_>, limit: &Limit, keyword: &'static str) -> &'static str {
    let node = reading.document.root.find(&reading.written(&limit.pointer));
    match keyword {
        _ if !limit.is_exclusive || !node.is_some_and(|node| matches!(node.value, Value::Number(_))) => keyword,
        "minimum" => EXCLUSIVE[0],
        _ => EXCLUSIVE[1],
    }
}

fn strictest(view: &MergedSchema<'_>, (keyword, bound, read): &Number) -> Option<Limit> {
    let limits = view.layers().iter().filter_map(|part| {
        let (is_exclusive, key) = match *keyword {
            "minimum" => (part.any().exclusive_minimum == Some(true), EXCLUSIVE[0]),
            "maximum" => (part.any().exclusive_maximum == Some(true), EXCLUSIVE[1]),
            _ => (false, ""),
        };
        let pointer = part.schema.pointer.key(if is_exclusive { key } else { keyword });
        Some(Limit { text: read(part.any())?, is_exclusive, pointer })
    });
    limits.reduce(|one, other| if other.is_stricter(&one, *bound) { other } else { one })
}

fn texts(view: &MergedSchema<'_>, (_, read): &Form) -> BTreeSet<String> {
    view.layers().iter().filter_map(|part| read(part.any())).collect()
}
