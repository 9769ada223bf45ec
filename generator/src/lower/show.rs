//! What `Debug` does with a value whose type is an alias: an alias has no `Debug` of its own, so the
//! marks of the schema behind it speak where it is used.

use crate::model::{Api, NewtypeInner, Shape, Show, Type, TypeDef};

/// Settles every value that would otherwise be printed by the `Debug` of an alias.
pub fn settle(api: &mut Api, alias_shows: &[Show]) {
    let defs = api.types.clone();
    let settled = |ty: &Type, show: Show| if show == Show::Delegate { through(ty, &defs, alias_shows) } else { show };
    for def in &mut api.types {
        match &mut def.shape {
            Shape::Struct(object) => {
                object.fields.iter_mut().for_each(|field| field.show = settled(&field.ty, field.show));
                object.additional.iter_mut().for_each(|rest| rest.show = settled(&rest.ty, rest.show));
            }
            Shape::Union(union) => {
                union.variants.iter_mut().for_each(|variant| variant.show = settled(&variant.ty, variant.show));
            }
            Shape::Newtype(newtype) => {
                if let NewtypeInner::Other(ty) = &newtype.inner {
                    newtype.show = settled(ty, newtype.show);
                }
            }
            Shape::Enum(_) | Shape::Alias(_) => {}
        }
    }
}

fn through(ty: &Type, defs: &[TypeDef], alias_shows: &[Show]) -> Show {
    let mut ty = ty;
    for _ in 0..=defs.len() {
        match ty {
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => ty = item,
            Type::Scalar(_) | Type::Json => return Show::Redacted,
            Type::Named(id) => match (&defs[id.0].shape, alias_shows[id.0]) {
                (Shape::Alias(target), Show::Delegate) => ty = target,
                (Shape::Alias(_), show) => return show,
                _ => return Show::Delegate,
            },
        }
    }
    Show::Redacted
}
