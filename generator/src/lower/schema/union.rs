//! `oneOf` and `anyOf`.
//!
//! Alternatives that differ in the JSON they are become an enum; alternatives of one kind (strings
//! and enums of strings) become the type that holds them all.

use openapiv3::{AnySchema, ReferenceOr, Schema};

use super::class::{Class, member_class};
use super::inheritance::is_any_heir;
use super::{any, enumeration, value};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::lower::context::{Content, Context, SchemaRef};
use crate::lower::extension;
use crate::model::{Docs, Openness, Scalar, Shape, Show, Type, Union, UnionVariant};
use crate::names::{Name, Scope};

/// Returns the alternatives of a schema and the keyword that lists them.
pub fn members(any: &AnySchema) -> Option<(&'static str, &[ReferenceOr<Schema>])> {
    if !any.one_of.is_empty() {
        Some(("oneOf", &any.one_of))
    } else if !any.any_of.is_empty() {
        Some(("anyOf", &any.any_of))
    } else {
        None
    }
}

/// Says what a schema with alternatives is.
pub fn class<'a>(cx: &Context<'a>, any: &'a AnySchema, pointer: &Pointer, depth: usize) -> Class<'a> {
    let Some((key, members)) = members(any) else { return Class::Any };
    let (mut texts, mut typed, mut values) = (true, false, false);
    for (index, member) in members.iter().enumerate() {
        let at = pointer.key(key).index(index);
        match member_class(cx, member.into(), &at, depth) {
            Some(Class::Scalar(Scalar::String)) => typed = true,
            Some(Class::Enum) if enumeration::is_of_strings(cx, member.into(), &at) => (typed, values) = (true, true),
            Some(Class::Any) | None => texts = false,
            Some(_) => {
                texts = false;
                typed = true;
            }
        }
    }
    match (typed, texts) {
        // Alternatives that only require some properties, or say nothing: the object itself.
        (false, _) if any.typ.as_deref() == Some("object") => Class::Map,
        (false, _) => Class::Any,
        // Some values are known, and any text may come: an open enum.
        (true, true) if values => Class::Enum,
        (true, true) => Class::Scalar(Scalar::String),
        (true, false) => Class::Union,
    }
}

/// Lowers alternatives to an enum, or to what holds them all.
pub fn lower<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer, name: &str) -> Shape {
    let any = any(schema);
    let extensions = &schema.schema_data.extensions;
    let openness = extension::openness(cx, extensions, pointer).unwrap_or(Openness::Open);
    let wanted = extension::variants(cx, extensions, pointer);
    let discriminator = schema.schema_data.discriminator.as_ref();
    if let Some(discriminator) = discriminator
        && is_any_heir(cx, schema, pointer)
    {
        return Shape::Union(of_heirs(cx, discriminator, pointer, openness));
    }
    let Some((key, members)) = members(any) else { return Shape::Alias(Type::Json) };
    let own = cx.component_index(&format!("#{pointer}"));
    let mut names = Scope::variants();
    let mut variants: Vec<UnionVariant> = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let at = pointer.key(key).index(index);
        let component = component(cx, member);
        // A union that is one of itself says nothing by that.
        if component.is_some() && component == own {
            continue;
        }
        let label = match component.map(|index| cx.component(index).0) {
            Some(wire) => wanted.get(&wire).cloned().unwrap_or(wire),
            None => wanted.get("").cloned().unwrap_or_else(|| member_label(cx, member.into(), &at)),
        };
        let member = value(cx, member.into(), &at, &format!("{name} {label}"));
        let tags = discriminator.map(|discriminator| tags(cx, discriminator, component, pointer)).unwrap_or_default();
        if let Some(same) = variants.iter_mut().find(|variant| variant.ty == member.ty) {
            same.tags.extend(tags);
            continue;
        }
        let rust = names.name(&label, &at).name;
        variants.push(variant(rust, member.ty, tags, member.show));
    }
    if variants.is_empty() {
        return Shape::Alias(Type::Json);
    }
    if let [only] = variants.as_slice() {
        return Shape::Alias(only.ty.clone());
    }
    Shape::Union(Union { variants, discriminator: discriminator.map(|by| by.property_name.clone()), openness })
}

