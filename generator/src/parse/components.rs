//! Components: what is defined once and referred to.

use openapiv3::{Components, ReferenceOr};

use super::node::Node;
use super::object::Object;
use super::path_item::{self, Place};
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;
use super::{body, link, operation, parameter, response, schema, security};

/// OpenAPI 3.0.3, Components Object; `pathItems` is of 3.1.
pub(super) const COMPONENTS: Shape = Shape::new(
    "the components object",
    &[
        "schemas",
        "responses",
        "parameters",
        "examples",
        "requestBodies",
        "headers",
        "securitySchemes",
        "links",
        "callbacks",
        "pathItems",
    ],
);

/// Reads the components. `pathItems` are only read for their problems: each is copied to the places that refer to it.
pub(super) fn components(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Components> {
    let mut object = Object::open(reader, node, trail, &COMPONENTS)?;
    object.map("pathItems", |reader, node, trail| path_item::resolved(reader, node, trail, Place::Either).map(|_| ()));
    Some(Components {
        schemas: object.map("schemas", schema::unboxed),
        responses: object.map("responses", response::response_or_reference),
        parameters: object.map("parameters", parameter::parameter_or_reference),
        examples: object.map("examples", body::example_or_reference),
        request_bodies: object.map("requestBodies", operation::request_body_or_reference),
        headers: object.map("headers", parameter::header_or_reference),
        security_schemes: object.map("securitySchemes", security_scheme_or_reference),
        links: object.map("links", link::link_or_reference),
        callbacks: object.map("callbacks", |reader, node, trail| reader.reference_or(node, trail, operation::callback)),
        extensions: object.finish(),
    })
}

fn security_scheme_or_reference(
    reader: &Reader<'_>,
    node: &Node,
    trail: &Trail<'_>,
) -> Option<ReferenceOr<openapiv3::SecurityScheme>> {
    reader.reference_or(node, trail, security::scheme)
}
