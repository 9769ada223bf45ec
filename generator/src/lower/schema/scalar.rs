//! Types and formats without parts.

use openapiv3::AnySchema;

use crate::model::Scalar;

/// Returns the scalar that a schema's `type` and `format` mean. A format that OpenAPI does not know
/// is legal and means the plain type.
pub fn scalar(any: &AnySchema) -> Option<Scalar> {
    let format = any.format.as_deref();
    Some(match any.typ.as_deref()? {
        "boolean" => Scalar::Bool,
        "integer" => match format {
            Some("int32") => Scalar::Int32,
            _ => Scalar::Int64,
        },
        "number" => match format {
            Some("float") => Scalar::Float,
            Some("decimal") => Scalar::Decimal,
            Some("int32") => Scalar::Int32,
            Some("int64") => Scalar::Int64,
            _ => Scalar::Double,
        },
        "string" => match format {
            Some("date") => Scalar::Date,
            Some("date-time") => Scalar::DateTime,
            Some("uuid") => Scalar::Uuid,
            Some("byte") => Scalar::Base64,
            Some("binary") => Scalar::Binary,
            _ => Scalar::String,
        },
        _ => return None,
    })
}
