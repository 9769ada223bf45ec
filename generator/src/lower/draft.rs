//! The client as the parts of the document describe it one by one, before the passes that look at all of it.

use super::extension::EventFacts;
use crate::diagnostic::Pointer;
use crate::model::{Docs, Group, Shape, Show, Type, Way, visit};
use crate::names::Name;

/// Types, operations and events, each as its own part of the document describes it.
///
/// Aliases and unions may contain themselves, raw bytes may be anywhere, and some types may be unused.
#[derive(Debug)]
pub struct Draft {
    /// In the order in which they were met, which is that of their identifiers.
    pub types: Vec<DraftType>,
    pub roots: Roots,
}

/// What refers to types: operations and events.
#[derive(Debug)]
pub struct Roots {
    pub groups: Vec<Group>,
    pub events: Vec<DraftEvent>,
}

/// A type before it is known what refers to it.
#[derive(Debug)]
pub struct DraftType {
    pub name: Name,
    pub module: Name,
    pub docs: Docs,
    pub deprecated: bool,
    pub shape: Shape,
    pub pointer: Pointer,
    /// The place of its component among the named schemas. Types without one come last.
    pub origin: usize,
    /// What `Debug` does with the value of an alias.
    pub alias_show: Show,
}

/// An event before its facts are matched with the fields of its payload.
#[derive(Debug)]
pub struct DraftEvent {
    pub rust: Name,
    pub docs: Docs,
    pub ty: Type,
    pub facts: EventFacts,
    pub pointer: Pointer,
}

impl Roots {
    /// Calls `visit` on every type that operations and events name.
    pub fn types(&self, visit: &mut impl FnMut(Way, &Type)) {
        self.groups.iter().flat_map(|group| &group.operations).for_each(|op| visit::operation(op, visit));
        self.events.iter().for_each(|event| visit(Way::Response, &event.ty));
    }

    /// Calls `visit` on every type that operations and events name.
    pub fn types_mut(&mut self, visit: &mut impl FnMut(Way, &mut Type)) {
        let operations = self.groups.iter_mut().flat_map(|group| &mut group.operations);
        operations.for_each(|op| visit::operation_mut(op, visit));
        self.events.iter_mut().for_each(|event| visit(Way::Response, &mut event.ty));
    }
}
