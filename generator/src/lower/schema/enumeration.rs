//! `enum`.

use serde_json::Value;

use super::class::enum_values;
use crate::diagnostic::codes;
use crate::lower::extension;
use crate::lower::lowering::Lowering;
use crate::model::{Docs, Enum, EnumRepr, EnumValue, Openness, Show, Variant};
use crate::names::Scope;
use crate::parse::SchemaAt;

/// Returns the values that a schema lists, or those of its alternatives.
fn values(schema: &SchemaAt<'_>) -> Vec<Value> {
    let any = schema.any();
    if !schema.has_alternatives() || !any.enumeration.is_empty() {
        return any.enumeration.clone();
    }
    let mut values: Vec<Value> = Vec::new();
    for member in schema.alternatives() {
        for value in enum_values(&member).unwrap_or_default().into_iter().map(Value::String) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    values
}

/// Lowers an enum. A value that is listed twice counts once.
pub fn lower(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>, show: Show) -> Enum {
    let (extensions, pointer) = (&schema.data().extensions, &schema.pointer);
    let openness = extension::openness(&mut cx.reports, extensions, pointer).unwrap_or(Openness::Open);
    let wanted = extension::variants(&mut cx.reports, extensions, pointer);
    let mut names = Scope::variants();
    let mut variants: Vec<Variant> = Vec::new();
    let listed = values(schema);
    let values = pointer.key("enum");
    let mut used = Vec::new();
    for (index, value) in listed.iter().enumerate() {
        let Some((wire, text)) = wire(value) else { continue };
        if variants.iter().any(|variant| variant.wire == wire) {
            let message = format!("`{text}` is listed twice");
            cx.report(codes::DUPLICATE_ENUM_VALUE.at(&values.index(index), message).help("remove one"));
            continue;
        }
        let at = values.index(index);
        let hint = wanted.get(&text).unwrap_or(&text);
        used.push(text.clone());
        let given = names.name(hint, &at);
        if let Some(other) = &given.collides_with {
            let message = format!("`{text}` clashes with an existing name; renamed to `{}`", given.name);
            cx.report(
                codes::NAME_COLLISION
                    .at(&at, message)
                    .label(other, "this has the name")
                    .help(format!("choose a name with `x-client-variants: {{{text:?}: …}}` on the schema")),
            );
        }
        variants.push(Variant { wire, rust: given.name, docs: Docs::default() });
    }
    for unknown in wanted.keys().filter(|wire| !used.contains(wire)) {
        let at = pointer.key("x-client-variants").key(unknown);
        let message = format!("this enum has no value `{unknown}`");
        cx.report(codes::BAD_EXTENSION.at(&at, message).at_key().help("name a value that the enum lists"));
    }
    let repr = match variants.first().map(|variant| &variant.wire) {
        Some(EnumValue::Integer(_)) => EnumRepr::Integer,
        _ => EnumRepr::String,
    };
    Enum { repr, variants, openness, show }
}

fn wire(value: &Value) -> Option<(EnumValue, String)> {
    match value {
        Value::String(text) => Some((EnumValue::String(text.clone()), text.clone())),
        Value::Number(number) => number.as_i64().map(|number| (EnumValue::Integer(number), number.to_string())),
        _ => None,
    }
}
