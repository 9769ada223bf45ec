//! A schema as a value sees it: references followed, `allOf` and overlays merged.
//!
//! `{description: The id, allOf: [{$ref: '#/components/schemas/PetId'}]}` is one view of two parts: the wrapper and the
//! component.

use std::borrow::Cow;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, Discriminator, Schema, SchemaData, SchemaKind};
use serde_json::Value;

use generator::diagnostic::Pointer;
use generator::lower::SchemaRef;
use generator::parse::Document;

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
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The component that the value is named by, through overlays.
    pub name: Option<String>,
    /// Where the component stands, or the schema itself where no component names it.
    pub pointer: Pointer,
    /// What tells it from any other view of its document.
    pub key: String,
    /// Where the components stand that references led to.
    pub through: Vec<Pointer>,
    /// Where each keyword may stand: the schema and those that it builds on.
    parts: Vec<Part<'a>>,
    /// So many of the parts are the place's own: they stand before the component.
    own: usize,
}

/// One of the schemas that hold for a value.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Its keywords.
    pub any: &'a AnySchema,
    /// What stands beside the keywords of values.
    data: &'a SchemaData,
    /// Where it stands.
    pub pointer: Pointer,
    /// Whether it is the schema itself or what that overlays, and not one of several that hold together.
    is_alone: bool,
}

/// What an object may hold beside its properties.
#[derive(Debug, Clone)]
pub enum Rest<'a> {
    /// Anything, or nobody says.
    Any,
    /// Nothing.
    Nothing,
    /// Values of these schemas.
    Typed(Vec<Site<'a>>),
}

/// A property.
#[derive(Debug, Clone)]
pub struct Property<'a> {
    /// The schemas that hold for it; never empty.
    pub sites: Vec<Site<'a>>,
    /// Where it is listed as required; none where it is optional.
    pub required: Option<Pointer>,
}

impl Property<'_> {
    /// Where it is described first.
    pub fn pointer(&self) -> &Pointer {
        &self.sites[0].pointer
    }
}

