//! Request bodies, in the media types that the document offers side by side.

use openapiv3::{MediaType, ReferenceOr, RequestBody as RequestBodyObject, Schema};
use serde_json::Value;

use super::context::{Context, SchemaRef};
use super::media_type::{self, Family, family, is_range};
use super::operation::Site;
use super::{encoding, schema};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{BodyEnum, BodyKind, BodyVariant, Docs, RequestBody, Show, Type, ValueKind};
use crate::names::Scope;

/// Lowers an operation's request body.
pub fn lower<'a>(cx: &mut Context<'a>, site: &Site<'a>, id: &str, arguments: &mut Scope) -> Option<RequestBody> {
    let body = site.operation.request_body.as_ref()?;
    let (body, pointer) = resolve(cx, body, &site.pointer.key("requestBody"))?;
    let mut lowering = Lowering { at: pointer.key("content"), id, types: Vec::new() };
    let mut kinds = Vec::new();
    let offered = offered(&body.content);
    for (media_type, object) in &offered {
        kinds.extend(lowering.kind(cx, media_type, object).map(|kind| (*media_type, kind)));
    }
    leave_out_files(cx, &mut kinds, &offered, &lowering.at);
    if let Some(example) = offered.iter().find_map(|(_, object)| example(cx, object)) {
        cx.examples.insert(site.pointer.to_string(), example);
    }
    let wire = match kinds.as_slice() {
        [(_, BodyKind::Json { ty: Type::Named(id), .. } | BodyKind::Form { ty: Type::Named(id), .. })] => {
            cx.name_of(*id).as_str().to_owned()
        }
        _ => "body".to_owned(),
    };
    Some(RequestBody {
        required: body.required,
        docs: Docs { summary: String::new(), description: body.description.clone().unwrap_or_default() },
        rust: arguments.name(&wire, &pointer).name,
        kind: one_or_several(cx, kinds, id, &pointer)?,
        sample: None,
    })
}

