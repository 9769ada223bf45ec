//! Findings as JSON.
//!
//! ```json
//! {
//!   "document": "spec/pets.yaml", "errors": 1, "warnings": 0,
//!   "findings": [{"code": "server-without-https", "severity": "error", "message": "…", "help": "…",
//!     "file": "spec/pets.yaml", "pointer": "/servers/0/url", "line": 4, "column": 10, "end_line": 4, "end_column": 30,
//!     "labels": []}],
//!   "accepted": [{"code": "sensitive-in-url", "pointer": "/paths/…", "reason": "so it is published"}]
//! }
//! ```
//!
//! Lines and columns count from one, columns in characters; the end is behind the last character. What has no place,
//! or no help, has `null` there. A pointer refers to the `file` next to it.

use serde_json::{Map, Value, json};

use super::{Report, severity};
use generator::report::Place;

/// Returns the findings as one JSON object.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let findings = report.findings().into_iter().map(|finding| {
        let mut value = place(&finding.place);
        value.insert("pointer".to_owned(), json!(super::place_name(&finding.diagnostic.pointer)));
        value.remove("text");
        value.insert("code".to_owned(), json!(finding.diagnostic.code.name()));
        value.insert("severity".to_owned(), json!(severity(finding.diagnostic)));
        value.insert("message".to_owned(), json!(finding.diagnostic.message));
        value.insert("help".to_owned(), json!(finding.diagnostic.help));
        value.insert("labels".to_owned(), finding.beside.iter().map(|label| Value::Object(place(label))).collect());
        Value::Object(value)
    });
    let findings: Vec<Value> = findings.collect();
    let accepted = report
        .accepted
        .iter()
        .map(|accepted| json!({"code": accepted.code.name(), "pointer": accepted.pointer, "reason": accepted.reason}));
    let accepted: Vec<Value> = accepted.collect();
    let (errors, warnings) = report.counts();
    let value = json!({
        "document": report.document,
        "errors": errors,
        "warnings": warnings,
        "findings": findings,
        "accepted": accepted,
    });
    format!("{value:#}\n")
}

fn place(place: &Place) -> Map<String, Value> {
    let (lines, columns) = (place.lines, place.columns);
    let entries = [
        ("file", json!(place.file)),
        ("pointer", json!(place.pointer.to_string())),
        ("line", json!(lines.map(|(from, _)| from))),
        ("column", json!(columns.map(|(from, _)| from))),
        ("end_line", json!(lines.map(|(_, to)| to))),
        ("end_column", json!(columns.map(|(_, to)| to))),
        ("text", json!(place.text)),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