impl<'a> View<'a> {
    /// Looks at a value for which all of these schemas hold. None where a reference leads nowhere or in a circle.
    pub fn of(document: &'a Document, sites: &[Site<'a>]) -> Option<Self> {
        let pointer = sites.first()?.pointer.clone();
        let mut view = Self { name: None, pointer, key: String::new(), through: Vec::new(), parts: Vec::new(), own: 0 };
        for site in sites {
            view.add(document, site, DEPTH, sites.len() == 1);
        }
        view.key = match sites {
            [_] => view.pointer.to_string(),
            several => several.iter().map(|site| site.pointer.to_string()).collect::<Vec<_>>().join(" "),
        };
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
                self.through.push(target.pointer.clone());
                if is_alone && self.name.is_none() {
                    self.name = name;
                    self.own = self.parts.len();
                    self.pointer = target.pointer.clone();
                }
                return self.add(document, &target, depth - 1, is_alone);
            }
        };
        let any = any(schema);
        self.parts.push(Part { any, data: &schema.schema_data, pointer: pointer.clone(), is_alone });
        let lists = [("allOf", &any.all_of), ("oneOf", &any.one_of), ("anyOf", &any.any_of)];
        for (key, members) in lists.into_iter().filter(|(key, members)| *key == "allOf" || members.len() == 1) {
            let is_overlay = is_alone && members.len() == 1 && any.properties.is_empty();
            for (index, member) in members.iter().enumerate() {
                let site = Site { schema: member.into(), pointer: pointer.key(key).index(index) };
                self.add(document, &site, depth - 1, is_overlay);
            }
        }
    }

    /// Whether the place says something beside the component that it names: `{nullable: true, allOf: [{$ref: …}]}`.
    pub fn has_own(&self) -> bool {
        self.own > 0
    }

    /// Takes off what the place says beside the component. That holds for the place alone, and the rest for each place
    /// that names the component.
    pub fn take_own(&mut self) -> Self {
        let parts = self.parts.drain(..std::mem::take(&mut self.own)).collect();
        Self { name: None, pointer: self.pointer.clone(), key: String::new(), through: Vec::new(), parts, own: 0 }
    }

    /// The same schemas, looked at as those of a place, whatever component it names.
    pub fn at_place(mut self, pointer: &Pointer) -> Self {
        (self.name, self.own) = (None, 0);
        (self.key, self.pointer) = (pointer.to_string(), pointer.clone());
        self
    }

    /// The schemas that hold for the value.
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    /// The first that is said beside the keywords of values.
    pub fn data<T>(&self, keyword: impl Fn(&'a SchemaData) -> Option<T>) -> Option<T> {
        self.parts.iter().find_map(|part| keyword(part.data))
    }

    /// The text of one of our extensions.
    pub fn mark(&self, key: &str) -> Option<&'a str> {
        self.data(|data| data.extensions.get(key)?.as_str())
    }

    /// Where a keyword stands, or the schema where it does not.
    pub fn at(&self, key: &str, has: impl Fn(&AnySchema) -> bool) -> Pointer {
        let found = self.parts.iter().find(|part| has(part.any));
        found.map_or_else(|| self.pointer.clone(), |part| part.pointer.key(key))
    }

    /// Where something stands that is said beside the keywords of values, or the schema where it does not.
    pub fn at_data(&self, key: &str, has: impl Fn(&SchemaData) -> bool) -> Pointer {
        let found = self.parts.iter().find(|part| has(part.data));
        found.map_or_else(|| self.pointer.clone(), |part| part.pointer.key(key))
    }

    /// The `type`; of an integer that is a number too, the stricter.
    pub fn ty(&self) -> Option<&'a str> {
        let mut types = self.parts.iter().filter_map(|part| part.any.typ.as_deref());
        match types.next() {
            Some("number") if types.any(|ty| ty == "integer") => Some("integer"),
            Some(ty) => Some(ty),
            None => self.implied_type(),
        }
    }

    /// What a schema without a `type` is by its other keywords.
    fn implied_type(&self) -> Option<&'a str> {
        let has = |keyword: fn(&AnySchema) -> bool| self.parts.iter().any(|part| keyword(part.any));
        if has(|any| !any.properties.is_empty()) {
            return Some("object");
        }
        if has(|any| any.items.is_some()) {
            return Some("array");
        }
        let listed = self.parts.iter().flat_map(|part| &part.any.enumeration).filter(|value| !value.is_null());
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
        for format in self.parts.iter().filter_map(|part| part.any.format.as_deref()) {
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
        let lists = || self.parts.iter().map(|part| &part.any.enumeration).filter(|values| !values.is_empty());
        if lists().next().is_some() && lists().all(|values| values.iter().any(Value::is_null)) {
            return true;
        }
        let mut typed = self.parts.iter().filter(|part| part.any.typ.is_some()).peekable();
        self.parts.iter().any(|part| part.is_alone && part.data.nullable)
            || typed.peek().is_some() && typed.all(|part| part.data.nullable)
    }

    /// The values of an enum that all lists have, and where each is listed.
    pub fn values(&self) -> Option<Vec<(&'a Value, Pointer)>> {
        let mut lists = self.parts.iter().filter(|part| !part.any.enumeration.is_empty());
        let first = lists.next()?;
        let others: Vec<&[Value]> = lists.map(|part| part.any.enumeration.as_slice()).collect();
        let at = first.pointer.key("enum");
        let listed = first.any.enumeration.iter().enumerate();
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
        for part in &self.parts {
            for (name, property) in &part.any.properties {
                let site = Site { schema: property.into(), pointer: part.pointer.key("properties").key(name) };
                let of_name = || Property { sites: Vec::new(), required: required.shift_remove(name.as_str()) };
                let sites = &mut properties.entry(name.as_str()).or_insert_with(of_name).sites;
                // Two that build on the same one have it twice.
                if !sites.iter().any(|known| known.pointer == site.pointer) {
                    sites.push(site);
                }
            }
        }
        properties
    }

    /// The names that are listed as required, and where each stands first.
    pub fn required(&self) -> IndexMap<&'a str, Pointer> {
        let mut required = IndexMap::new();
        for part in &self.parts {
            for (index, name) in part.any.required.iter().enumerate() {
                required.entry(name.as_str()).or_insert_with(|| part.pointer.key("required").index(index));
            }
        }
        required
    }

    /// The schemas of the items; none where nobody says.
    pub fn items(&self) -> Vec<Site<'a>> {
        let sites = self.parts.iter().filter_map(|part| {
            Some(Site { schema: part.any.items.as_ref()?.into(), pointer: part.pointer.key("items") })
        });
        sites.collect()
    }

    /// What an object may hold beside its properties.
    pub fn rest(&self) -> Rest<'a> {
        let mut sites = Vec::new();
        for part in &self.parts {
            match part.any.additional_properties.as_ref() {
                Some(AdditionalProperties::Any(false)) => return Rest::Nothing,
                Some(AdditionalProperties::Schema(schema)) => {
                    let pointer = part.pointer.key("additionalProperties");
                    sites.push(Site { schema: schema.as_ref().into(), pointer });
                }
                Some(AdditionalProperties::Any(true)) | None => {}
            }
        }
        if sites.is_empty() { Rest::Any } else { Rest::Typed(sites) }
    }

    /// The alternatives of each `oneOf` and `anyOf` that has several.
    pub fn choices(&self) -> Vec<Vec<Site<'a>>> {
        let choices = self.parts.iter().flat_map(|part| {
            let lists = [("oneOf", &part.any.one_of), ("anyOf", &part.any.any_of)];
            lists.into_iter().filter(|(_, members)| members.len() > 1).map(|(key, members)| {
                let at = part.pointer.key(key);
                let site =
                    |(index, member): (usize, _)| Site { schema: SchemaRef::from(member), pointer: at.index(index) };
                members.iter().enumerate().map(site).collect()
            })
        });
        choices.collect()
    }

    /// How alternatives are told apart.
    pub fn discriminator(&self) -> Option<&'a Discriminator> {
        self.data(|data| data.discriminator.as_ref())
    }

    /// Whether others build on the component, and may come in its place (OpenAPI 3.0.3, Discriminator Object).
    pub fn is_base(&self) -> bool {
        self.name.is_some() && self.parts.get(self.own).is_some_and(|part| part.data.discriminator.is_some())
    }

    /// Whether any value fits.
    pub fn is_anything(&self) -> bool {
        let says_nothing = |any: &AnySchema| {
            // Those that it builds on are parts as well.
            let is_choice = any.one_of.len() > 1 || any.any_of.len() > 1;
            let rest = AnySchema { all_of: Vec::new(), one_of: Vec::new(), any_of: Vec::new(), ..any.clone() };
            !is_choice && rest == AnySchema::default()
        };
        self.parts.iter().all(|part| says_nothing(part.any))
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
