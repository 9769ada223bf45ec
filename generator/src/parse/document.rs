//! The root object of a document.

use openapiv3::{Info, OpenAPI};

use crate::diagnostic::Code;

use super::node::{Node, Value};
use super::object::Object;
use super::problems::Problems;
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;
use super::{Webhooks, codes, components, info, path_item, security, server};

/// OpenAPI 3.0.3, OpenAPI Object; `webhooks` and `jsonSchemaDialect` are of 3.1.
pub(super) const OPENAPI: Shape = Shape::new(
    "the document",
    &[
        "openapi",
        "info",
        "jsonSchemaDialect",
        "servers",
        "paths",
        "webhooks",
        "components",
        "security",
        "tags",
        "externalDocs",
    ],
)
.harmless(&["jsonSchemaDialect", "$self", "$schema", super::files::KEY])
.extensions(&["x-client-envelope", "x-client-webhooks"]);

/// Returns whether the document says 3.1; `None`, with an error, when it says nothing that can be read.
pub(super) fn is_31(root: &Node, problems: &mut Problems) -> Option<bool> {
    let pointer = Trail::root().pointer();
    let mut refuse = |code: &'static Code, node: &Node, message: String, help: &str| {
        let span = first_line(node);
        let problem = code.at(&pointer, message).as_error().at_span(span);
        problems.push(span.start, problem.help(help));
        None
    };
    let supported = "supported versions: 3.0 and 3.1";
    match &root.value {
        Value::Object(_) => {}
        Value::Null => return refuse(&codes::SYNTAX, root, "the document is empty".to_owned(), supported),
        _ => {
            let message = format!("the document must be an object, found {}", root.kind());
            return refuse(&codes::WRONG_TYPE, root, message, supported);
        }
    }
    let Some(version) = root.get("openapi") else {
        let swagger = root.entry("swagger");
        let message = if swagger.is_some() {
            "Swagger 2.0 is not supported".to_owned()
        } else {
            "missing key `openapi`".to_owned()
        };
        let place = swagger.map_or(root, |entry| &entry.value);
        return refuse(&codes::UNSUPPORTED_VERSION, place, message, supported);
    };
    let text = match &version.value {
        Value::String(text) | Value::Number(text) => &**text,
        _ => "",
    };
    let mut numbers = text.trim().split(['.', '-']);
    match (numbers.next(), numbers.next()) {
        (Some("3"), Some("0")) => Some(false),
        (Some("3"), Some("1")) => Some(true),
        (Some("3"), Some("2")) => {
            let message = format!("OpenAPI `{text}` is read as 3.1");
            let problem = codes::UNSUPPORTED_VERSION.at(&pointer.key("openapi"), message);
            problems.push(version.span.start, problem);
            Some(true)
        }
        _ => {
            let message = match text {
                "" => "`openapi` must be a version such as `3.0.3`".to_owned(),
                text => format!("OpenAPI `{text}` is not supported"),
            };
            refuse(&codes::UNSUPPORTED_VERSION, version, message, supported)
        }
    }
}

/// A whole document is too much to mark.
fn first_line(node: &Node) -> crate::diagnostic::Span {
    let mut span = node.span;
    if !matches!(node.value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
        span.end = span.start;
    }
    span
}

/// Reads the root object. `paths` may be missing.
pub(super) fn openapi(reader: &Reader<'_>, root: &Node) -> Option<(OpenAPI, Webhooks)> {
    let trail = Trail::root();
    let mut object = Object::open(reader, root, &trail, &OPENAPI)?;
    let openapi = object.text("openapi").unwrap_or_default();
    let info = object.one("info", info::info);
    if root.get("info").is_none() {
        object.missing("info");
    }
    let servers = object.list("servers", server::server).unwrap_or_default();
    let paths = object.one("paths", path_item::paths).unwrap_or_default();
    if root.get("paths").is_none() && !reader.is_31 {
        object.missing("paths");
    }
    let webhooks = path_item::webhooks(&mut object);
    let components = object.one("components", components::components);
    let document = OpenAPI {
        openapi,
        info: info.unwrap_or_else(Info::default),
        servers,
        paths,
        components,
        security: object.list("security", security::requirement),
        tags: object.list("tags", info::tag).unwrap_or_default(),
        external_docs: object.one("externalDocs", info::external_docs),
        extensions: object.finish(),
    };
    Some((document, webhooks))
}
