//! `oneOf` and `anyOf`.
//!
//! Alternatives that differ in the JSON they are become an enum; alternatives of one kind (strings
//! and enums of strings) become the type that holds them all.

use openapiv3::Discriminator;

use super::class::{Class, member_class};
use super::value::value;
use crate::diagnostic::{Pointer, codes};
use crate::lower::extension;
use crate::lower::lowering::Lowering;
use crate::lower::types::Content;
use crate::model::{Docs, Openness, Scalar, Shape, Show, Type, Union, UnionVariant};
use crate::names::{Name, Scope};
use crate::parse::{SchemaAt, SchemaId, SchemaUse, written};

/// Lowers alternatives to an enum, or to the type that holds them all.
pub fn lower<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, name: &str) -> Shape {
    let (extensions, pointer) = (&schema.data().extensions, &schema.pointer);
    let openness = extension::openness(&mut cx.reports, extensions, pointer).unwrap_or(Openness::Open);
    let wanted = extension::variants(&mut cx.reports, extensions, pointer);
    let discriminator = schema.data().discriminator.as_ref();
    if let Some(discriminator) = discriminator
        && schema.is_any_heir()
    {
        return Shape::Union(of_heirs(cx, discriminator, schema, openness));
    }
    let own = schema.id();
    let mut names = Scope::variants();
    let mut variants: Vec<UnionVariant> = Vec::new();
    for member in schema.alternatives() {
        let component = member.id();
        // An alternative that is the union itself adds nothing.
        if component.is_some() && component == own {
            continue;
        }
        let label = match component.map(|id| cx.document.named(id).name) {
            Some(wire) => wanted.get(wire).cloned().unwrap_or_else(|| wire.to_owned()),
            None => wanted.get("").cloned().unwrap_or_else(|| member_label(&member)),
        };
        let lowered = value(cx, &member, &format!("{name} {label}"));
        let tags = discriminator.map(|discriminator| tags(cx, discriminator, component, pointer)).unwrap_or_default();
        if let Some(same) = variants.iter_mut().find(|variant| variant.ty == lowered.ty) {
            same.tags.extend(tags);
            continue;
        }
        let rust = names.name(&label, &member.pointer).name;
        variants.push(variant(rust, lowered.ty, tags, lowered.show));
    }
    match variants.as_slice() {
        [] => Shape::Alias(Type::Json),
        [only] => Shape::Alias(only.ty.clone()),
        _ => {
            Shape::Union(Union { variants, discriminator: discriminator.map(|by| by.property_name.clone()), openness })
        }
    }
}

/// A base and its heirs: one of the heirs, by the discriminator.
fn of_heirs(cx: &mut Lowering<'_>, discriminator: &Discriminator, base: &SchemaAt<'_>, openness: Openness) -> Union {
    let mut names = Scope::variants();
    let mut variants = Vec::new();
    for id in base.heirs() {
        let heir = cx.document.named(*id);
        let ty = Type::Named(cx.component_type(*id, Content::Whole));
        let rust = names.name(heir.name, &heir.schema.pointer).name;
        let tags = tags(cx, discriminator, Some(*id), &base.pointer);
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

/// Returns what to call an alternative without a component's name: its title, or its kind.
fn member_label(member: &SchemaUse<'_>) -> String {
    if let Some(schema) = member.inline()
        && let Some(title) = schema.data().title.as_deref().filter(|title| !title.trim().is_empty() && title.len() < 60)
    {
        return title.to_owned();
    }
    match member_class(member, 4) {
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

/// Returns the discriminator's values for a member: those that map to it, or else its component's name.
fn tags(
    cx: &mut Lowering<'_>,
    discriminator: &Discriminator,
    component: Option<SchemaId>,
    pointer: &Pointer,
) -> Vec<String> {
    let Some(component) = component else { return Vec::new() };
    let mut tags: Vec<String> = Vec::new();
    for (tag, target) in &discriminator.mapping {
        let at = pointer.key("discriminator").key("mapping").key(tag);
        // A mapping may name a component without the way to it.
        let by_name = || cx.document.schema_id(&format!("#/components/schemas/{target}"));
        let mapped = cx.document.schema_id(target).or_else(by_name);
        if mapped == Some(component) {
            tags.push(tag.clone());
        } else if mapped.is_none() {
            let message = format!("cannot find the schema `{}`", written(target));
            cx.report(codes::UNRESOLVED_REFERENCE.at(&at, message).help("map to `#/components/schemas/…`"));
        }
    }
    if tags.is_empty() {
        tags.push(cx.document.named(component).name.to_owned());
    }
    tags
}
