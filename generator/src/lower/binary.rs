//! Raw bytes: a part of a multipart body, or a whole body. Anywhere else, in JSON say, a document that
//! says `format: binary` means a text, as JSON has no bytes.

use std::collections::BTreeSet;

use super::context::Context;
use super::each;
use crate::diagnostic::Diagnostic;
use crate::model::{Api, BodyKind, NewtypeInner, Scalar, Shape, Type, TypeId};

/// Leaves raw bytes where they can be sent: as fields, and lists of them, of types that are sent as
/// parts and in no other way.
pub fn settle(cx: &mut Context<'_>, api: &mut Api) {
    let forms = forms(api);
    let elsewhere = elsewhere(api, &forms);
    for TypeId(index) in forms.intersection(&elsewhere) {
        if has_bytes(api, TypeId(*index)) {
            let message = "this object is a multipart body here and JSON elsewhere; its bytes are taken as text";
            let help = "give the multipart body a schema of its own";
            cx.report(Diagnostic::warning("binary-in-json", &api.types[*index].pointer, message).at_key().help(help));
        }
    }
    for id in forms.difference(&elsewhere) {
        open_aliases(api, *id);
    }
    for (index, def) in api.types.iter_mut().enumerate() {
        let id = TypeId(index);
        let is_form = forms.contains(&id) && !elsewhere.contains(&id);
        match &mut def.shape {
            Shape::Struct(object) if is_form => {
                object.fields.iter_mut().for_each(|field| to_text_within(&mut field.ty));
                object.additional.iter_mut().for_each(|additional| to_text(&mut additional.ty));
            }
            Shape::Newtype(newtype) if matches!(newtype.inner, NewtypeInner::Scalar(Scalar::Binary)) => {
                newtype.inner = NewtypeInner::Scalar(Scalar::String);
            }
            shape => each::in_shape_mut(shape, &mut to_text),
        }
    }
    each::root_mut(api, &mut |_, ty| to_text(ty));
}

/// Whether a field of the type would be bytes.
fn has_bytes(api: &Api, id: TypeId) -> bool {
    let Shape::Struct(object) = &api.types[id.0].shape else { return false };
    object.fields.iter().any(|field| bytes(api, &field.ty).is_some())
}

/// The types that are sent as parts.
fn forms(api: &Api) -> BTreeSet<TypeId> {
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let kinds = operations.filter_map(|op| op.body.as_ref()).flat_map(|body| body.kind.each());
    let ids = kinds.filter_map(|kind| match kind {
        BodyKind::Multipart { ty, .. } => Some(*ty),
        _ => None,
    });
    ids.collect()
}

/// The types that travel in another way, if only inside of a form.
fn elsewhere(api: &mut Api, forms: &BTreeSet<TypeId>) -> BTreeSet<TypeId> {
    let mut open = Vec::new();
    let mut roots = Vec::new();
    each::root_mut(api, &mut |_, ty| each::named(ty, &mut |id| roots.push(id)));
    // A form is a root once for each operation that sends it as one.
    for op in api.groups.iter().flat_map(|group| &group.operations) {
        for kind in op.body.iter().flat_map(|body| body.kind.each()) {
            if let BodyKind::Multipart { ty, .. } = kind
                && let Some(at) = roots.iter().position(|root| root == ty)
            {
                roots.swap_remove(at);
            }
        }
    }
    open.extend(roots);
    for TypeId(index) in forms {
        each::in_shape(&api.types[*index].shape, &mut |ty| each::named(ty, &mut |id| open.push(id)));
    }
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            each::in_shape(&api.types[id.0].shape, &mut |ty| each::named(ty, &mut |id| open.push(id)));
        }
    }
    found
}

/// Puts raw bytes in the place of aliases of them, which stand for a text elsewhere.
fn open_aliases(api: &mut Api, form: TypeId) {
    let Shape::Struct(object) = &api.types[form.0].shape else { return };
    let opened: Vec<Option<Type>> = object.fields.iter().map(|field| bytes(api, &field.ty)).collect();
    let Shape::Struct(object) = &mut api.types[form.0].shape else { return };
    for (field, opened) in object.fields.iter_mut().zip(opened) {
        if let Some(ty) = opened {
            field.ty = ty;
        }
    }
}

/// The type without aliases, where it is bytes or a list of them in the end.
fn bytes(api: &Api, ty: &Type) -> Option<Type> {
    // A circle of aliases was opened before.
    match ty {
        Type::Scalar(Scalar::Binary) => Some(ty.clone()),
        Type::Array(item) => match bytes(api, item)? {
            item @ Type::Scalar(_) => Some(Type::Array(Box::new(item))),
            _ => None,
        },
        Type::Named(id) => match &api.types[id.0].shape {
            Shape::Alias(target) => bytes(api, target),
            _ => None,
        },
        _ => None,
    }
}

/// Keeps bytes and lists of them, and makes texts of those that lie deeper.
fn to_text_within(ty: &mut Type) {
    match ty {
        Type::Scalar(_) => {}
        Type::Array(item) if matches!(**item, Type::Scalar(_)) => {}
        ty => to_text(ty),
    }
}

fn to_text(ty: &mut Type) {
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
