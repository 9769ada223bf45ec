//! Which types travel in requests and which in answers, and what that means for properties that
//! travel one way only.

use super::each::{self, Way};
use crate::model::{Access, Api, Presence, Shape, TypeId};

/// Marks every type with the ways it travels, by itself or inside of others.
pub fn mark(api: &mut Api) {
    let mut open = Vec::new();
    each::root_mut(api, &mut |way, ty| each::named(ty, &mut |id| open.push((way, id))));
    while let Some((way, TypeId(index))) = open.pop() {
        let def = &mut api.types[index];
        let mark = match way {
            Way::Request => &mut def.usage.request,
            Way::Response => &mut def.usage.response,
        };
        if !std::mem::replace(mark, true) {
            each::in_shape(&def.shape, &mut |ty| each::named(ty, &mut |id| open.push((way, id))));
        }
    }
}

/// A required property that travels one way only is optional where its type travels the other way:
/// a request does not hold what only answers have (OpenAPI 3.0.3, Schema Object, `readOnly`).
pub fn relax(api: &mut Api) {
    for def in &mut api.types {
        let Shape::Struct(object) = &mut def.shape else { continue };
        for field in &mut object.fields {
            let is_missing = match field.access {
                Access::Both => false,
                Access::ReadOnly => def.usage.request,
                Access::WriteOnly => def.usage.response,
            };
            field.presence = match field.presence {
                Presence::Required if is_missing => Presence::Optional,
                Presence::RequiredNullable if is_missing => Presence::OptionalNullable,
                presence => presence,
            };
        }
    }
}
