//! The types found so far: each gets its name when it is first met, and its shape later.

use std::collections::{BTreeMap, VecDeque};

use super::draft::DraftType;
use super::extension;
use super::reports::Reports;
use crate::diagnostic::Pointer;
use crate::model::{Docs, Shape, Show, TypeId};
use crate::names::{Given, Name, Scope};
use crate::parse::{Document, NamedSchema, SchemaAt, SchemaId, SchemaUse};

/// Suffixes of a type's name under which further items are generated.
const TYPE_SUFFIXES: &[&str] = &["Builder"];

/// A type that has its name and waits for its shape.
#[derive(Debug)]
pub struct Pending<'a> {
    pub id: TypeId,
    pub schema: SchemaUse<'a>,
    /// Further schemas that its values satisfy.
    pub further: Vec<SchemaUse<'a>>,
    pub content: Content,
}

/// Which part of a schema a type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// All of it.
    Whole,
    /// All but the envelope's properties, for an answer whose data has no type by itself.
    BesideEnvelope,
    /// All of it, and of further schemas.
    Joined,
    /// The alternatives next to its properties.
    Choice,
    /// Its own properties, where the whole stands for any schema that builds on it.
    Base,
}

/// The definition of a type that has its name.
#[derive(Debug)]
pub struct Definition {
    pub docs: Docs,
    pub deprecated: bool,
    pub shape: Shape,
    pub pointer: Pointer,
    /// What `Debug` does with the value of an alias.
    pub alias_show: Show,
}

/// A type that has its name.
#[derive(Debug)]
struct Slot {
    name: Name,
    module: Name,
    origin: usize,
    /// The named type around it: itself for a component.
    outermost: TypeId,
}

/// Every type that was met.
#[derive(Debug)]
pub struct Types<'a> {
    document: &'a Document,
    /// The component that is being lowered; past the last one outside of any.
    origin: usize,
    /// The named type around the one that is being defined; `None` outside of any.
    outermost: Option<TypeId>,
    names: Scope,
    modules: Scope,
    component_names: Vec<Given>,
    component_ids: BTreeMap<(SchemaId, Content), TypeId>,
    /// The types of schemas without a name, by the named type around them and by their places.
    inline_ids: BTreeMap<(TypeId, String, Content), TypeId>,
    slots: Vec<Slot>,
    pending: VecDeque<Pending<'a>>,
    /// By their identifiers: types wait in the order in which they were met.
    found: Vec<DraftType>,
}

impl<'a> Types<'a> {
    /// Gives every named schema its name first, in the document's order, so a type inside of a schema can't take it.
    pub fn new(document: &'a Document, reports: &mut Reports) -> Self {
        let mut names = Scope::types();
        let mut component_names = Vec::new();
        for id in document.named_schemas() {
            let NamedSchema { name, schema, .. } = document.named(id);
            let inline = schema.inline();
            let wanted = inline.and_then(|inline| extension::name(reports, &inline.data().extensions, &inline.pointer));
            component_names.push(names.name_with(wanted.as_deref().unwrap_or(name), TYPE_SUFFIXES, &schema.pointer));
        }
        Self {
            document,
            origin: component_names.len(),
            outermost: None,
            names,
            modules: Scope::modules(),
            component_names,
            component_ids: BTreeMap::new(),
            inline_ids: BTreeMap::new(),
            slots: Vec::new(),
            pending: VecDeque::new(),
            found: Vec::new(),
        }
    }

    /// Returns the type of a named schema. Its shape follows later.
    pub fn component(&mut self, reports: &mut Reports, schema: SchemaId, content: Content) -> TypeId {
        if let Some(id) = self.component_ids.get(&(schema, content)) {
            return *id;
        }
        let named = self.document.named(schema);
        let word = match content {
            Content::Base => Some("base"),
            // Both the whole answer and its unwrapped form are in use.
            Content::Whole if self.component_ids.contains_key(&(schema, Content::BesideEnvelope)) => Some("content"),
            Content::BesideEnvelope if self.component_ids.contains_key(&(schema, Content::Whole)) => Some("content"),
            Content::Whole | Content::BesideEnvelope | Content::Choice | Content::Joined => None,
        };
        let name = if let Some(word) = word {
            let wanted = format!("{} {word}", named.name);
            self.names.name_with(&wanted, TYPE_SUFFIXES, &named.schema.pointer).name
        } else {
            let given = self.component_names[schema.0].clone();
            reports.collision(&given, named.name, &named.schema.pointer);
            given.name
        };
        let around = self.outermost.take();
        let id = self.add(name, named.schema, schema.0, content);
        self.outermost = around;
        self.component_ids.insert((schema, content), id);
        id
    }

