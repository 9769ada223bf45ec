//! What lowering carries along: the document, the scopes of names, the types found so far and the
//! problems.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openapiv3::{ReferenceOr, Schema};
use serde_json::Value;

use super::Lowered;
use super::components::{Component, components, ends};
use super::extension::EventFacts;
use crate::Unmarked;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Api, Envelope, ErrorKind, Scheme, Show, TypeDef, TypeId};
use crate::names::{Given, Name, Scope};
use crate::parse::Document;

/// A schema in the document: a reference or the schema itself.
#[derive(Debug, Clone, Copy)]
pub enum SchemaRef<'a> {
    /// A reference, as the document writes it.
    To(&'a str),
    /// The schema.
    Is(&'a Schema),
}

impl<'a> From<&'a ReferenceOr<Schema>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::To(reference),
            ReferenceOr::Item(schema) => Self::Is(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::To(reference),
            ReferenceOr::Item(schema) => Self::Is(schema),
        }
    }
}

/// A type that has its name and waits for its shape.
#[derive(Debug)]
pub struct Pending<'a> {
    pub id: TypeId,
    pub schema: SchemaRef<'a>,
    pub pointer: Pointer,
    pub content: Content,
}

/// What of a schema a type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole,
    /// All but the envelope's own properties: an answer whose data is no type by itself.
    BesideEnvelope,
}

/// A type as lowering knows it.
#[derive(Debug)]
struct Slot {
    name: Name,
    module: Name,
    def: Option<TypeDef>,
    /// Where its component stands among the components; those without one come last.
    origin: usize,
    /// The type in which it was found by steps that no name interrupts: itself for a component.
    outermost: TypeId,
    alias_show: Show,
}

/// The webhooks' shape (`x-client-webhooks`).
#[derive(Debug, Clone)]
pub struct Webhooks {
    pub name: String,
    pub payload: String,
    pub header: Option<String>,
}

/// Everything that lowering carries along.
#[derive(Debug)]
pub struct Context<'a> {
    pub document: &'a Document,
    pub unmarked: Unmarked,
    pub envelope: Option<Envelope>,
    pub webhooks: Option<Webhooks>,
    pub schemes: Vec<Scheme>,
    pub error_kinds: Vec<ErrorKind>,
    pub kind_names: Scope,
    pub methods: Scope,
    pub modules: Scope,
    /// Types that wait for their shape.
    pub pending: VecDeque<Pending<'a>>,
    /// A request body's example, by its operation's pointer.
    pub examples: BTreeMap<String, Value>,
    /// Each error kind's place among [`Context::error_kinds`], by the name that the document gives it.
    pub kinds_by_name: BTreeMap<String, usize>,
    /// What the document says of the events whose keys name properties, in the order of the events.
    pub event_facts: Vec<EventFacts>,
    /// The error codes found so far.
    pub error_codes: Vec<String>,
    /// The component that is being lowered, by its place; past the last one outside of any.
    pub origin: usize,
    /// Places that fell back to untyped JSON although the document says more.
    pub untyped: Vec<Pointer>,
    components: Vec<Component<'a>>,
    /// Places among the components, by the references that lead there.
    references: BTreeMap<String, usize>,
    /// Where each component's references end; none where they lead nowhere or in a circle.
    ends: Vec<Option<usize>>,
    /// How many arrays and maps stand in each other here.
    pub nesting: usize,
    /// The components that build on one with a discriminator by `allOf`, by the place of that one.
    heirs: BTreeMap<usize, Vec<usize>>,
    component_names: Vec<Given>,
    component_ids: BTreeMap<(usize, bool), TypeId>,
    /// The types of schemas without a name, by the outermost type around them and by their pointers.
    inner_ids: BTreeMap<(TypeId, String, bool), TypeId>,
    /// The outermost type around the one that is being defined; none outside of any.
    outermost: Option<TypeId>,
    slots: Vec<Slot>,
    types: Scope,
    type_modules: Scope,
    diagnostics: Vec<Diagnostic>,
    reported: BTreeSet<String>,
}

