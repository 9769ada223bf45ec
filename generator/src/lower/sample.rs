//! Values for the documentation's example code.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Pointer;
use crate::model::{Api, EnumValue, Field, NewtypeInner, Sample, Scalar, Shape, Type, TypeId};

/// How deep a made-up value goes. Deeper parts are left out; if they are required, the value is too.
const DEPTH: usize = 8;

/// The key of a parameter's example: its operation and its name.
pub fn parameter_key(operation: &Pointer, wire: &str) -> String {
    format!("{operation} {wire}")
}

/// Gives every parameter and body a value: the document's example where it fits.
pub fn fill(api: &mut Api, examples: &BTreeMap<String, Value>) {
    let mut groups = std::mem::take(&mut api.groups);
    for op in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let optional = op.optional.iter_mut().flat_map(|params| &mut params.parameters);
        for parameter in op.required.iter_mut().chain(optional) {
            let example = examples.get(&parameter_key(&op.pointer, &parameter.wire));
            parameter.sample = example
                .and_then(|example| sample(api, &parameter.ty, Some(example), DEPTH))
                .or_else(|| sample(api, &parameter.ty, None, DEPTH));
        }
        if let Some(body) = &mut op.body {
            let example = examples.get(&op.pointer.to_string());
            let ty = body.kind.each()[0].ty().unwrap_or(Type::Scalar(Scalar::String));
            body.sample = example
                .and_then(|example| sample(api, &ty, Some(example), DEPTH))
                .or_else(|| sample(api, &ty, None, DEPTH));
        }
    }
    api.groups = groups;
}

/// Returns the value as a sample of the type, or a made-up one if `value` is `None`. Returns `None` if the value does not
/// fit or goes too deep.
fn sample(api: &Api, ty: &Type, value: Option<&Value>, depth: usize) -> Option<Sample> {
    let depth = depth.checked_sub(1)?;
    match ty {
        Type::Scalar(kind) => scalar(*kind, value),
        Type::Json => Some(Sample::Json(value.map_or_else(|| "{}".to_owned(), Value::to_string))),
        Type::Nullable(inner) => sample(api, inner, value, depth),
        Type::Array(item) => match value {
            None => Some(Sample::Array(vec![sample(api, item, None, depth)?])),
            Some(value) => {
                let items = value.as_array()?.iter().map(|value| sample(api, item, Some(value), depth));
                items.collect::<Option<_>>().map(Sample::Array)
            }
        },
        Type::Map(item) => match value {
            None => Some(Sample::Map(Vec::new())),
            Some(value) => {
                let entries = value.as_object()?.iter();
                let entries = entries.map(|(key, value)| Some((key.clone(), sample(api, item, Some(value), depth)?)));
                entries.collect::<Option<_>>().map(Sample::Map)
            }
        },
        Type::Named(id) => named(api, *id, value, depth),
    }
}

fn named(api: &Api, id: TypeId, value: Option<&Value>, depth: usize) -> Option<Sample> {
    match &api.types[id.0].shape {
        Shape::Alias(ty) => sample(api, ty, value, depth),
        Shape::Newtype(newtype) => {
            let inner = match &newtype.inner {
                NewtypeInner::Scalar(kind) => scalar(*kind, value)?,
                NewtypeInner::Other(ty) => sample(api, ty, value, depth)?,
            };
            Some(Sample::Newtype(id, Box::new(inner)))
        }
        Shape::Enum(choices) => {
            let index = match value {
                None => (!choices.variants.is_empty()).then_some(0)?,
                Some(value) => choices.variants.iter().position(|variant| match &variant.wire {
                    EnumValue::String(wire) => value.as_str() == Some(wire),
                    EnumValue::Integer(wire) => value.as_i64() == Some(*wire),
                })?,
            };
            Some(Sample::Variant(id, index))
        }
        Shape::Union(union) => union.variants.iter().enumerate().find_map(|(index, variant)| {
            Some(Sample::Union(id, index, Box::new(sample(api, &variant.ty, value, depth)?)))
        }),
        Shape::Struct(object) => {
            let mut fields = Vec::new();
            for (index, field) in object.fields.iter().enumerate() {
                match of_field(api, field, value, depth) {
                    FieldSample::Is(sample) => fields.push((index, sample)),
                    FieldSample::LeftOut => {}
                    FieldSample::Missing => return None,
                }
            }
            Some(Sample::Struct(id, fields))
        }
    }
}

/// A field of an example.
enum FieldSample {
    Is(Sample),
    /// The field is optional, and has no value.
    LeftOut,
    /// The field is required, and no value fits.
    Missing,
}

fn of_field(api: &Api, field: &Field, object: Option<&Value>, depth: usize) -> FieldSample {
    let is_required = field.is_required();
    let value = match object.map(Value::as_object) {
        None => None,
        Some(None) => return FieldSample::Missing,
        Some(Some(object)) => object.get(&field.wire).filter(|value| !value.is_null()),
    };
    if value.is_none() && !is_required {
        return FieldSample::LeftOut;
    }
    match sample(api, &field.ty, value, depth) {
        Some(sample) => FieldSample::Is(sample),
        None if is_required => FieldSample::Missing,
        None => FieldSample::LeftOut,
    }
}

fn scalar(kind: Scalar, value: Option<&Value>) -> Option<Sample> {
    let text = |made_up: &str| match value {
        None => Some(made_up.to_owned()),
        Some(value) => value.as_str().map(str::to_owned),
    };
    match kind {
        Scalar::Bool => value.map_or(Some(true), Value::as_bool).map(Sample::Bool),
        Scalar::Int32 => {
            value.map_or(Some(1), Value::as_i64).filter(|number| i32::try_from(*number).is_ok()).map(Sample::Integer)
        }
        Scalar::Uint32 => {
            value.map_or(Some(1), Value::as_i64).filter(|number| u32::try_from(*number).is_ok()).map(Sample::Integer)
        }
        Scalar::Uint64 => value.map_or(Some(1), Value::as_i64).filter(|number| *number >= 0).map(Sample::Integer),
        Scalar::Int64 => value.map_or(Some(1), Value::as_i64).map(Sample::Integer),
        Scalar::Float | Scalar::Double | Scalar::Decimal => match value {
            None => Some(Sample::Number("1".to_owned())),
            Some(Value::Number(number)) => Some(Sample::Number(number.to_string())),
            Some(_) => None,
        },
        Scalar::String => text("text").map(Sample::String),
        Scalar::Uuid => text("5f0c6a3e-8a3b-4b1d-9a55-0d2f6e1c7b90").filter(|text| is_uuid(text)).map(Sample::Uuid),
        Scalar::Date => date(&text("2026-01-15")?),
        Scalar::DateTime => text("2026-01-31T12:00:00Z").filter(|text| text.len() >= 20).map(Sample::DateTime),
        Scalar::Base64 | Scalar::Base64Url => match value {
            None => Some(Sample::Base64(b"bytes".to_vec())),
            Some(_) => None,
        },
        Scalar::Binary => None,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn date(text: &str) -> Option<Sample> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let year: i16 = year.parse().ok()?;
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    ((1..=12).contains(&month) && (1..=last).contains(&day)).then_some(Sample::Date(year, month, day))
}
