//! The keywords of texts and numbers, and the values that a schema lists.

use openapiv3::AnySchema;

use super::super::codes;
use super::super::node::{Node, Value};
use super::super::object::{self, Object};
use super::super::reader::Reader;
use super::super::trail::Trail;
use super::Draft;

/// Takes the keywords of texts.
pub(super) fn texts(object: &mut Object<'_>, any: &mut AnySchema) {
    if let Some(format) = object.text("format") {
        any.format = Some(format);
    }
    any.pattern = object.text("pattern");
    any.min_length = object.count("minLength");
    any.max_length = object.count("maxLength");
    let encoding = object.text("contentEncoding");
    let media_type = object.text("contentMediaType");
    if any.format.is_none() {
        any.format = content_format(encoding.as_deref(), media_type.as_deref()).map(str::to_owned);
    }
}

/// Returns the format by which 3.0 says that a text carries bytes. A media type of texts says that it does not.
fn content_format(encoding: Option<&str>, media_type: Option<&str>) -> Option<&'static str> {
    match (encoding, media_type) {
        (Some("base64"), _) => Some("byte"),
        (Some("base64url"), _) => Some("base64url"),
        (None, Some(media_type)) if !is_textual(media_type) => Some("binary"),
        _ => None,
    }
}

fn is_textual(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    name.starts_with("text/")
        || ["json", "xml", "yaml"]
            .iter()
            .any(|kind| name.ends_with(&format!("/{kind}")) || name.ends_with(&format!("+{kind}")))
}

/// Takes the keywords of numbers.
pub(super) fn numbers(object: &mut Object<'_>, any: &mut AnySchema) {
    any.multiple_of = object.number("multipleOf");
    let (limit, exclusive) = bound(object, "minimum", "exclusiveMinimum", f64::max);
    (any.minimum, any.exclusive_minimum) = (limit, exclusive);
    let (limit, exclusive) = bound(object, "maximum", "exclusiveMaximum", f64::min);
    (any.maximum, any.exclusive_maximum) = (limit, exclusive);
}

/// Takes a bound. In 3.0 `exclusiveMinimum` is a flag for `minimum`, in 3.1 it is a separate bound; the stricter of
/// the two counts.
fn bound(
    object: &mut Object<'_>,
    inclusive: &str,
    exclusive: &str,
    stricter: fn(f64, f64) -> f64,
) -> (Option<f64>, Option<bool>) {
    let limit = object.number(inclusive);
    let Some(entry) = object.take_value(exclusive) else {
        return (limit, None);
    };
    if let Value::Bool(flag) = entry.value.value {
        return (limit, Some(flag));
    }
    let Some(open_limit) = object::number(&entry.value) else {
        let trail = object.trail.key(exclusive);
        object.reader.wrong_type(&entry.value, &trail, "a number or a boolean");
        return (limit, None);
    };
    match limit {
        // Equal bounds: the exclusive one is the stricter.
        Some(limit) if stricter(limit, open_limit).to_bits() != open_limit.to_bits() => (Some(limit), None),
        _ => (Some(open_limit), Some(true)),
    }
}

/// Takes `enum` and `const`. Null among the values makes the schema nullable.
pub(super) fn values(object: &mut Object<'_>, draft: &mut Draft) {
    let typ = draft.any.typ.clone();
    let mut misfits = 0;
    let listed = object.list("enum", |reader, node, trail| {
        let fitted = fitted(node, typ.as_deref());
        if fitted.is_misfit {
            misfits += 1;
            if misfits == 1 {
                report_misfit(reader, node, trail, typ.as_deref().unwrap_or_default(), fitted.value.as_ref());
            }
        }
        fitted.value
    });
    if let Some(values) = listed {
        if values.is_empty()
            && misfits == 0
            && let Some(entry) = object.node.entry("enum")
        {
            object.reader.wrong_type(&entry.value, &object.trail.key("enum"), "a list with at least one value");
        }
        draft.any.enumeration = values;
    }
    if let Some(entry) = object.take("const") {
        draft.any.enumeration = vec![Node::to_json(&entry.value)];
    }
    draft.data.nullable |= draft.any.enumeration.contains(&serde_json::Value::Null);
}

/// A value of `enum`, as the schema's `type` has it.
struct Fitted {
    /// None if no value of the type is meant.
    value: Option<serde_json::Value>,
    is_misfit: bool,
}

/// Returns a value of `enum` in the schema's `type`, which decides what travels: YAML reads `1.10` as a number, but under
/// `type: string` it is the string `1.10`.
fn fitted(node: &Node, typ: Option<&str>) -> Fitted {
    let fits = |value| Fitted { value: Some(value), is_misfit: false };
    let read_as = |value| Fitted { value, is_misfit: true };
    let number = |text: &str| serde_json::from_str::<serde_json::Number>(text).ok().map(serde_json::Value::Number);
    match (typ, &node.value) {
        (None, _) | (_, Value::Null) => fits(node.to_json()),
        (Some("string"), Value::Number(text)) => read_as(Some(serde_json::Value::String(text.to_string()))),
        (Some("string"), Value::Bool(value)) => read_as(Some(serde_json::Value::String(value.to_string()))),
        (Some("integer" | "number"), Value::String(text)) => read_as(number(text)),
        (Some("boolean"), Value::String(text)) => read_as(text.parse().ok().map(serde_json::Value::Bool)),
        (Some(typ), value) => {
            let is_of_type = match value {
                Value::String(_) => typ == "string",
                Value::Number(_) => matches!(typ, "integer" | "number"),
                Value::Bool(_) => typ == "boolean",
                Value::Array(_) => typ == "array",
                Value::Object(_) => typ == "object",
                Value::Null => true,
            };
            if is_of_type { fits(node.to_json()) } else { read_as(None) }
        }
    }
}

fn report_misfit(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>, typ: &str, read_as: Option<&serde_json::Value>) {
    let (found, message) =
        (node.kind(), |done: &str| format!("`type` is `{typ}`, but `enum` lists {}; {done}", node.kind()));
    let (message, help) = match read_as {
        Some(value) => {
            (message(&format!("such values are read as `{typ}`, for example as `{value}`")), format!("write `{value}`"))
        }
        None => (
            message("such values are left out"),
            format!("list values of the type `{typ}`, or move `enum` to the schema that describes {found}"),
        ),
    };
    reader.push(node.span, codes::ENUM_OF_OTHER_TYPE.at(&trail.pointer(), message).help(help));
}
