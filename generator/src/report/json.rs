//! What became of a document, as JSON for programs.
//!
//! ```json
//! {
//!   "document": "spec/pets.yaml",
//!   "generated": true,
//!   "operations": 2, "schemas": 3, "events": 0,
//!   "left_out": {"operations": [], "schemas": [{"pointer": "/components/schemas/A", "file": "spec/pets.yaml", "line": 9, "column": 8}]},
//!   "unused": {"schemas": []},
//!   "untyped": [],
//!   "diagnostics": [{"code": "unknown-type", "severity": "warning", "pointer": "/components/schemas/A/type",
//!     "file": "spec/pets.yaml", "line": 12, "column": 13, "message": "`objekt` is not a type", "help": "did you mean `object`?"}]
//! }
//! ```
//!
//! Lines and columns count from one, columns in characters. A pointer refers to the file next to it. What
//! has no place, or no help, has `null` there; where nothing was generated, the counts are `null`.

use serde_json::{Value, json};

use super::{Texts, span};
use crate::diagnostic::{At, Diagnostic, Label, Pointer, Severity};
use crate::parse::{Node, of_file};
use crate::{Generated, Source};

/// Returns the report. `generated` is none where the document has errors; without `root`, only places that are given as
/// spans are known.
#[must_use]
pub fn json(
    diagnostics: &[Diagnostic],
    generated: Option<&Generated>,
    source: &Source<'_>,
    root: Option<&Node>,
) -> String {
    let texts = Texts::new(source);
    let place = |pointer: &Pointer, at: At| {
        let label = Label { pointer: pointer.clone(), at, text: String::new() };
        place(&label, root, &texts)
    };
    let places = |pointers: &[Pointer]| {
        let places = pointers.iter().map(|pointer| Value::Object(place(pointer, At::Key)));
        places.collect::<Vec<_>>()
    };
    let summary = generated.map(|generated| generated.summary);
    let found = generated.map(|generated| &generated.places);
    let diagnostics: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let mut value = place(&diagnostic.pointer, diagnostic.labels[0].at);
            value.insert("code".to_owned(), json!(diagnostic.code.name()));
            let severity = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            value.insert("severity".to_owned(), json!(severity));
            value.insert("message".to_owned(), json!(diagnostic.message));
            value.insert("help".to_owned(), json!(diagnostic.help));
            Value::Object(value)
        })
        .collect();
    let report = json!({
        "document": source.name,
        "generated": generated.is_some(),
        "operations": summary.map(|summary| summary.operations),
        "schemas": summary.map(|summary| summary.types),
        "events": summary.map(|summary| summary.events),
        "left_out": {
            "operations": found.map(|found| places(&found.left_out_operations)),
            "schemas": found.map(|found| places(&found.left_out_schemas)),
        },
        "unused": {"schemas": found.map(|found| places(&found.unused_schemas))},
        "untyped": found.map(|found| places(&found.untyped)),
        "diagnostics": diagnostics,
    });
    format!("{report:#}\n")
}

/// Returns pointer, file, line and column of a label.
fn place(label: &Label, root: Option<&Node>, texts: &Texts<'_>) -> serde_json::Map<String, Value> {
    let (file, position) = match span(label, root, texts) {
        Some(span) => {
            let text = &texts.0[texts.at(span.start)];
            (&text.name, Some(text.lines.position(span.start - text.base)))
        }
        None => (&texts.0[0].name, None),
    };
    let inside = of_file(&label.pointer).map(|(_, inside)| inside);
    let pointer = inside.as_ref().unwrap_or(&label.pointer);
    let mut place = serde_json::Map::new();
    place.insert("pointer".to_owned(), json!(pointer.to_string()));
    place.insert("file".to_owned(), json!(file));
    place.insert("line".to_owned(), json!(position.map(|(line, _)| line)));
    place.insert("column".to_owned(), json!(position.map(|(_, column)| column)));
    place
}
