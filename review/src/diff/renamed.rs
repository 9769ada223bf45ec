//! Components that have another name: one change, however many references name them.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Class, Finding, Side};
use super::tree::{Differs, Kind, Known};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::Node;

/// What was found of names.
#[derive(Debug)]
pub struct Renamed {
    /// One for each component that has another name.
    pub findings: Vec<Finding>,
    /// Whether every component has the name that it had.
    pub keeps_names: bool,
}

/// Takes what differs by names alone off the nodes that differ, and adds what differs inside of the renamed components.
#[must_use]
pub fn take(readings: [&Reading<'_>; 2], differ: &mut Vec<Differs>) -> Renamed {
    let roots = readings.map(|reading| &reading.document.root);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    let mut waiting: BTreeSet<[String; 2]> = differ.iter().filter_map(|node| node.references.clone()).collect();
    while let Some(pair) = waiting.pop_first() {
        let Some(component) = Component::of(roots, &pair).filter(|_| !names.contains_key(&pair[0])) else { continue };
        let inside = Known::new().differences_at(component.before, component.after, &component.new);
        // A different thing at the same place isn't a rename. Schemas are compared where they are used, whatever their names.
        if component.is_schema() || !inside.iter().all(|node| is_beside(roots, node)) {
            continue;
        }
        let (old, new) = (&component.old, &component.new);
        let is_itself =
            |node: &Differs| node.in_new != node.in_old && node.pointer == *if node.in_old { old } else { new };
        differ.retain(|node| !is_itself(node));
        waiting.extend(inside.iter().filter_map(|node| node.references.clone()));
        differ.extend(inside.into_iter().map(|node| Differs { in_old: false, in_new: true, ..node }));
        found.extend(component.finding());
        let [was, is] = pair;
        names.insert(was, is);
    }
    let is_name = |node: &Differs| node.references.as_ref().is_some_and(|[was, is]| names.get(was) == Some(is));
    differ.retain(|node| !is_name(node));
    Renamed { findings: found, keeps_names: names.is_empty() }
}

/// Whether a node that differs says nothing of what a component is: its words, or the name of another one.
fn is_beside(roots: [&Node; 2], node: &Differs) -> bool {
    matches!(node.kind, Kind::Words | Kind::Examples | Kind::Foreign)
        || node.references.as_ref().is_some_and(|pair| Component::of(roots, pair).is_some())
}

/// A component that may have another name: each name is in its document alone.
struct Component<'n> {
    old: Pointer,
    new: Pointer,
    before: &'n Node,
    after: &'n Node,
}

impl<'n> Component<'n> {
    /// Returns the component that two references name, where it may be the same one.
    fn of(roots: [&'n Node; 2], [was, is]: &[String; 2]) -> Option<Self> {
        let (old, new) = (Pointer::from_reference(was)?, Pointer::from_reference(is)?);
        let is_component = |pointer: &Pointer| pointer.steps().len() == 3 && pointer.steps()[0] == "components";
        let is_alone = roots[0].find(&new).is_none() && roots[1].find(&old).is_none();
        let is_it = is_component(&old) && is_component(&new) && old.parent() == new.parent() && is_alone;
        let (before, after) = (roots[0].find(&old)?, roots[1].find(&new)?);
        is_it.then_some(Self { old, new, before, after })
    }

    fn is_schema(&self) -> bool {
        self.old.parent().is_some_and(|section| section.last().is_some_and(|section| section == "schemas"))
    }

    fn finding(&self) -> Option<Finding> {
        let section = self.old.parent()?.last()?.into_owned();
        let kind = match section.as_str() {
            "requestBodies" => "request body",
            "pathItems" => "path item",
            section => section.strip_suffix('s').unwrap_or(section),
        };
        let (was, is) = (self.old.last()?.into_owned(), self.new.last()?.into_owned());
        let message = format!("the {kind} `{was}` is called `{is}` now");
        let finding = Finding::new("component-renamed", Class::Documentation, Side::Request, &is, message);
        Some(finding.detail(&format!("{section} {was}")).old(&self.old).new_at(&self.new))
    }
}
