//! What every converter needs: the tree, the version that the document says, the problems, and references that have to
//! be resolved on the spot.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use indexmap::IndexSet;
use openapiv3::ReferenceOr;

use crate::diagnostic::{Code, Diagnostic, Pointer, Span};

use super::distant::is_distant;
use super::files::{elsewhere, written};
use super::node::{Entry, Node, Value};
use super::object::Object;
use super::problems::Problems;
use super::shape::Shape;
use super::trail::Trail;
use super::{MAX_DEPTH, codes};

/// How many bytes the references that parse resolves itself may copy, in addition to some for each byte of the text.
const COPY_BUDGET: usize = 4 << 20;

/// The most callbacks that may be nested.
const MAX_CALLBACKS: usize = 4;

/// The document that is being read.
pub(super) struct Reader<'d> {
    root: &'d Node,
    /// Whether the document says 3.1 (or later).
    pub(super) is_31: bool,
    problems: RefCell<Problems>,
    /// The targets that are being read, outermost first.
    entered: RefCell<Vec<Pointer>>,
    /// How many bytes resolved references may still copy.
    budget: Cell<usize>,
    /// References to schemas outside of the components, in the order of their discovery.
    distant: RefCell<IndexSet<String>>,
    /// Of lists that lost items, by their pointers, the places of those that were kept.
    left: RefCell<BTreeMap<String, Vec<usize>>>,
    /// How deep callbacks are nested here.
    callbacks: Cell<usize>,
    /// Whether links were met.
    links: Cell<bool>,
}

impl<'d> Reader<'d> {
    /// Returns a reader of the tree `root`, which was read from this many bytes.
    pub(super) fn new(root: &'d Node, bytes: usize, is_31: bool, problems: Problems) -> Self {
        Self {
            root,
            is_31,
            problems: RefCell::new(problems),
            entered: RefCell::default(),
            budget: Cell::new(COPY_BUDGET + 8 * bytes),
            distant: RefCell::default(),
            left: RefCell::default(),
            callbacks: Cell::new(0),
            links: Cell::new(false),
        }
    }

    /// Notes a reference to a schema, to be followed later where it leads to no component.
    pub(super) fn note_schema(&self, reference: &str) {
        if is_distant(reference) {
            self.distant.borrow_mut().insert(reference.to_owned());
        }
    }

    /// Returns the reference that was noted at this place.
    pub(super) fn distant(&self, index: usize) -> Option<String> {
        self.distant.borrow().get_index(index).cloned()
    }

    /// Notes that of a list only the items at these places were kept.
    pub(super) fn note_kept(&self, list: &Trail<'_>, kept: Vec<usize>) {
        self.left.borrow_mut().insert(list.pointer().to_string(), kept);
    }

    /// Returns the problems that were found, and of each list that lost items the places of those that were kept.
    pub(super) fn into_found(self) -> (Problems, BTreeMap<String, Vec<usize>>) {
        (self.problems.into_inner(), self.left.into_inner())
    }

    /// Adds a problem that was found at `span`.
    pub(super) fn push(&self, span: Span, diagnostic: Diagnostic) {
        self.problems.borrow_mut().push(span.start, diagnostic);
    }

    /// Warns of a value of the wrong type; `expected` says with its article what it must be.
    pub(super) fn wrong_type(&self, node: &Node, trail: &Trail<'_>, expected: &str) {
        self.wrong_type_help(node, trail, expected, None);
    }

    /// Warns of a value of the wrong type, and says what to write instead.
    pub(super) fn wrong_type_help(&self, node: &Node, trail: &Trail<'_>, expected: &str, help: Option<&str>) {
        let found = match &node.value {
            // The number itself is wrong: a fraction or a sign where a count is due.
            Value::Number(text) if expected.contains("number") => format!("`{text}`"),
            Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
            _ => node.kind().to_owned(),
        };
        let message = match trail.name() {
            Some(name) => format!("`{name}` must be {expected}, found {found}"),
            None => format!("expected {expected}, found {found}"),
        };
        let mut problem = codes::WRONG_TYPE.at(&trail.pointer(), message);
        if let Some(help) = help {
            problem = problem.help(help);
        }
        self.push(node.span, problem);
    }

    /// Warns that the node has no `key`.
    pub(super) fn missing(&self, node: &Node, trail: &Trail<'_>, key: &str, what: &str) {
        let message = format!("{what} needs `{key}`");
        let problem = codes::MISSING_KEY.at(&trail.pointer(), message);
        self.push(node.span, problem.at_key().help(format!("add `{key}`")));
    }

    /// Warns of a word outside of the list that the key allows.
    pub(super) fn unknown_value(&self, node: &Node, trail: &Trail<'_>, what: &str, allowed: &[&str]) {
        let word = node.as_str().unwrap_or_default();
        let message = format!("`{word}` is not {what}");
        let problem = codes::UNKNOWN_VALUE.at(&trail.pointer(), message);
        let allowed = allowed.join("`, `");
        self.push(node.span, problem.help(format!("allowed: `{allowed}`")));
    }

