//! Request bodies and their media types.

use openapiv3::MediaType;
use serde_json::Value;

use super::lowering::Lowering;
use super::media_type::{self, Family, family, is_merge_patch, is_range};
use super::{encoding, schema};
use crate::diagnostic::{Pointer, codes};
use crate::model::{BodyEnum, BodyKind, BodyVariant, Docs, RequestBody, Show, Type, ValueKind};
use crate::names::Scope;
use crate::parse::{OperationAt, Placed, SchemaRef, SchemaUse, Version};

/// Lowers an operation's request body.
pub fn lower<'a>(
    cx: &mut Lowering<'a>,
    operation: &OperationAt<'a>,
    id: &str,
    arguments: &mut Scope,
) -> Option<RequestBody> {
    let written = operation.object.request_body.as_ref()?;
    let at = operation.pointer.key("requestBody");
    let Some(Placed { object: body, pointer }) = cx.document.follow(written, &at) else {
        let message = "cannot find this request body; the operation sends none";
        let help = "declare it under `components.requestBodies`";
        cx.report(codes::UNRESOLVED_REFERENCE.at(&at, message).help(help));
        return None;
    };
    let mut offers = Offers { at: pointer.key("content"), id, types: Vec::new() };
    let mut kinds = Vec::new();
    let offered = offered(cx, &body.content, &offers.at);
    for (media_type, object) in &offered {
        kinds.extend(offers.kind(cx, media_type, object).map(|kind| (*media_type, kind)));
    }
    leave_out_files(cx, &mut kinds, &offered, &offers.at);
    if let Some(example) = offered.iter().find_map(|(_, object)| example(cx, object)) {
        cx.examples.insert(operation.pointer.to_string(), example);
    }
    let wire = match kinds.as_slice() {
        [(_, BodyKind::Json { ty: Type::Named(id), .. } | BodyKind::Form { ty: Type::Named(id), .. })] => {
            cx.types.name(*id).as_str().to_owned()
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

/// Drops the media types that can't carry the files of a type that is also sent as parts: JSON and forms have no bytes.
fn leave_out_files<'a>(
    cx: &mut Lowering<'a>,
    kinds: &mut Vec<(&str, BodyKind)>,
    offered: &[(&str, &'a MediaType)],
    pointer: &Pointer,
) {
    let of_files = kinds.iter().find_map(|(media_type, kind)| {
        let BodyKind::Multipart { ty, .. } = kind else { return None };
        let schema = offered.iter().find(|(other, _)| other == media_type)?.1.schema.as_ref()?;
        let schema = cx.document.schema(schema, pointer.key(media_type).key("schema")).follow()?;
        schema::properties(cx, &schema).values().any(holds_bytes).then_some(Type::Named(*ty))
    });
    let Some(of_files) = of_files else { return };
    kinds.retain(|(media_type, kind)| {
        let is_kept = matches!(kind, BodyKind::Multipart { .. }) || kind.ty().as_ref() != Some(&of_files);
        if !is_kept {
            let message = format!("`{media_type}` can't carry files; this media type is ignored");
            cx.report(
                codes::MEDIA_TYPE_LEFT_OUT
                    .at(&pointer.key(media_type), message)
                    .at_key()
                    .help("give it a separate schema without `format: binary`"),
            );
        }
        is_kept
    });
}

fn holds_bytes(schema: &SchemaUse<'_>) -> bool {
    schema::is_binary(schema) || schema::items(schema).is_some_and(|item| schema::is_binary(&item))
}

/// With one media type, the method takes its value. With several, the caller chooses a variant of an enum, which is named
/// for OpenAPI's `content`. The enum converts from the type that the client supports best, so that another media type
/// breaks no caller. (A method for each media type would double with optional parameters and again with each type; a
/// single type for all would leave the others to be sent by hand.)
fn one_or_several(
    cx: &mut Lowering<'_>,
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

/// Returns the media types, the best first. Of JSON and wildcards, one for each schema is enough: the others are the same
/// bytes under another name, except that a merge patch may contain more nulls.
fn offered<'a>(cx: &Lowering<'a>, content: &'a openapiv3::Content, at: &Pointer) -> Vec<(&'a str, &'a MediaType)> {
    let mut offered: Vec<(&str, &MediaType)> = content.iter().map(|(name, object)| (name.as_str(), object)).collect();
    offered.sort_by_key(|(media_type, _)| (family(media_type), is_range(media_type)));
    let has_clearable = |media_type: &str, object: &'a MediaType| {
        let at = at.key(media_type).key("schema");
        object.schema.as_ref().is_some_and(|schema| !schema::is_untyped(&cx.document.schema(schema, at)))
    };
    let mut kept: Vec<(&str, &MediaType)> = Vec::new();
    for (media_type, object) in offered {
        let is_json = family(media_type) == Family::Json;
        let same = |other: &&(&str, &MediaType)| {
            let is_same = family(other.0) == Family::Json && other.1.schema == object.schema;
            is_same && (is_merge_patch(other.0) == is_merge_patch(media_type) || !has_clearable(media_type, object))
        };
        if !is_json || kept.iter().find(same).is_none() {
            kept.push((media_type, object));
        }
    }
    kept
}

/// The media types of one body, which may share their schema.
struct Offers<'a, 'i> {
    at: Pointer,
    id: &'i str,
    /// The types of the schemas so far.
    types: Vec<(SchemaRef<'a>, Type)>,
}

impl<'a> Offers<'a, '_> {
    fn kind(&mut self, cx: &mut Lowering<'a>, media_type: &str, object: &'a MediaType) -> Option<BodyKind> {
        let pointer = self.at.key(media_type);
        let schema = object.schema.as_ref().map(|schema| cx.document.schema(schema, pointer.key("schema")));
        let schema = schema.as_ref();
        let rules = |cx: &mut Lowering<'a>| schema.map(|schema| schema::rules(cx, schema)).unwrap_or_default();
        Some(match family(media_type) {
            // The document leaves the media type to the caller.
            Family::Json | Family::Text if is_range(media_type) && schema.is_none_or(is_opaque) => {
                BodyKind::Media { range: media_type::essence(media_type) }
            }
            Family::Json | Family::Text if schema.is_some_and(schema::is_binary) => {
                BodyKind::Bytes { media_type: media_type.to_owned() }
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
                match schema.filter(|schema| schema::is_object(schema)).map(|schema| self.ty(cx, media_type, schema)) {
                    Some(Type::Named(ty)) => {
                        report_part_headers(cx, object, &pointer);
                        let part_types = encoding::part_types(&object.encoding);
                        // OpenAPI 3.0.3, Encoding Object: there, styles are those of urlencoded forms alone.
                        let has_styles = cx.document.version != Version::V3_0;
                        let part_styles = if has_styles { encoding::part_styles(&object.encoding) } else { Vec::new() };
                        let media_type = concrete(media_type, "multipart/form-data");
                        BodyKind::Multipart { media_type, ty, part_types, part_styles }
                    }
                    _ => return multipart_without_parts(cx, &pointer),
                }
            }
            Family::Text => {
                let rules = schema.map(|schema| schema::text_rules(cx, schema)).unwrap_or_default();
                BodyKind::Text { media_type: concrete(media_type, "text/plain"), rules }
            }
            Family::Bytes if is_range(media_type) => BodyKind::Media { range: media_type::essence(media_type) },
            Family::Bytes | Family::Events | Family::Lines => BodyKind::Bytes { media_type: media_type.to_owned() },
        })
    }

    /// Returns the type of a schema, which is one wherever the schema is the same.
    fn ty(&mut self, cx: &mut Lowering<'a>, media_type: &str, schema: &SchemaUse<'a>) -> Type {
        if let Some((_, ty)) = self.types.iter().find(|(known, _)| *known == schema.schema) {
            return ty.clone();
        }
        let hint = match self.types.len() {
            0 => format!("{} body", self.id),
            _ => format!("{} {} body", self.id, media_type::word(media_type)),
        };
        let ty = schema::value(cx, schema, &hint).ty;
        self.types.push((schema.schema, ty.clone()));
        ty
    }
}

/// Whether a schema says nothing about how its value is written.
fn is_opaque(schema: &SchemaUse<'_>) -> bool {
    schema::is_binary(schema) || schema::is_string(schema)
}

/// Returns the media type to send. A wildcard can't be sent.
fn concrete(media_type: &str, otherwise: &str) -> String {
    if is_range(media_type) { otherwise.to_owned() } else { media_type.to_owned() }
}

fn multipart_without_parts(cx: &mut Lowering<'_>, pointer: &Pointer) -> Option<BodyKind> {
    let message = "a multipart body needs a schema that describes its parts";
    cx.report(
        codes::UNSUPPORTED_BODY.at(pointer, message).at_key().help("give it a schema with a property for each part"),
    );
    None
}

/// Reports headers of parts, whose values the client doesn't know.
fn report_part_headers(cx: &mut Lowering<'_>, object: &MediaType, pointer: &Pointer) {
    for (part, _) in object.encoding.iter().filter(|(_, encoding)| !encoding.headers.is_empty()) {
        let message = format!("the client doesn't send the headers of the part `{part}`");
        let help = "callers can add headers to a file with `Part::header`; a value in JSON or text has none";
        let at = pointer.key("encoding").key(part).key("headers");
        cx.report(codes::NOT_CARRIED.at(&at, message).at_key().help(help));
    }
}

/// Returns the media type's own example, or the first of several.
fn example(cx: &Lowering<'_>, object: &MediaType) -> Option<Value> {
    if let Some(example) = &object.example {
        return Some(example.clone());
    }
    let (_, example) = object.examples.first()?;
    cx.document.follow(example, &Pointer::root())?.object.value.clone()
}
