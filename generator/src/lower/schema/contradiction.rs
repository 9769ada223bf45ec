//! Contradictions inside a schema: empty ranges, defaults that the schema doesn't allow, and a `nullable` without effect.
//!
//! ```yaml
//! {type: string, minLength: 5, maxLength: 3}    # no string fits, so neither length is checked
//! {type: string, enum: [on, off], default: up}  # the default is not one of the values
//! {allOf: [{type: string}, {nullable: true}]}   # null is not a string
//! ```

use openapiv3::AnySchema;
use serde_json::Value;

use super::class::allows_null;
use crate::diagnostic::codes;
use crate::lower::lowering::Lowering;
use crate::parse::{Part, SchemaAt};

/// Reports what is contradictory in a schema.
pub fn report(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>) {
    let (any, pointer) = (schema.any(), &schema.pointer);
    for (least, most) in empty_ranges(any) {
        let message = format!("`{least}` is greater than `{most}`; neither is checked");
        let problem = codes::EMPTY_RANGE.at(&pointer.key(least), message);
        cx.report(problem.label(&pointer.key(most), "the other end").help("swap them, or correct one"));
    }
    if let Some(default) = &schema.data().default
        && let Some(why) = misfit(any, default)
    {
        let problem = codes::UNFIT_DEFAULT.at(&pointer.key("default"), format!("the default {why}"));
        cx.report(problem.help("correct it; the client doesn't send defaults"));
    }
    report_nullable(cx, schema);
}

/// Reports a member of `allOf` that would evidently make the value nullable, but can't.
fn report_nullable(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>) {
    let members = schema.members(Part::AllOf).filter_map(|member| member.inline());
    let is_alone = |member: &SchemaAt<'_>| member.data().nullable && member.any() == &AnySchema::default();
    let Some(member) = members.into_iter().find(is_alone).filter(|_| !allows_null(schema)) else { return };
    let message = "`nullable` has no effect, because another member of `allOf` doesn't allow null";
    let help = "to allow null, use `anyOf` instead of `allOf`; otherwise, remove this member";
    cx.report(codes::INEFFECTIVE_NULLABLE.at(&member.pointer.key("nullable"), message).at_key().help(help));
}

/// Returns the pairs of keywords that exclude every value.
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

/// Returns why the schema doesn't allow the default. Null is accepted: many documents write it for "no default".
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
    (!is_listed).then(|| "is not one of the values of `enum`".to_owned())
}

/// JSON has one number for `1` and `1.0`.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}
