//! Operations and their callbacks.

use indexmap::IndexMap;
use openapiv3::{Callback, Operation, ReferenceOr, RequestBody};

use super::node::{Node, Value};
use super::object::{self, Object};
use super::path_item::{self, Place};
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;
use super::{body, info, parameter, response, security, server};

const KEYS: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];

/// OpenAPI 3.0.3, Operation Object: one that the client calls.
pub(super) const OPERATION: Shape = Shape::new("an operation", KEYS).extensions(&["x-client-repeatable"]);

/// OpenAPI 3.0.3, Operation Object: one that the client is called by.
pub(super) const EVENT_OPERATION: Shape =
    Shape::new("an operation of a callback or webhook", KEYS).extensions(&["x-client-event", "x-client-repeatable"]);

/// Reads an operation.
pub(super) fn operation(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>, place: Place) -> Option<Box<Operation>> {
    let shape = match place {
        Place::Api => &OPERATION,
        Place::Event | Place::Either => &EVENT_OPERATION,
    };
    let mut object = Object::open(reader, node, trail, shape)?;
    let mut operation = Box::new(Operation {
        operation_id: object.text("operationId"),
        tags: object.list("tags", object::text).unwrap_or_default(),
        summary: object.text("summary"),
        description: object.text("description"),
        external_docs: object.one("externalDocs", info::external_docs),
        deprecated: object.flag("deprecated").unwrap_or_default(),
        security: object.list("security", security::requirement),
        servers: object.list("servers", server::server).unwrap_or_default(),
        ..Operation::default()
    });
    operation.parameters = object.list("parameters", parameter::parameter_or_reference).unwrap_or_default();
    operation.request_body = object.one("requestBody", request_body_or_reference);
    operation.responses = object.one("responses", response::responses).unwrap_or_default();
    if node.get("responses").is_none() && !reader.is_31 {
        object.missing("responses");
    }
    operation.callbacks = callbacks(&mut object);
    operation.extensions = object.finish();
    Some(operation)
}

/// Reads a request body, or a reference to one.
pub(super) fn request_body_or_reference(
    reader: &Reader<'_>,
    node: &Node,
    trail: &Trail<'_>,
) -> Option<ReferenceOr<RequestBody>> {
    reader.reference_or(node, trail, body::request_body)
}

/// Takes `callbacks`. openapiv3 has no reference here, so that one is resolved on the spot.
fn callbacks(object: &mut Object<'_>) -> IndexMap<String, Callback> {
    object.map("callbacks", |reader, node, trail| match node.entry("$ref") {
        Some(entry) => reader.follow(entry, trail, callback),
        None => callback(reader, node, trail),
    })
}

/// Reads a callback: path items by the expressions of their addresses.
pub(super) fn callback(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Callback> {
    reader.nested_callback(node, trail, callback_object)
}

fn callback_object(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Callback> {
    let Value::Object(entries) = &node.value else {
        reader.wrong_type(node, trail, "a callback (an object)");
        return None;
    };
    let mut callback = Callback::new();
    for entry in entries {
        if object::is_extension(&entry.key) {
            object::check_extension(reader, entry, trail, "a callback");
        } else if let Some(item) = path_item::resolved(reader, &entry.value, &trail.key(&entry.key), Place::Event) {
            callback.insert(entry.key.to_string(), *item);
        }
    }
    Some(callback)
}
