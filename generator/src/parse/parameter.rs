//! Parameters and headers.

use openapiv3::{
    CookieStyle, Header, HeaderStyle, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
    ReferenceOr,
};

use super::node::{Entry, Node, Value};
use super::object::{Extensions, Object};
use super::reader::Reader;
use super::shape::{Shape, VALUE_EXTENSIONS};
use super::trail::Trail;
use super::{body, codes, schema};

/// OpenAPI 3.0.3, Parameter Object.
pub(super) const PARAMETER: Shape = Shape::new(
    "a parameter",
    &[
        "name",
        "in",
        "description",
        "required",
        "deprecated",
        "allowEmptyValue",
        "style",
        "explode",
        "allowReserved",
        "schema",
        "example",
        "examples",
        "content",
    ],
)
.extensions(VALUE_EXTENSIONS);

/// OpenAPI 3.0.3, Header Object. `explode` makes a difference only for objects, which openapiv3 does not hold.
pub(super) const HEADER: Shape = Shape::new(
    "a header",
    &["description", "required", "deprecated", "style", "explode", "schema", "example", "examples", "content"],
)
.extensions(VALUE_EXTENSIONS)
.harmless(&["explode"]);

const LOCATIONS: &[&str] = &["query", "header", "path", "cookie"];

/// Reads a parameter, or a reference to one.
pub(super) fn parameter_or_reference(
    reader: &Reader<'_>,
    node: &Node,
    trail: &Trail<'_>,
) -> Option<ReferenceOr<Parameter>> {
    reader.reference_or(node, trail, parameter)
}

/// Reads a parameter; one without name, place or type is left out.
fn parameter(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Parameter> {
    let mut object = Object::open(reader, node, trail, &PARAMETER)?;
    let name = object.required_text("name");
    let location = location(&mut object);
    let style = object.take_value("style");
    let allow_reserved = object.take_value("allowReserved");
    let allow_empty_value = object.take_value("allowEmptyValue");
    let data = parameter_data(&mut object, name);
    let extensions = object.finish();
    let parameter_data = ParameterData { extensions, ..data? };
    let key = |key, entry| flag(reader, entry, &trail.key(key));
    let only_in_query = || {
        for entry in [allow_reserved, allow_empty_value].into_iter().flatten() {
            only_in_query(reader, entry, trail);
        }
    };
    Some(match location? {
        "query" => Parameter::Query {
            parameter_data,
            allow_reserved: key("allowReserved", allow_reserved).unwrap_or_default(),
            style: style.and_then(|entry| query_style(reader, &entry.value, &trail.key("style"))).unwrap_or_default(),
            allow_empty_value: key("allowEmptyValue", allow_empty_value),
        },
        "header" => {
            only_in_query();
            let style = header_style(reader, style, trail);
            Parameter::Header { parameter_data, style }
        }
        "path" => {
            only_in_query();
            let style = path_style(reader, style, trail);
            let parameter_data = required_in_path(reader, node, trail, parameter_data);
            Parameter::Path { parameter_data, style }
        }
        _ => {
            only_in_query();
            let style = cookie_style(reader, style, trail);
            Parameter::Cookie { parameter_data, style }
        }
    })
}

fn location<'o>(object: &mut Object<'o>) -> Option<&'o str> {
    let Some(entry) = object.take("in") else {
        object.missing("in");
        return None;
    };
    let location = entry.value.as_str().filter(|location| LOCATIONS.contains(location));
    if location.is_none() {
        let trail = object.trail.key("in");
        object.reader.unknown_value(&entry.value, &trail, "a place for a parameter", LOCATIONS);
    }
    location
}

fn parameter_data(object: &mut Object<'_>, name: Option<String>) -> Option<ParameterData> {
    let description = object.text("description");
    let required = object.flag("required").unwrap_or_default();
    let deprecated = object.flag("deprecated");
    let explode = object.flag("explode");
    let example = object.value("example");
    let examples = body::examples(object);
    let format = schema_or_content(object);
    Some(ParameterData {
        name: name?,
        description,
        required,
        deprecated,
        format: format?,
        example,
        examples,
        explode,
        extensions: Extensions::new(),
    })
}

