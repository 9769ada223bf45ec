//! A schema as a value sees it: references followed, `allOf` and overlays merged.
//!
//! `{description: The id, allOf: [{$ref: '#/components/schemas/PetId'}]}` is one view of two parts: the wrapper and the
//! component.

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, Discriminator, Schema, SchemaData, SchemaKind};
use serde_json::Value;

use crate::diagnostic::Pointer;
use crate::lower::SchemaRef;
use crate::parse::Document;

/// `allOf` may stand in `allOf`; a circle of references has no end.
const DEPTH: usize = 16;

/// A schema in its place, not looked at yet.
#[derive(Debug, Clone)]
pub struct Site<'a> {
    /// The reference or the schema.
    pub schema: SchemaRef<'a>,
    /// Where it stands.
    pub pointer: Pointer,
}

/// A schema with all that holds for its values.
#[derive(Debug)]
pub struct View<'a> {
    /// The component that the value is named by, through overlays.
    pub name: Option<String>,
    /// Where the component stands, or the schema itself where no component names it.
    pub pointer: Pointer,
    /// Where each keyword may stand: the schema and those that it builds on.
    parts: Vec<(&'a Schema, Pointer)>,
    /// So many of the parts are the place's own: they stand before the component.
    own: usize,
}

/// What an object may hold beside its properties.
#[derive(Debug, Clone)]
pub enum Rest<'a> {
    /// Anything, or nobody says.
    Any,
    /// Nothing.
    Nothing,
    /// Values of this schema.
    Typed(Site<'a>),
}

/// A property.
#[derive(Debug, Clone)]
pub struct Property<'a> {
    /// The property itself.
    pub site: Site<'a>,
    /// Where it is listed as required; none where it is optional.
    pub required: Option<Pointer>,
}

impl<'a> View<'a> {
    /// Looks at a schema. None where a reference leads nowhere or in a circle.
    pub fn of(document: &'a Document, site: &Site<'a>) -> Option<Self> {
        let mut view = Self { name: None, pointer: site.pointer.clone(), parts: Vec::new(), own: 0 };
        view.add(document, site, DEPTH, true);
        (!view.parts.is_empty()).then_some(view)
    }

    fn add(&mut self, document: &'a Document, site: &Site<'a>, depth: usize, is_alone: bool) {
        if depth == 0 {
            return;
        }
        let (schema, pointer) = match site.schema {
            SchemaRef::Is(schema) => (schema, site.pointer.clone()),
            SchemaRef::To(reference) => {
                let Some((name, target)) = target(document, reference) else { return };
                if is_alone && self.name.is_none() {
                    self.name = name;
                    self.own = self.parts.len();
                    self.pointer = target.pointer.clone();
                }
                return self.add(document, &target, depth - 1, is_alone);
            }
        };
        self.parts.push((schema, pointer.clone()));
        let any = any(schema);
        let lists = [("allOf", &any.all_of), ("oneOf", &any.one_of), ("anyOf", &any.any_of)];
        for (key, members) in lists.into_iter().filter(|(key, members)| *key == "allOf" || members.len() == 1) {
            let is_overlay = is_alone && members.len() == 1 && any.properties.is_empty();
            for (index, member) in members.iter().enumerate() {
                let site = Site { schema: member.into(), pointer: pointer.key(key).index(index) };
                self.add(document, &site, depth - 1, is_overlay);
            }
        }
    }

    /// Takes off what the place at `pointer` says beside the component that it names: `{nullable: true, allOf:
    /// [{$ref: …}]}`. That holds for the place alone, and the rest for each place that names the component.
    pub fn take_own(&mut self, pointer: &Pointer) -> Self {
        let parts = self.parts.drain(..std::mem::take(&mut self.own)).collect();
        Self { name: None, pointer: pointer.clone(), parts, own: 0 }
    }

    /// The keyword of the first part that has it.
    pub fn first<T>(&self, keyword: impl Fn(&'a AnySchema) -> Option<T>) -> Option<T> {
        self.parts.iter().find_map(|(schema, _)| keyword(any(schema)))
    }

    /// The same, for what stands beside the keywords of values.
    pub fn data<T>(&self, keyword: impl Fn(&'a SchemaData) -> Option<T>) -> Option<T> {
        self.parts.iter().find_map(|(schema, _)| keyword(&schema.schema_data))
    }

    /// The text of one of our extensions.
    pub fn mark(&self, key: &str) -> Option<&'a str> {
        self.data(|data| data.extensions.get(key)?.as_str())
    }

    /// Where a keyword stands, or the schema where it does not.
    pub fn at(&self, key: &str, has: impl Fn(&AnySchema) -> bool) -> Pointer {
        let found = self.parts.iter().find(|(schema, _)| has(any(schema)));
        found.map_or_else(|| self.pointer.clone(), |(_, pointer)| pointer.key(key))
    }

    /// The `type`.
    pub fn ty(&self) -> Option<&'a str> {
        let implied = || {
            let has = |keyword: fn(&AnySchema) -> bool| self.parts.iter().any(|(schema, _)| keyword(any(schema)));
            if has(|any| !any.properties.is_empty()) {
                Some("object")
            } else if has(|any| any.items.is_some()) {
                Some("array")
            } else {
                None
            }
        };
        self.first(|any| any.typ.as_deref()).or_else(implied)
    }

