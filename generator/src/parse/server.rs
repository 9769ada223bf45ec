//! Servers and their variables.

use openapiv3::{Server, ServerVariable};

use super::node::Node;
use super::object::{self, Object};
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;

/// OpenAPI 3.0.3, Server Object.
pub(super) const SERVER: Shape =
    Shape::new("a server", &["url", "description", "variables"]).extensions(&["x-client-environment"]);

/// OpenAPI 3.0.3, Server Variable Object.
pub(super) const VARIABLE: Shape = Shape::new("a server variable", &["enum", "default", "description"]);

/// Reads a server; one without an address is left out.
pub(super) fn server(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Server> {
    let mut object = Object::open(reader, node, trail, &SERVER)?;
    let url = object.required_text("url");
    let description = object.text("description");
    let variables = object.map("variables", variable);
    let extensions = object.finish();
    Some(Server { url: url?, description, variables: (!variables.is_empty()).then_some(variables), extensions })
}

/// Reads a server variable; one without a default takes its first value.
fn variable(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ServerVariable> {
    let mut object = Object::open(reader, node, trail, &VARIABLE)?;
    let enumeration = object.list("enum", object::text).unwrap_or_default();
    let default = object.required_text("default");
    Some(ServerVariable {
        default: default.or_else(|| enumeration.first().cloned()).unwrap_or_default(),
        enumeration,
        description: object.text("description"),
        extensions: object.finish(),
    })
}
