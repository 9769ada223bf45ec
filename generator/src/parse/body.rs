//! Request bodies, media types, encodings and examples: what a message carries.

use indexmap::IndexMap;
use openapiv3::{Content, Encoding, Example, MediaType, QueryStyle, ReferenceOr, RequestBody};

use super::node::Node;
use super::object::Object;
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;
use super::{parameter, schema};

/// OpenAPI 3.0.3, Request Body Object.
pub(super) const REQUEST_BODY: Shape = Shape::new("a request body", &["description", "content", "required"]);

/// OpenAPI 3.0.3, Media Type Object.
pub(super) const MEDIA_TYPE: Shape = Shape::new("a media type", &["schema", "example", "examples", "encoding"]);

/// OpenAPI 3.0.3, Encoding Object.
pub(super) const ENCODING: Shape =
    Shape::new("an encoding", &["contentType", "headers", "style", "explode", "allowReserved"]);

/// OpenAPI 3.0.3, Example Object.
pub(super) const EXAMPLE: Shape = Shape::new("an example", &["summary", "description", "value", "externalValue"]);

/// Reads a request body.
pub(super) fn request_body(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<RequestBody> {
    let mut object = Object::open(reader, node, trail, &REQUEST_BODY)?;
    let content = content(&mut object);
    if node.get("content").is_none() {
        object.missing("content");
    }
    Some(RequestBody {
        description: object.text("description"),
        content,
        required: object.flag("required").unwrap_or_default(),
        extensions: object.finish(),
    })
}

/// Takes `content`: media types by their names.
pub(super) fn content(object: &mut Object<'_>) -> Content {
    object.map("content", media_type)
}

fn media_type(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<MediaType> {
    let mut object = Object::open(reader, node, trail, &MEDIA_TYPE)?;
    Some(MediaType {
        schema: object.one("schema", schema::unboxed),
        example: object.value("example"),
        examples: examples(&mut object),
        encoding: object.map("encoding", encoding),
        extensions: object.finish(),
    })
}

/// Takes `examples`: examples by their names.
pub(super) fn examples(object: &mut Object<'_>) -> IndexMap<String, ReferenceOr<Example>> {
    object.map("examples", example_or_reference)
}

/// Reads an example, or a reference to one.
pub(super) fn example_or_reference(
    reader: &Reader<'_>,
    node: &Node,
    trail: &Trail<'_>,
) -> Option<ReferenceOr<Example>> {
    reader.reference_or(node, trail, example)
}

fn example(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Example> {
    let mut object = Object::open(reader, node, trail, &EXAMPLE)?;
    Some(Example {
        summary: object.text("summary"),
        description: object.text("description"),
        value: object.value("value"),
        external_value: object.text("externalValue"),
        extensions: object.finish(),
    })
}

/// Reads an encoding. `explode` follows the specification where it is not written: true for `form`, which is also the
/// style where none is written.
fn encoding(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Encoding> {
    let mut object = Object::open(reader, node, trail, &ENCODING)?;
    let style = object.one("style", parameter::query_style);
    let form = matches!(style, None | Some(QueryStyle::Form));
    Some(Encoding {
        content_type: object.text("contentType"),
        headers: object.map("headers", parameter::header_or_reference),
        style,
        explode: object.flag("explode").unwrap_or(form),
        allow_reserved: object.flag("allowReserved").unwrap_or_default(),
        extensions: object.finish(),
    })
}
