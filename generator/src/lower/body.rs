//! Request bodies, and what media types are.

use openapiv3::{MediaType, ReferenceOr, RequestBody as RequestBodyObject};
use serde_json::Value;

use super::context::{Context, SchemaRef};
use super::operation::Site;
use super::schema;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{BodyKind, Docs, RequestBody, Type};
use crate::names::Scope;

/// How well the client speaks a media type; the best of several is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// Returns what a media type is.
pub fn family(media_type: &str) -> Family {
    let essence = essence(media_type);
    if is_json(media_type) || essence == "*/*" || essence == "application/*" {
        Family::Json
    } else if essence == "application/x-www-form-urlencoded" {
        Family::Form
    } else if essence.starts_with("multipart/") {
        Family::Multipart
    } else if essence.starts_with("text/") && essence != "text/event-stream" {
        Family::Text
    } else {
        Family::Bytes
    }
}

/// Whether a media type is JSON, or one of its `+json` kin.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// The media type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Lowers an operation's request body.
pub fn lower<'a>(cx: &mut Context<'a>, site: &Site<'a>, id: &str, arguments: &mut Scope) -> Option<RequestBody> {
    let body = site.operation.request_body.as_ref()?;
    let (body, pointer) = resolve(cx, body, &site.pointer.key("requestBody"))?;
    let at = pointer.key("content");
    let (media_type, object) = choose(&body.content)?;
    report_others(cx, &body.content, media_type, &at);
    let at = at.key(media_type);
    let hint = format!("{id} body");
    let kind = kind(cx, media_type, object, &at, &hint)?;
    if let Some(example) = example(cx, object) {
        cx.examples.insert(site.pointer.to_string(), example);
    }
    let wire = match &kind {
        BodyKind::Json { ty: Type::Named(id), .. } | BodyKind::Form { ty: Type::Named(id) } => {
            cx.name_of(*id).as_str().to_owned()
        }
        _ => "body".to_owned(),
    };
    Some(RequestBody {
        required: body.required,
        docs: Docs { summary: String::new(), description: body.description.clone().unwrap_or_default() },
        rust: arguments.name(&wire, &pointer).name,
        kind,
        sample: None,
    })
}

fn resolve<'a>(
    cx: &mut Context<'a>,
    body: &'a ReferenceOr<RequestBodyObject>,
    at: &Pointer,
) -> Option<(&'a RequestBodyObject, Pointer)> {
    let (mut body, mut pointer) = (body, at.clone());
    let document = cx.document;
    let declared = document.openapi.components.as_ref().map(|components| &components.request_bodies);
    for _ in 0..8 {
        match body {
            ReferenceOr::Item(body) => return Some((body, pointer)),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/requestBodies/");
                let Some((name, target)) =
                    name.and_then(|name| declared.and_then(|declared| declared.get_key_value(name)))
                else {
                    break;
                };
                body = target;
                pointer = Pointer::root().key("components").key("requestBodies").key(name);
            }
        }
    }
    let message = "this request body's reference leads nowhere, and the operation sends none";
    cx.report(
        Diagnostic::warning("unresolved-reference", at, message).help("declare it under `components.requestBodies`"),
    );
    None
}

/// The media type that the client speaks best; the document's order decides between equals.
pub fn choose(content: &openapiv3::Content) -> Option<(&String, &MediaType)> {
    content.iter().min_by_key(|(media_type, _)| family(media_type))
}

fn report_others(cx: &mut Context<'_>, content: &openapiv3::Content, chosen: &str, pointer: &Pointer) {
    for (media_type, _) in
        content.iter().filter(|(media_type, _)| *media_type != chosen && family(media_type) != family(chosen))
    {
        let message = format!("the body is sent as `{chosen}`; `{media_type}` is left out");
        cx.report(
            Diagnostic::warning("media-type-left-out", &pointer.key(media_type), message)
                .at_key()
                .help("one media type for each operation is generated"),
        );
    }
}

fn kind<'a>(
    cx: &mut Context<'a>,
    media_type: &'a str,
    object: &'a MediaType,
    pointer: &Pointer,
    hint: &str,
) -> Option<BodyKind> {
    let at = pointer.key("schema");
    let schema = object.schema.as_ref().map(SchemaRef::from);
    let media_type = media_type.to_owned();
    Some(match (family(&media_type), schema) {
        (Family::Json, schema) => {
            let media_type = if is_json(&media_type) { media_type } else { "application/json".to_owned() };
            let ty = schema.map_or(Type::Json, |schema| schema::value(cx, schema, &at, hint).ty);
            BodyKind::Json { media_type, ty }
        }
        (Family::Form, Some(schema)) => BodyKind::Form { ty: schema::value(cx, schema, &at, hint).ty },
        (Family::Multipart, Some(schema)) if schema::is_object(cx, schema, &at) => {
            match schema::value(cx, schema, &at, hint).ty {
                Type::Named(ty) => BodyKind::Multipart { ty },
                _ => return multipart_without_parts(cx, pointer),
            }
        }
        (Family::Multipart, _) => return multipart_without_parts(cx, pointer),
        (Family::Form, None) => BodyKind::Form { ty: Type::Json },
        (Family::Text, _) => BodyKind::Text { media_type },
        (Family::Bytes, _) => BodyKind::Bytes { media_type },
    })
}

fn multipart_without_parts(cx: &mut Context<'_>, pointer: &Pointer) -> Option<BodyKind> {
    let message = "a multipart body whose parts are not described is not supported";
    cx.report(
        Diagnostic::warning("unsupported-body", pointer, message)
            .at_key()
            .help("give it a schema with a property for each part"),
    );
    None
}

/// The media type's own example, or the first of several.
fn example(cx: &Context<'_>, object: &MediaType) -> Option<Value> {
    if let Some(example) = &object.example {
        return Some(example.clone());
    }
    let (_, example) = object.examples.first()?;
    match example {
        ReferenceOr::Item(example) => example.value.clone(),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/examples/")?;
            match cx.document.openapi.components.as_ref()?.examples.get(name)? {
                ReferenceOr::Item(example) => example.value.clone(),
                ReferenceOr::Reference { .. } => None,
            }
        }
    }
}
