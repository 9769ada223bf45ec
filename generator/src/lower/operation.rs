//! Operation Objects to methods.

use indexmap::IndexMap;
use openapiv3::{Operation as OperationObject, PathItem, ReferenceOr};

use super::context::Context;
use super::{body, extension, parameter, response, security, server};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Docs, Group, Operation};

/// An operation in the document.
#[derive(Debug)]
pub struct Site<'a> {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path template; of a callback its expression, of a webhook its name.
    pub path: &'a str,
    /// The path item around the operation.
    pub item: &'a PathItem,
    /// The operation.
    pub operation: &'a OperationObject,
    /// Where the path item is.
    pub item_pointer: Pointer,
    /// Where the operation is.
    pub pointer: Pointer,
}

/// Lowers every operation, a group for each first tag.
pub fn lower(cx: &mut Context<'_>) -> Vec<Group> {
    let mut groups: IndexMap<String, Vec<Operation>> = IndexMap::new();
    for site in sites(cx) {
        let tag = site.operation.tags.first().cloned().unwrap_or_default();
        let op = operation(cx, &site);
        groups.entry(tag).or_default().push(op);
    }
    groups.into_iter().map(|(tag, operations)| group(cx, &tag, operations)).collect()
}

fn sites<'a>(cx: &mut Context<'a>) -> Vec<Site<'a>> {
    let document = cx.document;
    let pointer = Pointer::root().key("paths");
    let mut sites = Vec::new();
    for (path, item) in &document.openapi.paths.paths {
        let pointer = pointer.key(path);
        match item {
            ReferenceOr::Item(item) => {
                let mut found = of_item(path, item, &pointer);
                // A path item knows its methods by name, and the document has their order.
                found.sort_by_key(|site| document.start(&site.pointer));
                sites.extend(found);
            }
            ReferenceOr::Reference { reference } => {
                let message = if reference.starts_with("#/") {
                    format!("there is no path item at `{}`", crate::parse::written(reference))
                } else {
                    crate::parse::elsewhere(reference).0
                };
                cx.report(
                    Diagnostic::warning("unresolved-reference", &pointer, message).help("write the path item here"),
                );
            }
        }
    }
    sites
}

/// Returns the operations of a path item, in the order of OpenAPI's table of its fields.
#[must_use]
pub fn of_item<'a>(path: &'a str, item: &'a PathItem, pointer: &Pointer) -> Vec<Site<'a>> {
    let methods = [
        ("GET", "get", &item.get),
        ("PUT", "put", &item.put),
        ("POST", "post", &item.post),
        ("DELETE", "delete", &item.delete),
        ("OPTIONS", "options", &item.options),
        ("HEAD", "head", &item.head),
        ("PATCH", "patch", &item.patch),
        ("TRACE", "trace", &item.trace),
    ];
    methods
        .into_iter()
        .filter_map(|(method, key, operation)| {
            let operation = operation.as_ref()?;
            Some(Site { method, path, item, operation, item_pointer: pointer.clone(), pointer: pointer.key(key) })
        })
        .collect()
}

fn group(cx: &mut Context<'_>, tag: &str, operations: Vec<Operation>) -> Group {
    let hint = if tag.is_empty() { "untagged" } else { tag };
    let given = cx.modules.name(hint, &operations[0].pointer.key("tags"));
    cx.report_collision(&given, tag, &operations[0].pointer.key("tags"));
    let module = given.name;
    let tags = &cx.document.openapi.tags;
    let description = tags.iter().find(|candidate| candidate.name == tag).and_then(|tag| tag.description.clone());
    Group { module, docs: Docs { summary: tag.to_owned(), description: description.unwrap_or_default() }, operations }
}

fn operation<'a>(cx: &mut Context<'a>, site: &Site<'a>) -> Operation {
    let object = site.operation;
    let id = id(site);
    if site.operation.operation_id.is_none() {
        let message = "an operation without `operationId` is named by its method and path";
        let help = format!("add `operationId`; a path that changes renames the method (`{id}`)");
        cx.report(Diagnostic::warning("missing-operation-id", &site.pointer, message).at_key().help(help));
    }
    let given = cx.methods.name_with(&id, &["_with"], &site.pointer);
    if let Some(other) = &given.collides_with {
        let message = format!("`{id}` wants a method that is taken, and became `{}`", given.name);
        cx.report(
            Diagnostic::warning("name-collision", &site.pointer, message)
                .at_key()
                .label(other, "the method is taken by this")
                .help("give each operation an `operationId` of its own"),
        );
    }
    let extensions = &object.extensions;
    let repeatable = extension::repeatable(cx, extensions, &site.pointer);
    let mut parameters = parameter::lower(cx, site, &id);
    let body = body::lower(cx, site, &id, &mut parameters.arguments);
    let responses = response::lower(cx, site, &id);
    if let Some(media_types) = responses.accept.as_ref().filter(|_| responses.has_choice) {
        parameter::add_accept(cx, site, &id, &mut parameters, media_types);
    }
    let (servers, at) = match object.servers.as_slice() {
        [] => (&site.item.servers, &site.item_pointer),
        _ => (&object.servers, &site.pointer),
    };
    let server = servers.first().and_then(|first| server::url(cx, first, &at.key("servers").index(0)));
    Operation {
        rust: given.name,
        method: site.method.to_owned(),
        path: site.path.split('#').next().unwrap_or_default().to_owned(),
        docs: Docs {
            summary: object.summary.clone().or_else(|| site.item.summary.clone()).unwrap_or_default(),
            description: object.description.clone().or_else(|| site.item.description.clone()).unwrap_or_default(),
        },
        deprecated: object.deprecated,
        // RFC 9110, 9.2.1: safe methods only read.
        repeatable: repeatable.unwrap_or(matches!(site.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")),
        required: parameters.required,
        optional: parameters.optional,
        body,
        answer: responses.answer,
        accept: responses.accept,
        failures: responses.failures,
        security: security::requirements(cx, object.security.as_deref(), &site.pointer),
        server,
        error_type: None,
        pointer: site.pointer.clone(),
        id,
    }
}

/// The `operationId`, or the method and the path in words.
fn id(site: &Site<'_>) -> String {
    let own = site.operation.operation_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    own.map_or_else(|| words(site.method, site.path), str::to_owned)
}

/// `GET /pets/{petId}/toys` is `get pets by petId toys`.
fn words(method: &str, path: &str) -> String {
    let mut words = vec![method.to_ascii_lowercase()];
    for segment in path.split(['/', '#', '?', '&', '=']).filter(|segment| !segment.is_empty()) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            words.extend([before.to_owned(), "by".to_owned(), name.to_owned()]);
            rest = tail;
        }
        words.push(rest.to_owned());
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}
