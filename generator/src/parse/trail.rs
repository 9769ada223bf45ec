//! The way from the root to the node that is being read.
//!
//! A trail lives on the stack and borrows its keys, so that a document without problems costs no pointer at all.

use crate::diagnostic::Pointer;

/// The way to a node; becomes a [`Pointer`] when a problem has to name it.
#[derive(Clone, Copy)]
pub(super) struct Trail<'t> {
    parent: Option<&'t Trail<'t>>,
    step: Step<'t>,
    /// How many levels were entered, those of resolved references included.
    pub(super) depth: usize,
}

#[derive(Clone, Copy)]
enum Step<'t> {
    Root,
    Base(&'t Pointer),
    Key(&'t str),
    Index(usize),
}

impl<'t> Trail<'t> {
    /// Returns the way to the root.
    pub(super) fn root() -> Self {
        Self { parent: None, step: Step::Root, depth: 0 }
    }

    /// Returns the way to the target of a reference at depth `depth`.
    pub(super) fn target(target: &'t Pointer, depth: usize) -> Self {
        Self { parent: None, step: Step::Base(target), depth }
    }

    /// Returns the way to the value of `key`.
    pub(super) fn key(&'t self, key: &'t str) -> Self {
        self.step(Step::Key(key))
    }

    /// Returns the way to item `index`.
    pub(super) fn index(&'t self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&'t self, step: Step<'t>) -> Self {
        Self { parent: Some(self), step, depth: self.depth + 1 }
    }

    /// Returns the key that leads to the node; `None` for the root and for items.
    pub(super) fn name(&self) -> Option<&'t str> {
        match self.step {
            Step::Key(key) => Some(key),
            _ => None,
        }
    }

    /// Returns the pointer to the node.
    pub(super) fn pointer(&self) -> Pointer {
        let parent = || self.parent.map_or_else(Pointer::root, Trail::pointer);
        match self.step {
            Step::Root => Pointer::root(),
            Step::Base(target) => target.clone(),
            Step::Key(key) => parent().key(key),
            Step::Index(index) => parent().index(index),
        }
    }
}
