//! The capabilities that a client needs, from its finished model.
//!
//! A property of the type `{type: string, format: date}` needs [`Capability::Date`].

use std::collections::BTreeSet;

use crate::model::{
    AnswerBody, Api, BodyKind, Capability, Construction, EnumRepr, NewtypeInner, Openness, Operation, Presence, Rules,
    Scalar, Shape, Struct, Type, TypeDef,
};

/// Returns the capabilities that the client needs.
pub(super) fn needed(api: &Api) -> BTreeSet<Capability> {
    let mut found = Found::default();
    for op in api.operations() {
        found.operation(op);
    }
    for def in &api.types {
        found.type_def(def);
    }
    if let Some(ty) = &api.error_body {
        found.value(ty);
    }
    if let Some(events) = &api.events {
        found.add(Capability::Events);
        found.add_if(events.header.is_some(), Capability::Receiver);
    }
    found.0
}

/// The capabilities found so far.
#[derive(Default)]
struct Found(BTreeSet<Capability>);

impl Found {
    fn add(&mut self, capability: Capability) {
        self.0.insert(capability);
    }

    fn add_if(&mut self, is_needed: bool, capability: Capability) {
        if is_needed {
            self.add(capability);
        }
    }

    fn operation(&mut self, op: &Operation) {
        self.add(Capability::Blocking);
        self.add_if(op.optional.is_some(), Capability::Builders);
        for param in op.parameters() {
            self.value(&param.ty);
            self.rules(&param.rules);
        }
        for kind in op.body_kinds() {
            self.body(kind);
        }
        for body in op.answer.bodies() {
            self.response(body);
            self.add_if(body.is_stream(), Capability::Streams);
        }
        for variant in op.error_type.iter().flat_map(|error| &error.variants) {
            self.response(&variant.body);
        }
    }

    fn body(&mut self, kind: &BodyKind) {
        match kind {
            BodyKind::Json { ty, rules, .. } | BodyKind::Form { ty, rules, .. } => {
                self.value(ty);
                self.rules(rules);
            }
            BodyKind::Text { rules, .. } => self.rules(rules),
            BodyKind::Multipart { .. } => self.add(Capability::Multipart),
            BodyKind::Media { .. } => self.add(Capability::MediaRanges),
            BodyKind::Bytes { .. } | BodyKind::Several(_) => {}
        }
    }

    fn response(&mut self, body: &AnswerBody) {
        if let Some(ty) = body.ty() {
            self.value(ty);
        }
    }

    fn type_def(&mut self, def: &TypeDef) {
        self.add_if(def.checked, Capability::Checks);
        match &def.shape {
            Shape::Struct(item) => self.structure(item),
            Shape::Enum(item) if item.openness == Openness::Open => self.add(match item.repr {
                EnumRepr::String => Capability::OpenEnums,
                EnumRepr::Integer => Capability::OpenIntegerEnums,
            }),
            Shape::Enum(_) => {}
            Shape::Newtype(item) => match &item.inner {
                NewtypeInner::Scalar(scalar) => self.scalar(*scalar),
                NewtypeInner::Other(ty) => self.value(ty),
            },
            Shape::Union(item) => {
                self.add(Capability::Unions);
                // An open union keeps what fits no variant as JSON.
                self.add_if(item.openness != Openness::Closed, Capability::Json);
                item.variants.iter().for_each(|variant| self.value(&variant.ty));
            }
            Shape::Alias(ty) => self.value(ty),
        }
    }

    fn structure(&mut self, item: &Struct) {
        self.add_if(item.construction == Construction::Builder, Capability::Builders);
        for field in &item.fields {
            self.value(&field.ty);
            self.add_if(field.presence == Presence::OptionalNullable, Capability::Nullable);
        }
        if let Some(additional) = &item.additional {
            self.value(&additional.ty);
        }
    }

    fn value(&mut self, ty: &Type) {
        match ty {
            Type::Scalar(scalar) => self.scalar(*scalar),
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => self.value(item),
            Type::Json => self.add(Capability::Json),
            Type::Named(_) => {}
        }
    }

    fn scalar(&mut self, scalar: Scalar) {
        match scalar {
            Scalar::Base64 => self.add(Capability::Base64),
            Scalar::Base64Url => self.add(Capability::Base64Url),
            Scalar::Binary => self.add(Capability::Multipart),
            Scalar::Date => self.add(Capability::Date),
            Scalar::DateTime => self.add(Capability::DateTime),
            Scalar::Decimal => self.add(Capability::Decimal),
            Scalar::Uuid => self.add(Capability::Uuid),
            Scalar::Bool
            | Scalar::Int32
            | Scalar::Int64
            | Scalar::Uint32
            | Scalar::Uint64
            | Scalar::Float
            | Scalar::Double
            | Scalar::String => {}
        }
    }

    fn rules(&mut self, rules: &Rules) {
        self.add_if(!rules.is_empty(), Capability::Checks);
    }
}
