//! Which types travel in requests and which in answers.

use super::each::{self, Way};
use crate::model::{Api, TypeId};

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
