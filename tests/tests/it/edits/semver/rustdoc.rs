//! The public items of a crate, from its rustdoc JSON.
//!
//! Maps every path by which a caller can name an item to the item's id. The paths start at `novamed::`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The supported version of the JSON format, written by this repository's Rust version.
const FORMAT: u64 = 57;

/// The rustdoc JSON.
pub struct Docs {
    json: Value,
    /// The shortest path of each item that a caller can name.
    pub paths: BTreeMap<u64, String>,
}

impl Docs {
    /// Reads rustdoc's JSON.
    pub fn read(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).expect("rustdoc writes JSON");
        let format = json["format_version"].as_u64();
        assert_eq!(format, Some(FORMAT), "rustdoc writes another form of JSON than this test reads");
        let mut docs = Self { paths: BTreeMap::new(), json };
        let mut paths = BTreeMap::new();
        let root = docs.json["root"].as_u64().expect("a crate has a root");
        docs.walk(root, "novamed", &mut paths);
        docs.paths = paths;
        docs
    }

    /// Returns an item, unless it is in another crate.
    pub fn item(&self, id: u64) -> Option<&Value> {
        self.json["index"].get(id.to_string())
    }

    /// Returns the kind of an item, and its parts: `struct`, `{"kind": …}`.
    pub fn inner(&self, id: u64) -> Option<(&str, &Value)> {
        let inner = self.item(id)?["inner"].as_object()?;
        inner.iter().next().map(|(kind, parts)| (kind.as_str(), parts))
    }

    /// Returns every trait implementation in the crate.
    pub fn implementations(&self) -> impl Iterator<Item = &Value> {
        let items = self.json["index"].as_object().into_iter().flat_map(Map::values);
        let ours = items.filter(|item| item["crate_id"] == 0).filter_map(|item| item["inner"].get("impl"));
        ours.filter(|parts| !parts["trait"].is_null())
    }

    /// Returns the path of an item of another crate, as defined there.
    pub fn foreign(&self, id: u64) -> Option<Vec<&str>> {
        let summary = self.json["paths"].get(id.to_string())?;
        if summary["crate_id"] == 0 {
            return None;
        }
        Some(summary["path"].as_array()?.iter().filter_map(Value::as_str).collect())
    }

    /// Records the public items of a module below `prefix`.
    fn walk(&self, module: u64, prefix: &str, paths: &mut BTreeMap<u64, String>) {
        let Some(("module", parts)) = self.inner(module) else { return };
        for id in ids(&parts["items"]) {
            let Some(item) = self.item(id).filter(|item| is_public(item)) else { continue };
            match self.inner(id) {
                Some(("use", import)) => self.import(import, prefix, paths),
                Some(("impl", _)) | None => {}
                Some(_) => self.note(id, &format!("{prefix}::{}", name(item)), paths),
            }
        }
    }

    fn import(&self, import: &Value, prefix: &str, paths: &mut BTreeMap<u64, String>) {
        let Some(target) = import["id"].as_u64() else { return };
        if import["is_glob"] == true {
            self.walk(target, prefix, paths);
        } else {
            self.note(target, &format!("{prefix}::{}", name(import)), paths);
        }
    }

    fn note(&self, id: u64, path: &str, paths: &mut BTreeMap<u64, String>) {
        let known = paths.entry(id).or_insert_with(|| path.to_owned());
        if path.len() < known.len() {
            path.clone_into(known);
        }
        self.walk(id, path, paths);
    }
}

/// Returns the name of an item.
pub fn name(item: &Value) -> &str {
    item["name"].as_str().unwrap_or_default()
}

/// Returns the ids in a list.
pub fn ids(list: &Value) -> impl Iterator<Item = u64> + '_ {
    list.as_array().into_iter().flatten().filter_map(Value::as_u64)
}

/// Returns whether an item is visible to callers who can reach its parent.
pub fn is_public(item: &Value) -> bool {
    let hidden = |attribute: &Value| attribute.to_string().contains("doc(hidden)");
    item["visibility"] == "public" && !item["attrs"].as_array().into_iter().flatten().any(hidden)
}
