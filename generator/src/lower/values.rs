//! How client code handles values: what is `Copy`, what a setter takes, what has a builder, what `Debug` may print.
//!
//! `Vec<String>` is `ValueKind::Texts`: `&[String]` as an argument, `impl IntoIterator<Item = impl Into<String>>` in a
//! setter.

use std::collections::BTreeSet;

use super::aliases::Aliases;
use super::status::is_redirect;
use crate::model::{
    Additional, Answer, AnswerBody, AnswerEnum, AnswerVariant, Api, BodyEnum, BodyKind, Construction, NewtypeInner,
    Openness, Operation, Presence, Scalar, Shape, Show, Status, Struct, Type, TypeId, Usage, ValueKind, Writing,
};

/// The facts about types that a pass needs while it changes the types.
struct Types {
    aliases: Aliases,
    /// For each type whether it is `Copy`.
    copy: Vec<bool>,
    /// The types that are sent as multipart bodies.
    forms: BTreeSet<TypeId>,
    /// Whether a union without a discriminator has to choose.
    has_choice: bool,
}

/// Fills in what follows from the types. Needs to know which types travel in requests.
pub fn find(api: &mut Api) {
    let kinds = api.operations().flat_map(Operation::body_kinds);
    let forms = kinds.filter_map(|kind| match kind {
        BodyKind::Multipart { ty, .. } => Some(*ty),
        _ => None,
    });
    let types = Types {
        forms: forms.collect(),
        copy: api.types.iter().map(|def| is_copy(&def.shape)).collect(),
        aliases: Aliases::of(api),
        has_choice: api.types.iter().any(|def| matches!(&def.shape, Shape::Union(union) if !union.is_tagged())),
    };
    for (index, def) in api.types.iter_mut().enumerate() {
        match &mut def.shape {
            Shape::Struct(object) => types.of_struct(TypeId(index), def.usage, object),
            Shape::Union(union) => {
                union.variants.iter_mut().for_each(|variant| variant.show = types.show(variant.show, &variant.ty));
            }
            Shape::Newtype(newtype) => newtype.show = types.show(newtype.show, &newtype.inner.ty()),
            Shape::Enum(_) | Shape::Alias(_) => {}
        }
    }
    for op in api.groups.iter_mut().flat_map(|group| &mut group.operations) {
        types.of_operation(op);
    }
    for event in api.events.iter_mut().flat_map(|events| &mut events.events) {
        event.show = types.show(Show::Delegate, &event.ty);
    }
}

fn is_copy(shape: &Shape) -> bool {
    match shape {
        Shape::Newtype(newtype) => matches!(newtype.inner, NewtypeInner::Scalar(scalar) if scalar.is_copy()),
        Shape::Enum(item) => item.openness == Openness::Closed,
        Shape::Struct(_) | Shape::Union(_) | Shape::Alias(_) => false,
    }
}

impl Types {
    fn of_struct(&self, id: TypeId, usage: Usage, object: &mut Struct) {
        for field in &mut object.fields {
            field.value = self.kind(&field.ty);
            field.show = self.show(field.show, &field.ty);
            let is_plain = matches!(field.presence, Presence::Required | Presence::Optional);
            field.constant = field.constant.filter(|_| self.has_choice && is_plain);
        }
        let has_parts = object.fields.iter().any(|field| matches!(field.value, ValueKind::Part | ValueKind::Parts));
        object.writing = match (has_parts, self.forms.contains(&id)) {
            (true, _) => Writing::Parts,
            (false, true) => Writing::SerdeOrParts,
            (false, false) => Writing::Serde,
        };
        object.construction = match usage.request {
            false => Construction::InTests,
            true if object.fields.is_empty() && object.additional.is_none() => Construction::New,
            true => Construction::Builder,
        };
        object.additional.iter_mut().for_each(holds_named);
    }

    fn of_operation(&self, op: &mut Operation) {
        let optional = op.optional.iter_mut().flat_map(|params| &mut params.parameters);
        for parameter in op.required.iter_mut().chain(optional) {
            parameter.value = self.kind(&parameter.ty);
            parameter.show = self.show(parameter.show, &parameter.ty);
        }
        match op.body.as_mut().map(|body| &mut body.kind) {
            Some(BodyKind::Several(several)) => self.of_body_enum(several),
            Some(kind) => self.of_body(kind),
            None => {}
        }
        if let Answer::Several(several) = &mut op.answer {
            several.last_resort = last_resort(several);
            several.variants.iter_mut().for_each(|variant| self.of_answer(variant));
        }
        let failures = op.error_type.iter_mut().flat_map(|error| &mut error.variants);
        failures.for_each(|variant| self.of_answer(variant));
    }

