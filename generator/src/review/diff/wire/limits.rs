//! What a value has to keep beside its type: `maxLength` and its kin.

use openapiv3::AnySchema;

use super::super::finding::{Class, Finding};
use super::view::View;
use super::{Walk, Way};

/// How a keyword limits values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// A larger number allows less.
    Lower,
    /// A smaller number allows less.
    Upper,
    /// Another one allows other values.
    Form,
}

/// A keyword, how it limits, and its value as text.
type Limit = (&'static str, Bound, fn(&AnySchema) -> Option<String>);

const LIMITS: &[Limit] = &[
    ("minLength", Bound::Lower, |any| any.min_length.map(|it| it.to_string())),
    ("maxLength", Bound::Upper, |any| any.max_length.map(|it| it.to_string())),
    ("minimum", Bound::Lower, |any| any.minimum.map(|it| it.to_string())),
    ("maximum", Bound::Upper, |any| any.maximum.map(|it| it.to_string())),
    ("minItems", Bound::Lower, |any| any.min_items.map(|it| it.to_string())),
    ("maxItems", Bound::Upper, |any| any.max_items.map(|it| it.to_string())),
    ("minProperties", Bound::Lower, |any| any.min_properties.map(|it| it.to_string())),
    ("maxProperties", Bound::Upper, |any| any.max_properties.map(|it| it.to_string())),
    ("pattern", Bound::Form, |any| any.pattern.clone()),
    ("multipleOf", Bound::Form, |any| any.multiple_of.map(|it| it.to_string())),
    ("uniqueItems", Bound::Form, |any| any.unique_items.filter(|it| *it).map(|_| "true".to_owned())),
    ("exclusiveMinimum", Bound::Form, |any| any.exclusive_minimum.filter(|it| *it).map(|_| "true".to_owned())),
    ("exclusiveMaximum", Bound::Form, |any| any.exclusive_maximum.filter(|it| *it).map(|_| "true".to_owned())),
    ("not", Bound::Form, |any| any.not.as_ref().map(|it| format!("{it:?}"))),
];

impl Walk<'_> {
    /// Compares the limits of a value. Answers are not checked, so that a limit there breaks nobody.
    pub(super) fn limits(&mut self, old: &View<'_>, new: &View<'_>, subject: &str, way: Way) {
        for (keyword, bound, read) in LIMITS {
            let (before, after) = (old.first(read), new.first(read));
            if before == after {
                continue;
            }
            let (is_stricter, message) = told(keyword, *bound, before.as_deref(), after.as_deref());
            let code = if is_stricter { "limit-tightened" } else { "limit-loosened" };
            let class = if is_stricter { way.narrowed() } else { Class::Compatible };
            let has = |any: &AnySchema| read(any).is_some();
            let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}`: {message}"))
                .detail(keyword)
                .values(word(before.as_ref()), word(after.as_ref()))
                .old(&old.at(keyword, has))
                .new_at(&new.at(keyword, has));
            self.add(finding);
        }
    }
}

fn word(limit: Option<&String>) -> String {
    limit.map_or_else(|| "none".to_owned(), |limit| format!("`{limit}`"))
}

/// Whether less is allowed than before, and the change in words.
fn told(keyword: &str, bound: Bound, before: Option<&str>, after: Option<&str>) -> (bool, String) {
    let (Some(before), Some(after)) = (before, after) else {
        let is_new = after.is_some();
        return (is_new, format!("the limit `{keyword}` {}", if is_new { "is new" } else { "is gone" }));
    };
    if bound == Bound::Form {
        return (true, format!("`{keyword}` is another one"));
    }
    let number = |text: &str| text.parse::<f64>().unwrap_or_default();
    let is_stricter =
        if bound == Bound::Lower { number(after) > number(before) } else { number(after) < number(before) };
    (is_stricter, format!("`{keyword}` is {after} now, and was {before}"))
}
