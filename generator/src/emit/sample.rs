//! Samples as the expressions of example code, formatted as rustfmt would.
//!
//! ```text
//! Address::builder()
//!     .city("Riverside")
//!     .build()
//! ```

use super::krate::Crate;
use crate::model::{Construction, Field, Presence, Sample, Scalar, Shape, Type, TypeId, ValueKind};

/// The longest line for an expression with parts.
const WIDTH: usize = 70;

/// What can be written in the place of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A value of the exact type.
    Exact,
    /// Anything that converts into the type: `"text"`, `[items]`.
    Converted,
}

/// Returns the expression for an operation's argument, borrowed if the argument is.
pub(super) fn argument(cx: &Crate<'_>, sample: &Sample, ty: &Type, kind: ValueKind) -> Option<String> {
    match (cx.resolved(ty), sample) {
        (Type::Array(item), Sample::Array(items)) => Some(format!("&{}", list(cx, items, item, Place::Exact)?)),
        (_, Sample::String(text)) if kind == ValueKind::Text => Some(format!("{text:?}")),
        _ if kind.is_copy() => expression(cx, sample, ty, Place::Exact),
        _ => Some(format!("&{}", expression(cx, sample, ty, Place::Exact)?)),
    }
}

/// Returns the expression for a value, or nothing if it can't be written.
pub(super) fn value(cx: &Crate<'_>, sample: &Sample, ty: &Type) -> Option<String> {
    expression(cx, sample, ty, Place::Exact)
}

fn expression(cx: &Crate<'_>, sample: &Sample, ty: &Type, place: Place) -> Option<String> {
    if let Type::Nullable(item) = cx.resolved(ty) {
        return Some(format!("Some({})", expression(cx, sample, item, Place::Exact)?));
    }
    let text = match sample {
        Sample::Bool(value) => value.to_string(),
        Sample::Integer(value) => number(cx, &value.to_string(), ty),
        Sample::Number(text) => number(cx, text, ty),
        Sample::String(text) if place == Place::Converted => format!("{text:?}"),
        Sample::String(text) => format!("{text:?}.to_owned()"),
        Sample::Uuid(text) => format!("{text:?}.parse::<Uuid>()?"),
        Sample::Date(year, month, day) => format!("Date::new({year}, {month}, {day})?"),
        Sample::DateTime(text) => format!("{text:?}.parse::<DateTime>()?"),
        Sample::Base64(bytes) if *cx.resolved(ty) == Type::Scalar(Scalar::Base64Url) => {
            format!("Base64Url::from(vec!{bytes:?})")
        }
        Sample::Base64(bytes) => format!("Base64::from(vec!{bytes:?})"),
        Sample::Json(text) => format!("serde_json::from_str::<Json>({text:?})?"),
        Sample::Array(items) => {
            let Type::Array(item) = cx.resolved(ty) else { return None };
            match place {
                Place::Exact => format!("vec!{}", list(cx, items, item, Place::Exact)?),
                Place::Converted => list(cx, items, item, Place::Converted)?,
            }
        }
        Sample::Map(entries) => map(cx, entries, ty, place)?,
        Sample::Newtype(id, inner) => newtype(cx, *id, inner)?,
        Sample::Variant(id, index) => {
            let Shape::Enum(item) = &cx.def(*id).shape else { return None };
            format!("{}::{}", cx.def(*id).name, item.variants.get(*index)?.rust)
        }
        Sample::Struct(id, fields) => structure(cx, *id, fields)?,
        Sample::Union(id, index, inner) => {
            let Shape::Union(item) = &cx.def(*id).shape else { return None };
            let variant = item.variants.get(*index)?;
            let inner = expression(cx, inner, &variant.ty, Place::Exact)?;
            let inner = if variant.boxed { call("Box::new", &inner) } else { inner };
            call(&format!("{}::{}", cx.def(*id).name, variant.rust), &inner)
        }
    };
    Some(text)
}

