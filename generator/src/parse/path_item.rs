//! Paths, path items and webhooks.

use indexmap::IndexMap;
use openapiv3::{Operation, PathItem, Paths, ReferenceOr};

use super::node::{Node, Value};
use super::object::{self, Object};
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;
use super::{Method, codes, operation, parameter, server};

/// OpenAPI 3.0.3, Path Item Object.
pub(super) const PATH_ITEM: Shape = Shape::new(
    "a path item",
    &[
        "$ref",
        "summary",
        "description",
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
        "servers",
        "parameters",
    ],
);

/// Whose operations a path item holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Those that the client calls.
    Api,
    /// Those that the client is called by: a callback or a webhook.
    Event,
    /// A component, which may be referred to from anywhere.
    Either,
}

/// Reads `paths`.
pub(super) fn paths(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<Paths> {
    let Value::Object(entries) = &node.value else {
        reader.wrong_type(node, trail, "an object of paths");
        return None;
    };
    let mut paths = Paths::default();
    for entry in entries {
        if object::is_extension(&entry.key) {
            object::check_extension(reader, entry, trail, "an object of paths");
            continue;
        }
        let trail = trail.key(&entry.key);
        if !entry.key.starts_with('/') {
            let message = format!("the path `{}` does not begin with `/`", entry.key);
            let problem = codes::PATH_WITHOUT_SLASH.at(&trail.pointer(), message).at_key();
            reader.push(entry.key_span, problem.help(format!("write `/{}`", entry.key)));
        }
        if let Some(item) = item_or_reference(reader, &entry.value, &trail, Place::Api) {
            paths.paths.insert(entry.key.to_string(), item);
        }
    }
    Some(paths)
}

/// Takes `webhooks`: path items by the names of events.
pub(super) fn webhooks(object: &mut Object<'_>) -> IndexMap<String, ReferenceOr<PathItem>> {
    object.map("webhooks", |reader, node, trail| item_or_reference(reader, node, trail, Place::Event))
}

/// Reads a path item. What a reference names in this document is put in its place.
fn item_or_reference(
    reader: &Reader<'_>,
    node: &Node,
    trail: &Trail<'_>,
    place: Place,
) -> Option<ReferenceOr<PathItem>> {
    let elsewhere = node.get("$ref").and_then(Node::as_str).filter(|reference| !reader.has_target(reference));
    match elsewhere {
        Some(_) => reader.reference_or(node, trail, |_, _, _| None),
        None => resolved(reader, node, trail, place).map(|item| ReferenceOr::Item(*item)),
    }
}

/// Reads a path item in a place where openapiv3 has no reference. What the item says itself counts more than what the
/// target of its `$ref` says.
pub(super) fn resolved(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>, place: Place) -> Option<Box<PathItem>> {
    let mut object = Object::open(reader, node, trail, &PATH_ITEM)?;
    let target = object
        .take("$ref")
        .map(|entry| reader.follow(entry, trail, |reader, node, trail| resolved(reader, node, trail, place)));
    let own = own(object, place);
    match target {
        Some(None) if *own == PathItem::default() => None,
        None | Some(None) => Some(own),
        Some(Some(target)) => Some(joined(own, *target)),
    }
}

fn own(mut object: Object<'_>, place: Place) -> Box<PathItem> {
    let mut item = Box::new(PathItem {
        summary: object.text("summary"),
        description: object.text("description"),
        servers: object.list("servers", server::server).unwrap_or_default(),
        parameters: object.list("parameters", parameter::parameter_or_reference).unwrap_or_default(),
        ..PathItem::default()
    });
    for method in Method::ALL {
        *method.slot(&mut item) = operation(&mut object, method, place);
    }
    item.extensions = object.finish();
    item
}

fn operation(object: &mut Object<'_>, method: Method, place: Place) -> Option<Operation> {
    let read = |reader: &Reader<'_>, node: &Node, trail: &Trail<'_>| operation::operation(reader, node, trail, place);
    object.one(method.key(), read).map(|operation| *operation)
}

fn joined(mut own: Box<PathItem>, mut target: PathItem) -> Box<PathItem> {
    for method in Method::ALL {
        let slot = method.slot(&mut own);
        *slot = slot.take().or_else(|| method.slot(&mut target).take());
    }
    own.summary = own.summary.or(target.summary);
    own.description = own.description.or(target.description);
    if own.servers.is_empty() {
        own.servers = target.servers;
    }
    own.parameters.extend(target.parameters);
    own
}
