//! How the variants of a union are written and converted: facts that compare the types of its variants.

use super::aliases::Aliases;
use crate::model::{Api, Presence, Shape, TagField, Type, TypeId, Union};

/// What a pass over one union finds for each of its variants.
struct Facts {
    first_alike: usize,
    converts: bool,
    tag_field: Option<TagField>,
}

/// Fills in what follows from the types of the variants. Needs the fields for tags, and the boxes.
pub fn find(api: &mut Api) {
    let aliases = Aliases::of(api);
    for index in 0..api.types.len() {
        let Shape::Union(union) = &api.types[index].shape else { continue };
        let facts: Vec<Facts> = (0..union.variants.len())
            .map(|at| Facts {
                first_alike: first_alike(&aliases, union, at),
                converts: converts(&aliases, TypeId(index), union, at),
                tag_field: tag_field(api, &aliases, union, at),
            })
            .collect();
        let Shape::Union(union) = &mut api.types[index].shape else { continue };
        for (variant, facts) in union.variants.iter_mut().zip(facts) {
            (variant.first_alike, variant.converts, variant.tag_field) =
                (facts.first_alike, facts.converts, facts.tag_field);
        }
    }
}

fn first_alike(aliases: &Aliases, union: &Union, at: usize) -> usize {
    let own = &union.variants[at];
    let is_alike = |index: &usize| {
        let other = &union.variants[*index];
        other.boxed == own.boxed && aliases.resolved(&other.ty) == aliases.resolved(&own.ty)
    };
    (0..at).find(is_alike).unwrap_or(at)
}

/// Whether the type of a variant is named, unlike those of the others, and not the union itself.
fn converts(aliases: &Aliases, union_id: TypeId, union: &Union, at: usize) -> bool {
    let own = aliases.resolved(&union.variants[at].ty);
    let alike = union.variants.iter().filter(|other| aliases.resolved(&other.ty) == own);
    matches!(own, Type::Named(id) if *id != union_id) && alike.count() == 1
}

/// The field of a tagged variant that may lack the tag.
fn tag_field(api: &Api, aliases: &Aliases, union: &Union, at: usize) -> Option<TagField> {
    let property = union.discriminator.as_ref()?;
    let variant = &union.variants[at];
    variant.tags.first()?;
    let Type::Named(id) = aliases.resolved(&variant.ty) else { return None };
    let Shape::Struct(object) = &api.def(*id).shape else { return None };
    let field = object.fields.iter().find(|field| field.wire == *property)?;
    let may_lack = matches!(field.presence, Presence::Optional | Presence::OptionalNullable);
    may_lack.then(|| TagField { rust: field.rust.clone(), presence: field.presence, deprecated: field.deprecated })
}
