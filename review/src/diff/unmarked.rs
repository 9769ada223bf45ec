//! Values that a document marks neither as safe nor as sensitive.
//!
//! A document that marks nothing at all says nothing by that; in one that does, a new value without a mark was
//! forgotten.

use std::collections::BTreeMap;

use openapiv3::{Parameter, ParameterSchemaOrContent, ReferenceOr};

use super::finding::{Class, Finding, Side};
use super::wire;
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::{Document, Part, SchemaAt, SchemaUse};

const MARK: &str = "x-client-privacy";

/// Reports the values that are new, or lost their mark, in a document that marks others.
#[must_use]
pub fn compare(old: &Reading<'_>, new: &Reading<'_>) -> Vec<Finding> {
    let (was, is) = (Unmarked::of(old), Unmarked::of(new));
    if !is.has_marks {
        return Vec::new();
    }
    let fresh = is.found.into_iter().filter(|(subject, _)| !was.found.contains_key(subject));
    let finding = |(subject, pointer): (String, Pointer)| {
        let message = format!("`{subject}` is neither safe nor sensitive: mark it with `{MARK}`");
        Finding::new("unclassified", Class::Compatible, Side::Privacy, &subject, message).new_at(&pointer).blocking()
    };
    fresh.map(finding).collect()
}

#[derive(Debug, Default)]
struct Unmarked {
    /// Places by their content.
    found: BTreeMap<String, Pointer>,
    has_marks: bool,
}

impl Unmarked {
    fn of(reading: &Reading<'_>) -> Self {
        let mut all = Self::default();
        let document = &reading.document;
        let root = Pointer::root().key("components").key("schemas");
        for (name, schema) in document.openapi.components.iter().flat_map(|components| &components.schemas) {
            all.schema(&document.schema(schema, root.key(name)), name, false);
        }
        for site in document.operations() {
            let name = wire::name(&site);
            for (index, parameter) in site.object.parameters.iter().enumerate() {
                let ReferenceOr::Item(parameter) = parameter else { continue };
                let at = site.pointer.key("parameters").index(index);
                all.parameter(document, parameter, &at, &format!("{name}({})", parameter.parameter_data_ref().name));
            }
            if let Some(ReferenceOr::Item(body)) = &site.object.request_body {
                let at = site.pointer.key("requestBody").key("content");
                all.contents(document, &body.content, &at, &format!("{name} body"));
            }
            for (status, response) in &site.object.responses.responses {
                let ReferenceOr::Item(response) = response else { continue };
                let at = site.pointer.key("responses").key(&status.to_string()).key("content");
                all.contents(document, &response.content, &at, &format!("{name} {status}"));
            }
        }
        all
    }

    fn parameter(&mut self, document: &Document, parameter: &Parameter, pointer: &Pointer, subject: &str) {
        let data = parameter.parameter_data_ref();
        let is_marked = self.is_marked(data.extensions.contains_key(MARK));
        if let ParameterSchemaOrContent::Schema(schema) = &data.format {
            self.schema(&document.schema(schema, pointer.key("schema")), subject, is_marked);
        }
    }

    fn contents(
        &mut self,
        document: &Document,
        content: &indexmap::IndexMap<String, openapiv3::MediaType>,
        pointer: &Pointer,
        subject: &str,
    ) {
        for (name, media_type) in content {
            if let Some(schema) = &media_type.schema {
                let schema = document.schema(schema, pointer.key(name).key("schema"));
                self.schema(&schema, subject, false);
            }
        }
    }

    fn is_marked(&mut self, is_marked: bool) -> bool {
        self.has_marks |= is_marked;
        is_marked
    }

    /// Visits a schema and everything inside it, but not the targets of its references.
    fn schema(&mut self, schema: &SchemaUse<'_>, subject: &str, is_marked: bool) {
        let Some(schema) = schema.inline() else { return };
        let is_marked = self.is_marked(schema.data().extensions.contains_key(MARK)) || is_marked;
        if !is_marked && is_scalar(&schema) {
            self.found.insert(subject.to_owned(), schema.pointer.clone());
        }
        for (part, inner) in schema.parts() {
            match part {
                Part::Property(name) => self.schema(&inner, &format!("{subject}.{name}"), false),
                Part::Items => self.schema(&inner, &format!("{subject}[]"), is_marked),
                Part::AdditionalProperties => self.schema(&inner, &format!("{subject}{{}}"), is_marked),
                Part::AllOf | Part::OneOf | Part::AnyOf => self.schema(&inner, subject, is_marked),
            }
        }
    }
}

fn is_scalar(schema: &SchemaAt<'_>) -> bool {
    let any = schema.any();
    let has_members = schema.has_alternatives() || !any.all_of.is_empty();
    matches!(any.typ.as_deref(), Some("string" | "integer" | "number" | "boolean")) && !has_members
}
