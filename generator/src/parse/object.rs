//! An object of OpenAPI, read key by key with an account of what was read.
//!
//! ```text
//! let mut object = Object::open(reader, node, trail, &SHAPE)?;
//! let tag = Tag {
//!     name: object.required_text("name")?,
//!     description: object.text("description"),
//!     extensions: object.finish(),        // reports every key that was not taken
//! };
//! ```

use indexmap::IndexMap;

use crate::diagnostic::Code;

use super::codes;
use super::node::{Entry, Node, Value};
use super::reader::Reader;
use super::shape::{self, Shape};
use super::trail::Trail;

/// Our extensions, as openapiv3 keeps them.
pub(super) type Extensions = IndexMap<String, serde_json::Value>;

/// The keys of one object, and which of them were taken.
pub(super) struct Object<'o> {
    pub(super) reader: &'o Reader<'o>,
    pub(super) node: &'o Node,
    pub(super) trail: &'o Trail<'o>,
    shape: &'static Shape,
    entries: &'o [Entry],
    /// One bit for each of the first 64 entries.
    taken: u64,
    /// The others, of which a well-formed object has none.
    taken_beyond: Vec<bool>,
    left: usize,
}

impl<'o> Object<'o> {
    /// Opens the object `node`; returns `None`, with a warning, when it is none.
    pub(super) fn open(
        reader: &'o Reader<'_>,
        node: &'o Node,
        trail: &'o Trail<'_>,
        shape: &'static Shape,
    ) -> Option<Self> {
        let Value::Object(entries) = &node.value else {
            let expected = format!("{} (an object)", shape.name);
            reader.wrong_type(node, trail, &expected);
            return None;
        };
        Some(Self {
            reader,
            node,
            trail,
            shape,
            entries,
            taken: 0,
            taken_beyond: vec![false; entries.len().saturating_sub(64)],
            left: entries.len(),
        })
    }

