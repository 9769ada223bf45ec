//! Rules for values in addition to their types: lengths, patterns, counts, ranges and formats.

use openapiv3::AnySchema;

use super::class::{self, Class, classify};
use super::{contradiction, pattern};
use crate::diagnostic::codes;
use crate::lower::lowering::Lowering;
use crate::model::{Bound, Format, Inside, Rule, Rules, Scalar};
use crate::parse::{Part, SchemaAt, SchemaUse};

/// The most arrays and maps, nested in each other, that have rules.
const DEPTH: usize = 8;

/// Returns the rules of a value and, for an array or a map, of its items. The target of a reference keeps its own rules
/// where it becomes a type; an array or a map doesn't, even where the document names it.
pub fn rules(cx: &mut Lowering<'_>, schema: &SchemaUse<'_>) -> Rules {
    within(cx, schema, DEPTH)
}

/// Returns the rules of a string that is sent as it is and doesn't have a named type.
pub fn of_text(cx: &mut Lowering<'_>, schema: &SchemaUse<'_>) -> Rules {
    schema.follow().map(|schema| of_schema(cx, &schema, DEPTH)).unwrap_or_default()
}

fn within(cx: &mut Lowering<'_>, schema: &SchemaUse<'_>, depth: usize) -> Rules {
    if depth == 0 {
        return Rules::default();
    }
    if let Some(schema) = schema.inline() {
        return of_schema(cx, &schema, depth);
    }
    let Some(schema) = schema.follow() else { return Rules::default() };
    match classify(&schema) {
        Class::Array | Class::Map | Class::Overlay(_) if depth > 1 => of_schema(cx, &schema, depth - 1),
        _ => Rules::default(),
    }
}

fn of_schema(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>, depth: usize) -> Rules {
    report_pattern(cx, schema);
    let mut rules = Rules { own: own(schema.any()), inside: Inside::Nothing };
    if let Some(held) = schema.items().or_else(|| schema.additional_properties()) {
        let inner = within(cx, &held, depth - 1);
        if !inner.is_empty() {
            rules.inside = Inside::Each(Box::new(inner));
        }
    }
    let mut members = schema.members(Part::AllOf);
    if let (Some(member), None) = (members.next(), members.next()) {
        let inner = within(cx, &member, depth - 1);
        rules.own.extend(inner.own);
        if rules.inside == Inside::Nothing {
            rules.inside = inner.inside;
        }
    }
    rules
}

/// Reports a pattern that is not checked before sending.
fn report_pattern(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>) {
    let Some(text) = schema.any().pattern.as_deref().filter(|text| pattern::read(text).is_none()) else { return };
    let message = format!("the pattern `{text}` is not checked before sending");
    let help = "the client checks sequences of characters and classes from the start, such as `^[0-9]{10}$`";
    let pointer = schema.pointer.key("pattern");
    cx.report(codes::UNSUPPORTED_PATTERN.at(&pointer, message).help(help).as_minor());
}

/// Returns the rules in a schema's own keywords. Keywords that don't apply to the type are ignored.
pub fn own(any: &AnySchema) -> Vec<Rule> {
    let mut rules = Vec::new();
    let empty = contradiction::empty_ranges(any);
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
    // A format with a separate type is checked by that type.
    if class::scalar(any).is_some_and(|scalar| scalar.is_text() && scalar != Scalar::String) {
        rules.clear();
    }
    rules
}

/// The number as it is written in Rust, with a decimal point.
fn text(value: f64) -> String {
    format!("{value:?}")
}
