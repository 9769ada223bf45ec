//! A schema with everything that holds for its values: references followed, `allOf` and overlays merged.
//!
//! `{description: The id, allOf: [{$ref: '#/components/schemas/PetId'}]}` is one schema of two parts: the wrapper and
//! the component.

use std::borrow::Cow;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, Discriminator, SchemaData};
use serde_json::Value;

use generator::diagnostic::Pointer;
use generator::parse::{Part, SchemaAt, SchemaUse};

/// `allOf` can be nested, and a circle of references has no end.
const DEPTH: usize = 16;

/// A schema with all that holds for its values.
#[derive(Debug, Clone)]
pub struct MergedSchema<'a> {
    /// The component that the value is named by, through overlays.
    pub name: Option<String>,
    /// The place of the component, or of the schema if it isn't a component.
    pub pointer: Pointer,
    /// What tells it from any other schema of its document.
    pub key: String,
    /// The places of the components that references led to.
    pub through: Vec<Pointer>,
    /// The schema and those that it builds on.
    layers: Vec<Layer<'a>>,
    /// How many of the layers are written in the place itself, in front of the component.
    own: usize,
}

/// One of the schemas that hold for a value.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    /// The schema and its place.
    pub schema: SchemaAt<'a>,
    /// Whether it is the schema itself or what that overlays, and not one of several that hold together.
    is_alone: bool,
}

impl<'a> Layer<'a> {
    /// Its keywords about values.
    pub fn any(&self) -> &'a AnySchema {
        self.schema.any()
    }

    /// Its annotations.
    fn data(&self) -> &'a SchemaData {
        self.schema.data()
    }
}

/// What an object may hold beside its properties.
#[derive(Debug, Clone)]
pub enum Rest<'a> {
    /// Anything, or nobody says.
    Any,
    /// Nothing.
    Nothing,
    /// Values of these schemas.
    Typed(Vec<SchemaUse<'a>>),
}

/// A property.
#[derive(Debug, Clone)]
pub struct Property<'a> {
    /// The schemas that hold for it; never empty.
    pub uses: Vec<SchemaUse<'a>>,
    /// Where it is listed as required; none where it is optional.
    pub required: Option<Pointer>,
}

impl Property<'_> {
    /// Where it is described first.
    pub fn pointer(&self) -> &Pointer {
        &self.uses[0].pointer
    }
}