    /// Takes the entry of `key`.
    pub(super) fn take(&mut self, key: &str) -> Option<&'o Entry> {
        if self.left == 0 {
            return None;
        }
        let index = self.entries.iter().position(|entry| *entry.key == *key)?;
        if !self.is_taken(index) {
            self.left -= 1;
        }
        match index {
            0..64 => self.taken |= 1 << index,
            _ => self.taken_beyond[index - 64] = true,
        }
        Some(&self.entries[index])
    }

    fn is_taken(&self, index: usize) -> bool {
        match index {
            0..64 => self.taken >> index & 1 == 1,
            _ => self.taken_beyond[index - 64],
        }
    }

    /// Takes the entry of `key`, where it holds anything: in YAML, `key:` is as good as no key.
    pub(super) fn take_value(&mut self, key: &str) -> Option<&'o Entry> {
        self.take(key).filter(|entry| entry.value.value != Value::Null)
    }

    /// Takes a text. Any other plain value is read as its text, with a warning.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let entry = self.take_value(key)?;
        text(self.reader, &entry.value, &self.trail.key(&entry.key))
    }

    /// Takes a required string, and reports a missing one.
    pub(super) fn required_text(&mut self, key: &str) -> Option<String> {
        let entry = self.take(key);
        let found = entry.and_then(|entry| text(self.reader, &entry.value, &self.trail.key(&entry.key)));
        if entry.is_none() {
            self.missing(key);
        }
        found
    }

    /// Warns that there is no `key`.
    pub(super) fn missing(&self, key: &str) {
        self.reader.missing(self.node, self.trail, key, self.shape.name);
    }

    /// Takes `true` or `false`.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let entry = self.take_value(key)?;
        if let Value::Bool(flag) = entry.value.value {
            return Some(flag);
        }
        self.reader.wrong_type(&entry.value, &self.trail.key(&entry.key), "a boolean");
        None
    }

    /// Takes a number.
    pub(super) fn number(&mut self, key: &str) -> Option<f64> {
        let entry = self.take_value(key)?;
        let number = number(&entry.value);
        if number.is_none() {
            self.reader.wrong_type(&entry.value, &self.trail.key(&entry.key), "a number");
        }
        number
    }

    /// Takes a non-negative integer.
    pub(super) fn count(&mut self, key: &str) -> Option<usize> {
        let entry = self.take_value(key)?;
        let count = match &entry.value.value {
            Value::Number(text) => text.strip_suffix(".0").unwrap_or(text).parse().ok(),
            _ => None,
        };
        if count.is_none() {
            let trail = self.trail.key(&entry.key);
            self.reader.wrong_type(&entry.value, &trail, "a non-negative integer");
        }
        count
    }

    /// Takes any value.
    pub(super) fn value(&mut self, key: &str) -> Option<serde_json::Value> {
        self.take(key).map(|entry| entry.value.to_json())
    }

    /// Takes a value that `item` reads.
    pub(super) fn one<T>(
        &mut self,
        key: &str,
        item: impl FnOnce(&Reader<'_>, &Node, &Trail<'_>) -> Option<T>,
    ) -> Option<T> {
        let entry = self.take(key)?;
        item(self.reader, &entry.value, &self.trail.key(&entry.key))
    }

    /// Takes a list without the items that `item` cannot read. Returns `None` if the key is missing.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
        mut item: impl FnMut(&Reader<'_>, &Node, &Trail<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let entry = self.take_value(key)?;
        let trail = self.trail.key(&entry.key);
        let Value::Array(items) = &entry.value.value else {
            self.reader.wrong_type(&entry.value, &trail, "a list");
            return None;
        };
        // A loop, because the frames of an iterator chain are large, and schemas nest.
        let mut found = Vec::with_capacity(items.len());
        let mut kept = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            if let Some(item) = item(self.reader, node, &trail.index(index)) {
                found.push(item);
                kept.push(index);
            }
        }
        if kept.len() < items.len() {
            self.reader.note_kept(&trail, kept);
        }
        Some(found)
    }

    /// Takes a map of names; values that `item` cannot read are left out.
    pub(super) fn map<T>(
        &mut self,
        key: &str,
        mut item: impl FnMut(&Reader<'_>, &Node, &Trail<'_>) -> Option<T>,
    ) -> IndexMap<String, T> {
        let Some(entry) = self.take_value(key) else {
            return IndexMap::new();
        };
        let trail = self.trail.key(&entry.key);
        let Value::Object(entries) = &entry.value.value else {
            self.reader.wrong_type(&entry.value, &trail, "an object");
            return IndexMap::new();
        };
        let mut map = IndexMap::with_capacity(entries.len());
        for entry in entries {
            if let Some(value) = item(self.reader, &entry.value, &trail.key(&entry.key)) {
                map.insert(entry.key.to_string(), value);
            }
        }
        map
    }

    /// Returns the keys that were not taken.
    pub(super) fn rest(&self) -> impl Iterator<Item = &'o Entry> + '_ {
        let entries = self.entries.iter().enumerate();
        entries.filter(|(index, _)| !self.is_taken(*index)).map(|(_, entry)| entry)
    }

    /// Returns our extensions on this object, and reports every other key that was not taken.
    pub(super) fn finish(self) -> Extensions {
        let mut extensions = Extensions::new();
        if self.left == 0 {
            return extensions;
        }
        for entry in self.rest() {
            if self.shape.extensions.contains(&&*entry.key) {
                extensions.insert(entry.key.to_string(), entry.value.to_json());
            } else if is_extension(&entry.key) {
                check_extension(self.reader, entry, self.trail, self.shape.name);
            } else if self.shape.constraints.contains(&&*entry.key) {
                self.report_constraint(entry);
            } else if !self.shape.harmless.contains(&&*entry.key) {
                self.report_key(entry);
            }
        }
        extensions
    }

    fn report_constraint(&self, entry: &Entry) {
        let message = format!("`{}` is not supported; it is ignored", entry.key);
        let pointer = self.trail.key(&entry.key).pointer();
        let problem = codes::NOT_CARRIED.at(&pointer, message);
        self.reader.push(entry.key_span, problem.at_key());
    }

    fn report_key(&self, entry: &Entry) {
        let (key, name) = (&*entry.key, self.shape.name);
        let pointer = self.trail.key(key).pointer();
        let untaken = self.shape.keys.iter().copied().filter(|known| self.node.get(known).is_none());
        let homes = shape::homes(key);
        let problem = if let Some(near) = shape::nearest(key, untaken).filter(|_| homes.is_empty()) {
            let message = format!("`{key}` is not a key of {name}");
            codes::UNKNOWN_KEY.at(&pointer, message).help(format!("did you mean `{near}`?"))
        } else if homes.is_empty() {
            let message = format!("`{key}` is not a key of {name}");
            let help = "remove it, or start it with `x-` to make it an extension";
            codes::UNKNOWN_KEY.at(&pointer, message).help(help)
        } else {
            let message = format!("`{key}` is not a key of {name}");
            let help = format!("it is a key of {}", homes.join(", "));
            codes::MISPLACED_KEY.at(&pointer, message).help(help)
        };
        self.reader.push(entry.key_span, problem.at_key());
    }

    /// Reports every key next to a `$ref` that is not a foreign extension.
    pub(super) fn finish_beside_reference(self) {
        for entry in self.rest() {
            if is_extension(&entry.key) {
                check_extension(self.reader, entry, self.trail, self.shape.name);
                continue;
            }
            let message = format!("`{}` next to `$ref` has no effect", entry.key);
            let pointer = self.trail.key(&entry.key).pointer();
            let problem = codes::KEY_BESIDE_REF.at(&pointer, message).at_key();
            self.reader.push(entry.key_span, problem.help("remove it, or move it to the target of the reference"));
        }
    }
}

