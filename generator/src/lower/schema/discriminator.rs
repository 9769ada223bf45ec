//! `discriminator`: the values that choose among the alternatives of a union.
//!
//! ```yaml
//! discriminator: {propertyName: size, mapping: {"1": "#/components/schemas/Small", "2": "#/components/schemas/Large"}}
//! ```
//!
//! The values have the property's own type: with `size: {type: integer}`, the tags above are `1` and `2`. An alternative
//! without a mapping is chosen by the constants that its schema allows for the property, or else by its component's name
//! (OpenAPI 3.0.3, Discriminator Object).

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Discriminator;
use serde_json::Value;

use super::class::{self, Class};
use crate::diagnostic::{Pointer, codes};
use crate::lower::lowering::Lowering;
use crate::model::{Scalar, Tag};
use crate::parse::{Document, Part, SchemaAt, SchemaId, SchemaUse, written};

/// How far a hierarchy is followed upwards.
const LEVELS: usize = 16;

/// The type of a discriminator's property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    String,
    Integer,
    Bool,
}

/// The tags of a union's alternatives.
#[derive(Debug)]
pub struct Tags<'a> {
    /// The property whose value is the tag.
    pub property: &'a str,
    kind: Kind,
    mapped: BTreeMap<SchemaId, Vec<Tag>>,
    /// Each tag chooses one alternative: the first that it belongs to.
    taken: BTreeSet<Tag>,
}

impl<'a> Tags<'a> {
    /// Returns the tags of `oneOf` or `anyOf`, if a discriminator is next to it.
    pub fn of_alternatives(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>) -> Option<Self> {
        let (discriminator, place) = schema.discriminator()?;
        let alternatives: Vec<SchemaAt<'a>> = schema.alternatives().filter_map(|member| member.follow()).collect();
        Some(Self::of(cx, &[(discriminator, place)], &alternatives))
    }

    /// Returns the tags of the schemas that build on a base. Every discriminator of the hierarchy that uses the base's
    /// property counts: each level may map its own subtypes.
    pub fn of_heirs(cx: &mut Lowering<'a>, base: &SchemaAt<'a>) -> Option<Self> {
        let (own, place) = base.discriminator()?;
        let heirs: Vec<SchemaAt<'a>> =
            base.heirs().iter().filter_map(|id| cx.document.named(*id).schema.follow()).collect();
        let mut levels = vec![(own, place)];
        let others = ancestors(base).into_iter().chain(heirs.iter().cloned());
        levels.extend(
            others.filter_map(|level| level.discriminator()).filter(|it| it.0.property_name == own.property_name),
        );
        let schemas: Vec<SchemaAt<'a>> = std::iter::once(base.clone()).chain(heirs).collect();
        Some(Self::of(cx, &levels, &schemas))
    }

