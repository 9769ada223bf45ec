//! Alternatives next to properties.
//!
//! ```yaml
//! properties: {id: {type: string}}
//! oneOf: [{properties: {grams: {type: integer}}}, {properties: {pieces: {type: integer}}}]
//! ```
//!
//! becomes a struct of the shared properties with a field for the choice, whose properties are next to the others on the
//! wire:
//!
//! ```text
//! pub struct Amount { pub id: String, #[serde(flatten)] pub choice: AmountChoice }
//! ```
//!
//! Alternatives that declare no properties, such as `{required: [grams]}`, only restrict the shared ones. The server checks
//! them; the client doesn't.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::class::{self, Class, member_class};
use super::value::value;
use crate::lower::lowering::Lowering;
use crate::lower::types::Content;
use crate::model::{Access, Docs, Field, Presence, Rules, Show, Type, ValueKind};
use crate::names::Scope;
use crate::parse::{Part, SchemaAt};

/// How deep the properties of an alternative are searched.
const DEPTH: usize = 16;

/// Returns the properties that stay outside of the choice, if the alternatives are a choice of objects.
///
/// A property that every alternative declares as well belongs to the alternatives, because each may say something else
/// about it. It isn't a choice where only some of the alternatives do, or where one requires a property that it doesn't
/// declare.
pub fn shared<'a, P>(schema: &SchemaAt<'a>, properties: &IndexMap<&'a str, P>) -> Option<BTreeSet<&'a str>> {
    let mut alternatives = Vec::new();
    for member in schema.alternatives() {
        if !matches!(member_class(&member, DEPTH)?, Class::Struct | Class::Union | Class::Map | Class::Any) {
            return None;
        }
        let mut own = Own::default();
        own.add(&member.follow()?, DEPTH)?;
        if own.required.iter().any(|wire| properties.contains_key(wire) && !own.properties.contains(wire)) {
            return None;
        }
        alternatives.push(own.properties);
    }
    if alternatives.iter().all(BTreeSet::is_empty) {
        return None;
    }
    let mut shared = BTreeSet::new();
    for wire in properties.keys() {
        match alternatives.iter().filter(|own| own.contains(wire)).count() {
            0 => _ = shared.insert(*wire),
            count if count == alternatives.len() => {}
            _ => return None,
        }
    }
    Some(shared)
}

/// Whether an alternative declares the property.
pub fn is_declared(schema: &SchemaAt<'_>, wire: &str) -> bool {
    let mut alternatives = schema.alternatives().filter_map(|member| member.follow());
    alternatives.any(|member| class::property(&member, wire).is_some())
}

/// What an alternative says about properties.
#[derive(Default)]
struct Own<'a> {
    properties: BTreeSet<&'a str>,
    required: BTreeSet<&'a str>,
}

impl<'a> Own<'a> {
    fn add(&mut self, schema: &SchemaAt<'a>, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.properties.extend(schema.properties().map(|(wire, _)| wire));
        self.required.extend(schema.any().required.iter().map(String::as_str));
        for part in [Part::AllOf, Part::OneOf, Part::AnyOf] {
            schema
                .members(part)
                .filter_map(|member| member.follow())
                .try_for_each(|member| self.add(&member, depth))?;
        }
        Some(())
    }
}

/// Returns the field for the choice.
pub fn field<'a>(cx: &mut Lowering<'a>, names: &mut Scope, schema: &SchemaAt<'a>, name: &str) -> Field {
    let hint = format!("{name} choice");
    let any = schema.any();
    let is_alone = any.properties.is_empty() && any.all_of.is_empty() && any.required.is_empty();
    let ty = match schema.id() {
        Some(_) if is_alone => value(cx, &schema.as_use(), &hint).ty,
        _ => Type::Named(cx.inline_type(&hint, schema, Content::Choice)),
    };
    Field {
        wire: String::new(),
        rust: names.name("choice", &schema.pointer).name,
        docs: Docs::default(),
        deprecated: false,
        presence: Presence::Required,
        access: Access::Both,
        flattened: true,
        constant: None,
        rules: Rules::default(),
        ty,
        boxed: false,
        value: ValueKind::default(),
        show: Show::Delegate,
    }
}
