//! Operations: those that a caller calls, and those by which the service delivers events.

use openapiv3::{Operation, PathItem, ReferenceOr};

use super::Document;
use crate::diagnostic::Pointer;

/// An HTTP method that a path item has a key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// `get`.
    Get,
    /// `put`.
    Put,
    /// `post`.
    Post,
    /// `delete`.
    Delete,
    /// `options`.
    Options,
    /// `head`.
    Head,
    /// `patch`.
    Patch,
    /// `trace`.
    Trace,
}

impl Method {
    /// Every method, in the order of OpenAPI's table of a path item's fields.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// Returns the key in a path item.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }

    /// Returns the method on the wire.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }

    /// Whether such a request only reads (RFC 9110, 9.2.1).
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace)
    }

    /// Returns the operation that a path item has for this method.
    #[must_use]
    pub const fn of(self, item: &PathItem) -> Option<&Operation> {
        match self {
            Self::Get => item.get.as_ref(),
            Self::Put => item.put.as_ref(),
            Self::Post => item.post.as_ref(),
            Self::Delete => item.delete.as_ref(),
            Self::Options => item.options.as_ref(),
            Self::Head => item.head.as_ref(),
            Self::Patch => item.patch.as_ref(),
            Self::Trace => item.trace.as_ref(),
        }
    }

    /// Returns the place for this method's operation in a path item.
    pub(in crate::parse) const fn slot(self, item: &mut PathItem) -> &mut Option<Operation> {
        match self {
            Self::Get => &mut item.get,
            Self::Put => &mut item.put,
            Self::Post => &mut item.post,
            Self::Delete => &mut item.delete,
            Self::Options => &mut item.options,
            Self::Head => &mut item.head,
            Self::Patch => &mut item.patch,
            Self::Trace => &mut item.trace,
        }
    }
}

/// An operation and its place.
#[derive(Debug, Clone)]
pub struct OperationAt<'d> {
    /// Its key in the path item.
    pub method: Method,
    /// The path, the callback's expression, or the webhook's name.
    pub path: &'d str,
    /// The path item that holds it.
    pub item: &'d PathItem,
    /// The operation.
    pub object: &'d Operation,
    /// Where the path item is used.
    pub item_pointer: Pointer,
    /// Where the operation is used.
    pub pointer: Pointer,
}

impl Document {
    /// Returns the operations that a caller calls: those of `paths`, in the document's order.
    #[must_use]
    pub fn operations(&self) -> Vec<OperationAt<'_>> {
        let pointer = Pointer::root().key("paths");
        let mut operations = Vec::new();
        for (path, item) in &self.openapi.paths.paths {
            let ReferenceOr::Item(item) = item else { continue };
            let mut found: Vec<_> = operations_of(path, item, &pointer.key(path)).collect();
            // A path item knows its methods by name, and the text has their order.
            found.sort_by_key(|operation| self.start(&operation.pointer));
            operations.extend(found);
        }
        operations
    }

    /// Returns the operations by which the service delivers events: those of callbacks, then those of webhooks.
    #[must_use]
    pub fn deliveries(&self) -> Vec<OperationAt<'_>> {
        let mut deliveries = Vec::new();
        let pointer = Pointer::root().key("paths");
        for (path, item) in &self.openapi.paths.paths {
            let ReferenceOr::Item(item) = item else { continue };
            for operation in operations_of(path, item, &pointer.key(path)) {
                let at = operation.pointer.key("callbacks");
                for (name, callback) in &operation.object.callbacks {
                    for (expression, item) in callback {
                        deliveries.extend(operations_of(expression, item, &at.key(name).key(expression)));
                    }
                }
            }
        }
        let pointer = Pointer::root().key("webhooks");
        for (name, item) in &self.webhooks {
            if let ReferenceOr::Item(item) = item {
                deliveries.extend(operations_of(name, item, &pointer.key(name)));
            }
        }
        deliveries
    }

    /// Returns the path items that are references to other documents, or to nothing: the place and the reference.
    pub fn missing_path_items(&self) -> impl Iterator<Item = (Pointer, &str)> {
        let pointer = Pointer::root().key("paths");
        self.openapi.paths.paths.iter().filter_map(move |(path, item)| match item {
            ReferenceOr::Reference { reference } => Some((pointer.key(path), reference.as_str())),
            ReferenceOr::Item(_) => None,
        })
    }
}

/// Returns the operations of a path item, in the order of [`Method::ALL`].
pub fn operations_of<'d>(
    path: &'d str,
    item: &'d PathItem,
    pointer: &Pointer,
) -> impl Iterator<Item = OperationAt<'d>> + use<'d> {
    let item_pointer = pointer.clone();
    Method::ALL.into_iter().filter_map(move |method| {
        let object = method.of(item)?;
        let pointer = item_pointer.key(method.key());
        Some(OperationAt { method, path, item, object, item_pointer: item_pointer.clone(), pointer })
    })
}