/// Returns whether `key` is an extension, of ours or not.
pub(super) fn is_extension(key: &str) -> bool {
    key.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"))
}

/// Reports an extension that has no meaning at `trail`, unless it is a foreign one. `name` is what the object there is called.
pub(super) fn check_extension(reader: &Reader<'_>, entry: &Entry, trail: &Trail<'_>, name: &str) {
    let key = &*entry.key;
    let report = |code: &'static Code, message: String, help: String| {
        let problem = code.at(&trail.key(key).pointer(), message).at_key();
        reader.push(entry.key_span, problem.help(help));
    };
    if !is_ours(key) {
        return;
    }
    let homes = shape::extension_homes(key);
    if !homes.is_empty() {
        let message = format!("`{key}` is not allowed in {name}");
        let help = format!("it is allowed in {}", homes.join(", "));
        report(&codes::MISPLACED_EXTENSION, message, help);
        return;
    }
    let help = match shape::nearest_extension(key) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            format!("names that start with `{}` are reserved for this generator; choose another prefix", shape::PREFIX)
        }
    };
    report(&codes::UNKNOWN_EXTENSION, format!("unknown extension `{key}`"), help);
}

/// Returns whether `key` is an extension of ours. Everyone else's are ignored, however much they look like one of ours.
pub(super) fn is_ours(key: &str) -> bool {
    key.starts_with(shape::PREFIX)
}

/// Reads a text. Any other plain value is read as its text, with a warning.
pub(super) fn text(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<String> {
    let text = match &node.value {
        Value::String(text) => return Some(text.to_string()),
        Value::Number(text) => Some(text.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let help = text.as_ref().map(|text| format!("write it in quotes: `\"{text}\"`"));
    reader.wrong_type_help(node, trail, "a string", help.as_deref());
    text
}

/// Returns a number that `f64` can hold.
pub(super) fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}
