//! What lowering carries from one part of the document to the next.

use std::collections::BTreeMap;

use serde_json::Value;

use super::extension::Webhooks;
use super::reports::Reports;
use super::types::{Content, Types};
use crate::Unmarked;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Envelope, ErrorKind, Scheme, TypeId};
use crate::names::{Name, Scope};
use crate::parse::{Document, SchemaAt, SchemaId, SchemaUse};

/// The state of lowering.
#[derive(Debug)]
pub struct Lowering<'a> {
    pub document: &'a Document,
    pub unmarked: Unmarked,
    pub reports: Reports,
    pub types: Types<'a>,
    pub envelope: Option<Envelope>,
    pub webhooks: Option<Webhooks>,
    pub schemes: Vec<Scheme>,
    pub error_kinds: Vec<ErrorKind>,
    /// The index of each error kind in [`Lowering::error_kinds`], by the name that the document gives it.
    pub kinds_by_name: BTreeMap<String, usize>,
    pub kind_names: Scope,
    /// The error codes found so far.
    pub error_codes: Vec<String>,
    pub methods: Scope,
    pub modules: Scope,
    /// The examples of request bodies, by their operations' pointers, and of parameters.
    pub examples: BTreeMap<String, Value>,
    /// How many arrays and maps are around this place.
    pub nesting: usize,
}

impl<'a> Lowering<'a> {
    /// Starts with a name for every named schema.
    pub fn new(document: &'a Document, unmarked: Unmarked) -> Self {
        let mut reports = Reports::default();
        let types = Types::new(document, &mut reports);
        Self {
            document,
            unmarked,
            reports,
            types,
            envelope: None,
            webhooks: None,
            schemes: Vec::new(),
            error_kinds: Vec::new(),
            kinds_by_name: BTreeMap::new(),
            kind_names: Scope::variants(),
            error_codes: Vec::new(),
            methods: Scope::methods(),
            modules: Scope::modules(),
            examples: BTreeMap::new(),
            nesting: 0,
        }
    }

    /// Reports a problem, once for each place.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.reports.add(diagnostic);
    }

    /// Returns the type of a named schema. Its shape follows later.
    pub fn component_type(&mut self, schema: SchemaId, content: Content) -> TypeId {
        self.types.component(&mut self.reports, schema, content)
    }

    /// Returns a type for a schema inside of another one, named by `hint` unless the schema names it.
    pub fn inline_type(&mut self, hint: &str, schema: &SchemaAt<'a>, content: Content) -> TypeId {
        self.types.inline(&mut self.reports, hint, schema, content)
    }

    /// Returns a type for a value that satisfies several schemas, named by `hint`.
    pub fn joined_type(&mut self, hint: &str, schema: &SchemaAt<'a>, further: Vec<SchemaUse<'a>>) -> TypeId {
        self.types.joined(&mut self.reports, hint, schema, further)
    }

    /// Returns a name for a generated type that no schema describes.
    pub fn synthetic_name(&mut self, hint: &str, pointer: &Pointer) -> Name {
        self.types.synthetic_name(hint, pointer)
    }
}
