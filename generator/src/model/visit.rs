//! The types inside of shapes and operations: one visitor, shared and exclusive.

use super::{Answer, AnswerBody, BodyKind, Newtype, NewtypeInner, Operation, Shape, Type, TypeId};

/// Which way a type of an operation travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the server.
    Request,
    /// From the server.
    Response,
}

/// Writes both forms of a visitor. `$iter` and `$option` are the methods that borrow the items of a list and of an option,
/// `$ty` the one that borrows the type of a body.
macro_rules! visitor {
    ($shape:ident, $operation:ident, $body:ident, $iter:ident, $option:ident, $ty:ident $(, $mut:tt)?) => {
        /// Calls `visit` on every type that a shape is made of.
        pub fn $shape(shape: &$($mut)? Shape, visit: &mut impl FnMut(&$($mut)? Type)) {
            match shape {
                Shape::Struct(object) => {
                    object.fields.$iter().for_each(|field| visit(&$($mut)? field.ty));
                    object.additional.$iter().for_each(|additional| visit(&$($mut)? additional.ty));
                }
                Shape::Union(union) => union.variants.$iter().for_each(|variant| visit(&$($mut)? variant.ty)),
                Shape::Alias(ty) | Shape::Newtype(Newtype { inner: NewtypeInner::Other(ty), .. }) => visit(ty),
                Shape::Newtype(_) | Shape::Enum(_) => {}
            }
        }

        /// Calls `visit` on every type that an operation names itself.
        pub fn $operation(op: &$($mut)? Operation, visit: &mut impl FnMut(Way, &$($mut)? Type)) {
            let optional = op.optional.$iter().flat_map(|params| params.parameters.$iter());
            op.required.$iter().chain(optional).for_each(|param| visit(Way::Request, &$($mut)? param.ty));
            match op.body.$option().map(|body| &$($mut)? body.kind) {
                Some(BodyKind::Several(several)) => {
                    several.variants.$iter().for_each(|variant| $body(&$($mut)? variant.kind, visit));
                }
                Some(kind) => $body(kind, visit),
                None => {}
            }
            let mut response = |body: &$($mut)? AnswerBody| {
                if let Some(ty) = body.$ty() {
                    visit(Way::Response, ty);
                }
            };
            match &$($mut)? op.answer {
                Answer::One(body) => response(body),
                Answer::Several(several) => several.variants.$iter().for_each(|variant| response(&$($mut)? variant.body)),
            }
            let errors = op.error_type.$iter().flat_map(|error| error.variants.$iter());
            errors.for_each(|variant| response(&$($mut)? variant.body));
            op.failures
                .$iter()
                .flat_map(|failure| failure.bodies.$iter())
                .for_each(|found| response(&$($mut)? found.body));
        }
    };
}

visitor!(shape, operation, body, iter, as_ref, ty);
visitor!(shape_mut, operation_mut, body_mut, iter_mut, as_mut, ty_mut, mut);

fn body(kind: &BodyKind, visit: &mut impl FnMut(Way, &Type)) {
    match kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => visit(Way::Request, ty),
        BodyKind::Multipart { ty, .. } => visit(Way::Request, &Type::Named(*ty)),
        BodyKind::Text { .. } | BodyKind::Bytes { .. } | BodyKind::Media { .. } | BodyKind::Several(_) => {}
    }
}

fn body_mut(kind: &mut BodyKind, visit: &mut impl FnMut(Way, &mut Type)) {
    match kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => visit(Way::Request, ty),
        BodyKind::Multipart { ty, .. } => {
            let mut form = Type::Named(*ty);
            visit(Way::Request, &mut form);
            if let Type::Named(id) = form {
                *ty = id;
            }
        }
        BodyKind::Text { .. } | BodyKind::Bytes { .. } | BodyKind::Media { .. } | BodyKind::Several(_) => {}
    }
}

/// Returns the named type that a type is, or that its items are.
#[must_use]
pub fn named(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Array(item) | Type::Map(item) | Type::Nullable(item) => named(item),
        Type::Named(id) => Some(*id),
        Type::Scalar(_) | Type::Json => None,
    }
}

/// Replaces the named type that a type is, or that its items are.
pub fn rename(ty: &mut Type, new: &impl Fn(TypeId) -> TypeId) {
    match ty {
        Type::Array(item) | Type::Map(item) | Type::Nullable(item) => rename(item, new),
        Type::Named(id) => *id = new(*id),
        Type::Scalar(_) | Type::Json => {}
    }
}
