//! Bodies of `application/merge-patch+json`, in which null clears what it stands for (RFC 7396).
//!
//! `Pet { name: Option<String> }` becomes `PetPatch { name: Nullable<String> }` in such a body, and stays as it is in
//! others. A type without other uses keeps its name. A list is replaced as a whole, so nothing inside of one can be
//! cleared.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, DraftType};
use super::lowering::Lowering;
use super::media_type::is_merge_patch;
use crate::model::{Access, BodyKind, Field, Presence, Shape, Type, TypeId, visit};

/// Makes every optional property and every entry of a map clearable in the bodies of merge patches.
pub fn make_clearable(cx: &mut Lowering<'_>, draft: &mut Draft) {
    let mut roots = Vec::new();
    for_each_patch(draft, &mut |ty| {
        roots.extend(patched(ty));
        clear_entries(ty);
    });
    if roots.is_empty() {
        return;
    }
    let mut clearable = reached(&draft.types, roots, patched);
    let types = &draft.types;
    clearable.retain(|id| reached(types, vec![*id], patched).iter().any(|inner| has_clearable(&types[inner.0].shape)));
    let elsewhere = elsewhere(draft);
    let mut new_ids = BTreeMap::new();
    for id in clearable {
        if elsewhere.contains(&id) {
            let copy = copy(cx, &draft.types[id.0]);
            draft.types.push(copy);
            new_ids.insert(id, TypeId(draft.types.len() - 1));
        } else {
            new_ids.insert(id, id);
        }
    }
    for id in new_ids.values() {
        clear(&mut draft.types[id.0].shape, &new_ids);
    }
    for_each_patch(draft, &mut |ty| rename(ty, &new_ids));
}

/// Calls `visit` on the type of each merge patch.
fn for_each_patch(draft: &mut Draft, visit: &mut impl FnMut(&mut Type)) {
    let operations = draft.roots.groups.iter_mut().flat_map(|group| &mut group.operations);
    for body in operations.filter_map(|op| op.body.as_mut()) {
        let kinds = match &mut body.kind {
            BodyKind::Several(several) => several.variants.iter_mut().map(|variant| &mut variant.kind).collect(),
            kind => vec![kind],
        };
        for kind in kinds {
            if let BodyKind::Json { media_type, ty, .. } = kind
                && is_merge_patch(media_type)
            {
                visit(ty);
            }
        }
    }
}

/// Returns the types that are used in another way than in merge patches.
fn elsewhere(draft: &mut Draft) -> BTreeSet<TypeId> {
    let mut roots = Vec::new();
    draft.roots.types(&mut |_, ty| roots.extend(visit::named(ty)));
    // A patch is a root once for each operation that sends it as one.
    for_each_patch(draft, &mut |ty| {
        if let Some(at) = visit::named(ty).and_then(|id| roots.iter().position(|root| *root == id)) {
            roots.swap_remove(at);
        }
    });
    // What is inside of a list in a patch is replaced as a whole.
    let mut patches = Vec::new();
    for_each_patch(draft, &mut |ty| patches.extend(visit::named(ty)));
    for TypeId(index) in reached(&draft.types, patches, patched) {
        visit::shape(&draft.types[index].shape, &mut |ty| {
            roots.extend(visit::named(ty).filter(|_| patched(ty).is_none()));
        });
    }
    reached(&draft.types, roots, visit::named)
}

/// Returns the types that are reached from `open`, themselves included, through the types that `inner` finds in others.
fn reached(types: &[DraftType], mut open: Vec<TypeId>, inner: fn(&Type) -> Option<TypeId>) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            visit::shape(&types[id.0].shape, &mut |ty| open.extend(inner(ty)));
        }
    }
    found
}

/// Returns the named type that a patch changes in its parts: not one in a list.
fn patched(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Map(item) | Type::Nullable(item) => patched(item),
        Type::Named(id) => Some(*id),
        Type::Array(_) | Type::Scalar(_) | Type::Json => None,
    }
}

/// Whether an absent value of the field means that it stays, and null can't be sent so far.
fn is_clearable(field: &Field) -> bool {
    field.presence == Presence::Optional
        && !field.flattened
        && field.access != Access::ReadOnly
        && field.ty != Type::Json
}

fn has_clearable(shape: &Shape) -> bool {
    let mut has_map = false;
    visit::shape(shape, &mut |ty| has_map |= matches!(ty, Type::Map(_)));
    match shape {
        Shape::Struct(object) => has_map || object.additional.is_some() || object.fields.iter().any(is_clearable),
        _ => has_map,
    }
}

/// Makes the parts of a shape clearable.
fn clear(shape: &mut Shape, new_ids: &BTreeMap<TypeId, TypeId>) {
    visit::shape_mut(shape, &mut |ty| {
        clear_entries(ty);
        rename(ty, new_ids);
    });
    let Shape::Struct(object) = shape else { return };
    object.fields.iter_mut().filter(|field| is_clearable(field)).for_each(|field| {
        field.presence = Presence::OptionalNullable;
    });
    object.additional.iter_mut().for_each(|additional| make_nullable(&mut additional.ty));
}

/// Lets the entries of a map be null.
fn clear_entries(ty: &mut Type) {
    match ty {
        Type::Map(item) => {
            clear_entries(item);
            make_nullable(item);
        }
        Type::Nullable(item) => clear_entries(item),
        Type::Array(_) | Type::Named(_) | Type::Scalar(_) | Type::Json => {}
    }
}

fn make_nullable(ty: &mut Type) {
    if !matches!(ty, Type::Nullable(_) | Type::Json) {
        let item = std::mem::replace(ty, Type::Json);
        *ty = Type::Nullable(Box::new(item));
    }
}

fn rename(ty: &mut Type, new_ids: &BTreeMap<TypeId, TypeId>) {
    if patched(ty).is_some() {
        visit::rename(ty, &|id| new_ids.get(&id).copied().unwrap_or(id));
    }
}

/// Returns the type under another name.
fn copy(cx: &mut Lowering<'_>, original: &DraftType) -> DraftType {
    let (name, module) = cx.types.name_of_copy(&format!("{} patch", original.name), &original.pointer);
    DraftType {
        name,
        module,
        docs: original.docs.clone(),
        deprecated: original.deprecated,
        shape: original.shape.clone(),
        pointer: original.pointer.clone(),
        origin: original.origin,
        alias_show: original.alias_show,
    }
}
