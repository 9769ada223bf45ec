//! The schemas that have a name: those of `components.schemas`, and those that a reference finds
//! elsewhere.

use std::collections::BTreeMap;

use super::context::SchemaRef;
use crate::diagnostic::Pointer;
use crate::parse::{self, Document};

/// A schema that has a name of its own in the document, or that a reference finds elsewhere.
#[derive(Debug)]
pub struct Component<'a> {
    pub wire: String,
    pub schema: SchemaRef<'a>,
    pub pointer: Pointer,
}

/// The components, each under its reference and its pointer, and after them the schemas that
/// references find elsewhere.
pub fn components(document: &Document) -> (Vec<Component<'_>>, BTreeMap<String, usize>) {
    let mut components = Vec::new();
    let mut references = BTreeMap::new();
    let pointer = Pointer::root().key("components").key("schemas");
    for (wire, schema) in document.openapi.components.iter().flat_map(|components| &components.schemas) {
        let pointer = pointer.key(wire);
        references.insert(format!("#/components/schemas/{wire}"), components.len());
        references.insert(pointer.to_string(), components.len());
        components.push(Component { wire: wire.clone(), schema: schema.into(), pointer });
    }
    for (reference, schema) in &document.distant {
        let Some(pointer) = Pointer::from_reference(reference) else { continue };
        // A component that is but a name for a schema in another file is that schema.
        let named = |component: &Component<'_>| matches!(component.schema, SchemaRef::To(to) if to == reference);
        if parse::of_file(&pointer).is_some()
            && let Some(index) = components.iter().position(named)
        {
            references.insert(reference.clone(), index);
            references.entry(pointer.to_string()).or_insert(index);
            components[index] = Component { wire: components[index].wire.clone(), schema: schema.into(), pointer };
            continue;
        }
        references.insert(reference.clone(), components.len());
        references.entry(pointer.to_string()).or_insert(components.len());
        components.push(Component { wire: distant_name(&pointer), schema: schema.into(), pointer });
    }
    (components, references)
}

/// Follows every component's references once, so that a chain of them costs each but one step.
pub fn ends(components: &[Component<'_>], index_of: impl Fn(&str) -> Option<usize>) -> Vec<Option<usize>> {
    let mut ends: Vec<Option<Option<usize>>> = vec![None; components.len()];
    for start in 0..components.len() {
        let mut way = Vec::new();
        let mut at = Some(start);
        let end = loop {
            let Some(index) = at else { break None };
            if let Some(known) = ends[index] {
                break known;
            }
            // What is on the way already counts as a circle until the end is known.
            ends[index] = Some(None);
            way.push(index);
            match components[index].schema {
                SchemaRef::Is(_) => break Some(index),
                SchemaRef::To(reference) => at = index_of(reference),
            }
        };
        for index in way {
            ends[index] = Some(end);
        }
    }
    ends.into_iter().map(Option::flatten).collect()
}

/// A name for a schema that has none: the steps that lead to it, without those that every such way has. A whole file is
/// called like the file, without its ending.
fn distant_name(pointer: &Pointer) -> String {
    const COMMON: &[&str] =
        &["$defs", "components", "content", "definitions", "paths", "properties", "schema", "schemas"];
    let file = parse::of_file(pointer);
    let pointer = file.as_ref().map_or(pointer, |(_, inside)| inside);
    let steps = pointer.steps();
    let telling: Vec<_> = steps.iter().map(AsRef::as_ref).filter(|step| !COMMON.contains(step)).collect();
    match file {
        Some((path, _)) if telling.is_empty() => {
            let name = path.rsplit('/').next().unwrap_or_default();
            name.split('.').find(|part| !part.is_empty()).unwrap_or_default().to_owned()
        }
        _ => telling.join(" "),
    }
}
