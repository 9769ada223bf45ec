//! `enum`.

use serde_json::Value;

use super::class::{Class, DEPTH, classify_within};
use crate::diagnostic::{Pointer, codes};
use crate::lower::extension;
use crate::lower::lowering::Lowering;
use crate::model::{Docs, Enum, EnumRepr, EnumValue, Openness, Scalar, Show, Variant};
use crate::names::Scope;
use crate::parse::{Part, SchemaAt, SchemaUse};

/// The values of an enum: those that a schema lists, or those that its alternatives do.
#[derive(Debug, Default)]
pub struct Values<'a> {
    /// Each with the schema that lists it.
    pub listed: Vec<(&'a Value, SchemaAt<'a>)>,
    /// What else the schema allows.
    pub rest: Rest,
}

/// What a schema allows besides the values that it lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// Nothing.
    #[default]
    None,
    /// Strings.
    Strings,
}

impl<'a> Values<'a> {
    /// Returns the values if the schema is made of strings and enums of strings, or of enums of integers.
    pub fn of(schema: &SchemaAt<'a>) -> Option<Self> {
        let mut values = Self::default();
        values.add(schema, DEPTH)?;
        let are_strings = values.listed.iter().all(|(value, _)| value.is_string());
        let are_integers = values.rest == Rest::None && values.listed.iter().all(|(value, _)| value.is_i64());
        (are_strings || are_integers).then_some(values)
    }

    fn add(&mut self, schema: &SchemaAt<'a>, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let any = schema.any();
        if !any.enumeration.is_empty() {
            let values = any.enumeration.iter().filter(|value| !value.is_null());
            self.listed.extend(values.map(|value| (value, schema.clone())));
            return Some(());
        }
        if schema.has_alternatives() {
            return schema.alternatives().try_for_each(|member| self.add(&member.follow()?, depth));
        }
        if any.all_of.len() > 1 {
            return self.add_common(schema, depth);
        }
        match classify_within(schema, depth) {
            Class::Overlay(member) => self.add(&member.follow()?, depth),
            Class::Scalar(Scalar::String) => {
                self.rest = Rest::Strings;
                Some(())
            }
            _ => None,
        }
    }

    /// Adds the values that every member of `allOf` allows.
    fn add_common(&mut self, schema: &SchemaAt<'a>, depth: usize) -> Option<()> {
        let mut common: Option<Self> = None;
        for member in schema.members(Part::AllOf).filter_map(|member| member.follow()) {
            let mut values = Self::default();
            if values.add(&member, depth).is_none() {
                continue;
            }
            common = Some(match common {
                Some(common) => common.intersection(values),
                None => values,
            });
        }
        let common = common?;
        self.listed.extend(common.listed);
        self.rest = if common.rest == Rest::Strings { Rest::Strings } else { self.rest };
        Some(())
    }

    /// Returns the values that both allow, in the order of the first that lists some.
    pub fn intersection(self, other: Self) -> Self {
        match (self.rest, other.rest) {
            (Rest::Strings, _) => other,
            (_, Rest::Strings) => self,
            (Rest::None, Rest::None) => {
                let is_common = |value: &Value| other.listed.iter().any(|(listed, _)| *listed == value);
                Self {
                    listed: self.listed.into_iter().filter(|(value, _)| is_common(value)).collect(),
                    rest: Rest::None,
                }
            }
        }
    }
}

/// Lowers an enum. A value that is listed twice counts once.
pub fn lower<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, show: Show) -> Enum {
    let values = Values::of(schema).unwrap_or_default();
    of_values(cx, schema, &values, show)
}

/// Lowers an enum whose value further schemas list as well.
pub fn joined<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, further: &[SchemaUse<'a>], show: Show) -> Enum {
    let others = further.iter().filter_map(|schema| Values::of(&schema.follow()?));
    let values = others.fold(Values::of(schema).unwrap_or_default(), Values::intersection);
    of_values(cx, schema, &values, show)
}

fn of_values<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, values: &Values<'a>, show: Show) -> Enum {
    let (extensions, pointer) = (&schema.data().extensions, &schema.pointer);
    let wanted = extension::variants(&mut cx.reports, extensions, pointer);
    let otherwise = if values.rest == Rest::Strings { Openness::Any } else { Openness::Open };
    let openness = extension::openness(&mut cx.reports, extensions, pointer).unwrap_or(otherwise);
    let mut names = Scope::variants();
    let mut variants: Vec<Variant> = Vec::new();
    let mut used = Vec::new();
    for Listed { value, at, docs, is_own } in listed(values, schema) {
        let Some((wire, text)) = wire(value) else { continue };
        if variants.iter().any(|variant| variant.wire == wire) {
            if is_own {
                let message = format!("`{text}` is listed twice");
                cx.report(codes::DUPLICATE_ENUM_VALUE.at(&at, message).help("remove one"));
            }
            continue;
        }
        let hint = wanted.get(&text).unwrap_or(&text);
        used.push(text.clone());
        let given = names.name(hint, &at);
        if let Some(other) = &given.collides_with {
            let message = format!("`{text}` clashes with an existing name; renamed to `{}`", given.name);
            cx.report(
                codes::NAME_COLLISION
                    .at(&at, message)
                    .label(other, "this has the name")
                    .help(format!("choose a name with `x-client-variants: {{{text:?}: …}}` on the schema")),
            );
        }
        variants.push(Variant { wire, rust: given.name, docs });
    }
    for unknown in wanted.keys().filter(|wire| !used.contains(wire)) {
        let at = pointer.key("x-client-variants").key(unknown);
        let message = format!("this enum has no value `{unknown}`");
        cx.report(codes::BAD_EXTENSION.at(&at, message).at_key().help("name a value that the enum lists"));
    }
    let repr = match variants.first().map(|variant| &variant.wire) {
        Some(EnumValue::Integer(_)) => EnumRepr::Integer,
        _ => EnumRepr::String,
    };
    let rest = (openness == Openness::Any).then(|| names.name("Unlisted", pointer).name);
    Enum { repr, variants, openness, rest, show }
}

/// A value that is listed.
struct Listed<'a> {
    value: &'a Value,
    at: Pointer,
    docs: Docs,
    /// Whether the enum itself lists it, and no alternative.
    is_own: bool,
}

fn listed<'v>(values: &'v Values<'_>, schema: &SchemaAt<'_>) -> impl Iterator<Item = Listed<'v>> {
    let own = schema.pointer.clone();
    values.listed.iter().map(move |(value, by)| {
        let is_own = by.pointer == own;
        let index = by.any().enumeration.iter().position(|listed| std::ptr::eq(listed, *value)).unwrap_or_default();
        // An alternative with a single value describes it.
        let data = by.data();
        let describes = !is_own && by.any().enumeration.len() == 1;
        let text = |text: &Option<String>| text.clone().filter(|_| describes).unwrap_or_default();
        let docs = Docs { summary: text(&data.title), description: text(&data.description) };
        Listed { value, at: by.pointer.key("enum").index(index), docs, is_own }
    })
}

fn wire(value: &Value) -> Option<(EnumValue, String)> {
    match value {
        Value::String(text) => Some((EnumValue::String(text.clone()), text.clone())),
        Value::Number(number) => number.as_i64().map(|number| (EnumValue::Integer(number), number.to_string())),
        _ => None,
    }
}