    /// Returns a type for a schema inside of another one: a new one, unless the schema was met before inside of the same
    /// named type. With `allOf`, a schema can contain the object that contains it, without end.
    pub fn inline(&mut self, reports: &mut Reports, hint: &str, schema: &SchemaAt<'a>, content: Content) -> TypeId {
        let key = self.outermost.map(|outermost| (outermost, schema.pointer.to_string(), content));
        if let Some(id) = key.as_ref().and_then(|key| self.inline_ids.get(key)) {
            return *id;
        }
        let wanted = extension::name(reports, &schema.data().extensions, &schema.pointer);
        let name = self.names.name_with(wanted.as_deref().unwrap_or(hint), TYPE_SUFFIXES, &schema.pointer).name;
        let id = self.add(name, schema.as_use(), self.origin, content);
        if let Some(key) = key {
            self.inline_ids.insert(key, id);
        }
        id
    }

    fn add(&mut self, name: Name, schema: SchemaUse<'a>, origin: usize, content: Content) -> TypeId {
        let id = TypeId(self.slots.len());
        let module = self.modules.name(name.as_str(), &schema.pointer).name;
        let outermost = self.outermost.unwrap_or(id);
        self.slots.push(Slot { name, module, origin, outermost });
        self.pending.push_back(Pending { id, schema, further: Vec::new(), content });
        id
    }

    /// Returns a type for a value that satisfies several schemas.
    pub fn joined(
        &mut self,
        reports: &mut Reports,
        hint: &str,
        schema: &SchemaAt<'a>,
        further: Vec<SchemaUse<'a>>,
    ) -> TypeId {
        let known = self.slots.len();
        let id = self.inline(reports, hint, schema, Content::Joined);
        if id.0 == known
            && let Some(pending) = self.pending.back_mut()
        {
            pending.further = further;
        }
        id
    }

    /// Returns a name for a generated type that no schema describes.
    pub fn synthetic_name(&mut self, hint: &str, pointer: &Pointer) -> Name {
        self.names.name_with(hint, &[], pointer).name
    }

    /// Returns the names of another form of a type, and of its module.
    pub fn name_of_copy(&mut self, hint: &str, pointer: &Pointer) -> (Name, Name) {
        let name = self.names.name_with(hint, TYPE_SUFFIXES, pointer).name;
        let module = self.modules.name(name.as_str(), pointer).name;
        (name, module)
    }

    /// Returns a type's name.
    pub fn name(&self, id: TypeId) -> &Name {
        &self.slots[id.0].name
    }

    /// Takes the next type that waits for its shape. Types that are met from now on are inside of it.
    pub fn next(&mut self) -> Option<Pending<'a>> {
        let pending = self.pending.pop_front();
        self.outermost = pending.as_ref().map(|pending| self.slots[pending.id.0].outermost);
        if let Some(pending) = &pending {
            self.origin = self.slots[pending.id.0].origin;
        }
        pending
    }

    /// Gives the type that was taken last its definition.
    pub fn define(&mut self, definition: Definition) {
        let Slot { name, module, origin, .. } = &self.slots[self.found.len()];
        let (name, module, origin) = (name.clone(), module.clone(), *origin);
        let Definition { docs, deprecated, shape, pointer, alias_show } = definition;
        self.found.push(DraftType { name, module, docs, deprecated, shape, pointer, origin, alias_show });
    }

    /// Takes the types out, in the order in which they were met.
    pub fn take_found(&mut self) -> Vec<DraftType> {
        std::mem::take(&mut self.found)
    }
}