/// Leaves out the media types that cannot carry the files of a type that is sent as parts as well: JSON
/// and forms have no bytes.
fn leave_out_files<'a>(
    cx: &mut Context<'a>,
    kinds: &mut Vec<(&str, BodyKind)>,
    offered: &[(&str, &'a MediaType)],
    pointer: &Pointer,
) {
    let of_files = kinds.iter().find_map(|(media_type, kind)| {
        let BodyKind::Multipart { ty, .. } = kind else { return None };
        let schema = offered.iter().find(|(other, _)| other == media_type)?.1.schema.as_ref()?;
        let (schema, at) = cx.resolve(schema.into(), &pointer.key(media_type).key("schema"))?;
        let mut properties = schema::properties(cx, schema, &at).into_iter();
        properties.any(|(_, schema, at)| holds_bytes(cx, schema, &at)).then_some(Type::Named(*ty))
    });
    let Some(of_files) = of_files else { return };
    kinds.retain(|(media_type, kind)| {
        let is_kept = matches!(kind, BodyKind::Multipart { .. }) || kind.ty().as_ref() != Some(&of_files);
        if !is_kept {
            let message = format!("`{media_type}` cannot carry the files of this body, and is left out");
            cx.report(
                Diagnostic::warning("media-type-left-out", &pointer.key(media_type), message)
                    .at_key()
                    .help("give it a schema of its own, without `format: binary`"),
            );
        }
        is_kept
    });
}

fn holds_bytes<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> bool {
    let item = schema::items(cx, schema, pointer);
    schema::is_binary(cx, schema, pointer) || item.is_some_and(|(item, at)| schema::is_binary(cx, item, &at))
}

/// One media type is what the method takes. Of several the caller chooses one, as a variant of an
/// enum, named for OpenAPI's `content`: the operation stays one method, whose argument converts from the type that the client
/// speaks best, so that a media type that joins the others breaks nobody. (A method for each media
/// type, as some generators have it, doubles with optional parameters, and again with each type;
/// one type chosen for all, as most have it, leaves the others to be sent by hand.)
fn one_or_several(
    cx: &mut Context<'_>,
    mut kinds: Vec<(&str, BodyKind)>,
    id: &str,
    pointer: &Pointer,
) -> Option<BodyKind> {
    if kinds.len() < 2 {
        return kinds.pop().map(|(_, kind)| kind);
    }
    let name = cx.synthetic_name(&format!("{id} content"), pointer);
    let mut names = Scope::variants();
    let variants = kinds.into_iter().map(|(media_type, kind)| BodyVariant {
        rust: names.name(&media_type::word(media_type), pointer).name,
        media_type: media_type.to_owned(),
        kind,
        converts: false,
        show: Show::Delegate,
    });
    Some(BodyKind::Several(BodyEnum { name, variants: variants.collect() }))
}

/// The media types that are offered, the best first. Of those that are JSON, or leave open what they
/// are, one for each schema is enough: they are the same bytes under another name.
fn offered(content: &openapiv3::Content) -> Vec<(&str, &MediaType)> {
    let mut offered: Vec<(&str, &MediaType)> = content.iter().map(|(name, object)| (name.as_str(), object)).collect();
    offered.sort_by_key(|(media_type, _)| (family(media_type), is_range(media_type)));
    let mut kept: Vec<(&str, &MediaType)> = Vec::new();
    for (media_type, object) in offered {
        let is_json = family(media_type) == Family::Json;
        let same = |other: &&(&str, &MediaType)| family(other.0) == Family::Json && other.1.schema == object.schema;
        if !is_json || kept.iter().find(same).is_none() {
            kept.push((media_type, object));
        }
    }
    kept
}

/// The media types of one body, which may share their schema.
struct Lowering<'a, 'i> {
    at: Pointer,
    id: &'i str,
    /// The types of the schemas so far.
    types: Vec<(&'a ReferenceOr<Schema>, Type)>,
}

impl<'a> Lowering<'a, '_> {
    fn kind(&mut self, cx: &mut Context<'a>, media_type: &str, object: &'a MediaType) -> Option<BodyKind> {
        let pointer = self.at.key(media_type);
        let schema = object.schema.as_ref();
        let is_binary = || schema.is_some_and(|schema| schema::is_binary(cx, schema.into(), &pointer));
        let at = pointer.key("schema");
        let rules =
            |cx: &mut Context<'a>| schema.map(|schema| schema::rules(cx, schema.into(), &at)).unwrap_or_default();
        Some(match family(media_type) {
            Family::Json if is_binary() => {
                BodyKind::Bytes { media_type: concrete(media_type, "application/octet-stream") }
            }
            Family::Json => {
                let ty = schema.map_or(Type::Json, |schema| self.ty(cx, media_type, schema));
                BodyKind::Json {
                    media_type: concrete(media_type, "application/json"),
                    ty,
                    rules: rules(cx),
                    value: ValueKind::default(),
                }
            }
            Family::Form => {
                let ty = schema.map_or(Type::Json, |schema| self.ty(cx, media_type, schema));
                BodyKind::Form {
                    ty,
                    styles: encoding::styles(&object.encoding),
                    rules: rules(cx),
                    value: ValueKind::default(),
                }
            }
            Family::Multipart => {
                let is_object =
                    schema.is_some_and(|schema| schema::is_object(cx, schema.into(), &pointer.key("schema")));
                match schema.filter(|_| is_object).map(|schema| self.ty(cx, media_type, schema)) {
                    Some(Type::Named(ty)) => {
                        let part_types = encoding::part_types(&object.encoding);
                        // OpenAPI 3.0.3, Encoding Object: there, styles are those of urlencoded forms alone.
                        let has_styles = !cx.document.openapi.openapi.starts_with("3.0");
                        let part_styles = if has_styles { encoding::part_styles(&object.encoding) } else { Vec::new() };
                        let media_type = concrete(media_type, "multipart/form-data");
                        BodyKind::Multipart { media_type, ty, part_types, part_styles }
                    }
                    _ => return multipart_without_parts(cx, &pointer),
                }
            }
            Family::Text => {
                let text_rules = |schema: &'a ReferenceOr<Schema>| schema::text_rules(cx, schema.into(), &at);
                let rules = schema.map(text_rules).unwrap_or_default();
                BodyKind::Text { media_type: concrete(media_type, "text/plain"), rules }
            }
            Family::Bytes if is_range(media_type) => BodyKind::Media { range: media_type::essence(media_type) },
            Family::Bytes | Family::Events | Family::Lines => BodyKind::Bytes { media_type: media_type.to_owned() },
        })
    }

    /// The type of a schema, which is one wherever the schema is the same.
    fn ty(&mut self, cx: &mut Context<'a>, media_type: &str, schema: &'a ReferenceOr<Schema>) -> Type {
        if let Some((_, ty)) = self.types.iter().find(|(known, _)| *known == schema) {
            return ty.clone();
        }
        let hint = match self.types.len() {
            0 => format!("{} body", self.id),
            _ => format!("{} {} body", self.id, media_type::word(media_type)),
        };
        let ty = schema::value(cx, schema.into(), &self.at.key(media_type).key("schema"), &hint).ty;
        self.types.push((schema, ty.clone()));
        ty
    }
}

/// The media type as it is sent: one that stands for many cannot be.
fn concrete(media_type: &str, otherwise: &str) -> String {
    if is_range(media_type) { otherwise.to_owned() } else { media_type.to_owned() }
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