impl<'a> Context<'a> {
    /// Starts with every component's name settled, in the document's order, so that a name found
    /// inside of a schema never takes a component's.
    pub fn new(document: &'a Document, unmarked: Unmarked) -> Self {
        let (components, references) = components(document);
        let mut cx = Self {
            document,
            unmarked,
            envelope: None,
            webhooks: None,
            schemes: Vec::new(),
            error_kinds: Vec::new(),
            kind_names: Scope::variants(),
            methods: Scope::methods(),
            modules: Scope::modules(),
            pending: VecDeque::new(),
            examples: BTreeMap::new(),
            kinds_by_name: BTreeMap::new(),
            event_facts: Vec::new(),
            error_codes: Vec::new(),
            origin: components.len(),
            untyped: Vec::new(),
            components,
            references,
            ends: Vec::new(),
            nesting: 0,
            heirs: BTreeMap::new(),
            component_names: Vec::new(),
            component_ids: BTreeMap::new(),
            inner_ids: BTreeMap::new(),
            outermost: None,
            slots: Vec::new(),
            types: Scope::types(),
            type_modules: Scope::modules(),
            diagnostics: Vec::new(),
            reported: BTreeSet::new(),
        };
        cx.ends = ends(&cx.components, |reference| cx.component_index(reference));
        cx.heirs = super::schema::heirs(&cx);
        for index in 0..cx.components.len() {
            let Component { wire, schema, pointer } = &cx.components[index];
            let (wire, schema, pointer) = (wire.clone(), *schema, pointer.clone());
            let wanted = match schema {
                SchemaRef::Is(schema) => super::extension::name(&mut cx, &schema.schema_data.extensions, &pointer),
                SchemaRef::To(_) => None,
            };
            let given = cx.types.name_with(wanted.as_deref().unwrap_or(&wire), TYPE_SUFFIXES, &pointer);
            cx.component_names.push(given);
        }
        cx
    }

    /// Records a problem, once for each place.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        let key = format!("{} {} {}", diagnostic.code, diagnostic.pointer, diagnostic.message);
        if self.reported.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Returns the place of the component that a reference names.
    pub fn component_index(&self, reference: &str) -> Option<usize> {
        match self.references.get(reference) {
            Some(index) => Some(*index),
            None => self.references.get(&Pointer::from_reference(reference)?.to_string()).copied(),
        }
    }

    /// Returns a component's wire name, its schema and its pointer.
    pub fn component(&self, index: usize) -> (String, SchemaRef<'a>, Pointer) {
        let Component { wire, schema, pointer } = &self.components[index];
        (wire.clone(), *schema, pointer.clone())
    }

    /// Returns how many components there are.
    pub fn component_count(&self) -> usize {
        self.components.len()
    }

    /// Returns the components that build on the one at this pointer and are told apart by its
    /// discriminator.
    pub fn heirs_of(&self, pointer: &Pointer) -> &[usize] {
        if self.heirs.is_empty() {
            return &[];
        }
        let index = self.references.get(&pointer.to_string());
        index.and_then(|index| self.heirs.get(index)).map_or(&[], Vec::as_slice)
    }

    /// Follows references to the schema they end at. `None` where one dangles or they go in a circle.
    pub fn resolve(&self, schema: SchemaRef<'a>, pointer: &Pointer) -> Option<(&'a Schema, Pointer)> {
        match schema {
            SchemaRef::Is(schema) => Some((schema, pointer.clone())),
            SchemaRef::To(reference) => {
                let end = &self.components[self.ends[self.component_index(reference)?]?];
                match end.schema {
                    SchemaRef::Is(schema) => Some((schema, end.pointer.clone())),
                    SchemaRef::To(_) => None,
                }
            }
        }
    }

    /// Returns the type of a component, whose shape follows later.
    pub fn component_type(&mut self, index: usize, content: Content) -> TypeId {
        let key = (index, content == Content::Whole);
        if let Some(id) = self.component_ids.get(&key) {
            return *id;
        }
        let (wire, schema, pointer) = self.component(index);
        let beside = self.component_ids.contains_key(&(index, content != Content::Whole));
        let name = if beside {
            // Both the whole answer and its unwrapped form are in use.
            self.types.name_with(&format!("{wire} content"), TYPE_SUFFIXES, &pointer).name
        } else {
            let given = self.component_names[index].clone();
            self.report_collision(&given, &wire, &pointer);
            given.name
        };
        let around = self.outermost.take();
        let id = self.add_slot(name, schema, pointer, index, content);
        self.outermost = around;
        self.component_ids.insert(key, id);
        id
    }

