//! YAML text to the marked tree, from the events of `granit-parser`.
//!
//! ```yaml
//! a: &x {b: 1}      # Object([a: Object([b: Number("1")]), ...
//! c: *x             #         c: the same again, with the places of the first
//! d: {<<: *x, e: ~} #         d: Object([b: Number("1"), e: Null])])
//! ```
//!
//! YAML 1.2 core schema, and the merge key of 1.1. Nothing here recurses, so input can't overflow the stack, and
//! what aliases copy is counted, so input can't fill the memory.

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use crate::diagnostic::{Pointer, Span};

use super::node::{Entry, Node, Value};
use super::problems::Problems;
use super::{MAX_DEPTH, codes, entries, scalar};

/// How many bytes aliases may copy, independently of the length of the text: about 100,000 nodes.
const ALIAS_BUDGET: usize = 16 << 20;

/// Reads `text`. Returns `None` after a problem that ends the reading, which is then an error.
pub(super) fn read(text: &str, problems: &mut Problems) -> Option<Node> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut yaml = Yaml {
        text,
        start,
        open: Vec::new(),
        anchors: Vec::new(),
        budget: ALIAS_BUDGET + 8 * text.len(),
        root: None,
        problems,
    };
    for event in Parser::new_from_str(&text[start..]) {
        match event {
            Ok((event, span)) => {
                let span = yaml.span(span);
                if !yaml.take(event, span)? {
                    break;
                }
            }
            Err(error) => return yaml.fail_scan(&error),
        }
    }
    let empty = Span::default();
    Some(yaml.root.unwrap_or(Node { span: empty, value: Value::Null }))
}

struct Yaml<'t> {
    text: &'t str,
    /// Where the events begin: behind the byte order mark.
    start: usize,
    /// The lists and objects that are not complete, outermost first.
    open: Vec<Open>,
    /// What each anchor stands for, by its number; `None` as long as it is not complete.
    anchors: Vec<Option<Node>>,
    /// How many bytes aliases may still copy.
    budget: usize,
    root: Option<Node>,
    problems: &'t mut Problems,
}

/// A list or an object that is not complete.
struct Open {
    items: Items,
    start: usize,
    /// Whether it is written with brackets, and so has an end that can be seen.
    flow: bool,
    anchor: usize,
}

enum Items {
    List(Vec<Node>),
    Object {
        entries: Vec<Entry>,
        /// The key whose value comes next.
        key: Option<Key>,
        /// Which of the entries are merge keys.
        merges: Vec<usize>,
    },
}

struct Key {
    text: Box<str>,
    span: Span,
    merge: bool,
}

