//! Findings as SARIF 2.1.0, which code scanners read.
//!
//! One run, whose tool carries the rules that something was found for. Accepted findings are left out: not every reader
//! knows what a suppression is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Finding, Report, place_name, severity};
use generator::diagnostic::Code;
use generator::report::Place;

/// Where the form of the file is published.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];

/// Returns the findings as one SARIF log.
#[must_use]
pub fn sarif(report: &Report<'_>) -> String {
    let findings = report.findings();
    let codes: BTreeSet<&Code> = findings.iter().map(|finding| finding.diagnostic.code).collect();
    let codes: Vec<&Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| of_rule(code)).collect();
    let index = |finding: &Finding<'_>| codes.iter().position(|code| *code == finding.diagnostic.code);
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, index(finding))).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "xtask lint", "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn of_rule(code: &Code) -> Value {
    json!({
        "id": code.name(),
        "shortDescription": {"text": code.summary()},
        "fullDescription": {"text": code.explanation()},
        "help": {"text": code.explanation(), "markdown": code.section().trim_end()},
    })
}

fn result(finding: &Finding<'_>, rule: Option<usize>) -> Value {
    let diagnostic = finding.diagnostic;
    let message = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let related: Vec<Value> = finding
        .beside
        .iter()
        .enumerate()
        .map(|(index, place)| {
            let mut location = location(place);
            location["id"] = json!(index);
            if !place.text.is_empty() {
                location["message"] = json!({"text": place.text});
            }
            location
        })
        .collect();
    let pointer = place_name(&diagnostic.pointer);
    let mut value = json!({
        "ruleId": diagnostic.code.name(),
        "ruleIndex": rule,
        "level": severity(diagnostic),
        "message": {"text": message},
        "locations": [location(&finding.place)],
        "partialFingerprints": {"codeAndPointer/v1": format!("{}:{pointer}", diagnostic.code)},
    });
    if !related.is_empty() {
        value["relatedLocations"] = json!(related);
    }
    value
}

fn location(place: &Place) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&place.file)}});
    if let (Some((line, end_line)), Some((column, end_column))) = (place.lines, place.columns) {
        physical["region"] = json!({
            "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        });
    }
    let pointer = place.pointer.to_string();
    let mut location = json!({"physicalLocation": physical});
    if !pointer.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": pointer}]);
    }
    location
}

/// Writes a path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => {
                uri.push('%');
                uri.extend([byte >> 4, byte & 15].map(|half| HEX[usize::from(half)]));
            }
        }
    }
    uri
}