    fn of(cx: &mut Lowering<'a>, levels: &[(&'a Discriminator, Pointer)], schemas: &[SchemaAt<'a>]) -> Self {
        let property = levels[0].0.property_name.as_str();
        let kind = schemas.iter().find_map(|schema| kind(&class::property(schema, property)?)).unwrap_or(Kind::String);
        let mut tags = Self { property, kind, mapped: BTreeMap::new(), taken: BTreeSet::new() };
        for (discriminator, place) in levels {
            for (text, target) in &discriminator.mapping {
                tags.map(cx, text, target, &place.key("mapping").key(text));
            }
        }
        tags
    }

    fn map(&mut self, cx: &mut Lowering<'a>, text: &str, target: &str, at: &Pointer) {
        let Some(id) = mapped_schema(cx.document, target) else {
            let message = format!("cannot find the schema `{}`", written(target));
            cx.report(codes::UNRESOLVED_REFERENCE.at(at, message).help("map to `#/components/schemas/…`"));
            return;
        };
        let Some(tag) = self.kind.tag(text) else {
            let (property, kind) = (self.property, self.kind.article());
            let message = format!("`{text}` isn't {kind}, but the property `{property}` is; the entry is left out");
            cx.report(codes::UNKNOWN_VALUE.at(at, message).at_key().help(format!("map {kind}")));
            return;
        };
        if self.taken.insert(tag.clone()) {
            self.mapped.entry(id).or_default().push(tag);
        }
    }

    /// Whether a mapping names the component.
    pub fn names(&self, component: SchemaId) -> bool {
        self.mapped.contains_key(&component)
    }

    /// Returns the tags of an alternative. One without a name has those that its schema allows.
    pub fn of_member(&mut self, cx: &Lowering<'a>, member: &SchemaUse<'a>) -> Vec<Tag> {
        match member.id() {
            Some(component) => self.of_component(cx, component),
            None => member.follow().map(|schema| self.constants(&schema)).unwrap_or_default(),
        }
    }

    /// Returns the tags of a component.
    pub fn of_component(&mut self, cx: &Lowering<'a>, component: SchemaId) -> Vec<Tag> {
        if let Some(tags) = self.mapped.get(&component) {
            return tags.clone();
        }
        let named = cx.document.named(component);
        let constants = named.schema.follow().map(|schema| self.constants(&schema)).unwrap_or_default();
        if !constants.is_empty() {
            return constants;
        }
        let by_name = self.kind.tag(named.name);
        by_name.into_iter().filter(|tag| self.taken.insert(tag.clone())).collect()
    }

    /// Returns the values that a schema allows for the property, if it lists them.
    fn constants(&mut self, schema: &SchemaAt<'a>) -> Vec<Tag> {
        let listed = class::property(schema, self.property).and_then(|property| property.follow());
        let listed = listed.map(|property| property.any().enumeration.as_slice()).unwrap_or_default();
        let tags = listed.iter().filter_map(|value| self.kind.tag_of(value));
        tags.collect::<Vec<_>>().into_iter().filter(|tag| self.taken.insert(tag.clone())).collect()
    }
}

impl Kind {
    fn tag(self, text: &str) -> Option<Tag> {
        match self {
            Self::String => Some(Tag::String(text.to_owned())),
            Self::Integer => text.parse().ok().map(Tag::Integer),
            Self::Bool => text.parse().ok().map(Tag::Bool),
        }
    }

    fn tag_of(self, value: &Value) -> Option<Tag> {
        match self {
            Self::String => value.as_str().map(|text| Tag::String(text.to_owned())),
            Self::Integer => value.as_i64().map(Tag::Integer),
            Self::Bool => value.as_bool().map(Tag::Bool),
        }
    }

    const fn article(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Bool => "`true` or `false`",
        }
    }
}

fn kind(property: &SchemaUse<'_>) -> Option<Kind> {
    Some(match class::member_class(property, LEVELS)? {
        Class::Scalar(Scalar::Bool) => Kind::Bool,
        Class::Scalar(Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64) => Kind::Integer,
        Class::Enum if !class::is_text(property) => Kind::Integer,
        Class::Any => return None,
        _ => Kind::String,
    })
}

/// A mapping may name a component without the way to it.
fn mapped_schema(document: &Document, target: &str) -> Option<SchemaId> {
    document.schema_id(target).or_else(|| document.schema_id(&format!("#/components/schemas/{target}")))
}

/// Returns the schemas that one builds on by `allOf`, the nearest first.
fn ancestors<'a>(schema: &SchemaAt<'a>) -> Vec<SchemaAt<'a>> {
    let mut found: Vec<SchemaAt<'a>> = Vec::new();
    let mut level = vec![schema.clone()];
    for _ in 0..LEVELS {
        let members = level.iter().flat_map(|schema| schema.members(Part::AllOf));
        let bases = members.filter(|member| member.id().is_some()).filter_map(|member| member.follow());
        level = bases.filter(|base| found.iter().all(|known| known.pointer != base.pointer)).collect();
        found.extend(level.iter().cloned());
    }
    found
}