    /// Reads a reference, or else an item. Keys next to the reference are reported: only a schema may have them. What a
    /// reference names elsewhere than among the components is read in its place.
    pub(super) fn reference_or<T>(
        &self,
        node: &Node,
        trail: &Trail<'_>,
        item: impl FnOnce(&Self, &Node, &Trail<'_>) -> Option<T>,
    ) -> Option<ReferenceOr<T>> {
        let Some(entry) = node.entry("$ref") else {
            return item(self, node, trail).map(ReferenceOr::Item);
        };
        let mut object = Object::open(self, node, trail, &REFERENCE)?;
        object.take("$ref");
        if self.is_31 {
            object.take("summary");
            object.take("description");
        }
        object.finish_beside_reference();
        let reference = self.reference(entry, trail)?;
        if is_component(reference) {
            return Some(ReferenceOr::Reference { reference: reference.to_owned() });
        }
        self.follow(entry, trail, |reader, node, trail| reader.reference_or(node, trail, item))
    }

    /// Whether no links were met before these.
    pub(super) fn are_first_links(&self) -> bool {
        !self.links.replace(true)
    }

    /// Returns the text of a `$ref`.
    pub(super) fn reference<'n>(&self, entry: &'n Entry, trail: &Trail<'_>) -> Option<&'n str> {
        let text = entry.value.as_str();
        if text.is_none() {
            self.wrong_type(&entry.value, &trail.key("$ref"), "a string");
        }
        text
    }

    /// Reads the target of a local reference in its place. Returns `None`, with a warning, if the target is missing or
    /// leads back to the reference.
    pub(super) fn follow<T>(
        &self,
        entry: &Entry,
        trail: &Trail<'_>,
        item: impl FnOnce(&Self, &Node, &Trail<'_>) -> Option<T>,
    ) -> Option<T> {
        let text = self.reference(entry, trail)?;
        let refuse = |code: &'static Code, message: &str| {
            let problem = code.at(&trail.key("$ref").pointer(), message).as_warning();
            self.push(entry.value.span, problem);
            None
        };
        let Some(target) = Pointer::from_reference(text) else {
            return refuse(&codes::UNRESOLVED_REFERENCE, &elsewhere(text).0);
        };
        let Some(node) = self.root.find(&target) else {
            return refuse(&codes::UNRESOLVED_REFERENCE, &format!("cannot find `{}`", written(text)));
        };
        if self.entered.borrow().contains(&target) {
            return refuse(&codes::CYCLIC_REF, &format!("`{}` refers to itself", written(text)));
        }
        if trail.depth + node.depth() > MAX_DEPTH {
            let message =
                format!("lists and objects are nested more than {MAX_DEPTH} deep, counted through references");
            return refuse(&codes::TOO_DEEP, &message);
        }
        let Some(rest) = self.budget.get().checked_sub(node.weight()) else {
            return refuse(&codes::EXPANSION_LIMIT, "following this reference makes the document too large");
        };
        self.budget.set(rest);
        self.entered.borrow_mut().push(target.clone());
        let found = item(self, node, &Trail::target(&target, trail.depth));
        self.entered.borrow_mut().pop();
        found
    }

    /// Reads a callback, unless callbacks are nested too deep: the types of openapiv3 are so large that the stack would
    /// overflow.
    pub(super) fn nested_callback<T>(
        &self,
        node: &Node,
        trail: &Trail<'_>,
        read: impl FnOnce(&Self, &Node, &Trail<'_>) -> Option<T>,
    ) -> Option<T> {
        let nested = self.callbacks.get();
        if nested == MAX_CALLBACKS {
            let message = format!("callbacks are nested more than {MAX_CALLBACKS} deep");
            let problem = codes::TOO_DEEP.at(&trail.pointer(), message).as_warning();
            self.push(node.span, problem.at_key());
            return None;
        }
        self.callbacks.set(nested + 1);
        let found = read(self, node, trail);
        self.callbacks.set(nested);
        found
    }

    /// Returns whether `reference` names a node of this document.
    pub(super) fn has_target(&self, reference: &str) -> bool {
        Pointer::from_reference(reference).is_some_and(|target| self.root.find(&target).is_some())
    }
}

/// Whether a reference names a component, which whoever needs it looks up.
fn is_component(reference: &str) -> bool {
    let rest = reference.strip_prefix("#/components/").and_then(|rest| rest.split_once('/'));
    rest.is_some_and(|(_, name)| !name.contains(['/', '~', '%']))
}

/// OpenAPI 3.0.3, Reference Object.
const REFERENCE: Shape = Shape::new("a reference", &["$ref", "summary", "description"]);
