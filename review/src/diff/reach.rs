//! Which way each part of a document travels: by the references that lead to it from operations and webhooks.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Side;
use super::prose::unit;
use generator::diagnostic::Pointer;
use generator::parse::{Node, Value};

/// The sides on which parts travel.
#[derive(Debug, Default)]
pub struct Reach(BTreeMap<String, BTreeSet<Side>>);

impl Reach {
    /// Follows the references of a document, from its operations on.
    #[must_use]
    pub fn of(root: &Node) -> Self {
        let mut reach = Self::default();
        let mut waiting: Vec<(String, Side)> = Vec::new();
        for (key, fixed) in [("paths", None), ("webhooks", Some(Side::Webhook))] {
            for item in root.get(key).into_iter().flat_map(Node::entries) {
                for operation in item.value.entries() {
                    for part in operation.value.entries() {
                        let side = fixed.unwrap_or_else(|| side_of(&part.key));
                        references(&part.value, side, &mut waiting);
                    }
                    // The parameters of a path are a list beside its operations.
                    references_of_list(&operation.value, fixed.unwrap_or(Side::Request), &mut waiting);
                }
            }
        }
        while let Some((unit, side)) = waiting.pop() {
            if reach.0.entry(unit.clone()).or_default().insert(side)
                && let Some(node) = Pointer::from_reference(&format!("#{unit}")).and_then(|it| root.find(&it))
            {
                references(node, side, &mut waiting);
            }
        }
        reach
    }

    /// The sides on which the part at `pointer` is sent; empty if nothing refers to it.
    #[must_use]
    pub fn sides(&self, pointer: &Pointer) -> Vec<Side> {
        let steps = pointer.steps();
        let step = |index: usize| steps.get(index).map(AsRef::as_ref);
        match (step(0), step(1)) {
            (Some("paths"), _) => vec![step(3).map_or(Side::Request, side_of)],
            (Some("webhooks"), _) => vec![Side::Webhook],
            // What the keywords of every schema mean.
            (Some("jsonSchemaDialect"), _) => vec![Side::Request, Side::Answer],
            (Some("components"), Some("securitySchemes")) | (Some("servers" | "security"), _) => vec![Side::Request],
            _ => self.0.get(&unit(pointer)).into_iter().flatten().copied().collect(),
        }
    }
}

/// Which way the parts of an operation travel.
fn side_of(key: &str) -> Side {
    match key {
        "responses" => Side::Answer,
        "callbacks" => Side::Webhook,
        _ => Side::Request,
    }
}

fn references_of_list(node: &Node, side: Side, waiting: &mut Vec<(String, Side)>) {
    if matches!(node.value, Value::Array(_)) {
        references(node, side, waiting);
    }
}

/// Adds the parts that a node refers to: by `$ref`, and by the `mapping` of a discriminator.
fn references(node: &Node, side: Side, waiting: &mut Vec<(String, Side)>) {
    match &node.value {
        Value::String(text) if text.starts_with("#/") => {
            waiting.extend(Pointer::from_reference(text).map(|pointer| (unit(&pointer), side)));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, side, waiting)),
        Value::Object(entries) => entries.iter().for_each(|entry| references(&entry.value, side, waiting)),
        _ => {}
    }
}
