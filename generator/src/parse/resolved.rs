//! The resolved document: `openapiv3`'s objects, each with its place in the text, and every reference followed.
//!
//! ```yaml
//! paths: {/pets: {get: {parameters: [{$ref: '#/components/parameters/Limit'}], …}}}
//! components: {schemas: {Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}, …}}
//! ```
//! [`Document::follow`] leads from that parameter to [`Placed`] `/components/parameters/Limit`, and [`SchemaUse::follow`] from
//! the first member of `Dog` to the schema `Pet`. Nobody else looks at the text of a `$ref`.
//!
//! What OpenAPI 3.1 can say but `openapiv3` can't represent is kept next to it: webhooks, schemas that a reference
//! finds outside of the components, and the marked tree, in which [`SchemaAt::keyword`] finds any keyword as it was
//! written. What the parts mean for a client is decided in `lower`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{Components, Example, Header, OpenAPI, Parameter, ReferenceOr, RequestBody, Response};

use super::distant::Distant;
use super::node::{Node, Value};
use super::{MAX_DEPTH, Webhooks};
use crate::diagnostic::{Diagnostic, Pointer};

mod named;
mod operation;
mod schema;

pub use named::{NamedSchema, SchemaId};
pub use operation::{Method, OperationAt, operations_of};
pub use schema::{Part, SchemaAt, SchemaRef, SchemaUse};

/// The most references that are followed in a row.
const MAX_STEPS: usize = 8;

/// The version of OpenAPI that a document names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 3.0.
    V3_0,
    /// 3.1, or later.
    V3_1,
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The version that it names. All versions are written as 3.0 in `openapi`.
    pub version: Version,
    /// The document, written as OpenAPI 3.0.
    pub openapi: OpenAPI,
    /// What OpenAPI 3.1 has and `openapiv3` has not.
    pub webhooks: Webhooks,
    /// The marked tree, which turns a pointer into a place.
    pub root: Node,
    /// Schemas that a reference finds outside of the components, by that reference.
    distant: Distant,
    /// The schemas that a reference can lead to.
    named: named::Table,
    /// For each list that lost items, by its pointer: the indices, in the text, of the items that were kept.
    kept: BTreeMap<String, Vec<usize>>,
}

/// An object of the document and its place.
#[derive(Debug)]
pub struct Placed<'d, T> {
    /// The object; never a reference.
    pub object: &'d T,
    /// Where it is written.
    pub pointer: Pointer,
}

impl<T> Clone for Placed<'_, T> {
    fn clone(&self) -> Self {
        Self { object: self.object, pointer: self.pointer.clone() }
    }
}

/// A kind of object that references can lead to. Schemas have [`SchemaUse`] instead.
pub trait Component: Sized {
    /// The key under `components`.
    const SECTION: &'static str;

    /// Returns the components of this kind.
    fn declared(components: &Components) -> &IndexMap<String, ReferenceOr<Self>>;
}

macro_rules! component {
    ($($ty:ty: $section:literal, $field:ident;)*) => {$(
        impl Component for $ty {
            const SECTION: &'static str = $section;

            fn declared(components: &Components) -> &IndexMap<String, ReferenceOr<Self>> {
                &components.$field
            }
        }
    )*};
}

component! {
    Parameter: "parameters", parameters;
    RequestBody: "requestBodies", request_bodies;
    Response: "responses", responses;
    Header: "headers", headers;
    Example: "examples", examples;
}

impl Document {
    /// Puts the parts of a document together, and finds where its references lead.
    pub(super) fn new(
        version: Version,
        (openapi, webhooks): (OpenAPI, Webhooks),
        distant: Distant,
        root: Node,
        kept: BTreeMap<String, Vec<usize>>,
    ) -> Self {
        let named = named::Table::default();
        let mut document = Self { version, openapi, webhooks, root, distant, named, kept };
        document.named = named::Table::of(&document);
        document
    }

    /// Follows references to the object that they end at. Returns `None` where one leads nowhere, or in a circle.
    #[must_use]
    pub fn follow<'d, T: Component>(&'d self, written: &'d ReferenceOr<T>, pointer: &Pointer) -> Option<Placed<'d, T>> {
        let (mut written, mut pointer) = (written, pointer.clone());
        for _ in 0..=MAX_STEPS {
            let reference = match written {
                ReferenceOr::Item(object) => return Some(Placed { object, pointer }),
                ReferenceOr::Reference { reference } => reference,
            };
            let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
            let declared = T::declared(self.openapi.components.as_ref()?);
            written = declared.get(name).filter(|_| section == T::SECTION)?;
            pointer = Pointer::root().key("components").key(section).key(name);
        }
        None
    }

    /// Returns a schema with its place, given what the parsed document has there.
    #[must_use]
    pub fn schema<'d>(&'d self, schema: impl Into<SchemaRef<'d>>, pointer: Pointer) -> SchemaUse<'d> {
        SchemaUse::new(self, schema.into(), pointer)
    }

    /// Returns the node that a reference leads to in the text.
    #[must_use]
    pub fn target(&self, reference: &str) -> Option<(&Node, Pointer)> {
        let pointer = Pointer::from_reference(reference)?;
        Some((self.root.find(&pointer)?, pointer))
    }

    /// Returns the pointer by which the text has what `pointer` names in the document that was read from it: items that
    /// were left out count again, and what is behind a reference is found there.
    #[must_use]
    pub fn written(&self, pointer: &Pointer) -> Pointer {
        let (mut node, mut at) = (&self.root, Pointer::root());
        let mut jumps = 0;
        let steps = pointer.steps();
        for (depth, step) in steps.iter().enumerate() {
            // Parse puts some targets in the place of the references that lead to them.
            while node.entry(step).is_none()
                && jumps < MAX_DEPTH
                && let Some(reference) = node.get("$ref").and_then(Node::as_str)
                && let Some(target) = self.target(reference)
            {
                (node, at) = target;
                jumps += 1;
            }
            let next = match &node.value {
                Value::Array(items) => {
                    let written = |index: usize| self.kept.get(&at.to_string())?.get(index).copied();
                    let index = step.parse().ok().map(|index| written(index).unwrap_or(index));
                    index.and_then(|index| Some((at.index(index), items.get(index)?)))
                }
                _ => node.get(step).map(|found| (at.key(step), found)),
            };
            let Some(next) = next else { return steps[depth..].iter().fold(at, |at, step| at.key(step)) };
            (at, node) = next;
        }
        at
    }

    /// Returns the byte at which what `pointer` names starts.
    #[must_use]
    pub fn start(&self, pointer: &Pointer) -> usize {
        self.root.nearest(&self.written(pointer)).node.span.start
    }

    /// Returns a diagnostic of lowering with pointers into the text.
    #[must_use]
    pub fn locate(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.pointer = self.written(&diagnostic.pointer);
        for label in &mut diagnostic.labels {
            label.pointer = self.written(&label.pointer);
        }
        diagnostic
    }
}