/// Takes `schema`, or else `content`.
fn schema_or_content(object: &mut Object<'_>) -> Option<ParameterSchemaOrContent> {
    let has_content = object.node.get("content").is_some();
    if let Some(schema) = object.one("schema", schema::unboxed) {
        if has_content && let Some(entry) = object.take("content") {
            let message = "`content` next to `schema` has no effect";
            let pointer = object.trail.key("content").pointer();
            let problem = codes::MISPLACED_KEY.at(&pointer, message).at_key();
            object.reader.push(entry.key_span, problem.help("write one of the two"));
        }
        return Some(ParameterSchemaOrContent::Schema(schema));
    }
    if has_content {
        return Some(ParameterSchemaOrContent::Content(body::content(object)));
    }
    if object.node.get("schema").is_none() {
        object.missing("schema");
    }
    None
}

/// A parameter in the path is always required, written or not.
fn required_in_path(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>, data: ParameterData) -> ParameterData {
    if !data.required {
        let message = format!("the path parameter `{}` must be required", data.name);
        let place = node.get("required").unwrap_or(node);
        let problem = codes::MISSING_KEY.at(&trail.key("required").pointer(), message);
        reader.push(place.span, problem.help("write `required: true`"));
    }
    ParameterData { required: true, ..data }
}

fn flag(reader: &Reader<'_>, entry: Option<&Entry>, trail: &Trail<'_>) -> Option<bool> {
    let node = &entry?.value;
    if let Value::Bool(flag) = node.value {
        return Some(flag);
    }
    reader.wrong_type(node, trail, "a boolean");
    None
}

fn only_in_query(reader: &Reader<'_>, entry: &Entry, trail: &Trail<'_>) {
    if entry.value.value != Value::Bool(false) {
        let message = format!("`{}` only applies to query parameters", entry.key);
        let problem = codes::MISPLACED_KEY.at(&trail.key(&entry.key).pointer(), message);
        reader.push(entry.key_span, problem.at_key().help("remove it"));
    }
}

/// Reads a style of query parameters; an unknown one is reported.
pub(super) fn query_style(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<QueryStyle> {
    match node.as_str() {
        Some("form") => Some(QueryStyle::Form),
        Some("spaceDelimited") => Some(QueryStyle::SpaceDelimited),
        Some("pipeDelimited") => Some(QueryStyle::PipeDelimited),
        Some("deepObject") => Some(QueryStyle::DeepObject),
        _ => {
            let styles = &["form", "spaceDelimited", "pipeDelimited", "deepObject"];
            reader.unknown_value(node, trail, "a style of a query parameter", styles);
            None
        }
    }
}

fn path_style(reader: &Reader<'_>, style: Option<&Entry>, trail: &Trail<'_>) -> PathStyle {
    let Some(entry) = style else { return PathStyle::Simple };
    match entry.value.as_str() {
        Some("simple") => PathStyle::Simple,
        Some("label") => PathStyle::Label,
        Some("matrix") => PathStyle::Matrix,
        _ => {
            let styles = &["simple", "label", "matrix"];
            reader.unknown_value(&entry.value, &trail.key("style"), "a style of a path parameter", styles);
            PathStyle::Simple
        }
    }
}

fn header_style(reader: &Reader<'_>, style: Option<&Entry>, trail: &Trail<'_>) -> HeaderStyle {
    if let Some(entry) = style.filter(|entry| entry.value.as_str() != Some("simple")) {
        reader.unknown_value(&entry.value, &trail.key("style"), "a style of a header", &["simple"]);
    }
    HeaderStyle::Simple
}

fn cookie_style(reader: &Reader<'_>, style: Option<&Entry>, trail: &Trail<'_>) -> CookieStyle {
    if let Some(entry) = style.filter(|entry| entry.value.as_str() != Some("form")) {
        reader.unknown_value(&entry.value, &trail.key("style"), "a style of a cookie", &["form"]);
    }
    CookieStyle::Form
}

/// Reads a header, or a reference to one.
pub(super) fn header_or_reference(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<ReferenceOr<Header>> {
    reader.reference_or(node, trail, header)
}

/// Reads a header; one without a type is left out.
fn header(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Header> {
    let mut object = Object::open(reader, node, trail, &HEADER)?;
    let style = object.take_value("style");
    let style = header_style(reader, style, trail);
    let format = schema_or_content(&mut object);
    let header = Header {
        description: object.text("description"),
        style,
        required: object.flag("required").unwrap_or_default(),
        deprecated: object.flag("deprecated"),
        format: ParameterSchemaOrContent::Content(openapiv3::Content::new()),
        example: object.value("example"),
        examples: body::examples(&mut object),
        extensions: object.finish(),
    };
    format.map(|format| Header { format, ..header })
}
