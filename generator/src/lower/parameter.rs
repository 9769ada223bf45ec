//! Parameter Objects: arguments of methods, and structs of the optional ones.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{
    Parameter as ParameterObject, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr,
};

use super::context::{Context, SchemaRef};
use super::extension::{self, Privacy};
use super::operation::Site;
use super::schema;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Docs, Location, Parameter, Params, Rules, Scalar, Show, Style, Type, ValueKind};
use crate::names::Scope;

/// An operation's parameters.
pub struct Lowered {
    pub required: Vec<Parameter>,
    pub optional: Option<Params>,
    /// The arguments' names, which the body's must not repeat.
    pub arguments: Scope,
    /// The names of the optional ones.
    pub fields: Scope,
}

/// A parameter in the document.
struct Found<'a> {
    object: &'a ParameterObject,
    pointer: Pointer,
}

/// Lowers the parameters of an operation and of its path item, which the operation's override.
pub fn lower<'a>(cx: &mut Context<'a>, site: &Site<'a>, id: &str) -> Lowered {
    let mut found: IndexMap<(String, &'static str), Found<'a>> = IndexMap::new();
    let lists = [(&site.item.parameters, &site.item_pointer), (&site.operation.parameters, &site.pointer)];
    for (parameters, pointer) in lists {
        for (index, parameter) in parameters.iter().enumerate() {
            let at = pointer.key("parameters").index(index);
            let Some(parameter) = resolve(cx, parameter, &at) else { continue };
            let key = (data(parameter.object).name.clone(), location_word(parameter.object));
            found.insert(key, parameter);
        }
    }
    let mut arguments = Scope::arguments();
    for ((wire, _), parameter) in &found {
        if let Some(example) = example(cx, data(parameter.object)) {
            cx.examples.insert(super::sample::parameter_key(&site.pointer, wire), example);
        }
    }
    let mut required = path_parameters(cx, site, &mut found, &mut arguments, id);
    let mut fields = Scope::fields();
    let mut optional = Vec::new();
    for ((wire, word), parameter) in found {
        if word == "path" {
            let message = format!("`{wire}` is no part of the path `{}`", site.path);
            cx.report(
                Diagnostic::warning("unknown-path-parameter", &parameter.pointer, message)
                    .help("add it to the path, or remove it"),
            );
        } else if word == "header" && is_ours(&wire) {
            // OpenAPI 3.0.3, Parameter Object: such header parameters shall be ignored.
        } else if data(parameter.object).required {
            required.push(lower_one(cx, &parameter, &mut arguments, id));
        } else {
            optional.push(lower_one(cx, &parameter, &mut fields, id));
        }
    }
    let name = if optional.is_empty() { None } else { Some(cx.synthetic_name(&format!("{id} params"), &site.pointer)) };
    Lowered { required, optional: name.map(|name| Params { name, parameters: optional }), arguments, fields }
}

/// Adds the parameter by which a caller asks for some of the media types that an answer may have.
pub fn add_accept<'a>(cx: &mut Context<'a>, site: &Site<'a>, id: &str, parameters: &mut Lowered, media_types: &str) {
    let description = format!(
        "The media types to answer in, in the order of preference; without it these are asked for: `{media_types}`."
    );
    let accept = Parameter {
        wire: "accept".to_owned(),
        rust: parameters.fields.name("accept", &site.pointer).name,
        docs: Docs { summary: String::new(), description },
        deprecated: false,
        ty: Type::Scalar(Scalar::String),
        location: Location::Header(Style::Simple { explode: false }),
        rules: Rules::default(),
        value: ValueKind::default(),
        show: Show::Value,
        sample: None,
    };
    match &mut parameters.optional {
        Some(optional) => optional.parameters.push(accept),
        optional @ None => {
            let name = cx.synthetic_name(&format!("{id} params"), &site.pointer);
            *optional = Some(Params { name, parameters: vec![accept] });
        }
    }
}

/// The parameter's own example, the first of several, or its schema's.
fn example(cx: &Context<'_>, data: &ParameterData) -> Option<serde_json::Value> {
    let first = data.examples.first().and_then(|(_, example)| example.as_item()?.value.clone());
    data.example.clone().or(first).or_else(|| match &data.format {
        ParameterSchemaOrContent::Schema(schema) => {
            let (schema, _) = cx.resolve(schema.into(), &Pointer::root())?;
            schema.schema_data.example.clone()
        }
        ParameterSchemaOrContent::Content(_) => None,
    })
}

fn is_ours(header: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|own| header.eq_ignore_ascii_case(own))
}

/// The parameters of the path, in the order of the path; one that is not declared is a string.
fn path_parameters<'a>(
    cx: &mut Context<'a>,
    site: &Site<'a>,
    found: &mut IndexMap<(String, &'static str), Found<'a>>,
    arguments: &mut Scope,
    id: &str,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let mut seen = BTreeSet::new();
    for name in template_names(site.path) {
        if !seen.insert(name) {
            continue;
        }
        if let Some(parameter) = found.shift_remove(&(name.to_owned(), "path")) {
            parameters.push(lower_one(cx, &parameter, arguments, id));
            continue;
        }
        cx.report(
            Diagnostic::warning("missing-path-parameter", &site.item_pointer, format!("the path names `{name}`, which no parameter declares"))
                .at_key()
                .help(format!("declare it: `{{name: {name}, in: path, required: true, schema: {{type: string}}}}`; it is taken as a string")),
        );
        parameters.push(Parameter {
            wire: name.to_owned(),
            rust: arguments.name(name, &site.pointer).name,
            docs: Docs::default(),
            deprecated: false,
            ty: Type::Scalar(Scalar::String),
            location: Location::Path(Style::Simple { explode: false }),
            rules: Rules::default(),
            value: ValueKind::default(),
            show: schema::leaf_show(cx, None),
            sample: None,
        });
    }
    parameters
}

