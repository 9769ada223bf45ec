//! The property that tells a union's variants apart, in the structs of the variants.
//!
//! A union writes the tag of a variant by itself. So the struct need not hold it: where its type is used as a variant
//! alone, a required tag becomes optional; and a struct without the property gets it, as what is read has to be written
//! again.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::{each, schema};
use crate::model::{Access, Api, Docs, Field, Presence, Rules, Scalar, Shape, Type, TypeId, Union, ValueKind};
use crate::names::Scope;

/// Gives the structs of tagged variants an optional property for the tag, and says which variants write it.
pub fn settle(cx: &Context<'_>, api: &mut Api) {
    let tagged = tagged(api);
    let otherwise = used_otherwise(api);
    for (id, properties) in &tagged {
        let pointer = api.types[id.0].pointer.clone();
        let Shape::Struct(object) = &mut api.types[id.0].shape else { continue };
        for property in properties {
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
                rules: Rules::default(),
                ty: Type::Scalar(Scalar::String),
                boxed: false,
                value: ValueKind::default(),
                show: schema::leaf_show(cx, None),
            });
        }
    }
}

/// The structs that are variants of tagged unions, each with the properties that tell.
fn tagged(api: &Api) -> BTreeMap<TypeId, BTreeSet<String>> {
    let mut found: BTreeMap<TypeId, BTreeSet<String>> = BTreeMap::new();
    for union in api.types.iter().filter_map(|def| as_union(&def.shape)) {
        let Some(property) = &union.discriminator else { continue };
        for variant in union.variants.iter().filter(|variant| !variant.tags.is_empty()) {
            if let Type::Named(id) = resolved(api, &variant.ty) {
                found.entry(*id).or_default().insert(property.clone());
            }
        }
    }
    found
}

/// The types that are used in another way than as a tagged variant.
fn used_otherwise(api: &mut Api) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    each::root_mut(api, &mut |_, ty| each::named(ty, &mut |id| _ = found.insert(id)));
    for def in &api.types {
        let tagged = as_union(&def.shape).filter(|union| union.discriminator.is_some());
        let Some(union) = tagged else {
            each::in_shape(&def.shape, &mut |ty| each::named(ty, &mut |id| _ = found.insert(id)));
            continue;
        };
        for variant in union.variants.iter().filter(|variant| variant.tags.is_empty()) {
            each::named(&variant.ty, &mut |id| _ = found.insert(id));
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

/// Follows aliases, of which no circle is left.
pub fn resolved<'t>(api: &'t Api, ty: &'t Type) -> &'t Type {
    let mut ty = ty;
    while let Type::Named(id) = ty
        && let Shape::Alias(target) = &api.types[id.0].shape
    {
        ty = target;
    }
    ty
}