    /// Returns a type for a schema that stands inside of another: a new one, unless the schema was met before inside of
    /// the same type. By `allOf` a schema can hold the very object that it stands in, and so itself, without end.
    pub fn inline_type(&mut self, hint: &str, schema: &'a Schema, pointer: &Pointer, content: Content) -> TypeId {
        let key = self.outermost.map(|outermost| (outermost, pointer.to_string(), content == Content::Whole));
        if let Some(id) = key.as_ref().and_then(|key| self.inner_ids.get(key)) {
            return *id;
        }
        let name = self.type_name(hint, schema, pointer);
        let id = self.add_slot(name, SchemaRef::Is(schema), pointer.clone(), self.origin, content);
        if let Some(key) = key {
            self.inner_ids.insert(key, id);
        }
        id
    }

    /// Says that a type is being defined, or none any more.
    pub fn enter(&mut self, id: Option<TypeId>) {
        self.outermost = id.map(|id| self.slots[id.0].outermost);
    }

    /// Returns a type's name for a schema without one.
    fn type_name(&mut self, hint: &str, schema: &Schema, pointer: &Pointer) -> Name {
        let wanted = super::extension::name(self, &schema.schema_data.extensions, pointer);
        self.types.name_with(wanted.as_deref().unwrap_or(hint), TYPE_SUFFIXES, pointer).name
    }

    /// Returns a name for a generated type that no schema stands behind.
    pub fn synthetic_name(&mut self, hint: &str, pointer: &Pointer) -> Name {
        self.types.name_with(hint, &[], pointer).name
    }

    fn add_slot(
        &mut self,
        name: Name,
        schema: SchemaRef<'a>,
        pointer: Pointer,
        origin: usize,
        content: Content,
    ) -> TypeId {
        let id = TypeId(self.slots.len());
        let module = self.type_modules.name(name.as_str(), &pointer).name;
        let outermost = self.outermost.unwrap_or(id);
        self.slots.push(Slot { name, module, def: None, origin, outermost, alias_show: Show::Delegate });
        self.pending.push_back(Pending { id, schema, pointer, content });
        id
    }

    /// Returns the name that a type has.
    pub fn name_of(&self, id: TypeId) -> &Name {
        &self.slots[id.0].name
    }

    /// Returns where a type's component stands among the components.
    pub fn origin_of(&self, id: TypeId) -> usize {
        self.slots[id.0].origin
    }

    /// Returns the module that a type stands in.
    pub fn module_of(&self, id: TypeId) -> &Name {
        &self.slots[id.0].module
    }

    /// Gives a type its definition.
    pub fn define(&mut self, id: TypeId, def: TypeDef, alias_show: Show) {
        self.slots[id.0].alias_show = alias_show;
        self.slots[id.0].def = Some(def);
    }

    /// Takes the types out, in the order of their discovery.
    pub fn take_types(&mut self) -> Vec<TypeDef> {
        self.slots.iter_mut().map(|slot| slot.def.take().expect("every pending type was drained")).collect()
    }

    /// Returns, for each type that is an alias, what `Debug` does with the value behind it.
    pub fn alias_shows(&self) -> Vec<Show> {
        self.slots.iter().map(|slot| slot.alias_show).collect()
    }

    /// Returns where each type's component stands among the components.
    pub fn type_origins(&self) -> Vec<usize> {
        self.slots.iter().map(|slot| slot.origin).collect()
    }

    /// Reports that two items wanted one name.
    pub fn report_collision(&mut self, given: &Given, wire: &str, pointer: &Pointer) {
        let Some(other) = &given.collides_with else { return };
        self.report(
            Diagnostic::warning(
                "name-collision",
                pointer,
                format!("`{wire}` wants a name that is taken, and became `{}`", given.name),
            )
            .at_key()
            .label(other, "the name is taken by this")
            .help("settle it with `x-client-name`"),
        );
    }

    /// Ends lowering.
    pub fn into_lowered(self, api: Api) -> Lowered {
        Lowered { api, diagnostics: self.diagnostics, untyped: self.untyped }
    }
}

/// What is generated beside a type under its name and a suffix.
const TYPE_SUFFIXES: &[&str] = &["Builder"];
