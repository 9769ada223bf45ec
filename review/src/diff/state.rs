//! What a finding is about, as both documents have it: whoever accepts a change accepts what it is now, and not what the
//! same edit makes of it later.
//!
//! A number or a string at a finding's key counts, and a few keys count with everything below them. A schema
//! does not: it also holds what other edits are about.

use super::finding::Finding;
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::Value;

/// Findings that are about the whole of a key, with the key where their place is what holds it.
const WHOLE: &[(&str, &str)] = &[
    ("default-changed", "default"),
    ("discriminator-changed", "discriminator"),
    ("enum-added", "enum"),
    ("error-kind-changed", ""),
    ("foreign-extension", ""),
    ("keyword-changed", ""),
    ("unknown-change", ""),
];

/// Records in each finding the values at its places.
pub fn note(findings: &mut [Finding], old: &Reading<'_>, new: &Reading<'_>) {
    for finding in findings {
        let whole = WHOLE.iter().find(|(code, _)| *code == finding.code).map(|(_, key)| *key);
        if whole.is_none() && finding.comes_or_goes() {
            continue;
        }
        let text = |place: &Option<Pointer>, reading: &Reading<'_>| text(place.as_ref()?, reading, whole);
        let states = [text(&finding.old, old), text(&finding.new, new)];
        finding.state = match states {
            [None, None] => None,
            states => Some(states.map(|state| state.unwrap_or_else(|| "none".to_owned()))),
        };
    }
}

fn text(place: &Pointer, reading: &Reading<'_>, whole: Option<&str>) -> Option<String> {
    let inside = whole.filter(|key| !key.is_empty() && place.last().as_deref() != Some(*key));
    let place = inside.map_or_else(|| place.clone(), |key| place.key(key));
    let node = reading.document.root.find(&reading.written(&place))?;
    let is_one = !matches!(node.value, Value::Array(_) | Value::Object(_));
    (is_one || whole.is_some()).then(|| node.to_json().to_string())
}
