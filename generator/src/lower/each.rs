//! Walks over the model's types.

use crate::model::{Answer, AnswerBody, Api, BodyKind, NewtypeInner, Operation, Shape, Type, TypeId};

/// Calls `visit` on every type that a shape is made of.
pub fn in_shape<'m>(shape: &'m Shape, visit: &mut impl FnMut(&'m Type)) {
    match shape {
        Shape::Struct(object) => {
            object.fields.iter().for_each(|field| visit(&field.ty));
            object.additional.iter().for_each(|additional| visit(&additional.ty));
        }
        Shape::Union(union) => union.variants.iter().for_each(|variant| visit(&variant.ty)),
        Shape::Alias(ty) => visit(ty),
        Shape::Newtype(newtype) => {
            if let NewtypeInner::Other(ty) = &newtype.inner {
                visit(ty);
            }
        }
        Shape::Enum(_) => {}
    }
}

/// Calls `visit` on every type that a shape is made of.
pub fn in_shape_mut(shape: &mut Shape, visit: &mut impl FnMut(&mut Type)) {
    match shape {
        Shape::Struct(object) => {
            object.fields.iter_mut().for_each(|field| visit(&mut field.ty));
            object.additional.iter_mut().for_each(|additional| visit(&mut additional.ty));
        }
        Shape::Union(union) => union.variants.iter_mut().for_each(|variant| visit(&mut variant.ty)),
        Shape::Alias(ty) => visit(ty),
        Shape::Newtype(newtype) => {
            if let NewtypeInner::Other(ty) = &mut newtype.inner {
                visit(ty);
            }
        }
        Shape::Enum(_) => {}
    }
}

/// Which way a type of an operation travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Request,
    Response,
}

/// Calls `visit` on every type that an operation names by itself.
pub fn in_operation_mut(op: &mut Operation, visit: &mut impl FnMut(Way, &mut Type)) {
    let optional = op.optional.iter_mut().flat_map(|params| &mut params.parameters);
    op.required.iter_mut().chain(optional).for_each(|parameter| visit(Way::Request, &mut parameter.ty));
    if let Some(body) = &mut op.body {
        match &mut body.kind {
            BodyKind::Several(several) => {
                several.variants.iter_mut().for_each(|item| in_body_mut(&mut item.kind, visit));
            }
            kind => in_body_mut(kind, visit),
        }
    }
    let errors = op.error_type.iter_mut().flat_map(|error| &mut error.variants).map(|variant| &mut variant.body);
    let failures = op.failures.iter_mut().filter_map(|failure| failure.body.as_mut());
    let answers: Vec<&mut AnswerBody> = match &mut op.answer {
        Answer::One(body) => vec![body],
        Answer::Several(several) => several.variants.iter_mut().map(|variant| &mut variant.body).collect(),
    };
    for body in answers.into_iter().chain(errors).chain(failures) {
        if let Some(ty) = body.ty_mut() {
            visit(Way::Response, ty);
        }
    }
}

fn in_body_mut(kind: &mut BodyKind, visit: &mut impl FnMut(Way, &mut Type)) {
    match kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => visit(Way::Request, ty),
        BodyKind::Multipart { ty: id, .. } => {
            let mut ty = Type::Named(*id);
            visit(Way::Request, &mut ty);
            if let Type::Named(new) = ty {
                *id = new;
            }
        }
        BodyKind::Text { .. } | BodyKind::Bytes { .. } | BodyKind::Media { .. } | BodyKind::Several(_) => {}
    }
}

/// Calls `visit` on every type that the operations, the events and the shared error body name.
pub fn root_mut(api: &mut Api, visit: &mut impl FnMut(Way, &mut Type)) {
    for op in api.groups.iter_mut().flat_map(|group| &mut group.operations) {
        in_operation_mut(op, visit);
    }
    api.error_body.iter_mut().for_each(|ty| visit(Way::Response, ty));
    for event in api.events.iter_mut().flat_map(|events| &mut events.events) {
        visit(Way::Response, &mut event.ty);
    }
}

/// Calls `visit` on every named type inside of a type.
pub fn named(ty: &Type, visit: &mut impl FnMut(TypeId)) {
    let mut ty = ty;
    loop {
        match ty {
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => ty = item,
            Type::Named(id) => return visit(*id),
            Type::Scalar(_) | Type::Json => return,
        }
    }
}

/// Replaces every named type inside of a type.
pub fn rename(ty: &mut Type, new: &impl Fn(TypeId) -> TypeId) {
    let mut ty = ty;
    loop {
        match ty {
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => ty = item,
            Type::Named(id) => {
                *id = new(*id);
                return;
            }
            Type::Scalar(_) | Type::Json => return,
        }
    }
}