/// The `{names}` of a path template.
fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

fn resolve<'a>(cx: &mut Context<'a>, parameter: &'a ReferenceOr<ParameterObject>, at: &Pointer) -> Option<Found<'a>> {
    let (mut parameter, mut pointer) = (parameter, at.clone());
    let document = cx.document;
    let declared = document.openapi.components.as_ref().map(|components| &components.parameters);
    for _ in 0..8 {
        match parameter {
            ReferenceOr::Item(object) => return Some(Found { object, pointer }),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/parameters/");
                let Some((name, target)) =
                    name.and_then(|name| declared.and_then(|declared| declared.get_key_value(name)))
                else {
                    break;
                };
                parameter = target;
                pointer = Pointer::root().key("components").key("parameters").key(name);
            }
        }
    }
    let message = "this parameter's reference leads nowhere, and the parameter is left out";
    cx.report(
        Diagnostic::warning("unresolved-reference", at, message).help("declare it under `components.parameters`"),
    );
    None
}

fn data(parameter: &ParameterObject) -> &ParameterData {
    parameter.parameter_data_ref()
}

fn location_word(parameter: &ParameterObject) -> &'static str {
    match parameter {
        ParameterObject::Query { .. } => "query",
        ParameterObject::Header { .. } => "header",
        ParameterObject::Path { .. } => "path",
        ParameterObject::Cookie { .. } => "cookie",
    }
}

fn lower_one<'a>(cx: &mut Context<'a>, found: &Found<'a>, names: &mut Scope, id: &str) -> Parameter {
    let data = data(found.object);
    let pointer = &found.pointer;
    let wanted = extension::name(cx, &data.extensions, pointer);
    let given = names.name(wanted.as_deref().unwrap_or(&data.name), pointer);
    cx.report_collision(&given, &data.name, pointer);
    let hint = format!("{id} {}", data.name);
    let (mut value, rules, json) = match &data.format {
        ParameterSchemaOrContent::Schema(schema) => {
            let at = pointer.key("schema");
            (schema::value(cx, schema.into(), &at, &hint), schema::rules(cx, schema.into(), &at), false)
        }
        ParameterSchemaOrContent::Content(content) => content_value(cx, content, pointer, &hint),
    };
    match extension::privacy(cx, &data.extensions, pointer) {
        Some(Privacy::Sensitive) => value.show = Show::Redacted,
        Some(Privacy::Safe) if value.show == Show::Redacted => value.show = Show::Value,
        _ => {}
    }
    Parameter {
        wire: data.name.clone(),
        rust: given.name,
        docs: Docs { summary: String::new(), description: data.description.clone().unwrap_or_default() },
        deprecated: data.deprecated.unwrap_or_default(),
        ty: value.ty,
        location: if json { as_json(location(found.object)) } else { location(found.object) },
        rules,
        value: ValueKind::default(),
        show: value.show,
        sample: None,
    }
}

/// `content` holds one media type: JSON text of the value, or any other text as a string.
fn content_value<'a>(
    cx: &mut Context<'a>,
    content: &'a openapiv3::Content,
    pointer: &Pointer,
    hint: &str,
) -> (schema::Value, Rules, bool) {
    let pointer = pointer.key("content");
    let text = |cx: &Context<'_>| schema::Value {
        ty: Type::Scalar(Scalar::String),
        nullable: false,
        show: schema::leaf_show(cx, None),
    };
    match content.first() {
        Some((media_type, object)) if super::media_type::is_json(media_type) => match &object.schema {
            Some(schema) => {
                let at = pointer.key(media_type).key("schema");
                let schema = SchemaRef::from(schema);
                (schema::value(cx, schema, &at, hint), schema::rules(cx, schema, &at), true)
            }
            None => (schema::Value { ty: Type::Json, ..text(cx) }, Rules::default(), true),
        },
        _ => (text(cx), Rules::default(), false),
    }
}

fn as_json(location: Location) -> Location {
    match location {
        Location::Path(_) => Location::Path(Style::Json),
        Location::Query { allow_reserved, .. } => Location::Query { style: Style::Json, allow_reserved },
        Location::Header(_) => Location::Header(Style::Json),
        Location::Cookie(_) => Location::Cookie(Style::Json),
    }
}

/// Where the parameter goes (OpenAPI 3.0.3, Parameter Object: `form` explodes by default, all other
/// styles do not).
fn location(parameter: &ParameterObject) -> Location {
    let explode = data(parameter).explode;
    let explode_or = |default: bool| explode.unwrap_or(default);
    match parameter {
        ParameterObject::Path { style, .. } => Location::Path(match style {
            PathStyle::Simple => Style::Simple { explode: explode_or(false) },
            PathStyle::Label => Style::Label { explode: explode_or(false) },
            PathStyle::Matrix => Style::Matrix { explode: explode_or(false) },
        }),
        ParameterObject::Query { style, allow_reserved, .. } => Location::Query {
            style: match style {
                QueryStyle::Form => Style::Form { explode: explode_or(true) },
                // The specification gives no meaning to an exploded delimiter but that of `form`.
                QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited if explode_or(false) => {
                    Style::Form { explode: true }
                }
                QueryStyle::SpaceDelimited => Style::SpaceDelimited,
                QueryStyle::PipeDelimited => Style::PipeDelimited,
                QueryStyle::DeepObject => Style::DeepObject,
            },
            allow_reserved: *allow_reserved,
        },
        ParameterObject::Header { .. } => Location::Header(Style::Simple { explode: explode_or(false) }),
        ParameterObject::Cookie { .. } => Location::Cookie(Style::Form { explode: explode_or(true) }),
    }
}
