//! Schemas that a reference finds elsewhere than directly under `components.schemas`, such as
//! `#/components/schemas/Pet/properties/tag` or `#/paths/~1pets/get/responses/200/content/…/schema`.

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, Schema};

use super::node::Node;
use super::reader::Reader;
use super::schema;
use super::trail::Trail;
use crate::diagnostic::Pointer;

/// The most references of this kind that are followed. Without a limit, some documents would never end.
const MAX: usize = 10_000;

/// Schemas by the references that lead to them.
pub type Distant = IndexMap<String, ReferenceOr<Schema>>;

/// Returns whether a reference leads into this document and past the components' names.
pub(super) fn is_distant(reference: &str) -> bool {
    match reference.strip_prefix("#/components/schemas/") {
        Some(name) => name.contains('/'),
        None => reference.starts_with("#/"),
    }
}

/// Reads every such schema, and those that they refer to in turn. One that is not there is left for
/// whoever looks for it.
pub(super) fn read(reader: &Reader<'_>, root: &Node) -> Distant {
    let mut distant = Distant::new();
    let mut index = 0;
    while let Some(reference) = reader.distant(index).filter(|_| index < MAX) {
        index += 1;
        let Some(pointer) = Pointer::from_reference(&reference) else { continue };
        let Some(node) = root.find(&pointer) else { continue };
        let trail = Trail::target(&pointer, pointer.steps().len());
        if let Some(schema) = schema::unboxed(reader, node, &trail) {
            distant.insert(reference, schema);
        }
    }
    distant
}
