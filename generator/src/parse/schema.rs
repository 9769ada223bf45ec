//! Schemas, those of 3.1 written as 3.0.
//!
//! ```yaml
//! type: [string, "null"]      # typ: string, nullable: true
//! const: on                   # enumeration: ["on"]
//! examples: [on]              # example: "on"
//! ```
//!
//! Every schema becomes `SchemaKind::Any`, or a reference. Schemas nest as deep as the document, so each function on
//! the way down keeps its share of the stack small: a schema is built in a box.

use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema, SchemaData, SchemaKind};

use super::codes;
use super::node::{Entry, Node, Value};
use super::object::{self, Object};
use super::reader::Reader;
use super::shape::{Shape, VALUE_EXTENSIONS};
use super::trail::Trail;

mod annotations;
mod composition;
mod keywords;
mod nested;
mod types;

/// OpenAPI 3.0.3, Schema Object, and JSON Schema 2020-12.
pub(super) const SCHEMA: Shape = Shape::new(
    "a schema",
    &[
        "$ref",
        "type",
        "format",
        "title",
        "description",
        "default",
        "example",
        "examples",
        "nullable",
        "readOnly",
        "writeOnly",
        "deprecated",
        "externalDocs",
        "discriminator",
        "xml",
        "enum",
        "const",
        "pattern",
        "minLength",
        "maxLength",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "properties",
        "required",
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "minProperties",
        "maxProperties",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
    ],
)
.extensions(VALUE_EXTENSIONS)
.harmless(&["xml", "$schema", "$id", "$comment", "$anchor", "$dynamicAnchor", "$vocabulary", "contentSchema"])
.constraints(&[
    "$defs",
    "definitions",
    "$dynamicRef",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "then",
    "else",
    "unevaluatedItems",
]);

/// OpenAPI 3.0.3, Discriminator Object.
pub(super) const DISCRIMINATOR: Shape = Shape::new("a discriminator", &["propertyName", "mapping"]);

/// A schema that is being read.
struct Draft {
    data: SchemaData,
    any: AnySchema,
    /// All types, where there are several.
    types: Vec<&'static str>,
}

/// Reads a schema, or a reference to one, for a place that has no box.
pub(super) fn unboxed(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ReferenceOr<Schema>> {
    schema(reader, node, trail).map(ReferenceOr::unbox)
}

/// Reads a schema, or a reference to one.
pub(super) fn schema(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ReferenceOr<Box<Schema>>> {
    match &node.value {
        Value::Object(_) => schema_object(reader, node, trail),
        Value::Bool(true) => Some(ReferenceOr::Item(any_value())),
        Value::Bool(false) => Some(ReferenceOr::Item(no_value())),
        _ => {
            reader.wrong_type(node, trail, "a schema (an object)");
            None
        }
    }
}

fn schema_object(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ReferenceOr<Box<Schema>>> {
    let mut object = Object::open(reader, node, trail, &SCHEMA)?;
    let mut draft = empty_draft();
    if let Some(entry) = object.take("$ref")
        && let Some(reference) = reader.reference(entry, trail)
    {
        reader.note_schema(reference);
        if object.rest().all(|entry| is_foreign(&entry.key)) {
            object.finish();
            let reference = reference.to_owned();
            return Some(ReferenceOr::Reference { reference });
        }
        beside_reference(&object);
        draft.any.all_of.push(ReferenceOr::ref_(reference));
    }
    annotations::take(&mut object, &mut draft.data);
    types::take(&mut object, &mut draft);
    keywords::texts(&mut object, &mut draft.any);
    nested::take(&mut object, &mut draft.any);
    keywords::numbers(&mut object, &mut draft.any);
    composition::take(&mut object, &mut draft);
    keywords::values(&mut object, &mut draft);
    draft.data.extensions = object.finish();
    types::choose(&mut draft);
    Some(ReferenceOr::Item(sealed(draft)))
}

/// The function that calls itself must not hold a schema on its stack, not even for a moment.
fn empty_draft() -> Box<Draft> {
    Box::new(Draft { data: SchemaData::default(), any: AnySchema::default(), types: Vec::new() })
}

/// Returns whether `key` says nothing here: an extension that isn't ours.
fn is_foreign(key: &str) -> bool {
    object::is_extension(key) && !object::is_ours(key)
}

/// OpenAPI 3.0 ignores keys next to a reference; 3.1 does not.
fn beside_reference(object: &Object<'_>) {
    if object.reader.is_31 {
        return;
    }
    let beside: Vec<&Entry> = object.rest().filter(|entry| !is_foreign(&entry.key)).collect();
    let Some(first) = beside.first() else { return };
    let keys: Vec<&str> = beside.iter().map(|entry| &*entry.key).collect();
    let message = format!("OpenAPI 3.0 ignores `{}` next to `$ref`; read as in 3.1", keys.join("`, `"));
    let pointer = object.trail.key(&first.key).pointer();
    let mut problem = codes::KEY_BESIDE_REF.at(&pointer, message).at_key();
    if keys.iter().all(|key| ["description", "title", "summary", "example", "examples", "deprecated"].contains(key)) {
        problem = problem.as_minor();
    }
    object.reader.push(first.key_span, problem.help("write `allOf: [{$ref: …}]` next to the other keys"));
}

/// Returns the schema `{}`.
fn any_value() -> Box<Schema> {
    boxed(AnySchema::default())
}

/// Returns the schema `{not: {}}`.
fn no_value() -> Box<Schema> {
    boxed(AnySchema { not: Some(Box::new(ReferenceOr::Item(*any_value()))), ..AnySchema::default() })
}

fn boxed(any: AnySchema) -> Box<Schema> {
    Box::new(Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Any(any) })
}

fn sealed(draft: Box<Draft>) -> Box<Schema> {
    let Draft { data, any, .. } = *draft;
    Box::new(Schema { schema_data: data, schema_kind: SchemaKind::Any(any) })
}

/// Reads a discriminator; one without a property is left out.
fn discriminator(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Discriminator> {
    if let Some(name) = node.as_str() {
        let help = format!("write `discriminator: {{propertyName: {name}}}`");
        reader.wrong_type_help(node, trail, "a discriminator (an object)", Some(&help));
        return None;
    }
    let mut object = Object::open(reader, node, trail, &DISCRIMINATOR)?;
    let property_name = object.required_text("propertyName");
    let mapping = object.map("mapping", object::text);
    let extensions = object.finish();
    Some(Discriminator { property_name: property_name?, mapping, extensions })
}
