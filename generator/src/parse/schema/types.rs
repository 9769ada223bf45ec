//! `type`, which is one word in 3.0 and may be a list in 3.1.
//!
//! `[string, integer, "null"]` becomes `anyOf: [{type: string}, {type: integer}]` and `nullable`; each keyword goes to
//! the type that it concerns.

use openapiv3::{AnySchema, ReferenceOr};

use super::super::codes;
use super::super::node::{Node, Value};
use super::super::object::Object;
use super::super::reader::Reader;
use super::super::shape;
use super::super::trail::Trail;
use super::Draft;

/// The types of JSON Schema.
const TYPES: [&str; 7] = ["string", "object", "array", "integer", "number", "boolean", "null"];

/// Takes `type`.
pub(super) fn take(object: &mut Object<'_>, draft: &mut Draft) {
    let Some(entry) = object.take_value("type") else {
        return;
    };
    let (reader, trail) = (object.reader, object.trail.key("type"));
    let mut types = Vec::new();
    match &entry.value.value {
        Value::String(word) if &**word == "file" => file(reader, &entry.value, &trail, draft),
        Value::String(_) => types.extend(known(reader, &entry.value, &trail)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                types.extend(known(reader, item, &trail.index(index)).filter(|found| !types.contains(found)));
            }
        }
        _ => reader.wrong_type(&entry.value, &trail, "a type, or a list of types"),
    }
    let nullable = types.contains(&"null");
    types.retain(|found| *found != "null");
    draft.data.nullable |= nullable;
    match types.as_slice() {
        [] if nullable => draft.any.enumeration = vec![serde_json::Value::Null],
        [] => {}
        [only] => draft.any.typ = Some((*only).to_owned()),
        _ => draft.types = types,
    }
}

/// The type of an upload in Swagger 2.0, which some documents took along.
fn file(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>, draft: &mut Draft) {
    let problem = codes::UNKNOWN_TYPE.at(&trail.pointer(), "`file` is a type of Swagger 2.0 only");
    reader.push(node.span, problem.help("write `type: string` and `format: binary`"));
    draft.any.typ = Some("string".to_owned());
    draft.any.format = Some("binary".to_owned());
}

/// Returns the type that `node` names; an unknown one is reported.
fn known(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<&'static str> {
    let Some(word) = node.as_str() else {
        let help = (node.value == Value::Null).then_some("write `\"null\"` in quotes");
        reader.wrong_type_help(node, trail, "the name of a type", help);
        return (node.value == Value::Null).then_some("null");
    };
    if let Some(known) = TYPES.iter().find(|known| **known == word) {
        return Some(known);
    }
    let message = format!("`{word}` is not a type");
    let problem = codes::UNKNOWN_TYPE.at(&trail.pointer(), message);
    reader.push(node.span, problem.help(instead_of(word)));
    None
}

fn instead_of(word: &str) -> String {
    let with_format = |typ: &str| format!("write `type: {typ}` and `format: {word}`");
    match word {
        "float" | "double" => with_format("number"),
        "int32" | "int64" => with_format("integer"),
        "date" | "date-time" | "time" | "uuid" | "email" | "uri" | "byte" | "binary" | "password" => {
            with_format("string")
        }
        "int" | "long" => "write `type: integer`".to_owned(),
        "bool" => "write `type: boolean`".to_owned(),
        "map" | "dict" => "write `type: object` with `additionalProperties`".to_owned(),
        "list" => "write `type: array`".to_owned(),
        "any" => "remove `type`: a schema without it allows any value".to_owned(),
        "enum" => "write `type: string` with `enum`".to_owned(),
        _ => match shape::nearest(word, TYPES.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("types are `{}`", TYPES.join("`, `")),
        },
    }
}

/// Turns several types into a schema for each.
pub(super) fn choose(draft: &mut Draft) {
    if draft.types.is_empty() {
        return;
    }
    let mut keywords = std::mem::take(&mut draft.any);
    draft.any.one_of = std::mem::take(&mut keywords.one_of);
    draft.any.all_of = std::mem::take(&mut keywords.all_of);
    draft.any.any_of = std::mem::take(&mut keywords.any_of);
    draft.any.not = keywords.not.take();
    let null = keywords.enumeration.contains(&serde_json::Value::Null);
    let mut members: Vec<AnySchema> = Vec::new();
    for typ in std::mem::take(&mut draft.types) {
        let member = of_type(typ, &mut keywords);
        // An `enum` without a value of this type leaves the type nothing.
        if keywords.enumeration.is_empty() || !member.enumeration.is_empty() {
            members.push(member);
        }
    }
    if null && !members.is_empty() {
        draft.data.nullable = true;
    }
    let members = members.into_iter().map(|member| ReferenceOr::Item(*super::boxed(member)));
    if draft.any.any_of.is_empty() {
        draft.any.any_of = members.collect();
    } else {
        let choice = AnySchema { any_of: members.collect(), ..AnySchema::default() };
        draft.any.all_of.push(ReferenceOr::Item(*super::boxed(choice)));
    }
}

/// Moves the keywords that concern `typ`. Those of numbers are copied, as two types have them.
fn of_type(typ: &str, keywords: &mut AnySchema) -> AnySchema {
    let mut member = AnySchema { typ: Some(typ.to_owned()), ..AnySchema::default() };
    match typ {
        "string" => {
            member.pattern = keywords.pattern.take();
            member.min_length = keywords.min_length;
            member.max_length = keywords.max_length;
            member.format.clone_from(&keywords.format);
        }
        "integer" | "number" => {
            member.multiple_of = keywords.multiple_of;
            member.minimum = keywords.minimum;
            member.maximum = keywords.maximum;
            member.exclusive_minimum = keywords.exclusive_minimum;
            member.exclusive_maximum = keywords.exclusive_maximum;
            member.format.clone_from(&keywords.format);
        }
        "object" => {
            member.properties = std::mem::take(&mut keywords.properties);
            member.required = std::mem::take(&mut keywords.required);
            member.additional_properties = keywords.additional_properties.take();
            member.min_properties = keywords.min_properties;
            member.max_properties = keywords.max_properties;
        }
        "array" => {
            member.items = keywords.items.take();
            member.min_items = keywords.min_items;
            member.max_items = keywords.max_items;
            member.unique_items = keywords.unique_items;
        }
        _ => {}
    }
    let values = keywords.enumeration.iter().filter(|value| is_of_type(value, typ));
    member.enumeration = values.cloned().collect();
    member
}

fn is_of_type(value: &serde_json::Value, typ: &str) -> bool {
    match typ {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        _ => value.is_array(),
    }
}