/// A base and its heirs: one of the heirs, by the discriminator.
fn of_heirs(
    cx: &mut Context<'_>,
    discriminator: &openapiv3::Discriminator,
    pointer: &Pointer,
    openness: Openness,
) -> Union {
    let mut names = Scope::variants();
    let mut variants = Vec::new();
    for index in cx.heirs_of(pointer).to_vec() {
        let (wire, _, at) = cx.component(index);
        let ty = Type::Named(cx.component_type(index, Content::Whole));
        let rust = names.name(&wire, &at).name;
        let tags = tags(cx, discriminator, Some(index), pointer);
        variants.push(variant(rust, ty, tags, Show::Delegate));
    }
    Union { variants, discriminator: Some(discriminator.property_name.clone()), openness }
}

/// A variant before the passes over the whole model.
fn variant(rust: Name, ty: Type, tags: Vec<String>, show: Show) -> UnionVariant {
    UnionVariant {
        rust,
        ty,
        boxed: false,
        tags,
        show,
        docs: Docs::default(),
        checked: false,
        converts: false,
        first_alike: 0,
        tag_field: None,
    }
}

/// The component that an alternative refers to.
fn component(cx: &Context<'_>, member: &ReferenceOr<Schema>) -> Option<usize> {
    match member {
        ReferenceOr::Reference { reference } => cx.component_index(reference),
        ReferenceOr::Item(_) => None,
    }
}

/// What an alternative without a component's name is called: its title, or its kind.
fn member_label<'a>(cx: &Context<'a>, member: SchemaRef<'a>, pointer: &Pointer) -> String {
    if let SchemaRef::Is(schema) = member
        && let Some(title) =
            schema.schema_data.title.as_deref().filter(|title| !title.trim().is_empty() && title.len() < 60)
    {
        return title.to_owned();
    }
    match member_class(cx, member, pointer, 4) {
        Some(Class::Scalar(scalar)) => match scalar {
            Scalar::Bool => "Boolean",
            Scalar::Int32 | Scalar::Int64 => "Integer",
            Scalar::Float | Scalar::Double | Scalar::Decimal => "Number",
            Scalar::Date => "Date",
            Scalar::DateTime => "DateTime",
            Scalar::Uuid => "Uuid",
            Scalar::String | Scalar::Base64 | Scalar::Binary => "Text",
        },
        Some(Class::Array) => "List",
        Some(Class::Enum) => "Choice",
        Some(Class::Map) => "Map",
        _ => "Variant",
    }
    .to_owned()
}

/// The discriminator's values for a member: those that map to it, or else its component's name.
fn tags(
    cx: &mut Context<'_>,
    discriminator: &openapiv3::Discriminator,
    component: Option<usize>,
    pointer: &Pointer,
) -> Vec<String> {
    let Some(component) = component else { return Vec::new() };
    let mut tags: Vec<String> = Vec::new();
    for (tag, target) in &discriminator.mapping {
        let at = pointer.key("discriminator").key("mapping").key(tag);
        // A mapping may name a component without the way to it.
        let by_name = || cx.component_index(&format!("#/components/schemas/{target}"));
        let mapped = cx.component_index(target).or_else(by_name);
        if mapped == Some(component) {
            tags.push(tag.clone());
        } else if mapped.is_none() {
            let message = format!("`{}` is no schema of this document", crate::parse::written(target));
            cx.report(
                Diagnostic::warning("unresolved-reference", &at, message).help("map to `#/components/schemas/…`"),
            );
        }
    }
    if tags.is_empty() {
        tags.push(cx.component(component).0);
    }
    tags
}
