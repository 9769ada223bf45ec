//! Raw bytes: a part of a multipart body, or a whole body. Anywhere else, `format: binary` means a string, because JSON
//! has no bytes.

use std::collections::BTreeSet;

use super::cycles::Finite;
use super::draft::{Draft, DraftType};
use super::media_type::is_json;
use super::reports::Reports;
use crate::diagnostic::codes;
use crate::model::{BodyKind, Field, NewtypeInner, Scalar, Shape, Type, TypeId, visit};
use crate::parse::Version;

/// Keeps raw bytes where they can be sent: in fields, or lists in fields, of types that are only sent as parts. Everywhere
/// else they become strings.
pub fn to_strings(finite: &mut Finite, reports: &mut Reports, version: Version) {
    let draft = finite.draft_mut();
    let forms = forms(draft);
    let elsewhere = elsewhere(draft, &forms);
    for TypeId(index) in forms.intersection(&elsewhere) {
        if has_bytes(&draft.types, TypeId(*index)) {
            let message = "this object is a multipart body here and JSON elsewhere, so its bytes become strings";
            let help = "give the multipart body a separate schema";
            reports.add(codes::BINARY_IN_JSON.at(&draft.types[*index].pointer, message).at_key().help(help));
        }
    }
    if version != Version::V3_0 {
        untyped_to_bytes(draft, &forms, &elsewhere);
    }
    for id in forms.difference(&elsewhere) {
        open_aliases(&mut draft.types, *id);
    }
    for (index, def) in draft.types.iter_mut().enumerate() {
        let id = TypeId(index);
        let is_form = forms.contains(&id) && !elsewhere.contains(&id);
        match &mut def.shape {
            Shape::Struct(object) if is_form => {
                object.fields.iter_mut().for_each(|field| keep_bytes(&mut field.ty));
                object.additional.iter_mut().for_each(|additional| to_string_type(&mut additional.ty));
            }
            Shape::Newtype(newtype) if matches!(newtype.inner, NewtypeInner::Scalar(Scalar::Binary)) => {
                newtype.inner = NewtypeInner::Scalar(Scalar::String);
            }
            shape => visit::shape_mut(shape, &mut to_string_type),
        }
    }
    draft.roots.types_mut(&mut |_, ty| to_string_type(ty));
}

/// Whether a field of the type would be bytes.
fn has_bytes(types: &[DraftType], id: TypeId) -> bool {
    let Shape::Struct(object) = &types[id.0].shape else { return false };
    object.fields.iter().any(|field| bytes(types, &field.ty).is_some())
}

/// The types that are sent as parts.
fn forms(draft: &Draft) -> BTreeSet<TypeId> {
    let operations = draft.roots.groups.iter().flat_map(|group| &group.operations);
    let kinds = operations.filter_map(|op| op.body.as_ref()).flat_map(|body| body.kind.each());
    let ids = kinds.filter_map(|kind| match kind {
        BodyKind::Multipart { ty, .. } => Some(*ty),
        _ => None,
    });
    ids.collect()
}

/// Returns the types that are used in another way as well, even if only inside of a form.
fn elsewhere(draft: &Draft, forms: &BTreeSet<TypeId>) -> BTreeSet<TypeId> {
    let mut open = Vec::new();
    draft.roots.types(&mut |_, ty| open.extend(visit::named(ty)));
    // A form is a root once for each operation that sends it as one.
    for op in draft.roots.groups.iter().flat_map(|group| &group.operations) {
        for kind in op.body.iter().flat_map(|body| body.kind.each()) {
            if let BodyKind::Multipart { ty, .. } = kind
                && let Some(at) = open.iter().position(|root| root == ty)
            {
                open.swap_remove(at);
            }
        }
    }
    for TypeId(index) in forms {
        visit::shape(&draft.types[*index].shape, &mut |ty| open.extend(visit::named(ty)));
    }
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            visit::shape(&draft.types[id.0].shape, &mut |ty| open.extend(visit::named(ty)));
        }
    }
    found
}

/// Turns parts without a type into bytes (OpenAPI 3.1.1, Encoding Object: their media type is
/// `application/octet-stream`), unless the document says that they are JSON.
fn untyped_to_bytes(draft: &mut Draft, forms: &BTreeSet<TypeId>, elsewhere: &BTreeSet<TypeId>) {
    let mut json_parts = BTreeSet::new();
    for op in draft.roots.groups.iter().flat_map(|group| &group.operations) {
        for kind in op.body.iter().flat_map(|body| body.kind.each()) {
            let BodyKind::Multipart { ty, part_types, .. } = kind else { continue };
            let json = part_types.iter().filter(|(_, media_type)| is_json(media_type));
            json_parts.extend(json.map(|(wire, _)| (*ty, wire.clone())));
        }
    }
    for id in forms.difference(elsewhere) {
        let Shape::Struct(object) = &draft.types[id.0].shape else { continue };
        let is_json = |field: &Field| json_parts.contains(&(*id, field.wire.clone()));
        let open = |field: &Field| opened(&draft.types, &field.ty, &Type::Json).filter(|_| !is_json(field));
        let types: Vec<Option<Type>> = object.fields.iter().map(open).collect();
        let Shape::Struct(object) = &mut draft.types[id.0].shape else { continue };
        for (field, ty) in object.fields.iter_mut().zip(types) {
            match ty {
                Some(Type::Array(_)) => field.ty = Type::Array(Box::new(Type::Scalar(Scalar::Binary))),
                Some(_) => field.ty = Type::Scalar(Scalar::Binary),
                None => {}
            }
        }
    }
}

/// Replaces aliases of raw bytes by raw bytes. The aliases mean strings everywhere else.
fn open_aliases(types: &mut [DraftType], form: TypeId) {
    let Shape::Struct(object) = &types[form.0].shape else { return };
    let opened: Vec<Option<Type>> = object.fields.iter().map(|field| bytes(types, &field.ty)).collect();
    let Shape::Struct(object) = &mut types[form.0].shape else { return };
    for (field, opened) in object.fields.iter_mut().zip(opened) {
        if let Some(ty) = opened {
            field.ty = ty;
        }
    }
}

/// Returns the type without aliases if it is bytes or a list of them.
fn bytes(types: &[DraftType], ty: &Type) -> Option<Type> {
    opened(types, ty, &Type::Scalar(Scalar::Binary))
}

/// Returns the type without aliases if it is the wanted one or a list of it.
fn opened(types: &[DraftType], ty: &Type, wanted: &Type) -> Option<Type> {
    match ty {
        ty if ty == wanted => Some(ty.clone()),
        Type::Array(item) => match opened(types, item, wanted)? {
            Type::Array(_) => None,
            item => Some(Type::Array(Box::new(item))),
        },
        Type::Named(id) => match &types[id.0].shape {
            Shape::Alias(target) => opened(types, target, wanted),
            _ => None,
        },
        _ => None,
    }
}

/// Keeps bytes and lists of them, and turns deeper ones into strings.
fn keep_bytes(ty: &mut Type) {
    match ty {
        Type::Scalar(_) => {}
        Type::Array(item) if matches!(**item, Type::Scalar(_)) => {}
        ty => to_string_type(ty),
    }
}

fn to_string_type(ty: &mut Type) {
    let mut ty = ty;
    loop {
        match ty {
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => ty = item,
            Type::Scalar(scalar @ Scalar::Binary) => {
                *scalar = Scalar::String;
                return;
            }
            Type::Named(_) | Type::Scalar(_) | Type::Json => return,
        }
    }
}