impl Yaml<'_> {
    /// Takes one event. Returns whether to go on.
    fn take(&mut self, event: Event<'_>, span: Span) -> Option<bool> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let problem = codes::SEVERAL_DOCUMENTS
                    .at(&Pointer::root(), "another document begins here, only the first is read");
                self.problems.push(span.start, problem.at_span(span));
                return Some(false);
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span)?,
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), &["seq"], span);
                self.open(Items::List(Vec::new()), anchor, span, style)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), &["map"], span);
                let items = Items::Object { entries: Vec::new(), key: None, merges: Vec::new() };
                self.open(items, anchor, span, style)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
            Event::Alias(anchor) => self.alias(anchor, span)?,
            // Everything else has no content.
            _ => {}
        }
        Some(true)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) -> Option<()> {
        let plain = style == ScalarStyle::Plain;
        if self.expects_key() {
            self.check_tag(tag, &["str"], span);
            let key = Key { text: text.into(), span, merge: plain && text == "<<" };
            if anchor != 0 {
                let value = Value::String(text.into());
                self.remember(anchor, &Node { span, value })?;
            }
            self.key(key);
            return Some(());
        }
        let span = if plain && text.is_empty() { self.behind_key(span) } else { span };
        let value = match tag.map(|tag| (tag, tag.is_yaml_core_schema())) {
            None if plain => scalar::plain(text),
            None => Value::String(text.into()),
            Some((tag, true)) if matches!(tag.suffix(), "null" | "bool" | "int" | "float") => scalar::plain(text),
            Some((tag, false)) if tag.handle().is_empty() && tag.suffix() == "!" => Value::String(text.into()),
            Some((tag, _)) => {
                let known = self.check_tag(Some(tag), &["str"], span);
                if known || !plain { Value::String(text.into()) } else { scalar::plain(text) }
            }
        };
        let node = Node { span, value };
        if anchor != 0 {
            self.remember(anchor, &node)?;
        }
        self.value(node)
    }

    /// A value that is not written has no place; the event gives that of the next token, maybe lines below.
    fn behind_key(&self, span: Span) -> Span {
        let end = match self.open.last().map(|open| &open.items) {
            Some(Items::Object { key: Some(key), .. }) => key.span.end,
            _ => span.start,
        };
        Span { start: end, end }
    }

    fn open(&mut self, items: Items, anchor: usize, span: Span, style: StructureStyle) -> Option<()> {
        if self.expects_key() {
            return self.fail(span, "a key must be a string, not a list or an object");
        }
        if self.open.len() == MAX_DEPTH {
            return self.fail_deep(span);
        }
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { items, start: span.start, flow, anchor });
        Some(())
    }

    fn close(&mut self, span: Span) -> Option<()> {
        let open = self.open.pop()?;
        let (value, last) = match open.items {
            Items::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::Array(items), last)
            }
            Items::Object { entries, merges, .. } => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end));
                let mut found = if merges.is_empty() { entries } else { self.merged(entries, &merges) };
                entries::make_unique(&mut found, || next_place(&self.open), self.problems);
                (Value::Object(found), last)
            }
        };
        // The end of a block is found at the next token only; an alias may end far above.
        let end = if open.flow { span.end } else { last.unwrap_or(span.start) };
        let span = Span { start: open.start, end: end.max(open.start) };
        let node = Node { span, value };
        if open.anchor != 0 {
            self.remember(open.anchor, &node)?;
        }
        self.value(node)
    }

    /// Puts what the merge keys name in their place: a key that is written out counts more, then the first merged.
    fn merged(&mut self, entries: Vec<Entry>, merges: &[usize]) -> Vec<Entry> {
        let written: Vec<Box<str>> = (0..)
            .zip(&entries)
            .filter(|(index, _)| !merges.contains(index))
            .map(|(_, entry)| entry.key.clone())
            .collect();
        let mut taken: std::collections::BTreeSet<Box<str>> = written.into_iter().collect();
        let mut found = Vec::with_capacity(entries.len());
        for (index, entry) in entries.into_iter().enumerate() {
            if !merges.contains(&index) {
                found.push(entry);
                continue;
            }
            let parts = match entry.value.value {
                Value::Array(items) => items,
                _ => vec![entry.value],
            };
            for part in parts {
                let Value::Object(added) = part.value else {
                    let message = format!("`<<` merges objects, not {}", part.kind());
                    let problem = codes::WRONG_TYPE.at(&next_place(&self.open), message);
                    self.problems.push(entry.key_span.start, problem.at_span(entry.key_span));
                    continue;
                };
                found.extend(added.into_iter().filter(|entry| taken.insert(entry.key.clone())));
            }
        }
        found
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Option<()> {
        let Some(Some(node)) = self.anchors.get(anchor) else {
            return self.fail(span, "this alias is inside of its anchor");
        };
        if self.expects_key() {
            let text = match &node.value {
                Value::String(text) | Value::Number(text) => text.clone(),
                Value::Bool(flag) => flag.to_string().into(),
                Value::Null => "null".into(),
                _ => return self.fail(span, "a key must be a string, not a list or an object"),
            };
            let merge = false;
            self.key(Key { text, span, merge });
            return Some(());
        }
        if self.open.len() + node.depth() > MAX_DEPTH {
            return self.fail_deep(span);
        }
        let weight = node.weight();
        let node = node.clone();
        self.spend(weight, span)?;
        self.value(node)
    }

    fn remember(&mut self, anchor: usize, node: &Node) -> Option<()> {
        self.spend(node.weight(), node.span)?;
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
        self.anchors[anchor] = Some(node.clone());
        Some(())
    }

    fn spend(&mut self, weight: usize, span: Span) -> Option<()> {
        if let Some(rest) = self.budget.checked_sub(weight) {
            self.budget = rest;
            return Some(());
        }
        let message = "the aliases of this document make it too large";
        let problem = codes::EXPANSION_LIMIT.at(&next_place(&self.open), message);
        self.problems.push(span.start, problem.at_span(span));
        None
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last().map(|open| &open.items), Some(Items::Object { key: None, .. }))
    }

    fn key(&mut self, found: Key) {
        if let Some(Items::Object { key, .. }) = self.open.last_mut().map(|open| &mut open.items) {
            *key = Some(found);
        }
    }

    /// Adds a complete value to the list or object that it belongs to.
    fn value(&mut self, node: Node) -> Option<()> {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::List(items)) => items.push(node),
            Some(Items::Object { entries, key, merges }) => {
                let Key { text, span, merge } = key.take()?;
                if merge {
                    merges.push(entries.len());
                }
                entries.push(Entry { key: text, key_span: span, value: node });
            }
        }
        Some(())
    }

    /// Returns whether there is a tag of the core schema that fits; reports any other.
    fn check_tag(&mut self, tag: Option<&Tag>, fitting: &[&str], span: Span) -> bool {
        let Some(tag) = tag else { return false };
        let non_specific = tag.handle().is_empty() && tag.suffix() == "!";
        if non_specific || (tag.is_yaml_core_schema() && fitting.contains(&tag.suffix())) {
            return true;
        }
        let message = format!("the tag `{tag}` means nothing here");
        let problem = codes::UNKNOWN_TAG.at(&next_place(&self.open), message);
        self.problems.push(span.start, problem.at_span(span).help("remove the tag"));
        false
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        let start = self.byte(&span.start);
        Span { start, end: self.byte(&span.end).max(start) }
    }

    /// Returns the offset of a mark in the text.
    fn byte(&self, mark: &Marker) -> usize {
        mark.byte_offset().map_or(self.text.len(), |offset| self.text.len().min(self.start + offset))
    }

    fn fail_scan<T>(&mut self, error: &ScanError) -> Option<T> {
        let start = self.byte(error.marker());
        let end = start + self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let info = error.info();
        let mut message = info.chars().take(1).flat_map(char::to_lowercase).collect::<String>();
        message.extend(info.chars().skip(1));
        self.fail(Span { start, end }, &message)
    }

    fn fail_deep<T>(&mut self, span: Span) -> Option<T> {
        let message = format!("more than {MAX_DEPTH} levels of lists and objects");
        let problem = codes::TOO_DEEP.at(&next_place(&self.open), message);
        self.problems.push(span.start, problem.at_span(span));
        None
    }

    fn fail<T>(&mut self, span: Span, message: &str) -> Option<T> {
        let problem = codes::SYNTAX.at(&Pointer::root(), message).as_error();
        self.problems.push(span.start, problem.at_span(span));
        None
    }
}

/// Returns the place of the value that comes next.
fn next_place(open: &[Open]) -> Pointer {
    open.iter().fold(Pointer::root(), |pointer, open| match &open.items {
        Items::List(items) => pointer.index(items.len()),
        Items::Object { key: Some(key), .. } => pointer.key(&key.text),
        Items::Object { key: None, .. } => pointer,
    })
}
