//! What a schema says against itself: a range without a number in it, a default that is none of its values.
//!
//! ```yaml
//! {type: string, minLength: 5, maxLength: 3}    # no text is so long, and neither length is checked
//! {type: string, enum: [on, off], default: up}  # the server fills in what it says that it never has
//! ```

use openapiv3::{AnySchema, Schema};
use serde_json::Value;

use super::any;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::lower::context::Context;

/// Reports what no value can keep, and a default that is no value of the schema.
pub fn report(cx: &mut Context<'_>, schema: &Schema, pointer: &Pointer) {
    let any = any(schema);
    for (least, most) in empty_ranges(any) {
        let message = format!("`{least}` is more than `{most}`, so that no value fits, and neither is checked");
        let problem = Diagnostic::warning("empty-range", &pointer.key(least), message);
        cx.report(problem.label(&pointer.key(most), "the other end").help("exchange them, or correct one"));
    }
    if let Some(default) = &schema.schema_data.default
        && let Some(why) = misfit(any, default)
    {
        let problem = Diagnostic::warning("unfit-default", &pointer.key("default"), format!("the default {why}"));
        cx.report(problem.help("correct it; the client sends no default, and leaves it to the server"));
    }
}

/// The pairs of keywords that no value keeps.
pub fn empty_ranges(any: &AnySchema) -> Vec<(&'static str, &'static str)> {
    let numbers = match (any.minimum, any.maximum) {
        (Some(least), Some(most)) => {
            let is_open = any.exclusive_minimum.unwrap_or_default() || any.exclusive_maximum.unwrap_or_default();
            least > most || (is_open && least >= most)
        }
        _ => false,
    };
    let counts = |least: Option<usize>, most: Option<usize>| least.zip(most).is_some_and(|(least, most)| least > most);
    let pairs = [
        (counts(any.min_length, any.max_length), ("minLength", "maxLength")),
        (numbers, ("minimum", "maximum")),
        (counts(any.min_items, any.max_items), ("minItems", "maxItems")),
        (counts(any.min_properties, any.max_properties), ("minProperties", "maxProperties")),
    ];
    pairs.into_iter().filter(|(is_empty, _)| *is_empty).map(|(_, pair)| pair).collect()
}

/// Says why a default is no value of the schema. Null stands for none in many documents, and is let be.
fn misfit(any: &AnySchema, default: &Value) -> Option<String> {
    if default.is_null() {
        return None;
    }
    let fits = match any.typ.as_deref()? {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "integer" => default.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => default.is_number(),
        "array" => default.is_array(),
        "object" => default.is_object(),
        _ => true,
    };
    if !fits {
        return Some(format!("is not of the type `{}`", any.typ.as_deref().unwrap_or_default()));
    }
    let is_listed = any.enumeration.is_empty() || any.enumeration.iter().any(|value| is_same(value, default));
    (!is_listed).then(|| "is none of the values of `enum`".to_owned())
}

/// JSON has one number for `1` and `1.0`.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}
