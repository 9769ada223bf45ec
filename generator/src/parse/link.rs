//! Links from a response to another operation.

use openapiv3::{Link, LinkOperation, ReferenceOr};

use super::node::Node;
use super::object::Object;
use super::reader::Reader;
use super::server;
use super::shape::Shape;
use super::trail::Trail;

/// OpenAPI 3.0.3, Link Object.
pub(super) const LINK: Shape =
    Shape::new("a link", &["operationRef", "operationId", "parameters", "requestBody", "description", "server"]);

/// Reads a link, or a reference to one.
pub(super) fn link_or_reference(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ReferenceOr<Link>> {
    reader.reference_or(node, trail, link)
}

/// Reads a link; one that leads to no operation is left out.
fn link(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Link> {
    let mut object = Object::open(reader, node, trail, &LINK)?;
    let by_ref = object.text("operationRef").map(LinkOperation::OperationRef);
    let operation = match by_ref {
        Some(operation) => Some(operation),
        None => object.text("operationId").map(LinkOperation::OperationId),
    };
    if operation.is_none() {
        object.missing("operationId");
    }
    let description = object.text("description");
    let request_body = object.value("requestBody");
    let parameters = object.map("parameters", |_, node, _| Some(node.to_json()));
    let server = object.one("server", server::server);
    let extensions = object.finish();
    Some(Link { description, operation: operation?, request_body, parameters, server, extensions })
}
