//! Real documents: everything that they say is read, or a diagnostic names it.
//!
//! The check compares the source with the result leaf by leaf. It knows what parse leaves out on purpose, and looks
//! where parse puts what it writes in another way.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::{Document, parse};
use crate::Source;
use crate::diagnostic::{Diagnostic, Pointer};

#[test]
fn corpus_documents_are_read_without_loss() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: cannot find the corpus at {}", folder.display());
        return;
    };
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    let is_document = |path: &&PathBuf| path.extension().is_some_and(|kind| kind == "json" || kind == "yaml");
    for path in paths.iter().filter(is_document) {
        let text = std::fs::read_to_string(path).expect("a corpus file can be read");
        let name = path.display().to_string();
        let source = Source::alone(&name, &text);
        let (document, diagnostics) = parse(&source);
        let document = document.unwrap_or_else(|| panic!("{name}: {diagnostics:#?}"));
        assert!(!diagnostics.iter().any(Diagnostic::is_error), "{name}");
        let lost = lost(&text, &document, &diagnostics);
        assert!(lost.is_empty(), "{name} lost {lost:#?}");
        let shown = crate::report::text(&diagnostics, &source, Some(&document.root), false);
        assert!(shown.len() < 2_000 * diagnostics.len() + 1, "{name}: the report is too long");
    }
}

#[test]
fn a_loss_would_be_found() {
    let text = r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {},
        "tags": [{"name": "a"}], "components": {"schemas": {"A": {"maxLength": 3}}}}"#;
    let (mut document, diagnostics) = super::read(text);
    assert_eq!(lost(text, &document, &diagnostics), [""; 0]);
    document.openapi.tags.clear();
    document.openapi.components = None;
    let expected = ["/components/schemas/A/maxLength", "/tags/0/name"];
    assert_eq!(lost(text, &document, &diagnostics), expected);
}

/// Returns the pointers of all leaves of the source that are neither in the document nor named by a diagnostic.
fn lost(text: &str, document: &Document, diagnostics: &[Diagnostic]) -> Vec<String> {
    // serde_json is an independent witness of what JSON says.
    let source: Value = serde_json::from_str(text).unwrap_or_else(|_| document.root.to_json());
    let mut result = serde_json::to_value(&document.openapi).expect("openapiv3 can be written");
    result["webhooks"] = serde_json::to_value(&document.webhooks).expect("openapiv3 can be written");
    let mut check =
        Check { diagnosed: diagnostics.iter().map(|found| found.pointer.to_string()).collect(), lost: Vec::new() };
    check.value(&source, &[&result], &Pointer::root(), false);
    check.lost
}

struct Check {
    diagnosed: Vec<String>,
    lost: Vec<String>,
}

impl Check {
    /// Compares a value with the places that it may have been put to. `names` says that the keys are names, not words
    /// of OpenAPI.
    fn value(&mut self, source: &Value, results: &[&Value], pointer: &Pointer, names: bool) {
        match source {
            Value::Object(entries) => {
                let results = with_members(results);
                for (key, value) in entries {
                    if !names && is_left_out(key, value) {
                        continue;
                    }
                    let mut found: Vec<&Value> = results.iter().filter_map(|result| get(result, key)).collect();
                    if key == "summary" && !names {
                        // `info` has none in 3.0, nor has a schema.
                        found.extend(results.iter().filter_map(|result| get(result, "description")));
                    }
                    let key_is_map = !names && is_map(key);
                    self.entry(key, value, &found, &pointer.key(key), key_is_map);
                }
            }
            Value::Array(items) => {
                let items: Vec<&Value> = items.iter().filter(|item| !is_null_schema(item)).collect();
                for (index, item) in items.into_iter().enumerate() {
                    let found: Vec<&Value> = results.iter().filter_map(|result| result.get(index)).collect();
                    self.value(item, &found, &pointer.index(index), false);
                }
            }
            leaf => {
                if !results.iter().any(|result| is_same(leaf, result)) {
                    self.leaf(pointer);
                }
            }
        }
    }

    fn entry(&mut self, key: &str, value: &Value, found: &[&Value], pointer: &Pointer, names: bool) {
        // What may be anything is compared as it is.
        let same = matches!(key, "example" | "default" | "enum" | "value") && found.contains(&value);
        // A summary that 3.0 has no place for begins the description.
        let is_part = |text: &str| found.iter().filter_map(|found| found.as_str()).any(|found| found.contains(text));
        if same || matches!(key, "summary" | "description") && value.as_str().is_some_and(is_part) {
            return;
        }
        self.value(value, found, pointer, names);
    }

    fn leaf(&mut self, pointer: &Pointer) {
        let text = pointer.to_string();
        let is_named = |named: &String| text.starts_with(named.as_str()) && !named.is_empty();
        // A diagnostic about several keys beside a reference names the first.
        let beside = |named: &String| {
            named.rsplit_once('/').map(|(parent, _)| parent) == text.rsplit_once('/').map(|(parent, _)| parent)
        };
        if !self.diagnosed.iter().any(|named| is_named(named) || beside(named)) {
            self.lost.push(text);
        }
    }
}

/// Adds the places where the keywords of a schema with several types, and a reference with keys beside, are put.
fn with_members<'v>(results: &[&'v Value]) -> Vec<&'v Value> {
    let mut all = results.to_vec();
    for result in results {
        let members = |key| result.get(key).and_then(Value::as_array).into_iter().flatten();
        all.extend(members("anyOf").chain(members("allOf")));
    }
    all
}

fn get<'v>(result: &'v Value, key: &str) -> Option<&'v Value> {
    let as_status = || key.to_ascii_uppercase();
    result.get(key).or_else(|| if key.len() == 3 { result.get(as_status()) } else { None })
}

fn is_map(key: &str) -> bool {
    let maps = [
        "properties",
        "schemas",
        "responses",
        "parameters",
        "examples",
        "requestBodies",
        "headers",
        "securitySchemes",
        "links",
        "callbacks",
        "paths",
        "webhooks",
        "content",
        "encoding",
        "variables",
        "mapping",
        "scopes",
    ];
    maps.contains(&key)
}

/// What parse leaves out on purpose, or writes in another way (which the tests of `normalized` look at).
fn is_left_out(key: &str, value: &Value) -> bool {
    key.starts_with("x-")
        || matches!(key, "xml" | "$schema" | "$id" | "$comment" | "jsonSchemaDialect" | "pathItems")
        || matches!(key, "const" | "prefixItems" | "patternProperties" | "contentMediaType" | "contentEncoding")
        || key == "identifier"
        || (key == "examples" || key == "type") && (value.is_array() || value == "null")
        || key.starts_with("exclusiveM") && value.is_number()
        || value == &Value::Bool(false)
        || value.is_null() && !matches!(key, "default" | "example" | "value")
}

fn is_null_schema(item: &Value) -> bool {
    item.get("type").is_some_and(|typ| typ == "null") || *item == serde_json::json!({"enum": [null]})
}

fn is_same(source: &Value, result: &Value) -> bool {
    match (source.as_f64(), result.as_f64()) {
        (Some(source), Some(result)) => source.to_bits() == result.to_bits(),
        _ => source == result,
    }
}
