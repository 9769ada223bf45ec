//! A comparison for programs.
//!
//! ```json
//! {
//!   "verdict": "breaking", "old": "main:spec/pets.yaml", "new": "spec/pets.yaml",
//!   "findings": [{"code": "property-removed", "class": "breaking", "side": "request", "subject": "Pet.name",
//!     "pointer": "/components/schemas/Pet/properties/name", "message": "the property `Pet.name` is gone",
//!     "blocking": false, "approved": null, "old": {"file": "main:spec/pets.yaml", "line": 9, "column": 8, "pointer": "…"},
//!     "new": null, "fingerprint": "0123456789ab"}],
//!   "rust": {"items": [{"change": "removed", "path": "Pet.name", "old": "pub name: String", "new": null, "semver": "major"}],
//!     "semver": "major", "current_version": "0.1.0", "next_version": "0.2.0"},
//!   "proof": null
//! }
//! ```
//!
//! Where nothing changed, `verdict` and `semver` are `"none"`. Lines and columns count from one.

use serde_json::{Value, json};

use super::super::Approved;
use super::super::Diff;
use super::super::finding::Finding;
use super::Frames;
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::report::Framed;

/// Returns the report.
#[must_use]
pub fn json(diff: &Diff<'_>, approved: &Approved) -> String {
    let frames = Frames::of(diff);
    let finding = |finding: &Finding| {
        let fingerprint = finding.fingerprint();
        json!({
            "code": finding.code,
            "class": finding.class.word(),
            "side": finding.side.word(),
            "subject": finding.subject,
            "pointer": finding.pointer().to_string(),
            "message": finding.message,
            "blocking": finding.is_blocking,
            "approved": approved.reason(finding),
            "old": finding.old.as_ref().map(|pointer| place(&frames.old, &diff.old, pointer)),
            "new": finding.new.as_ref().map(|pointer| place(&frames.new, &diff.new, pointer)),
            "fingerprint": fingerprint,
        })
    };
    let items = diff.items.iter().map(|item| {
        json!({
            "change": item.happened.word(),
            "path": item.path,
            "owner": item.owner,
            "old": item.old,
            "new": item.new,
            "semver": item.semver.word(),
        })
    });
    let report = json!({
        "verdict": diff.verdict().map_or("none", super::super::Class::word),
        "old": diff.old.source.name,
        "new": diff.new.source.name,
        "findings": diff.findings.iter().map(finding).collect::<Vec<_>>(),
        "rust": {
            "items": items.collect::<Vec<_>>(),
            "semver": diff.semver.map_or("none", super::super::Semver::word),
            "current_version": diff.version,
            "next_version": diff.next_version,
        },
        "proof": diff.proof.map(|proof| json!({"parts": proof.parts, "files": proof.files})),
    });
    format!("{report:#}\n")
}

fn place(framed: &Framed<'_>, reading: &Reading<'_>, pointer: &Pointer) -> Value {
    let (file, line, column) = framed.position(&reading.written(pointer));
    json!({"file": file, "line": line, "column": column, "pointer": pointer.to_string()})
}
