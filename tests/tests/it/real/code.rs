//! Code that a caller of a generated client would write: types, and values decoded from JSON.

use generator::model::{NewtypeInner, Openness, Scalar, Shape, Type, TypeId};

use super::document::Document;

/// Returns the type as written in a program that imports the client as `api`.
pub fn type_text(document: &Document, ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => scalar_text(*scalar).to_owned(),
        Type::Named(id) => format!("api::{}", document.def(*id).name),
        Type::Array(item) => format!("Vec<{}>", type_text(document, item)),
        Type::Map(item) => format!("std::collections::BTreeMap<String, {}>", type_text(document, item)),
        Type::Nullable(item) => format!("Option<{}>", type_text(document, item)),
        Type::Json => "api::value::Json".to_owned(),
    }
}

fn scalar_text(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::Int32 => "i32",
        Scalar::Int64 => "i64",
        Scalar::Uint32 => "u32",
        Scalar::Uint64 => "u64",
        Scalar::Float => "f32",
        Scalar::Double => "f64",
        Scalar::Decimal => "api::Decimal",
        Scalar::String => "String",
        Scalar::Date => "api::Date",
        Scalar::DateTime => "api::DateTime",
        Scalar::Uuid => "api::Uuid",
        Scalar::Base64 => "api::value::Base64",
        Scalar::Base64Url => "api::value::Base64Url",
        Scalar::Binary => "api::body::Part",
    }
}

/// Returns the expression that passes a variable as an argument of this type.
pub fn argument(document: &Document, ty: &Type, variable: &str) -> String {
    match document.resolved(ty) {
        Type::Scalar(Scalar::String) | Type::Array(_) => format!("&{variable}[..]"),
        _ if is_copy(document, ty) => variable.to_owned(),
        _ => format!("&{variable}"),
    }
}

fn is_copy(document: &Document, ty: &Type) -> bool {
    match document.resolved(ty) {
        Type::Scalar(scalar) => is_copy_scalar(*scalar),
        Type::Nullable(item) => is_copy(document, item),
        Type::Named(id) => match &document.def(*id).shape {
            Shape::Newtype(newtype) => matches!(newtype.inner, NewtypeInner::Scalar(inner) if is_copy_scalar(inner)),
            Shape::Enum(item) => item.openness == Openness::Closed,
            _ => false,
        },
        Type::Array(_) | Type::Map(_) | Type::Json => false,
    }
}

fn is_copy_scalar(scalar: Scalar) -> bool {
    !matches!(scalar, Scalar::String | Scalar::DateTime | Scalar::Base64 | Scalar::Base64Url | Scalar::Binary)
}

/// Whether a value of the type can contain raw bytes, which JSON can't express.
pub fn holds_bytes(document: &Document, ty: &Type) -> bool {
    fn search(document: &Document, ty: &Type, seen: &mut Vec<TypeId>) -> bool {
        match ty {
            Type::Scalar(scalar) => *scalar == Scalar::Binary,
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => search(document, item, seen),
            Type::Json => false,
            Type::Named(id) if seen.contains(id) => false,
            Type::Named(id) => {
                seen.push(*id);
                match &document.def(*id).shape {
                    Shape::Struct(item) => {
                        let additional = item.additional.iter().map(|additional| &additional.ty);
                        let mut types = item.fields.iter().map(|field| &field.ty).chain(additional);
                        types.any(|ty| search(document, ty, seen))
                    }
                    Shape::Union(item) => item.variants.iter().any(|variant| search(document, &variant.ty, seen)),
                    Shape::Alias(ty) => search(document, ty, seen),
                    Shape::Newtype(item) => match &item.inner {
                        NewtypeInner::Scalar(scalar) => *scalar == Scalar::Binary,
                        NewtypeInner::Other(ty) => search(document, ty, seen),
                    },
                    Shape::Enum(_) => false,
                }
            }
        }
    }
    search(document, ty, &mut Vec::new())
}