    /// The `format`.
    pub fn format(&self) -> Option<&'a str> {
        self.first(|any| any.format.as_deref())
    }

    /// Whether null is a value.
    pub fn is_nullable(&self) -> bool {
        self.parts.iter().any(|(schema, _)| schema.schema_data.nullable)
            || self.values().is_some_and(|(values, _)| values.iter().any(Value::is_null))
    }

    /// The values of an enum, and where they are listed.
    pub fn values(&self) -> Option<(&'a [Value], Pointer)> {
        let found = self.parts.iter().find(|(schema, _)| !any(schema).enumeration.is_empty());
        found.map(|(schema, pointer)| (any(schema).enumeration.as_slice(), pointer.key("enum")))
    }

    /// Whether a value that is not listed may come.
    pub fn is_open(&self) -> bool {
        self.mark("x-client-enum") != Some("closed")
    }

    /// The properties, each once, in the document's order.
    pub fn properties(&self) -> IndexMap<&'a str, Property<'a>> {
        let mut properties = IndexMap::new();
        for (schema, pointer) in &self.parts {
            for (name, property) in &any(schema).properties {
                let site = Site { schema: property.into(), pointer: pointer.key("properties").key(name) };
                properties.entry(name.as_str()).or_insert(Property { site, required: None });
            }
        }
        for (schema, pointer) in &self.parts {
            for (index, name) in any(schema).required.iter().enumerate() {
                if let Some(property) = properties.get_mut(name.as_str()) {
                    property.required.get_or_insert_with(|| pointer.key("required").index(index));
                }
            }
        }
        properties
    }

    /// The schema of the items.
    pub fn items(&self) -> Option<Site<'a>> {
        self.parts.iter().find_map(|(schema, pointer)| {
            let items = any(schema).items.as_ref()?;
            Some(Site { schema: items.into(), pointer: pointer.key("items") })
        })
    }

    /// What an object may hold beside its properties.
    pub fn rest(&self) -> Rest<'a> {
        let found =
            self.parts.iter().find_map(|(schema, pointer)| match any(schema).additional_properties.as_ref()? {
                AdditionalProperties::Any(true) => Some(Rest::Any),
                AdditionalProperties::Any(false) => Some(Rest::Nothing),
                AdditionalProperties::Schema(schema) => {
                    let pointer = pointer.key("additionalProperties");
                    Some(Rest::Typed(Site { schema: schema.as_ref().into(), pointer }))
                }
            });
        found.unwrap_or(Rest::Any)
    }

    /// The alternatives of `oneOf` or `anyOf`, where there are several.
    pub fn members(&self) -> Vec<Site<'a>> {
        let found = self.parts.iter().find_map(|(schema, pointer)| {
            let any = any(schema);
            let lists = [("oneOf", &any.one_of), ("anyOf", &any.any_of)];
            let (key, members) = lists.into_iter().find(|(_, members)| members.len() > 1)?;
            let site = |(index, member): (usize, _)| Site {
                schema: SchemaRef::from(member),
                pointer: pointer.key(key).index(index),
            };
            Some(members.iter().enumerate().map(site).collect())
        });
        found.unwrap_or_default()
    }

    /// How alternatives are told apart.
    pub fn discriminator(&self) -> Option<&'a Discriminator> {
        self.data(|data| data.discriminator.as_ref())
    }
}

/// Follows one reference to a schema. The name is there where it leads to a component.
fn target<'a>(document: &'a Document, reference: &str) -> Option<(Option<String>, Site<'a>)> {
    let pointer = Pointer::from_reference(reference);
    if let Some(pointer) = &pointer {
        let steps = pointer.steps();
        if let [components, schemas, name] = steps.as_slice()
            && components == "components"
            && schemas == "schemas"
            && let Some(schema) = document.openapi.components.as_ref().and_then(|all| all.schemas.get(name.as_ref()))
        {
            return Some((Some(name.to_string()), Site { schema: schema.into(), pointer: pointer.clone() }));
        }
    }
    let schema = document.distant.get(reference)?;
    Some((None, Site { schema: schema.into(), pointer: pointer? }))
}

/// The keywords of a schema.
pub fn any(schema: &Schema) -> &AnySchema {
    match &schema.schema_kind {
        SchemaKind::Any(any) => any,
        _ => unreachable!("parse writes every schema as `SchemaKind::Any`"),
    }
}
