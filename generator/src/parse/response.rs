//! Responses, by status code.

use indexmap::IndexMap;
use openapiv3::{Link, ReferenceOr, Response, Responses, StatusCode};

use crate::diagnostic::At;

use super::node::{Entry, Node, Value};
use super::object::{self, Object};
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;
use super::{body, codes, link, parameter};

/// OpenAPI 3.0.3, Response Object.
pub(super) const RESPONSE: Shape = Shape::new("a response", &["description", "headers", "content", "links"])
    .extensions(&["x-client-envelope", "x-client-errors", "x-client-refused-before-acting"]);

/// Reads the responses of an operation.
pub(super) fn responses(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Responses> {
    let Value::Object(entries) = &node.value else {
        reader.wrong_type(node, trail, "an object of responses");
        return None;
    };
    let mut responses = Responses::default();
    for entry in entries {
        if object::is_extension(&entry.key) {
            object::check_extension(reader, entry, trail, "an object of responses");
        } else {
            status(reader, entry, trail, &mut responses);
        }
    }
    Some(responses)
}

fn status(reader: &Reader<'_>, entry: &Entry, trail: &Trail<'_>, responses: &mut Responses) {
    let here = trail.key(&entry.key);
    if &*entry.key == "default" {
        responses.default = response_or_reference(reader, &entry.value, &here);
        return;
    }
    let Some(code) = status_code(&entry.key) else {
        let message = format!("`{}` is not a status code", entry.key);
        let problem = codes::INVALID_STATUS.at(&here.pointer(), message).at_key();
        reader.push(entry.key_span, problem.help("write three digits, a range such as `4XX`, or `default`"));
        return;
    };
    let Some(response) = response_or_reference(reader, &entry.value, &here) else {
        return;
    };
    if responses.responses.insert(code, response).is_some() {
        let message = format!("duplicate status `{}`", entry.key);
        let problem = codes::DUPLICATE_KEY
            .at(&here.pointer(), message)
            .at_span(entry.key_span)
            .marked("this one counts")
            .label_at(&trail.pointer(), At::Key, "in these responses");
        reader.push(entry.key_span, problem.help("remove one of the two"));
    }
}

/// Returns the status code, or the range of status codes, that a key of `responses` names.
fn status_code(key: &str) -> Option<StatusCode> {
    match key.as_bytes() {
        [first @ b'1'..=b'9', b'X' | b'x', b'X' | b'x'] => Some(StatusCode::Range(u16::from(first - b'0'))),
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(StatusCode::Code),
        _ => None,
    }
}

/// Reads a response, or a reference to one.
pub(super) fn response_or_reference(
    reader: &Reader<'_>,
    node: &Node,
    trail: &Trail<'_>,
) -> Option<ReferenceOr<Response>> {
    reader.reference_or(node, trail, response)
}

/// Reads a response. Many documents give it no description, and nothing depends on it.
fn response(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Response> {
    let mut object = Object::open(reader, node, trail, &RESPONSE)?;
    Some(Response {
        description: object.text("description").unwrap_or_default(),
        headers: object.map("headers", parameter::header_or_reference),
        content: body::content(&mut object),
        links: links(&mut object),
        extensions: object.finish(),
    })
}

/// Takes `links`, of which a client has no use; the first of a document are reported for all.
fn links(object: &mut Object<'_>) -> IndexMap<String, ReferenceOr<Link>> {
    if let Some(entry) = object.node.entry("links").filter(|entry| !entry.value.entries().is_empty())
        && object.reader.are_first_links()
    {
        let message = "links are not supported; they are ignored throughout this document";
        let pointer = object.trail.key("links").pointer();
        object.reader.push(entry.key_span, codes::NOT_CARRIED.at(&pointer, message).at_key());
    }
    object.map("links", link::link_or_reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_codes_or_ranges() {
        assert_eq!(status_code("204"), Some(StatusCode::Code(204)));
        assert_eq!(status_code("5xX"), Some(StatusCode::Range(5)));
        for key in ["2000", "20", "XXX", "0XX", "020", "+20", "OK", "2X", ""] {
            assert_eq!(status_code(key), None, "{key}");
        }
    }
}
