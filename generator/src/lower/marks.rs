//! The marks of every part of the document. Unused parts are included, so that a misspelled mark is found before somebody
//! uses the part.

use serde_json::Value as Json;

use super::extension::{self, Extensions};
use super::lowering::Lowering;
use crate::diagnostic::Pointer;
use crate::parse::{Node, Value};

/// Extensions that consist of one word.
const WORDS: &[&str] = &["x-client-privacy", "x-client-enum"];

/// Keys whose values are data, not schemas.
const DATA: &[&str] = &["default", "enum", "example", "examples", "value"];

/// Reads every mark of the document, and reports malformed ones.
pub fn check(cx: &mut Lowering<'_>) {
    let root = &cx.document.root;
    if !has_marks(root) {
        return;
    }
    let mut open = vec![(root, Pointer::root())];
    while let Some((node, pointer)) = open.pop() {
        match &node.value {
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(index, item)| (item, pointer.index(index))));
            }
            Value::Object(entries) => {
                for entry in entries {
                    if WORDS.contains(&&*entry.key) {
                        let mark = (entry.key.to_string(), entry.value.to_json());
                        read(cx, &Extensions::from_iter([mark]), &pointer);
                    } else if !DATA.contains(&&*entry.key) || pointer.last().is_some_and(|last| last == "properties") {
                        open.push((&entry.value, pointer.key(&entry.key)));
                    }
                }
            }
            _ => {}
        }
    }
}

fn read(cx: &mut Lowering<'_>, mark: &Extensions, pointer: &Pointer) {
    if mark.values().all(Json::is_string) {
        extension::privacy(&mut cx.reports, mark, pointer);
        extension::openness(&mut cx.reports, mark, pointer);
    }
}

fn has_marks(root: &Node) -> bool {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => {
                if entries.iter().any(|entry| WORDS.contains(&&*entry.key)) {
                    return true;
                }
                open.extend(entries.iter().map(|entry| &entry.value));
            }
            _ => {}
        }
    }
    false
}
