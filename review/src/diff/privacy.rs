//! What `Debug` shows and what it withholds: the model's word on each value, before and after.

use std::collections::BTreeMap;

use super::delivery;
use super::finding::{Class, Finding, Side};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::model::{Api, NewtypeInner, Operation, Parameter, Shape, Show, Type, TypeDef};

/// The extension that says what becomes of a value.
const MARK: &str = "x-client-privacy";

/// What becomes of a value in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Shown,
    Withheld,
    /// It has parts, each of which speaks for itself.
    ByParts,
}

/// A value that has a place.
struct Value {
    seen: Seen,
    /// The named type that decides it, where the value does not; what becomes of that type is said once, for the type.
    by: Option<String>,
    pointer: Pointer,
}

/// Compares the two models, value by value.
#[must_use]
pub fn compare(old: &Reading<'_>, new: &Reading<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (was, is) = (values(&old.api), values(&new.api));
    for (subject, before) in &was {
        let Some(after) = is.get(subject) else { continue };
        change(subject, before, after, &mut findings);
    }
    for (before, after) in delivery::pairs(&old.api, &new.api) {
        let is = parameters(new, after);
        for (subject, before) in parameters(old, before) {
            if let Some(after) = is.get(&subject) {
                change(&subject, &before, after, &mut findings);
            }
        }
    }
    for finding in &mut findings {
        finding.old = finding.old.take().map(|pointer| marked(old, pointer));
        finding.new = finding.new.take().map(|pointer| marked(new, pointer));
    }
    findings
}

/// Returns the place of a value's mark, or of the value if it has none.
fn marked(reading: &Reading<'_>, pointer: Pointer) -> Pointer {
    let written = reading.written(&pointer);
    let inner: [&[&str]; 4] = [&[], &["items"], &["schema"], &["schema", "items"]];
    let marks = inner.iter().map(|keys| keys.iter().fold(written.clone(), |at, key| at.key(key)).key(MARK));
    let mut found = marks.filter(|mark| reading.document.root.find(mark).is_some());
    found.next().unwrap_or(pointer)
}

fn change(subject: &str, before: &Value, after: &Value, findings: &mut Vec<Finding>) {
    if before.by.is_some() && before.by == after.by {
        return;
    }
    let finding = match (before.seen, after.seen) {
        (Seen::Withheld, Seen::Shown) => {
            let message = format!("`{subject}` became visible: logs show what was withheld");
            Finding::new("became-visible", Class::Compatible, Side::Privacy, subject, message).blocking()
        }
        (Seen::Shown, Seen::Withheld) => {
            let message = format!("`{subject}` is withheld now: logs lose it");
            Finding::new("became-withheld", Class::Breaking, Side::Privacy, subject, message)
        }
        _ => return,
    };
    findings.push(finding.old(&before.pointer).new_at(&after.pointer));
}

/// What becomes of the fields, newtypes and enums of a model, by their names.
fn values(api: &Api) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    for def in &api.types {
        let name = def.name.as_str();
        let mut add = |subject: String, (seen, by), pointer: Pointer| {
            values.insert(subject, Value { seen, by, pointer });
        };
        match &def.shape {
            Shape::Struct(object) => {
                for field in &object.fields {
                    let pointer = def.pointer.key("properties").key(&field.wire);
                    add(format!("{name}.{}", field.wire), seen(api, field.show, &field.ty), pointer);
                }
                if let Some(rest) = &object.additional {
                    let pointer = def.pointer.key("additionalProperties");
                    add(format!("{name}{{}}"), seen(api, rest.show, &rest.ty), pointer);
                }
            }
            Shape::Enum(it) => {
                add(name.to_owned(), (own(it.show), None), def.pointer.clone());
            }
            Shape::Newtype(it) => {
                let seen = match &it.inner {
                    NewtypeInner::Scalar(_) => (own(it.show), None),
                    NewtypeInner::Other(ty) => seen(api, it.show, ty),
                };
                add(name.to_owned(), seen, def.pointer.clone());
            }
            Shape::Union(union) => {
                for variant in &union.variants {
                    let subject = format!("{name}|{}", variant.rust.as_str());
                    add(subject, seen(api, variant.show, &variant.ty), def.pointer.clone());
                }
            }
            Shape::Alias(_) => {}
        }
    }
    values
}

fn parameters(reading: &Reading<'_>, operation: &Operation) -> BTreeMap<String, Value> {
    let optional = operation.optional.iter().flat_map(|params| &params.parameters);
    let value = |parameter: &Parameter| {
        let (seen, by) = seen(&reading.api, parameter.show, &parameter.ty);
        let pointer = declared(reading, operation, &parameter.wire);
        (format!("{}({})", operation.id, parameter.wire), Value { seen, by, pointer })
    };
    operation.required.iter().chain(optional).map(value).collect()
}

/// Returns the place of a parameter: in the list of its operation, in that of the path, or where they refer to.
fn declared(reading: &Reading<'_>, operation: &Operation, wire: &str) -> Pointer {
    let own = operation.pointer.key("parameters");
    let path = operation.pointer.parent().map(|path| path.key("parameters"));
    let mut lists = std::iter::once(&own).chain(&path);
    let found = lists.find_map(|list| reading.item(list, "name", |name| name.eq_ignore_ascii_case(wire)));
    found.unwrap_or(own)
}

fn own(show: Show) -> Seen {
    match show {
        Show::Value => Seen::Shown,
        Show::Redacted => Seen::Withheld,
        Show::Delegate => Seen::ByParts,
    }
}

/// What becomes of a value in use, and which named type decides: what delegates to a named scalar is what that scalar is.
fn seen(api: &Api, show: Show, ty: &Type) -> (Seen, Option<String>) {
    if show != Show::Delegate {
        return (own(show), None);
    }
    let mut ty = ty;
    for _ in 0..=api.types.len() {
        match ty {
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => ty = item,
            Type::Scalar(_) | Type::Json => return (Seen::Withheld, None),
            Type::Named(id) => match named(&api.types[id.0]) {
                Ok(seen) => return (seen, Some(api.types[id.0].name.as_str().to_owned())),
                Err(target) => ty = target,
            },
        }
    }
    (Seen::ByParts, None)
}

fn named(def: &TypeDef) -> Result<Seen, &Type> {
    match &def.shape {
        Shape::Enum(it) => Ok(own(it.show)),
        Shape::Newtype(it) => Ok(own(it.show)),
        Shape::Alias(target) => Err(target),
        Shape::Struct(_) | Shape::Union(_) => Ok(Seen::ByParts),
    }
}
