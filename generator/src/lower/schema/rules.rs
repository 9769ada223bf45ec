//! What a schema demands of a value beside its type: lengths, patterns, counts, ranges and formats.

use openapiv3::AnySchema;

use super::any;
use super::pattern;
use crate::lower::context::SchemaRef;
use crate::model::{Bound, Format, Rule, Rules};

/// Returns the rules of a value and, for an array, of its items. What a reference leads to keeps its
/// own rules, in a type of its own.
pub fn rules(schema: SchemaRef<'_>) -> Rules {
    let SchemaRef::Is(schema) = schema else { return Rules::default() };
    let schema = any(schema);
    let mut rules = Rules { own: own(schema), items: Vec::new() };
    if let Some(items) = &schema.items
        && let SchemaRef::Is(items) = SchemaRef::from(items)
    {
        rules.items = own(any(items));
    }
    if let [member] = schema.all_of.as_slice()
        && let member @ SchemaRef::Is(_) = member.into()
    {
        let inner = self::rules(member);
        rules.own.extend(inner.own);
        rules.items.extend(inner.items);
    }
    rules
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