    fn of_body(&self, kind: &mut BodyKind) {
        if let BodyKind::Json { ty, value, .. } | BodyKind::Form { ty, value, .. } = kind {
            *value = self.kind(ty);
        }
    }

    fn of_body_enum(&self, several: &mut BodyEnum) {
        let mut taken: Vec<TypeId> = Vec::new();
        for variant in &mut several.variants {
            self.of_body(&mut variant.kind);
            let ty = variant.kind.ty();
            variant.show = match (&variant.kind, &ty) {
                (BodyKind::Text { .. }, _) => Show::Redacted,
                (_, Some(ty)) => self.show(Show::Delegate, ty),
                (_, None) => Show::Delegate,
            };
            if let Some(Type::Named(id)) = ty.as_ref().map(|ty| self.aliases.resolved(ty))
                && !taken.contains(id)
            {
                variant.converts = true;
                taken.push(*id);
            }
        }
    }

    fn of_answer(&self, variant: &mut AnswerVariant) {
        variant.show = match &variant.body {
            AnswerBody::Data(ty) | AnswerBody::Whole(ty) | AnswerBody::Json(ty) => self.show(Show::Delegate, ty),
            AnswerBody::Text => Show::Redacted,
            // A stream's own `Debug` shows nothing that passes through it.
            _ => Show::Delegate,
        };
    }

    fn kind(&self, ty: &Type) -> ValueKind {
        match self.aliases.resolved(ty) {
            Type::Scalar(Scalar::Bool) => ValueKind::Bool,
            Type::Scalar(Scalar::String) => ValueKind::Text,
            Type::Scalar(Scalar::Binary) => ValueKind::Part,
            Type::Scalar(scalar) if scalar.is_copy() => ValueKind::Copy,
            Type::Named(TypeId(index)) if self.copy[*index] => ValueKind::Copy,
            Type::Nullable(item) if self.kind(item).is_copy() => ValueKind::Copy,
            Type::Scalar(_) | Type::Named(_) | Type::Nullable(_) => ValueKind::Object,
            Type::Array(item) => match self.aliases.resolved(item) {
                Type::Scalar(Scalar::String) => ValueKind::Texts,
                Type::Scalar(Scalar::Binary) => ValueKind::Parts,
                _ => ValueKind::List,
            },
            Type::Map(_) => ValueKind::Map,
            Type::Json => ValueKind::Json,
        }
    }

    /// A value whose own `Debug` hides nothing is redacted.
    fn show(&self, show: Show, ty: &Type) -> Show {
        if show == Show::Delegate && !self.hides_itself(ty) { Show::Redacted } else { show }
    }

    /// Whether the type's own `Debug` hides what has to be hidden.
    fn hides_itself(&self, ty: &Type) -> bool {
        match self.aliases.resolved(ty) {
            Type::Named(_) | Type::Json | Type::Scalar(Scalar::Base64 | Scalar::Base64Url | Scalar::Binary) => true,
            Type::Array(item) | Type::Nullable(item) => self.hides_itself(item),
            Type::Scalar(_) | Type::Map(_) => false,
        }
    }
}

fn holds_named(additional: &mut Additional) {
    let mut ty = &additional.ty;
    while let Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) = ty {
        ty = inner;
    }
    additional.holds_named = matches!(ty, Type::Named(_));
}

/// Of the variants that are read for any media type of their status, the one for the most statuses. Only documented
/// redirects are read.
fn last_resort(answer: &AnswerEnum) -> usize {
    let rank = |status: Status| match status {
        Status::Default => 0,
        Status::Range(_) => 1,
        Status::Code(_) => 2,
    };
    let mut others: Vec<usize> = (0..answer.variants.len()).collect();
    others.retain(|index| answer.variants[*index].is_otherwise);
    let rank = |status| (is_redirect(status), rank(status));
    others.into_iter().min_by_key(|index| rank(answer.variants[*index].status)).unwrap_or_default()
}
