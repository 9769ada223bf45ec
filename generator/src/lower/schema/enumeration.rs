//! `enum`.

use serde_json::Value;

use super::class::{Rest, Values};
use crate::diagnostic::{Pointer, codes};
use crate::lower::extension;
use crate::lower::lowering::Lowering;
use crate::model::{Docs, Enum, EnumRepr, EnumValue, Openness, Show, Variant};
use crate::names::Scope;
use crate::parse::{SchemaAt, SchemaUse};

/// Lowers an enum. A value that is listed twice counts once.
pub fn lower<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, show: Show) -> Enum {
    let values = Values::of(schema).unwrap_or_default();
    of_values(cx, schema, &values, show)
}

/// Lowers an enum whose value further schemas list as well.
pub fn joined<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, further: &[SchemaUse<'a>], show: Show) -> Enum {
    let others = further.iter().filter_map(|schema| Values::of(&schema.follow()?));
    let values = others.fold(Values::of(schema).unwrap_or_default(), Values::intersection);
    of_values(cx, schema, &values, show)
}

fn of_values<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, values: &Values<'a>, show: Show) -> Enum {
    let (extensions, pointer) = (&schema.data().extensions, &schema.pointer);
    let wanted = extension::variants(&mut cx.reports, extensions, pointer);
    let otherwise = if values.rest == Rest::Strings { Openness::Any } else { Openness::Open };
    let openness = extension::openness(&mut cx.reports, extensions, pointer).unwrap_or(otherwise);
    let mut names = Scope::variants();
    let mut variants: Vec<Variant> = Vec::new();
    let mut used = Vec::new();
    for Listed { value, at, docs, is_own } in listed(values, schema) {
        let Some((wire, text)) = wire(value) else { continue };
        if variants.iter().any(|variant| variant.wire == wire) {
            if is_own {
                let message = format!("`{text}` is listed twice");
                cx.report(codes::DUPLICATE_ENUM_VALUE.at(&at, message).help("remove one"));
            }
            continue;
        }
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
        variants.push(Variant { wire, rust: given.name, docs });
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
    let rest = (openness == Openness::Any).then(|| names.name("Unlisted", pointer).name);
    Enum { repr, variants, openness, rest, show }
}

/// A value that is listed.
struct Listed<'a> {
    value: &'a Value,
    at: Pointer,
    docs: Docs,
    /// Whether the enum itself lists it, and no alternative.
    is_own: bool,
}

fn listed<'v>(values: &'v Values<'_>, schema: &SchemaAt<'_>) -> impl Iterator<Item = Listed<'v>> {
    let own = schema.pointer.clone();
    values.listed.iter().map(move |(value, by)| {
        let is_own = by.pointer == own;
        let index = by.any().enumeration.iter().position(|listed| std::ptr::eq(listed, *value)).unwrap_or_default();
        // An alternative with a single value describes it.
        let data = by.data();
        let describes = !is_own && by.any().enumeration.len() == 1;
        let text = |text: &Option<String>| text.clone().filter(|_| describes).unwrap_or_default();
        let docs = Docs { summary: text(&data.title), description: text(&data.description) };
        Listed { value, at: by.pointer.key("enum").index(index), docs, is_own }
    })
}

fn wire(value: &Value) -> Option<(EnumValue, String)> {
    match value {
        Value::String(text) => Some((EnumValue::String(text.clone()), text.clone())),
        Value::Number(number) => number.as_i64().map(|number| (EnumValue::Integer(number), number.to_string())),
        _ => None,
    }
}