impl<'a> MergedSchema<'a> {
    /// Merges schemas that all hold for one value. None where a reference leads nowhere or in a circle.
    pub fn of(uses: &[SchemaUse<'a>]) -> Option<Self> {
        let pointer = uses.first()?.pointer.clone();
        let key = String::new();
        let mut merged = Self { name: None, pointer, key, through: Vec::new(), layers: Vec::new(), own: 0 };
        for schema in uses {
            merged.add(schema, DEPTH, uses.len() == 1);
        }
        merged.key = match uses {
            [_] => merged.pointer.to_string(),
            several => several.iter().map(|schema| schema.pointer.to_string()).collect::<Vec<_>>().join(" "),
        };
        (!merged.layers.is_empty()).then_some(merged)
    }

    fn add(&mut self, schema: &SchemaUse<'a>, depth: usize, is_alone: bool) {
        if depth == 0 {
            return;
        }
        let Some(schema) = schema.inline() else { return self.add_named(schema, depth, is_alone) };
        self.layers.push(Layer { schema: schema.clone(), is_alone });
        let any = schema.any();
        let lists = [(Part::AllOf, any.all_of.len()), (Part::OneOf, any.one_of.len()), (Part::AnyOf, any.any_of.len())];
        for (part, count) in lists.into_iter().filter(|(part, count)| *part == Part::AllOf || *count == 1) {
            let is_overlay = is_alone && count == 1 && any.properties.is_empty();
            for member in schema.members(part) {
                self.add(&member, depth - 1, is_overlay);
            }
        }
    }

    fn add_named(&mut self, schema: &SchemaUse<'a>, depth: usize, is_alone: bool) {
        let Some(target) = schema.target() else { return };
        let mut places = vec![target.schema.pointer.clone()];
        if target.is_component {
            let own = Pointer::root().key("components").key("schemas").key(target.name);
            if own != places[0] {
                places.insert(0, own);
            }
        }
        if is_alone && self.name.is_none() {
            self.name = target.is_component.then(|| target.name.to_owned());
            self.own = self.layers.len();
            self.pointer = places[0].clone();
        }
        self.through.extend(places);
        self.add(&target.schema, depth - 1, is_alone);
    }

    /// Whether the place says something beside the component that it names: `{nullable: true, allOf: [{$ref: …}]}`.
    pub fn has_own(&self) -> bool {
        self.own > 0
    }

    /// Takes off what the place says beside the component. That holds for the place alone, and the rest for each place
    /// that names the component.
    pub fn take_own(&mut self) -> Self {
        let layers = self.layers.drain(..std::mem::take(&mut self.own)).collect();
        Self { name: None, pointer: self.pointer.clone(), key: String::new(), through: Vec::new(), layers, own: 0 }
    }

    /// The same schemas, looked at as those of a place, whatever component it names.
    pub fn at_place(mut self, pointer: &Pointer) -> Self {
        (self.name, self.own) = (None, 0);
        (self.key, self.pointer) = (pointer.to_string(), pointer.clone());
        self
    }

    /// The schemas that hold for the value.
    pub fn layers(&self) -> &[Layer<'a>] {
        &self.layers
    }

    /// The first that is said beside the keywords of values.
    pub fn data<T>(&self, keyword: impl Fn(&'a SchemaData) -> Option<T>) -> Option<T> {
        self.layers.iter().find_map(|layer| keyword(layer.data()))
    }

    /// The text of one of our extensions.
    pub fn mark(&self, key: &str) -> Option<&'a str> {
        self.data(|data| data.extensions.get(key)?.as_str())
    }

    /// Returns the place of a keyword, or of the schema if it doesn't have the keyword.
    pub fn at(&self, key: &str, has: impl Fn(&AnySchema) -> bool) -> Pointer {
        let found = self.layers.iter().find(|layer| has(layer.any()));
        found.map_or_else(|| self.pointer.clone(), |layer| layer.schema.pointer.key(key))
    }

    /// Returns the place of an annotation, or of the schema if it doesn't have the annotation.
    pub fn at_data(&self, key: &str, has: impl Fn(&SchemaData) -> bool) -> Pointer {
        let found = self.layers.iter().find(|layer| has(layer.data()));
        found.map_or_else(|| self.pointer.clone(), |layer| layer.schema.pointer.key(key))
    }

    /// The `type`; of an integer that is a number too, the stricter.
    pub fn ty(&self) -> Option<&'a str> {
        let mut types = self.layers.iter().filter_map(|layer| layer.any().typ.as_deref());
        match types.next() {
            Some("number") if types.any(|ty| ty == "integer") => Some("integer"),
            Some(ty) => Some(ty),
            None => self.implied_type(),
        }
    }

