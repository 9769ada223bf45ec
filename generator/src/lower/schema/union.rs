//! `oneOf` and `anyOf`.
//!
//! Alternatives that differ in the JSON they are become an enum; alternatives of one kind (strings
//! and enums of strings) become the type that holds them all.

use super::class::{Class, member_class};
use super::discriminator::Tags;
use super::value::value;
use crate::lower::extension;
use crate::lower::lowering::Lowering;
use crate::lower::types::Content;
use crate::model::{Docs, Openness, Scalar, Shape, Show, Tag, Type, Union, UnionVariant};
use crate::names::{Name, Scope};
use crate::parse::{SchemaAt, SchemaUse};

/// Lowers alternatives to an enum, or to the type that holds them all.
pub fn lower<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, name: &str) -> Shape {
    let (extensions, pointer) = (&schema.data().extensions, &schema.pointer);
    let openness = extension::openness(&mut cx.reports, extensions, pointer).unwrap_or(Openness::Open);
    let wanted = extension::variants(&mut cx.reports, extensions, pointer);
    if schema.is_any_heir()
        && let Some(tags) = Tags::of_heirs(cx, schema)
    {
        return Shape::Union(of_heirs(cx, tags, schema, openness));
    }
    let mut tags = Tags::of_alternatives(cx, schema);
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
        let tags = tags.as_mut().map(|tags| tags.of_member(cx, &member)).unwrap_or_default();
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
        _ => Shape::Union(Union { variants, discriminator: tags.map(|tags| tags.property.to_owned()), openness }),
    }
}

/// A base and its heirs: one of the heirs, by the discriminator, or the base itself where a tag names it.
fn of_heirs<'a>(cx: &mut Lowering<'a>, mut tags: Tags<'a>, base: &SchemaAt<'a>, openness: Openness) -> Union {
    let mut names = Scope::variants();
    let mut variants = Vec::new();
    let own = base.id().filter(|id| tags.names(*id));
    for id in own.into_iter().chain(base.heirs().iter().copied()) {
        let heir = cx.document.named(id);
        let is_base = heir.schema.inline().is_some_and(|heir| heir.is_any_heir());
        let ty = Type::Named(cx.component_type(id, if is_base { Content::Base } else { Content::Whole }));
        let rust = names.name(heir.name, &heir.schema.pointer).name;
        let tags = tags.of_component(cx, id);
        variants.push(variant(rust, ty, tags, Show::Delegate));
    }
    Union { variants, discriminator: Some(tags.property.to_owned()), openness }
}

/// A variant before the passes over the whole model.
fn variant(rust: Name, ty: Type, tags: Vec<Tag>, show: Show) -> UnionVariant {
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
            Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 => "Integer",
            Scalar::Float | Scalar::Double | Scalar::Decimal => "Number",
            Scalar::Date => "Date",
            Scalar::DateTime => "DateTime",
            Scalar::Uuid => "Uuid",
            Scalar::String | Scalar::Base64 | Scalar::Base64Url | Scalar::Binary => "Text",
        },
        Some(Class::Array) => "List",
        Some(Class::Enum) => "Choice",
        Some(Class::Map) => "Map",
        _ => "Variant",
    }
    .to_owned()
}
