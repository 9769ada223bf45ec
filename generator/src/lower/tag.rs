//! The property that chooses a union's variant, in the structs of the variants.
//!
//! A union writes the tag of a variant itself. So a required tag becomes optional if the struct is only used as a variant.
//! A struct without the property gets it, because a tag that is read must be written again.

use std::collections::{BTreeMap, BTreeSet};

use super::usage::Used;
use crate::model::{
    Access, Docs, Field, Presence, Rules, Scalar, Shape, Show, Tag, Type, TypeDef, TypeId, Union, ValueKind, visit,
};
use crate::names::Scope;

/// Gives the structs of tagged variants an optional field for the tag.
pub fn add_fields(used: &mut Used, show: Show) {
    let tagged = tagged(&used.types);
    let otherwise = used_otherwise(used);
    for (id, properties) in &tagged {
        let pointer = used.types[id.0].pointer.clone();
        let Shape::Struct(object) = &mut used.types[id.0].shape else { continue };
        for (property, scalar) in properties {
            if let Some(field) = object.fields.iter_mut().find(|field| field.wire == *property) {
                if field.presence == Presence::Required && !otherwise.contains(id) {
                    field.presence = Presence::Optional;
                }
                continue;
            }
            let mut names = Scope::fields();
            let taken = object.fields.iter().map(|field| &field.rust);
            for name in taken.chain(object.additional.iter().map(|additional| &additional.rust)) {
                names.name(name.as_str(), &pointer);
            }
            object.fields.push(Field {
                wire: property.clone(),
                rust: names.name_with(property, &["_null"], &pointer).name,
                docs: Docs::default(),
                deprecated: false,
                presence: Presence::Optional,
                access: Access::Both,
                flattened: false,
                constant: None,
                rules: Rules::default(),
                ty: Type::Scalar(*scalar),
                boxed: false,
                value: ValueKind::default(),
                show,
            });
        }
    }
}

/// Returns the structs that are variants of tagged unions, with the properties that choose them and the tags' type.
fn tagged(types: &[TypeDef]) -> BTreeMap<TypeId, BTreeMap<String, Scalar>> {
    let mut found: BTreeMap<TypeId, BTreeMap<String, Scalar>> = BTreeMap::new();
    for union in types.iter().filter_map(|def| as_union(&def.shape)) {
        let Some(property) = &union.discriminator else { continue };
        for variant in &union.variants {
            let scalar = match variant.tags.first() {
                Some(Tag::String(_)) => Scalar::String,
                Some(Tag::Integer(_)) => Scalar::Int64,
                Some(Tag::Bool(_)) => Scalar::Bool,
                None => continue,
            };
            if let Type::Named(id) = resolved(types, &variant.ty) {
                found.entry(*id).or_default().insert(property.clone(), scalar);
            }
        }
    }
    found
}

/// Returns the types that are not only used as tagged variants.
fn used_otherwise(used: &Used) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    used.roots.types(&mut |_, ty| found.extend(visit::named(ty)));
    for def in &used.types {
        let tagged = as_union(&def.shape).filter(|union| union.discriminator.is_some());
        let Some(union) = tagged else {
            visit::shape(&def.shape, &mut |ty| found.extend(visit::named(ty)));
            continue;
        };
        for variant in union.variants.iter().filter(|variant| variant.tags.is_empty()) {
            found.extend(visit::named(&variant.ty));
        }
    }
    found
}

fn as_union(shape: &Shape) -> Option<&Union> {
    match shape {
        Shape::Union(union) => Some(union),
        _ => None,
    }
}

/// Follows aliases.
fn resolved<'t>(types: &'t [TypeDef], ty: &'t Type) -> &'t Type {
    let mut ty = ty;
    while let Type::Named(id) = ty
        && let Shape::Alias(target) = &types[id.0].shape
    {
        ty = target;
    }
    ty
}