/// A number, written for its type.
fn number(cx: &Crate<'_>, text: &str, ty: &Type) -> String {
    let is_whole = !text.contains(['.', 'e', 'E']);
    match cx.resolved(ty) {
        Type::Scalar(Scalar::Decimal) => format!("{text:?}.parse::<Decimal>()?"),
        Type::Scalar(Scalar::Float | Scalar::Double) if is_whole => format!("{text}.0"),
        _ => text.to_owned(),
    }
}

fn newtype(cx: &Crate<'_>, id: TypeId, inner: &Sample) -> Option<String> {
    let name = &cx.def(id).name;
    let Shape::Newtype(item) = &cx.def(id).shape else { return None };
    let ty = item.inner.ty();
    if let Sample::Uuid(text) = inner {
        Some(format!("{text:?}.parse::<{name}>()?"))
    } else {
        let place = if matches!(inner, Sample::String(_)) { Place::Converted } else { Place::Exact };
        Some(call(&format!("{name}::new"), &expression(cx, inner, &ty, place)?))
    }
}

fn map(cx: &Crate<'_>, entries: &[(String, Sample)], ty: &Type, place: Place) -> Option<String> {
    let Type::Map(item) = cx.resolved(ty) else { return None };
    let entries: Option<Vec<String>> = entries
        .iter()
        .map(|(key, value)| {
            let value = expression(cx, value, item, Place::Exact)?;
            Some(match place {
                Place::Converted => format!("({key:?}, {value})"),
                Place::Exact => format!("({key:?}.to_owned(), {value})"),
            })
        })
        .collect();
    let entries = bracketed(&entries?);
    Some(match place {
        Place::Converted => entries,
        Place::Exact => format!("std::collections::BTreeMap::from({entries})"),
    })
}

fn list(cx: &Crate<'_>, items: &[Sample], item: &Type, place: Place) -> Option<String> {
    let is_text = *cx.resolved(item) == Type::Scalar(Scalar::String);
    let place = if is_text { place } else { Place::Exact };
    let items: Option<Vec<String>> = items.iter().map(|sample| expression(cx, sample, item, place)).collect();
    // The type of an empty list's items can't be inferred where the argument is generic.
    items.filter(|items| !items.is_empty()).map(|items| bracketed(&items))
}

/// A list on one line, or with a line for each item.
fn bracketed(items: &[String]) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.len() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let items: String = items.iter().flat_map(|item| ["    ".to_owned(), indented(item), ",\n".to_owned()]).collect();
    format!("[\n{items}]")
}

/// A builder's chain.
fn structure(cx: &Crate<'_>, id: TypeId, fields: &[(usize, Sample)]) -> Option<String> {
    let def = cx.def(id);
    let structure = cx.structure(id)?;
    match structure.construction {
        Construction::New => return Some(format!("{}::new()", def.name)),
        Construction::InTests => return None,
        Construction::Builder => {}
    }
    let mut text = format!("{}::builder()\n", def.name);
    for (index, sample) in fields {
        let field = structure.fields.get(*index)?;
        if !field.is_settable() {
            continue;
        }
        let place = place(field);
        let value = expression(cx, sample, &field.ty, place)?;
        let setter = call(&format!(".{}", field.rust), &value);
        text.extend(["    ", &indented(&setter), "\n"]);
    }
    text.push_str("    .build()");
    Some(text)
}

/// What a field's setter takes.
fn place(field: &Field) -> Place {
    let is_collection = field.value == ValueKind::Map || field.value.is_list();
    let is_nullable = matches!(field.presence, Presence::RequiredNullable | Presence::OptionalNullable);
    let converts = field.value == ValueKind::Text || field.is_required() && !is_nullable && is_collection;
    if converts { Place::Converted } else { Place::Exact }
}

/// A call with one argument. An argument with several lines starts on a new line.
fn call(function: &str, argument: &str) -> String {
    let hugs = argument.starts_with('[') || argument.starts_with("vec![");
    if argument.contains('\n') && !hugs {
        format!("{function}(\n    {},\n)", indented(argument))
    } else {
        format!("{function}({argument})")
    }
}

/// The text with all lines except the first indented by one step.
fn indented(text: &str) -> String {
    text.replace('\n', "\n    ")
}
