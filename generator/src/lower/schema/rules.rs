//! What a schema demands of a value beside its type: lengths, patterns, counts, ranges and formats.

use openapiv3::AnySchema;

use super::any;
use super::pattern;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::lower::context::{Context, SchemaRef};
use crate::model::{Bound, Format, Rule, Rules};

/// Returns the rules of a value and, for an array, of its items. What a reference leads to keeps its
/// own rules, in a type of its own.
pub fn rules(cx: &mut Context<'_>, schema: SchemaRef<'_>, pointer: &Pointer) -> Rules {
    let SchemaRef::Is(schema) = schema else { return Rules::default() };
    let schema = any(schema);
    report_pattern(cx, schema, pointer);
    let mut rules = Rules { own: own(schema), items: Vec::new() };
    if let Some(items) = &schema.items
        && let SchemaRef::Is(items) = SchemaRef::from(items)
    {
        report_pattern(cx, any(items), &pointer.key("items"));
        rules.items = own(any(items));
    }
    if let [member] = schema.all_of.as_slice()
        && let member @ SchemaRef::Is(_) = member.into()
    {
        let inner = self::rules(cx, member, &pointer.key("allOf").index(0));
        rules.own.extend(inner.own);
        rules.items.extend(inner.items);
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
    let typ = any.typ.as_deref();
    match typ {
        Some("string") if any.enumeration.is_empty() => {
            rules.extend(any.min_length.filter(|min| *min > 0).map(Rule::MinLength));
            rules.extend(any.max_length.map(Rule::MaxLength));
            rules.extend(any.pattern.as_deref().and_then(pattern::read).map(Rule::Pattern));
            rules.extend(match any.format.as_deref() {
                Some("email") => Some(Rule::Format(Format::Email)),
                Some("uri" | "url") => Some(Rule::Format(Format::Uri)),
                _ => None,
            });
        }
        Some("integer" | "number") => {
            let bound = |value: Option<f64>, exclusive: Option<bool>| {
                value.map(|value| Bound { value: text(value), exclusive: exclusive.unwrap_or_default() })
            };
            rules.extend(bound(any.minimum, any.exclusive_minimum).map(Rule::Minimum));
            rules.extend(bound(any.maximum, any.exclusive_maximum).map(Rule::Maximum));
        }
        Some("array") => {
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
