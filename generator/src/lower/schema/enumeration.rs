//! `enum`.

use openapiv3::{AnySchema, Schema};
use serde_json::Value;

use super::class::Class;
use super::{any, scalar, union};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::lower::context::{Context, SchemaRef};
use crate::lower::extension;
use crate::model::{Docs, Enum, EnumRepr, EnumValue, Openness, Scalar, Show, Variant};
use crate::names::Scope;

/// Says what a schema with an `enum` is: an enum of strings or of whole numbers, and otherwise
/// the plain type of its values.
pub fn class(any: &AnySchema) -> Class<'static> {
    let mut values = any.enumeration.iter().filter(|value| !value.is_null()).peekable();
    if values.peek().is_none() {
        return Class::Any;
    }
    let (mut strings, mut integers, mut numbers, mut booleans) = (true, true, true, true);
    for value in values {
        strings &= value.is_string();
        integers &= value.is_i64();
        numbers &= value.is_number();
        booleans &= value.is_boolean();
    }
    match scalar::scalar(any) {
        // An enum of dates or ids is an enum of strings that happen to look so.
        _ if strings => Class::Enum,
        Some(Scalar::Double | Scalar::Float | Scalar::Decimal) if numbers => Class::Scalar(Scalar::Double),
        _ if integers => Class::Enum,
        _ if numbers => Class::Scalar(Scalar::Double),
        _ if booleans => Class::Scalar(Scalar::Bool),
        _ => Class::Any,
    }
}

/// Whether a schema is an enum of strings, through references and overlays.
pub fn is_of_strings<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> bool {
    super::enum_values(cx, schema, pointer).is_some_and(|values| !values.is_empty())
}

/// The values that a schema lists, or those of its alternatives.
fn values<'a>(cx: &Context<'a>, schema: &'a Schema, pointer: &Pointer) -> Vec<Value> {
    let any = any(schema);
    let Some((key, members)) = union::members(any).filter(|_| any.enumeration.is_empty()) else {
        return any.enumeration.clone();
    };
    let mut values: Vec<Value> = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let listed = super::enum_values(cx, member.into(), &pointer.key(key).index(index)).unwrap_or_default();
        for value in listed.into_iter().map(Value::String) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    values
}

/// Lowers an enum. A value that is listed twice counts once.
pub fn lower<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer, show: Show) -> Enum {
    let extensions = &schema.schema_data.extensions;
    let openness = extension::openness(cx, extensions, pointer).unwrap_or(Openness::Open);
    let wanted = extension::variants(cx, extensions, pointer);
    let mut names = Scope::variants();
    let mut variants: Vec<Variant> = Vec::new();
    let listed = values(cx, schema, pointer);
    let values = pointer.key("enum");
    let mut used = Vec::new();
    for (index, value) in listed.iter().enumerate() {
        let Some((wire, text)) = wire(value) else { continue };
        if variants.iter().any(|variant| variant.wire == wire) {
            let message = format!("`{text}` is listed twice");
            cx.report(Diagnostic::warning("duplicate-enum-value", &values.index(index), message).help("remove one"));
            continue;
        }
        let at = values.index(index);
        let hint = wanted.get(&text).unwrap_or(&text);
        used.push(text.clone());
        let given = names.name(hint, &at);
        if let Some(other) = &given.collides_with {
            let message = format!("`{text}` wants a name that is taken, and became `{}`", given.name);
            cx.report(
                Diagnostic::warning("name-collision", &at, message)
                    .label(other, "the name is taken by this")
                    .help(format!("settle it with `x-client-variants: {{{text:?}: …}}` on the schema")),
            );
        }
        variants.push(Variant { wire, rust: given.name, docs: Docs::default() });
    }
    for unknown in wanted.keys().filter(|wire| !used.contains(wire)) {
        let at = pointer.key("x-client-variants").key(unknown);
        let message = format!("`{unknown}` is no value of this enum");
        cx.report(Diagnostic::error("bad-extension", &at, message).at_key().help("name a value that the enum lists"));
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
