//! What `Debug` does with a value whose type is an alias. An alias has no `Debug` implementation, so the marks of its
//! schema apply where it is used.

use super::cycles::Finite;
use super::draft::DraftType;
use crate::model::{NewtypeInner, Shape, Show, Type, TypeId, visit};

/// Replaces [`Show::Delegate`] for values of aliases by the marks of their schemas.
pub fn through_aliases(finite: &mut Finite) {
    let types = &mut finite.draft_mut().types;
    let shows: Vec<Show> = (0..types.len()).map(|index| show(types, TypeId(index))).collect();
    let replace = |show: &mut Show, ty: &Type| {
        if *show == Show::Delegate {
            *show = visit::named(ty).map_or(Show::Redacted, |TypeId(index)| shows[index]);
        }
    };
    for def in types {
        match &mut def.shape {
            Shape::Struct(object) => {
                object.fields.iter_mut().for_each(|field| replace(&mut field.show, &field.ty));
                object.additional.iter_mut().for_each(|additional| replace(&mut additional.show, &additional.ty));
            }
            Shape::Union(union) => {
                union.variants.iter_mut().for_each(|variant| replace(&mut variant.show, &variant.ty));
            }
            Shape::Newtype(newtype) => {
                if let NewtypeInner::Other(ty) = &newtype.inner {
                    replace(&mut newtype.show, ty);
                }
            }
            Shape::Enum(_) | Shape::Alias(_) => {}
        }
    }
}

/// Returns what `Debug` does with a value of this type.
fn show(types: &[DraftType], id: TypeId) -> Show {
    let mut def = &types[id.0];
    while let Shape::Alias(target) = &def.shape {
        if def.alias_show != Show::Delegate {
            return def.alias_show;
        }
        let Some(TypeId(next)) = visit::named(target) else { return Show::Redacted };
        def = &types[next];
    }
    Show::Delegate
}
