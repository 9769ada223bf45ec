//! What a schema is: the one decision that names, shapes and uses all depend on.

use openapiv3::{AdditionalProperties, AnySchema, Schema};

use super::inheritance::is_any_heir;
use super::{any, enumeration, scalar, union};
use crate::diagnostic::Pointer;
use crate::lower::context::{Context, SchemaRef};
use crate::model::Scalar;

/// What a schema becomes.
#[derive(Debug)]
pub enum Class<'a> {
    /// Another schema, with its own documentation or other annotations.
    Overlay {
        /// The other schema.
        member: SchemaRef<'a>,
        /// Where it is.
        pointer: Pointer,
    },
    /// A single value, such as a string or a date.
    Scalar(Scalar),
    /// A string from a list of values.
    Enum,
    /// An object with known properties.
    Struct,
    /// One of several schemas.
    Union,
    /// A list.
    Array,
    /// An object whose keys are data.
    Map,
    /// Any JSON value.
    Any,
}

/// How deep `allOf`, `oneOf` and `anyOf` may stand in each other before a schema counts as untyped.
/// Real documents need four; a circle of references has no end.
const DEPTH: usize = 16;

/// Says what a schema is.
pub fn classify<'a>(cx: &Context<'a>, schema: &'a Schema, pointer: &Pointer) -> Class<'a> {
    classify_within(cx, schema, pointer, DEPTH)
}

fn classify_within<'a>(cx: &Context<'a>, schema: &'a Schema, pointer: &Pointer, depth: usize) -> Class<'a> {
    let any = any(schema);
    if depth == 0 {
        return Class::Any;
    }
    if !any.enumeration.is_empty() {
        return enumeration::class(any);
    }
    if is_any_heir(cx, schema, pointer) {
        return Class::Union;
    }
    if let Some(overlay) = overlay(cx, any, pointer) {
        return overlay;
    }
    if any.typ.as_deref() == Some("array") || any.typ.is_none() && any.items.is_some() {
        return Class::Array;
    }
    if let Some(scalar) = scalar::scalar(any) {
        return Class::Scalar(scalar);
    }
    if !any.properties.is_empty() {
        return Class::Struct;
    }
    if !any.all_of.is_empty() {
        return all_of(cx, any, pointer, depth);
    }
    if union::members(any).is_some() {
        return union::class(cx, any, pointer, depth);
    }
    match (&any.additional_properties, any.typ.as_deref()) {
        (Some(AdditionalProperties::Schema(_) | AdditionalProperties::Any(true)), _) => Class::Map,
        (None, Some("object")) if any.required.is_empty() => Class::Map,
        // `{type: object, additionalProperties: false}` is an object without properties.
        (_, Some("object")) => Class::Struct,
        _ => Class::Any,
    }
}

/// One member of `allOf`, `oneOf` or `anyOf` with nothing beside it that has a type.
fn overlay<'a>(cx: &Context<'a>, any: &'a AnySchema, pointer: &Pointer) -> Option<Class<'a>> {
    if !any.properties.is_empty()
        || any.items.is_some()
        || any.additional_properties.is_some()
        || !any.required.is_empty()
    {
        return None;
    }
    let lists = [("allOf", &any.all_of), ("oneOf", &any.one_of), ("anyOf", &any.any_of)];
    let mut used = lists.iter().filter(|(_, members)| !members.is_empty());
    let ((key, members), None) = (used.next()?, used.next()) else { return None };
    let [member] = members.as_slice() else { return None };
    // An heir that adds nothing to its base is not the base, which is any of the heirs.
    if *key == "allOf" && is_heir(cx, member.into(), pointer) {
        return Some(Class::Struct);
    }
    Some(Class::Overlay { member: member.into(), pointer: pointer.key(key).index(0) })
}

/// Whether the schema at `pointer` is one of the heirs of the base that `member` refers to.
fn is_heir<'a>(cx: &Context<'a>, member: SchemaRef<'a>, pointer: &Pointer) -> bool {
    let SchemaRef::To(reference) = member else { return false };
    let Some(base) = cx.component_index(reference) else { return false };
    let own = cx.component_index(&format!("#{pointer}"));
    own.is_some_and(|own| cx.heirs_of(&cx.component(base).2).contains(&own))
}

/// `allOf` of several: an object where any member is one, and else the first member with a type.
fn all_of<'a>(cx: &Context<'a>, any: &'a AnySchema, pointer: &Pointer, depth: usize) -> Class<'a> {
    let mut first_typed = None;
    for (index, member) in any.all_of.iter().enumerate() {
        let at = pointer.key("allOf").index(index);
        match member_class(cx, member.into(), &at, depth) {
            Some(Class::Struct | Class::Map) => return Class::Struct,
            // An object with alternatives: the properties of all of them.
            Some(Class::Union) if any.all_of.len() > 1 => return Class::Struct,
            Some(Class::Any) | None => {}
            Some(_) => first_typed = first_typed.or(Some((member, at))),
        }
    }
    match first_typed {
        Some((member, pointer)) => Class::Overlay { member: member.into(), pointer },
        None if any.typ.as_deref() == Some("object") => Class::Map,
        None => Class::Any,
    }
}

/// The class of a member, through references and overlays.
pub fn member_class<'a>(cx: &Context<'a>, member: SchemaRef<'a>, pointer: &Pointer, depth: usize) -> Option<Class<'a>> {
    let (mut schema, mut pointer) = cx.resolve(member, pointer)?;
    for depth in (0..depth).rev() {
        match classify_within(cx, schema, &pointer, depth) {
            Class::Overlay { member, pointer: at } => (schema, pointer) = cx.resolve(member, &at)?,
            class => return Some(class),
        }
    }
    None
}

/// Whether a schema is, in the end, raw bytes.
pub fn is_binary<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> bool {
    matches!(member_class(cx, schema, pointer, DEPTH), Some(Class::Scalar(Scalar::Binary)))
}

/// The schema of the items, where a schema is an array; where the items stand as well.
pub fn items<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> Option<(SchemaRef<'a>, Pointer)> {
    let (schema, at) = cx.resolve(schema, pointer)?;
    match classify(cx, schema, &at) {
        Class::Array => Some((any(schema).items.as_ref()?.into(), at.key("items"))),
        _ => None,
    }
}

/// Whether a value of the schema is, in the end, a text in JSON: a date and one of several words are as well.
pub fn is_text<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> bool {
    match member_class(cx, schema, pointer, DEPTH) {
        Some(Class::Scalar(scalar)) => matches!(
            scalar,
            Scalar::String | Scalar::Date | Scalar::DateTime | Scalar::Uuid | Scalar::Base64 | Scalar::Binary
        ),
        Some(Class::Enum) => enumeration::is_of_strings(cx, schema, pointer),
        _ => false,
    }
}

/// Whether a schema is, in the end, an object with properties.
pub fn is_object<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> bool {
    matches!(member_class(cx, schema, pointer, DEPTH), Some(Class::Struct))
}
