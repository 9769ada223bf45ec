//! What a schema demands of a value beside its type: lengths, patterns, counts, ranges and formats.

use openapiv3::{AdditionalProperties, AnySchema};

use super::class::{Class, classify};
use super::{any, doubts, pattern};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::lower::context::{Context, SchemaRef};
use crate::model::{Bound, Format, Inside, Rule, Rules};

/// So many arrays and maps in each other have rules at most.
const DEPTH: usize = 8;

/// Returns the rules of a value and, for an array or a map, of what it holds. What a reference leads to
/// keeps its own rules where it is a type of its own; an array or a map is none, even where the document names it.
pub fn rules<'a>(cx: &mut Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> Rules {
    within(cx, schema, pointer, DEPTH)
}

/// Returns the rules of a text that is sent as it is, whose type the client does not name.
pub fn of_text<'a>(cx: &mut Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> Rules {
    match cx.resolve(schema, pointer) {
        Some((schema, at)) => rules(cx, SchemaRef::Is(schema), &at),
        None => Rules::default(),
    }
}

fn within<'a>(cx: &mut Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer, depth: usize) -> Rules {
    if depth == 0 {
        return Rules::default();
    }
    let schema = match schema {
        SchemaRef::Is(schema) => schema,
        SchemaRef::To(_) => {
            let Some((schema, at)) = cx.resolve(schema, pointer) else { return Rules::default() };
            return match classify(cx, schema, &at) {
                Class::Array | Class::Map | Class::Overlay { .. } => within(cx, SchemaRef::Is(schema), &at, depth - 1),
                _ => Rules::default(),
            };
        }
    };
    let any = any(schema);
    report_pattern(cx, any, pointer);
    let mut rules = Rules { own: own(any), inside: Inside::Nothing };
    let held = match (&any.items, &any.additional_properties) {
        (Some(items), _) => Some((items.into(), pointer.key("items"))),
        (None, Some(AdditionalProperties::Schema(values))) => {
            let values: &openapiv3::ReferenceOr<openapiv3::Schema> = values;
            Some((values.into(), pointer.key("additionalProperties")))
        }
        _ => None,
    };
    if let Some((held, at)) = held {
        let inner = within(cx, held, &at, depth - 1);
        if !inner.is_empty() {
            rules.inside = Inside::Each(Box::new(inner));
        }
    }
    if let [member] = any.all_of.as_slice() {
        let inner = within(cx, member.into(), &pointer.key("allOf").index(0), depth - 1);
        rules.own.extend(inner.own);
        if rules.inside == Inside::Nothing {
            rules.inside = inner.inside;
        }
    }
    rules
}

/// A pattern that is not checked before sending is said to be so.
fn report_pattern(cx: &mut Context<'_>, any: &AnySchema, pointer: &Pointer) {
    let Some(text) = any.pattern.as_deref().filter(|text| pattern::read(text).is_none()) else { return };
    let message = format!("the pattern `{text}` is not checked before a request is sent");
    let help = "a row of characters and classes from the start is, such as `^[0-9]{10}$`; the server checks all others";
    cx.report(Diagnostic::warning("unsupported-pattern", &pointer.key("pattern"), message).help(help));
}

/// The rules that a schema's own keywords state; a keyword that does not concern the type says nothing.
pub fn own(any: &AnySchema) -> Vec<Rule> {
    let mut rules = Vec::new();
    let empty = doubts::empty_ranges(any);
    let is_empty = |least: &str| empty.iter().any(|(found, _)| *found == least);
    let typ = any.typ.as_deref();
    match typ {
        Some("string") if any.enumeration.is_empty() => {
            if !is_empty("minLength") {
                rules.extend(any.min_length.filter(|min| *min > 0).map(Rule::MinLength));
                rules.extend(any.max_length.map(Rule::MaxLength));
            }
            rules.extend(any.pattern.as_deref().and_then(pattern::read).map(Rule::Pattern));
            rules.extend(match any.format.as_deref() {
                Some("email") => Some(Rule::Format(Format::Email)),
                Some("uri" | "url") => Some(Rule::Format(Format::Uri)),
                _ => None,
            });
        }
        Some("integer" | "number") if !is_empty("minimum") => {
            let bound = |value: Option<f64>, exclusive: Option<bool>| {
                value.map(|value| Bound { value: text(value), exclusive: exclusive.unwrap_or_default() })
            };
            rules.extend(bound(any.minimum, any.exclusive_minimum).map(Rule::Minimum));
            rules.extend(bound(any.maximum, any.exclusive_maximum).map(Rule::Maximum));
        }
        Some("array") if !is_empty("minItems") => {
            rules.extend(any.min_items.filter(|min| *min > 0).map(Rule::MinItems));
            rules.extend(any.max_items.map(Rule::MaxItems));
        }
        _ => {}
    }
    // A format that has a type of its own is kept by that type.
    if matches!(any.format.as_deref(), Some("date" | "date-time" | "uuid" | "byte" | "binary")) {
        rules.clear();
    }
    rules
}

/// The number as it is written in Rust, with a decimal point.
fn text(value: f64) -> String {
    format!("{value:?}")
}
