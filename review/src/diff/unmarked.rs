//! Values that a document marks neither as safe nor as sensitive.
//!
//! A document that marks nothing at all says nothing by that; in one that does, a new value without a mark was
//! forgotten.

use std::collections::BTreeMap;

use openapiv3::{AdditionalProperties, Parameter, ParameterSchemaOrContent, ReferenceOr, Schema};

use super::finding::{Class, Finding, Side};
use super::wire::{self, any};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::lower::SchemaRef;

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
    /// Places by what stands there.
    found: BTreeMap<String, Pointer>,
    has_marks: bool,
}

impl Unmarked {
    fn of(reading: &Reading<'_>) -> Self {
        let mut all = Self::default();
        let components = reading.document.openapi.components.iter();
        let root = Pointer::root().key("components").key("schemas");
        for (name, schema) in components.flat_map(|components| &components.schemas) {
            all.schema(schema.into(), &root.key(name), name, false);
        }
        for site in wire::operations(reading) {
            let name = site.name();
            for (index, parameter) in site.operation.parameters.iter().enumerate() {
                let ReferenceOr::Item(parameter) = parameter else { continue };
                let at = site.pointer.key("parameters").index(index);
                all.parameter(parameter, &at, &format!("{name}({})", parameter.parameter_data_ref().name));
            }
            if let Some(ReferenceOr::Item(body)) = &site.operation.request_body {
                let at = site.pointer.key("requestBody").key("content");
                all.contents(&body.content, &at, &format!("{name} body"));
            }
            for (status, response) in &site.operation.responses.responses {
                let ReferenceOr::Item(response) = response else { continue };
                let at = site.pointer.key("responses").key(&status.to_string()).key("content");
                all.contents(&response.content, &at, &format!("{name} {status}"));
            }
        }
        all
    }

    fn parameter(&mut self, parameter: &Parameter, pointer: &Pointer, subject: &str) {
        let data = parameter.parameter_data_ref();
        let is_marked = self.is_marked(data.extensions.contains_key(MARK));
        if let ParameterSchemaOrContent::Schema(schema) = &data.format {
            self.schema(schema.into(), &pointer.key("schema"), subject, is_marked);
        }
    }

    fn contents(
        &mut self,
        content: &indexmap::IndexMap<String, openapiv3::MediaType>,
        pointer: &Pointer,
        subject: &str,
    ) {
        for (name, media_type) in content {
            if let Some(schema) = &media_type.schema {
                self.schema(schema.into(), &pointer.key(name).key("schema"), subject, false);
            }
        }
    }

    fn is_marked(&mut self, is_marked: bool) -> bool {
        self.has_marks |= is_marked;
        is_marked
    }

    /// Looks at a schema and all that is written inside of it; what it refers to has a place of its own.
    fn schema(&mut self, schema: SchemaRef<'_>, pointer: &Pointer, subject: &str, is_marked: bool) {
        let SchemaRef::Is(schema) = schema else { return };
        let is_marked = self.is_marked(schema.schema_data.extensions.contains_key(MARK)) || is_marked;
        let any = any(schema);
        if !is_marked && is_scalar(schema) {
            self.found.insert(subject.to_owned(), pointer.clone());
        }
        for (name, property) in &any.properties {
            let at = pointer.key("properties").key(name);
            self.schema(property.into(), &at, &format!("{subject}.{name}"), false);
        }
        if let Some(items) = &any.items {
            self.schema(items.into(), &pointer.key("items"), &format!("{subject}[]"), is_marked);
        }
        if let Some(AdditionalProperties::Schema(rest)) = &any.additional_properties {
            let at = pointer.key("additionalProperties");
            self.schema(rest.as_ref().into(), &at, &format!("{subject}{{}}"), is_marked);
        }
        for (key, members) in [("allOf", &any.all_of), ("oneOf", &any.one_of), ("anyOf", &any.any_of)] {
            for (index, member) in members.iter().enumerate() {
                self.schema(member.into(), &pointer.key(key).index(index), subject, is_marked);
            }
        }
    }
}

fn is_scalar(schema: &Schema) -> bool {
    let any = any(schema);
    let has_members = !any.all_of.is_empty() || !any.one_of.is_empty() || !any.any_of.is_empty();
    matches!(any.typ.as_deref(), Some("string" | "integer" | "number" | "boolean")) && !has_members
}
