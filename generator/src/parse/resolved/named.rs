//! The schemas that a reference can lead to: those of `components.schemas`, and those that references find elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::{Document, SchemaRef, SchemaUse};
use crate::diagnostic::Pointer;
use crate::parse::files::of_file;

/// The place of a schema among those that have a name: `components.schemas` first, in the document's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaId(pub usize);

/// A schema that has a name.
#[derive(Debug, Clone)]
pub struct NamedSchema<'d> {
    /// The key under `components.schemas`, or the words that lead to a schema elsewhere.
    pub name: &'d str,
    /// Whether it is one of `components.schemas`, or a schema in another file that one of these is a name for.
    pub is_component: bool,
    /// The schema.
    pub schema: SchemaUse<'d>,
}

/// Every schema that has a name, and where references lead.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table {
    schemas: Vec<Row>,
    /// By the references that lead there and by the pointers.
    ids: BTreeMap<String, SchemaId>,
    /// Where the references of each schema end. `None` where they lead nowhere or in a circle.
    ends: Vec<Option<SchemaId>>,
    /// For each schema with a discriminator, the schemas that build on it.
    heirs: BTreeMap<SchemaId, Vec<SchemaId>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    pointer: Pointer,
    source: Source,
}

/// Where the schema itself is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Source {
    /// The index in `components.schemas`.
    Component(usize),
    /// The index in [`Document::distant`].
    Distant(usize),
}

impl Source {
    fn schema(self, document: &Document) -> SchemaRef<'_> {
        let written = match self {
            Self::Component(index) => document.openapi.components.as_ref().map(|all| &all.schemas[index]),
            Self::Distant(index) => Some(&document.distant[index]),
        };
        written.expect("the table of named schemas was made from this document").into()
    }
}

impl Document {
    /// Returns the schemas that have a name: those of `components.schemas`, then those that a reference finds elsewhere.
    pub fn named_schemas(&self) -> impl ExactSizeIterator<Item = SchemaId> + use<> {
        (0..self.named.schemas.len()).map(SchemaId)
    }

    /// Returns a schema that has a name.
    #[must_use]
    pub fn named(&self, SchemaId(index): SchemaId) -> NamedSchema<'_> {
        let Row { name, pointer, source } = &self.named.schemas[index];
        let components = self.openapi.components.as_ref().map_or(0, |components| components.schemas.len());
        NamedSchema {
            name,
            is_component: index < components,
            schema: self.schema(source.schema(self), pointer.clone()),
        }
    }

    /// Returns the named schema that a reference leads to. A chain of references is not followed any further.
    #[must_use]
    pub fn schema_id(&self, reference: &str) -> Option<SchemaId> {
        match self.named.ids.get(reference) {
            Some(id) => Some(*id),
            None => self.schema_id_at(&Pointer::from_reference(reference)?),
        }
    }

    /// Returns the named schema at this place.
    #[must_use]
    pub fn schema_id_at(&self, pointer: &Pointer) -> Option<SchemaId> {
        self.named.ids.get(&pointer.to_string()).copied()
    }

    /// Returns the schema at which the references of a named one end. `None` where one leads nowhere or in a circle.
    pub(super) fn end(&self, SchemaId(index): SchemaId) -> Option<NamedSchema<'_>> {
        self.named.ends[index].map(|id| self.named(id))
    }

    /// Returns the schemas that build by `allOf` on the one at this place and are told apart by its discriminator
    /// (OpenAPI 3.0.3, Discriminator Object), directly or through others, in the document's order.
    #[must_use]
    pub fn heirs(&self, base: &Pointer) -> &[SchemaId] {
        if self.named.heirs.is_empty() {
            return &[];
        }
        let heirs = self.schema_id_at(base).and_then(|id| self.named.heirs.get(&id));
        heirs.map_or(&[], Vec::as_slice)
    }
}

impl Table {
    /// Finds the named schemas of a document, whose own table is still empty.
    pub(super) fn of(document: &Document) -> Self {
        let mut table = Self::default();
        table.add_components(document);
        table.add_distant(document);
        table.find_ends(document);
        table.find_heirs(document);
        table
    }

    fn add_components(&mut self, document: &Document) {
        let pointer = Pointer::root().key("components").key("schemas");
        let declared = document.openapi.components.iter().flat_map(|components| &components.schemas);
        for (index, (name, _)) in declared.enumerate() {
            let (id, pointer) = (SchemaId(index), pointer.key(name));
            self.ids.insert(format!("#/components/schemas/{name}"), id);
            self.ids.insert(pointer.to_string(), id);
            self.schemas.push(Row { name: name.clone(), pointer, source: Source::Component(index) });
        }
    }

