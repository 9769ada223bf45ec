//! What two schemas for the same value have to do with each other.

use super::class::{self, Class, DEPTH, member_class};
use super::enumeration::Values;
use crate::diagnostic::codes;
use crate::lower::lowering::Lowering;
use crate::model::Scalar;
use crate::parse::{Part, SchemaAt, SchemaUse};

/// What a second schema for a value is to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It says no more.
    Same,
    /// It says more.
    Narrower,
    /// Each says something that the other doesn't.
    Other,
    /// No value satisfies both.
    Conflicting,
}

/// Whether two schemas describe the same values, judged by their types.
pub fn is_alike<'a>(first: &SchemaUse<'a>, second: &SchemaUse<'a>) -> bool {
    let alike = |one: SchemaAt<'a>, other: SchemaAt<'a>| one.pointer == other.pointer || one.any() == other.any();
    first.follow().zip(second.follow()).is_some_and(|(one, other)| alike(one, other))
        || compare(first, second) == Relation::Same && compare(second, first) == Relation::Same
}

pub fn compare<'a>(first: &SchemaUse<'a>, second: &SchemaUse<'a>) -> Relation {
    let classes = [first, second].map(|schema| member_class(schema, DEPTH).unwrap_or(Class::Any));
    match classes {
        // One of a union's alternatives may be the other schema.
        [_, Class::Any] | [Class::Scalar(_) | Class::Enum | Class::Array, Class::Union] => Relation::Same,
        [Class::Struct | Class::Map, Class::Struct | Class::Map] if builds_on(first, second) => Relation::Same,
        [Class::Struct | Class::Map, Class::Struct | Class::Map] if builds_on(second, first) => Relation::Narrower,
        [Class::Any, _] | [Class::Map, Class::Struct] | [Class::Union, Class::Struct | Class::Map] => {
            Relation::Narrower
        }
        [Class::Struct | Class::Map, Class::Struct | Class::Map | Class::Union] | [Class::Union, Class::Union] => {
            Relation::Other
        }
        [Class::Union, Class::Scalar(_) | Class::Enum | Class::Array] => Relation::Narrower,
        [Class::Array, Class::Array] => Relation::Other,
        [Class::Enum, Class::Enum] => compare_values(first, second),
        [Class::Scalar(scalar), Class::Enum] if scalar.is_text() == class::is_text(second) => Relation::Narrower,
        [Class::Enum, Class::Scalar(scalar)] if scalar.is_text() == class::is_text(first) => Relation::Same,
        [Class::Scalar(one), Class::Scalar(other)] if one == other => Relation::Same,
        [Class::Scalar(one), Class::Scalar(other)] if one.is_text() && other.is_text() => {
            if one == Scalar::String {
                Relation::Narrower
            } else {
                Relation::Same
            }
        }
        [Class::Scalar(one), Class::Scalar(other)] if one.is_number() && other.is_number() => {
            if one == Scalar::Double {
                Relation::Narrower
            } else {
                Relation::Same
            }
        }
        _ => Relation::Conflicting,
    }
}

/// Compares two lists of values by the values that both have.
fn compare_values(first: &SchemaUse<'_>, second: &SchemaUse<'_>) -> Relation {
    let (Some(one), Some(other)) = (values(first), values(second)) else { return Relation::Conflicting };
    let (ones, others) = (one.listed.len(), other.listed.len());
    match one.intersection(other).listed.len() {
        0 => Relation::Conflicting,
        common if common == ones => Relation::Same,
        common if common == others => Relation::Narrower,
        _ => Relation::Other,
    }
}

fn values<'a>(schema: &SchemaUse<'a>) -> Option<Values<'a>> {
    Values::of(&schema.follow()?)
}

/// Whether a schema says something about the value that `schema` doesn't say.
pub fn adds<'a>(schema: &SchemaUse<'a>, other: &SchemaUse<'a>) -> bool {
    other.pointer != schema.pointer && compare(schema, other) == Relation::Other
}

/// Whether the first schema has the second as a member of `allOf`, directly or through others, or is the same.
fn builds_on<'a>(schema: &SchemaUse<'a>, base: &SchemaUse<'a>) -> bool {
    let Some(base) = base.follow().map(|base| base.pointer) else { return false };
    let mut open: Vec<SchemaAt<'a>> = schema.follow().into_iter().collect();
    for _ in 0..DEPTH {
        if open.iter().any(|schema| schema.pointer == base) {
            return true;
        }
        open =
            open.iter().flat_map(|schema| schema.members(Part::AllOf)).filter_map(|member| member.follow()).collect();
    }
    false
}

/// Reports members of `allOf` that no value satisfies together.
pub fn report_members(cx: &mut Lowering<'_>, schema: &SchemaAt<'_>) {
    let members: Vec<SchemaUse<'_>> = schema.members(Part::AllOf).collect();
    for (index, member) in members.iter().enumerate().skip(1) {
        let other = members[..index].iter().find(|other| compare(other, member) == Relation::Conflicting);
        let Some(other) = other else { continue };
        let message = "no value fits both this member of `allOf` and another one";
        let problem = codes::CONFLICTING_MEMBERS.at(&member.pointer, message);
        cx.report(problem.label(&other.pointer, "the other one").help("correct one of them"));
    }
}
