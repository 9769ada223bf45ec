//! Which types travel in requests and which in answers, and what follows from that: the types that the client has, their
//! order, and the presence of properties that travel one way only.

use super::cycles::Finite;
use super::draft::{Draft, DraftType, Roots};
use crate::model::{Access, Presence, Shape, TypeDef, TypeId, Usage, Way, visit};

/// The types that operations and events refer to, in their final order, and those operations and events.
#[derive(Debug)]
pub struct Used {
    pub types: Vec<TypeDef>,
    pub roots: Roots,
}

/// Drops the types that nothing refers to and puts the others in order: those found inside of a component follow it, and
/// those of operations come last.
pub fn used(finite: Finite) -> Used {
    let usages = usages(&finite);
    let Draft { types, mut roots } = finite.into_draft();
    let mut order: Vec<usize> = (0..types.len()).filter(|index| usages[*index] != Usage::default()).collect();
    order.sort_by_key(|index| types[*index].origin);
    let mut places = vec![None; types.len()];
    for (place, index) in order.iter().enumerate() {
        places[*index] = Some(TypeId(place));
    }
    let new = |TypeId(old): TypeId| places[old].expect("a type in use has its place");
    roots.types_mut(&mut |_, ty| visit::rename(ty, &new));
    let mut types: Vec<Option<DraftType>> = types.into_iter().map(Some).collect();
    let in_order = order.iter().filter_map(|index| Some((types[*index].take()?, usages[*index])));
    let types = in_order.map(|(mut ty, usage)| {
        visit::shape_mut(&mut ty.shape, &mut |ty| visit::rename(ty, &new));
        relax(&mut ty.shape, usage);
        let DraftType { name, module, docs, deprecated, shape, pointer, .. } = ty;
        TypeDef { name, module, docs, deprecated, shape, usage, checked: false, pointer }
    });
    Used { types: types.collect(), roots }
}

/// Returns the ways that each type travels, by itself or inside of others.
fn usages(finite: &Finite) -> Vec<Usage> {
    let types = &finite.draft().types;
    let mut usages = vec![Usage::default(); types.len()];
    let mut open = Vec::new();
    finite.draft().roots.types(&mut |way, ty| open.extend(visit::named(ty).map(|id| (way, id))));
    while let Some((way, TypeId(index))) = open.pop() {
        let is_known = match way {
            Way::Request => &mut usages[index].request,
            Way::Response => &mut usages[index].response,
        };
        if !std::mem::replace(is_known, true) {
            visit::shape(&types[index].shape, &mut |ty| open.extend(visit::named(ty).map(|id| (way, id))));
        }
    }
    usages
}

/// Makes required properties optional that only travel the other way: a request doesn't contain `readOnly` properties,
/// and a response no `writeOnly` ones (OpenAPI 3.0.3, Schema Object). If the type travels both ways, the builder still
/// demands the latter.
fn relax(shape: &mut Shape, usage: Usage) {
    let Shape::Struct(object) = shape else { return };
    for field in &mut object.fields {
        let is_missing = match field.access {
            Access::Both => false,
            Access::ReadOnly => usage.request,
            Access::WriteOnly | Access::RequiredInRequests => usage.response,
        };
        if is_missing && usage.request && field.access == Access::WriteOnly && field.is_required() {
            field.access = Access::RequiredInRequests;
        }
        field.presence = match field.presence {
            Presence::Required if is_missing => Presence::Optional,
            Presence::RequiredNullable if is_missing => Presence::OptionalNullable,
            presence => presence,
        };
    }
}
