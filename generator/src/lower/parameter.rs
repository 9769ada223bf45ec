//! Parameter Objects: arguments of methods, and structs of the optional ones.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{Parameter as ParameterObject, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle};

use super::extension::{self, Privacy};
use super::lowering::Lowering;
use super::schema;
use crate::diagnostic::{Pointer, codes};
use crate::model::{Docs, Location, Parameter, Params, Rules, Scalar, Show, Style, Type, ValueKind};
use crate::names::Scope;
use crate::parse::{OperationAt, Placed};

/// An operation's parameters.
pub struct Lowered {
    pub required: Vec<Parameter>,
    pub optional: Option<Params>,
    /// The arguments' names. The body's name must differ from them.
    pub arguments: Scope,
    /// The names of the optional ones.
    pub fields: Scope,
}

/// Lowers the parameters of an operation and of its path item, which the operation's override.
pub fn lower<'a>(cx: &mut Lowering<'a>, operation: &OperationAt<'a>, id: &str) -> Lowered {
    let mut found: IndexMap<(String, &'static str), Placed<'a, ParameterObject>> = IndexMap::new();
    let lists =
        [(&operation.item.parameters, &operation.item_pointer), (&operation.object.parameters, &operation.pointer)];
    for (parameters, pointer) in lists {
        let pointer = pointer.key("parameters");
        for (index, parameter) in parameters.iter().enumerate() {
            let at = pointer.index(index);
            let Some(parameter) = cx.document.follow(parameter, &at) else {
                let message = "cannot find this parameter; it is ignored";
                let help = "declare it under `components.parameters`";
                cx.report(codes::UNRESOLVED_REFERENCE.at(&at, message).help(help));
                continue;
            };
            let key = (data(parameter.object).name.clone(), location_word(parameter.object));
            found.insert(key, parameter);
        }
    }
    let mut arguments = Scope::arguments();
    for ((wire, _), parameter) in &found {
        if let Some(example) = example(cx, data(parameter.object)) {
            cx.examples.insert(super::sample::parameter_key(&operation.pointer, wire), example);
        }
    }
    let mut required = path_parameters(cx, operation, &mut found, &mut arguments, id);
    let mut fields = Scope::fields();
    let mut optional = Vec::new();
    for ((wire, word), parameter) in found {
        if word == "path" {
            let message = format!("the path `{}` has no parameter `{wire}`", operation.path);
            cx.report(
                codes::UNKNOWN_PATH_PARAMETER.at(&parameter.pointer, message).help("add it to the path, or remove it"),
            );
        } else if word == "header" && is_ours(&wire) {
            // OpenAPI 3.0.3, Parameter Object: such header parameters shall be ignored.
        } else if data(parameter.object).required {
            required.push(lower_one(cx, &parameter, &mut arguments, id));
        } else {
            optional.push(lower_one(cx, &parameter, &mut fields, id));
        }
    }
    let name =
        if optional.is_empty() { None } else { Some(cx.synthetic_name(&format!("{id} params"), &operation.pointer)) };
    Lowered { required, optional: name.map(|name| Params { name, parameters: optional }), arguments, fields }
}

/// Adds a parameter with which a caller chooses among the media types of the answer.
pub fn add_accept<'a>(
    cx: &mut Lowering<'a>,
    operation: &OperationAt<'a>,
    id: &str,
    parameters: &mut Lowered,
    media_types: &str,
) {
    let description = format!(
        "The media types to answer in, in the order of preference; without it these are asked for: `{media_types}`."
    );
    let accept = Parameter {
        wire: "accept".to_owned(),
        rust: parameters.fields.name("accept", &operation.pointer).name,
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
            let name = cx.synthetic_name(&format!("{id} params"), &operation.pointer);
            *optional = Some(Params { name, parameters: vec![accept] });
        }
    }
}

/// Returns the parameter's example, the first of several, or its schema's.
fn example(cx: &Lowering<'_>, data: &ParameterData) -> Option<serde_json::Value> {
    let first = data.examples.first().and_then(|(_, example)| example.as_item()?.value.clone());
    data.example.clone().or(first).or_else(|| match &data.format {
        ParameterSchemaOrContent::Schema(schema) => {
            cx.document.schema(schema, Pointer::root()).follow()?.data().example.clone()
        }
        ParameterSchemaOrContent::Content(_) => None,
    })
}

fn is_ours(header: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|own| header.eq_ignore_ascii_case(own))
}

/// Returns the parameters of the path, in the order of the path. Undeclared ones are strings.
fn path_parameters<'a>(
    cx: &mut Lowering<'a>,
    operation: &OperationAt<'a>,
    found: &mut IndexMap<(String, &'static str), Placed<'a, ParameterObject>>,
    arguments: &mut Scope,
    id: &str,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let mut seen = BTreeSet::new();
    for name in template_names(operation.path) {
        if !seen.insert(name) {
            continue;
        }
        if let Some(parameter) = found.shift_remove(&(name.to_owned(), "path")) {
            parameters.push(lower_one(cx, &parameter, arguments, id));
            continue;
        }
        cx.report(
            codes::MISSING_PATH_PARAMETER
                .at(
                    &operation.item_pointer,
                    format!("the path parameter `{name}` is not declared; it becomes a string"),
                )
                .at_key()
                .help(format!("declare it: `{{name: {name}, in: path, required: true, schema: {{type: string}}}}`")),
        );
        parameters.push(Parameter {
            wire: name.to_owned(),
            rust: arguments.name(name, &operation.pointer).name,
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

fn lower_one<'a>(cx: &mut Lowering<'a>, found: &Placed<'a, ParameterObject>, names: &mut Scope, id: &str) -> Parameter {
    let data = data(found.object);
    let pointer = &found.pointer;
    let wanted = extension::name(&mut cx.reports, &data.extensions, pointer);
    let given = names.name(wanted.as_deref().unwrap_or(&data.name), pointer);
    cx.reports.collision(&given, &data.name, pointer);
    let hint = format!("{id} {}", data.name);
    let (mut value, rules, json) = match &data.format {
        ParameterSchemaOrContent::Schema(schema) => {
            let schema = cx.document.schema(schema, pointer.key("schema"));
            (schema::value(cx, &schema, &hint), schema::rules(cx, &schema), false)
        }
        ParameterSchemaOrContent::Content(content) => content_value(cx, content, pointer, &hint),
    };
    match extension::privacy(&mut cx.reports, &data.extensions, pointer) {
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

/// Returns the value of `content`, which has one media type: JSON, or else a string.
fn content_value<'a>(
    cx: &mut Lowering<'a>,
    content: &'a openapiv3::Content,
    pointer: &Pointer,
    hint: &str,
) -> (schema::Value, Rules, bool) {
    let pointer = pointer.key("content");
    let text = |cx: &Lowering<'_>| schema::Value {
        ty: Type::Scalar(Scalar::String),
        nullable: false,
        show: schema::leaf_show(cx, None),
    };
    match content.first() {
        Some((media_type, object)) if super::media_type::is_json(media_type) => match &object.schema {
            Some(schema) => {
                let schema = cx.document.schema(schema, pointer.key(media_type).key("schema"));
                (schema::value(cx, &schema, hint), schema::rules(cx, &schema), true)
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

/// Returns where the parameter goes (OpenAPI 3.0.3, Parameter Object: only `form` explodes by default).
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