    fn add_distant(&mut self, document: &Document) {
        for (index, reference) in document.distant.keys().enumerate() {
            let Some(pointer) = Pointer::from_reference(reference) else { continue };
            let source = Source::Distant(index);
            let aliased = of_file(&pointer).and_then(|_| self.alias_of(document, reference));
            let id = aliased.unwrap_or(SchemaId(self.schemas.len()));
            self.ids.insert(reference.clone(), id);
            self.ids.entry(pointer.to_string()).or_insert(id);
            match aliased {
                Some(SchemaId(at)) => {
                    let name = std::mem::take(&mut self.schemas[at].name);
                    self.schemas[at] = Row { name, pointer, source };
                }
                None => self.schemas.push(Row { name: distant_name(&pointer), pointer, source }),
            }
        }
    }

    /// Returns the component that only gives a name to a schema in another file.
    fn alias_of(&self, document: &Document, reference: &str) -> Option<SchemaId> {
        let is_alias = |row: &Row| row.source.schema(document).reference() == Some(reference);
        self.schemas.iter().position(is_alias).map(SchemaId)
    }

    /// Follows the references of every named schema once, so that a chain of them costs each only one step.
    fn find_ends(&mut self, document: &Document) {
        let mut ends: Vec<Option<Option<SchemaId>>> = vec![None; self.schemas.len()];
        for start in 0..self.schemas.len() {
            let mut way = Vec::new();
            let mut at = Some(SchemaId(start));
            let end = loop {
                let Some(SchemaId(index)) = at else { break None };
                if let Some(known) = ends[index] {
                    break known;
                }
                // Until the end is known, whatever leads back to the way counts as a circle.
                ends[index] = Some(None);
                way.push(index);
                match self.schemas[index].source.schema(document) {
                    SchemaRef::Is(_) => break at,
                    SchemaRef::To(reference) => at = self.id(reference),
                }
            };
            for index in way {
                ends[index] = Some(end);
            }
        }
        self.ends = ends.into_iter().map(Option::flatten).collect();
    }

    fn id(&self, reference: &str) -> Option<SchemaId> {
        let by_pointer = || self.ids.get(&Pointer::from_reference(reference)?.to_string());
        self.ids.get(reference).or_else(by_pointer).copied()
    }

    fn find_heirs(&mut self, document: &Document) {
        let mut children: BTreeMap<SchemaId, Vec<SchemaId>> = BTreeMap::new();
        let mut bases = BTreeSet::new();
        for (index, row) in self.schemas.iter().enumerate() {
            let SchemaRef::Is(schema) = row.source.schema(document) else { continue };
            if super::schema::has_discriminator(schema) {
                bases.insert(SchemaId(index));
            }
            let members = super::schema::any(schema).all_of.iter().map(SchemaRef::from);
            for base in members.filter_map(SchemaRef::reference).filter_map(|reference| self.id(reference)) {
                children.entry(base).or_default().push(SchemaId(index));
            }
        }
        bases.retain(|base| children.contains_key(base));
        self.heirs = bases.into_iter().map(|base| (base, all_below(base, &children))).collect();
    }
}

fn all_below(base: SchemaId, children: &BTreeMap<SchemaId, Vec<SchemaId>>) -> Vec<SchemaId> {
    let mut found = BTreeSet::new();
    let mut open = vec![base];
    while let Some(id) = open.pop() {
        for child in children.get(&id).into_iter().flatten() {
            if *child != base && found.insert(*child) {
                open.push(*child);
            }
        }
    }
    found.into_iter().collect()
}

/// Makes a name for a schema without one from the steps that lead to it, except those that say nothing. A whole file
/// is named for the file, without its ending.
fn distant_name(pointer: &Pointer) -> String {
    const COMMON: &[&str] =
        &["$defs", "components", "content", "definitions", "paths", "properties", "schema", "schemas"];
    let file = of_file(pointer);
    let pointer = file.as_ref().map_or(pointer, |(_, inside)| inside);
    let steps = pointer.steps();
    let telling: Vec<_> = steps.iter().map(AsRef::as_ref).filter(|step| !COMMON.contains(step)).collect();
    match file {
        Some((path, _)) if telling.is_empty() => {
            let name = path.rsplit('/').next().unwrap_or_default();
            name.split('.').find(|part| !part.is_empty()).unwrap_or_default().to_owned()
        }
        _ => telling.join(" "),
    }
}
