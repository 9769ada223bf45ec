//! The schemas inside of a schema: properties and items.

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr};

use super::super::codes;
use super::super::node::{Entry, Node, Value};
use super::super::object::{self, Object};
use super::super::reader::Reader;
use super::super::trail::Trail;

/// Takes the keywords of objects and lists.
pub(super) fn take(object: &mut Object<'_>, any: &mut AnySchema) {
    check_property_names(object);
    any.properties = object.map("properties", super::schema);
    any.required = required(object);
    any.additional_properties = object.one("additionalProperties", additional);
    // Next to `additionalProperties`, which looks at every property, it finds none that it could judge. Alone it is about
    // the properties that no member of `allOf` declares, and that is how lowering reads `additionalProperties` too.
    let unevaluated = object.one("unevaluatedProperties", additional);
    any.additional_properties = any.additional_properties.take().or(unevaluated);
    pattern_properties(object, any);
    any.min_properties = object.count("minProperties");
    any.max_properties = object.count("maxProperties");
    any.items = items(object);
    any.min_items = object.count("minItems");
    any.max_items = object.count("maxItems");
    any.unique_items = object.flag("uniqueItems");
}

/// An extension of ours among the properties slipped in from the level above.
fn check_property_names(object: &Object<'_>) {
    let Some(properties) = object.node.get("properties") else {
        return;
    };
    let trail = object.trail.key("properties");
    for entry in properties.entries().iter().filter(|entry| is_ours(entry)) {
        object::check_extension(object.reader, entry, &trail, "the properties of a schema");
    }
}

fn is_ours(entry: &Entry) -> bool {
    entry.key.starts_with(super::super::shape::PREFIX) && !super::super::shape::extension_homes(&entry.key).is_empty()
}

fn required(object: &mut Object<'_>) -> Vec<String> {
    let flag = object.node.get("required").filter(|node| matches!(node.value, Value::Bool(_)));
    if let Some(node) = flag {
        object.take("required");
        let help = "list the property in `required` of the object that contains it";
        let trail = object.trail.key("required");
        object.reader.wrong_type_help(node, &trail, "a list of properties", Some(help));
        return Vec::new();
    }
    object.list("required", object::text).unwrap_or_default()
}

fn additional(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<AdditionalProperties> {
    match node.value {
        Value::Bool(allowed) => Some(AdditionalProperties::Any(allowed)),
        _ => schema_as_additional(reader, node, trail),
    }
}

fn schema_as_additional(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<AdditionalProperties> {
    let schema = super::schema(reader, node, trail)?;
    Some(AdditionalProperties::Schema(Box::new(schema.unbox())))
}

/// One pattern for names is close to none: its schema is that of the additional properties.
fn pattern_properties(object: &mut Object<'_>, any: &mut AnySchema) {
    let Some(entry) = object.take_value("patternProperties") else {
        return;
    };
    let trail = object.trail.key("patternProperties");
    let closed = matches!(any.additional_properties, None | Some(AdditionalProperties::Any(false)));
    match entry.value.entries() {
        [only] if closed => {
            let trail = trail.key(&only.key);
            any.additional_properties = schema_as_additional(object.reader, &only.value, &trail);
        }
        _ => {
            let message = "`patternProperties` with several patterns is not supported; it is ignored";
            let problem = codes::NOT_CARRIED.at(&trail.pointer(), message).at_key();
            object.reader.push(
                entry.key_span,
                problem.help("use `additionalProperties` for the schema of all other properties"),
            );
            if closed {
                any.additional_properties = Some(AdditionalProperties::Any(true));
            }
        }
    }
}

/// Takes `items`. Places with a schema each (`prefixItems`, or a list of schemas in older JSON Schema) become a list of
/// anything.
fn items(object: &mut Object<'_>) -> Option<ReferenceOr<Box<openapiv3::Schema>>> {
    let prefix = object.take_value("prefixItems");
    let old = object.node.entry("items").filter(|entry| matches!(entry.value.value, Value::Array(_)));
    let Some(entry) = prefix.or(old) else {
        return object.one("items", super::schema);
    };
    object.take("items");
    let message = format!("a separate schema for each item (`{}`) is not supported; the items are untyped", entry.key);
    let pointer = object.trail.key(&entry.key).pointer();
    let problem = codes::NOT_CARRIED.at(&pointer, message).at_key();
    object.reader.push(entry.key_span, problem.help("write one schema for all items"));
    Some(ReferenceOr::Item(super::any_value()))
}
