//! The types that something uses, in the order of the document's components.

use super::each;
use crate::model::{Api, TypeId};

/// Drops the types that nothing uses and puts the others in order: those found inside of a component
/// follow it, and those of operations come last.
pub fn order(api: &mut Api, origins: &[usize]) {
    let used = used(api);
    let mut order: Vec<usize> = (0..api.types.len()).filter(|index| used[*index]).collect();
    order.sort_by_key(|index| origins[*index]);
    let mut places = vec![None; api.types.len()];
    for (place, index) in order.iter().enumerate() {
        places[*index] = Some(TypeId(place));
    }
    let new = |TypeId(old): TypeId| places[old].expect("a type in use has its place");
    let mut types: Vec<_> = std::mem::take(&mut api.types).into_iter().map(Some).collect();
    api.types = order.iter().filter_map(|index| types[*index].take()).collect();
    for def in &mut api.types {
        each::in_shape_mut(&mut def.shape, &mut |ty| each::rename(ty, &new));
    }
    each::root_mut(api, &mut |_, ty| each::rename(ty, &new));
}

fn used(api: &mut Api) -> Vec<bool> {
    let mut used = vec![false; api.types.len()];
    let mut open = Vec::new();
    each::root_mut(api, &mut |_, ty| each::named(ty, &mut |id| open.push(id)));
    while let Some(TypeId(index)) = open.pop() {
        if !std::mem::replace(&mut used[index], true) {
            each::in_shape(&api.types[index].shape, &mut |ty| each::named(ty, &mut |id| open.push(id)));
        }
    }
    used
}
