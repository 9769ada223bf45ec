//! Rules for values in addition to their types: lengths, patterns, counts, ranges and formats.

use openapiv3::AnySchema;

use super::class::{self, Class, classify, member_class};
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
    let class = member_class(&schema.as_use(), depth);
    described(cx, schema, class.as_ref().and_then(type_of), depth)
}

/// Returns the rules of a schema and of its members, whose values have the type.
fn described(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>, typ: Option<&str>, depth: usize) -> Rules {
    report_pattern(cx, schema);
    let any = schema.any();
    let mut rules = Rules { own: own(any, any.typ.as_deref().or(typ)), inside: Inside::Nothing };
    if depth == 0 {
        return rules;
    }
    if let Some(held) = schema.items().or_else(|| schema.additional_properties()) {
        let inner = within(cx, &held, depth - 1);
        if !inner.is_empty() {
            rules.inside = Inside::Each(Box::new(inner));
        }
    }
    // The member that gives a value its type keeps its rules there.
    let overlaid = if let Class::Overlay(member) = classify(schema) { Some(member.pointer) } else { None };
    for member in schema.members(Part::AllOf) {
        let inner = if overlaid.as_ref() == Some(&member.pointer) {
            within(cx, &member, depth - 1)
        } else {
            member.follow().map(|it| described(cx, &it, typ, depth - 1)).unwrap_or_default()
        };
        add(cx, &mut rules, inner, &member);
    }
    rules
}

/// Returns the `type` of values of the class, if they have rules.
const fn type_of(class: &Class<'_>) -> Option<&'static str> {
    match class {
        Class::Scalar(scalar) if scalar.is_text() => Some("string"),
        Class::Scalar(scalar) if scalar.is_number() => Some("number"),
        Class::Array => Some("array"),
        _ => None,
    }
}

/// Adds the rules of another schema for the same value. Limits that exclude every value are reported and left out, because
/// the client would otherwise refuse to send any.
pub fn add(cx: &mut Lowering<'_>, rules: &mut Rules, more: Rules, other: &SchemaUse<'_>) {
    for rule in more.own {
        if rules.own.iter().any(|known| known.excludes(&rule)) {
            let message = "no value satisfies both this limit and another schema's; it is not checked";
            cx.report(codes::EMPTY_RANGE.at(&other.pointer, message).help("correct one of them"));
        } else if !rules.own.contains(&rule) {
            rules.own.push(rule);
        }
    }
    if rules.inside == Inside::Nothing {
        rules.inside = more.inside;
    }
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
fn own(any: &AnySchema, typ: Option<&str>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let empty = contradiction::empty_ranges(any);
    let is_empty = |least: &str| empty.iter().any(|(found, _)| *found == least);
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
