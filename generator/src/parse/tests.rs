//! Tests of whole documents: what is read, what is reported, where.

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaKind};

use super::{Document, codes::CODES, parse};
use crate::Source;
use crate::diagnostic::Diagnostic;

mod corpus;
mod diagnosed;
mod extensions;
mod normalized;
mod readers;
mod robust;

/// Reads `text`; it must be a document.
fn read(text: &str) -> (Document, Vec<Diagnostic>) {
    let (document, diagnostics) = parse(&Source::alone("test", text));
    assert!(diagnostics.iter().all(|found| CODES.contains(&found.code)));
    (document.expect("the document can be read"), diagnostics)
}

/// Returns a document of version `version` with one schema `A`, in YAML; `schema` is its lines.
fn with_schema(version: &str, schema: &str) -> String {
    let schema = schema.trim().replace('\n', "\n      ");
    let head = format!("openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n");
    format!("{head}components:\n  schemas:\n    A:\n      {schema}\n")
}

/// Returns the schema `A` and the problems of such a document.
fn schema_of(version: &str, schema: &str) -> (ReferenceOr<Schema>, Vec<String>) {
    let (document, diagnostics) = read(&with_schema(version, schema));
    let schemas = document.openapi.components.expect("there are components").schemas;
    (schemas["A"].clone(), in_short(&diagnostics))
}

/// Returns the schema `A` of a document without problems.
fn item(version: &str, schema: &str) -> (Schema, AnySchema) {
    let (found, problems) = schema_of(version, schema);
    assert!(problems.is_empty(), "{problems:?}");
    let schema = found.into_item().expect("the schema is not a reference");
    let any = any(&schema).clone();
    (schema, any)
}

fn any(schema: &Schema) -> &AnySchema {
    match &schema.schema_kind {
        SchemaKind::Any(any) => any,
        other => panic!("not SchemaKind::Any: {other:?}"),
    }
}

/// Returns each problem as `code pointer`.
fn in_short(diagnostics: &[Diagnostic]) -> Vec<String> {
    let lines = diagnostics.iter().map(|found| format!("{} {}", found.code, found.pointer));
    lines.collect()
}

/// Returns the one problem of `text`, as its code, pointer, message and help.
fn only_problem(text: &str) -> (String, String, String) {
    let (_, diagnostics) = parse(&Source::alone("test", text));
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    let found = &diagnostics[0];
    let help = found.help.clone().unwrap_or_default();
    (format!("{} {}", found.code, found.pointer), found.message.clone(), help)
}