    /// What a schema without a `type` is by its other keywords.
    fn implied_type(&self) -> Option<&'a str> {
        let has = |keyword: fn(&AnySchema) -> bool| self.layers.iter().any(|layer| keyword(layer.any()));
        if has(|any| !any.properties.is_empty()) {
            return Some("object");
        }
        if has(|any| any.items.is_some()) {
            return Some("array");
        }
        let listed = self.layers.iter().flat_map(|layer| &layer.any().enumeration).filter(|value| !value.is_null());
        let mut types = listed.map(|value| match value {
            Value::String(_) => Some("string"),
            Value::Bool(_) => Some("boolean"),
            Value::Number(number) if number.is_i64() || number.is_u64() => Some("integer"),
            _ => None,
        });
        let first = types.next()??;
        types.all(|ty| ty == Some(first)).then_some(first)
    }

    /// The `format`; all of them, where the schemas that hold together have several.
    pub fn format(&self) -> Option<Cow<'a, str>> {
        let mut found: Option<Cow<'a, str>> = None;
        for format in self.layers.iter().filter_map(|layer| layer.any().format.as_deref()) {
            found = Some(match found {
                None => Cow::Borrowed(format),
                Some(one) if one.split(" and ").any(|known| known == format) => one,
                Some(one) => Cow::Owned(format!("{one} and {format}")),
            });
        }
        found
    }

    /// Whether null is a value. A schema that overlays another one may add null by itself, as [`lower`](generator::lower)
    /// reads it; of several that hold together, each that has a type has to allow it.
    pub fn is_nullable(&self) -> bool {
        let lists = || self.layers.iter().map(|layer| &layer.any().enumeration).filter(|values| !values.is_empty());
        if lists().next().is_some() && lists().all(|values| values.iter().any(Value::is_null)) {
            return true;
        }
        let mut typed = self.layers.iter().filter(|layer| layer.any().typ.is_some()).peekable();
        self.layers.iter().any(|layer| layer.is_alone && layer.data().nullable)
            || typed.peek().is_some() && typed.all(|layer| layer.data().nullable)
    }

    /// The values of an enum that all lists have, and where each is listed.
    pub fn values(&self) -> Option<Vec<(&'a Value, Pointer)>> {
        let mut lists = self.layers.iter().filter(|layer| !layer.any().enumeration.is_empty());
        let first = lists.next()?;
        let others: Vec<&[Value]> = lists.map(|layer| layer.any().enumeration.as_slice()).collect();
        let at = first.schema.pointer.key("enum");
        let listed = first.any().enumeration.iter().enumerate();
        let listed = listed.filter(|(_, value)| others.iter().all(|values| values.contains(value)));
        Some(listed.map(|(index, value)| (value, at.index(index))).collect())
    }

    /// Whether a value that is not listed may come.
    pub fn is_open(&self) -> bool {
        self.mark("x-client-enum") != Some("closed")
    }

    /// The properties, each once with all that is said of it, in the document's order.
    pub fn properties(&self) -> IndexMap<&'a str, Property<'a>> {
        let mut properties: IndexMap<&str, Property<'_>> = IndexMap::new();
        let mut required = self.required();
        for layer in &self.layers {
            for (name, property) in layer.schema.properties() {
                let of_name = || Property { uses: Vec::new(), required: required.shift_remove(name) };
                let uses = &mut properties.entry(name).or_insert_with(of_name).uses;
                // Two that build on the same one have it twice.
                if !uses.iter().any(|known| known.pointer == property.pointer) {
                    uses.push(property);
                }
            }
        }
        properties
    }

    /// Returns the names that are listed as required, with the first place of each.
    pub fn required(&self) -> IndexMap<&'a str, Pointer> {
        let mut required = IndexMap::new();
        for layer in &self.layers {
            for (index, name) in layer.any().required.iter().enumerate() {
                required.entry(name.as_str()).or_insert_with(|| layer.schema.pointer.key("required").index(index));
            }
        }
        required
    }

    /// The schemas of the items; none where nobody says.
    pub fn items(&self) -> Vec<SchemaUse<'a>> {
        self.layers.iter().filter_map(|layer| layer.schema.items()).collect()
    }

    /// What an object may hold beside its properties.
    pub fn rest(&self) -> Rest<'a> {
        let is_closed = |layer: &Layer<'_>| layer.any().additional_properties == Some(AdditionalProperties::Any(false));
        if self.layers.iter().any(is_closed) {
            return Rest::Nothing;
        }
        let uses: Vec<_> = self.layers.iter().filter_map(|layer| layer.schema.additional_properties()).collect();
        if uses.is_empty() { Rest::Any } else { Rest::Typed(uses) }
    }

    /// The alternatives of each `oneOf` and `anyOf` that has several.
    pub fn choices(&self) -> Vec<Vec<SchemaUse<'a>>> {
        let lists = self
            .layers
            .iter()
            .flat_map(|layer| [Part::OneOf, Part::AnyOf].map(|part| layer.schema.members(part).collect::<Vec<_>>()));
        lists.filter(|members| members.len() > 1).collect()
    }

    /// How alternatives are told apart.
    pub fn discriminator(&self) -> Option<&'a Discriminator> {
        self.data(|data| data.discriminator.as_ref())
    }

    /// Whether others build on the component, and may come in its place (OpenAPI 3.0.3, Discriminator Object).
    pub fn is_base(&self) -> bool {
        self.name.is_some() && self.layers.get(self.own).is_some_and(|layer| layer.data().discriminator.is_some())
    }

    /// Whether any value fits.
    pub fn is_anything(&self) -> bool {
        let says_nothing = |any: &AnySchema| {
            // Those that it builds on are parts as well.
            let is_choice = any.one_of.len() > 1 || any.any_of.len() > 1;
            let rest = AnySchema { all_of: Vec::new(), one_of: Vec::new(), any_of: Vec::new(), ..any.clone() };
            !is_choice && rest == AnySchema::default()
        };
        self.layers.iter().all(|layer| says_nothing(layer.any()))
    }
}
