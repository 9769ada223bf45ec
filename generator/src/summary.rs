//! What a client covers of its document, in numbers, and the places that it doesn't cover.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Pointer, codes};
use crate::model::Api;
use crate::parse::{Document, Method, Node, Value};

/// Where the client says less than the document: pointers, in the document's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Operations that have no method, and path items that could not be read.
    pub left_out_operations: Vec<Pointer>,
    /// Schemas under `components.schemas` that could not be read.
    pub left_out_schemas: Vec<Pointer>,
    /// Schemas under `components.schemas` that nothing refers to. They have no type.
    pub unused_schemas: Vec<Pointer>,
    /// Values that fell back to untyped JSON although the document says more.
    pub untyped: Vec<Pointer>,
}

/// A client in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Methods of the client.
    pub operations: usize,
    /// Types for schemas.
    pub types: usize,
    /// Webhook events.
    pub events: usize,
    /// Operations of the document that have no method.
    pub left_out_operations: usize,
    /// Schemas of the document that could not be read.
    pub left_out_schemas: usize,
    /// Schemas of the document that nothing refers to. They have no type.
    pub unused_schemas: usize,
    /// Places that fell back to untyped JSON although the document says more.
    pub untyped: usize,
}

impl Summary {
    /// Counts the parts of a client and the places that it doesn't cover.
    pub(crate) fn new(api: &Api, places: &Places) -> Self {
        Self {
            operations: api.groups.iter().map(|group| group.operations.len()).sum(),
            types: api.types.len(),
            events: api.events.as_ref().map_or(0, |events| events.events.len()),
            left_out_operations: places.left_out_operations.len(),
            left_out_schemas: places.left_out_schemas.len(),
            unused_schemas: places.unused_schemas.len(),
            untyped: places.untyped.len(),
        }
    }
}

/// Returns the places where the client says less than the document, each once and in the order of the document.
/// `diagnostics` are those of parse and lower, and `untyped` is [`lower::Lowered::untyped`](crate::lower::Lowered).
#[must_use]
pub fn places(document: &Document, api: &Api, diagnostics: &[Diagnostic], untyped: &[Pointer]) -> Places {
    let mut untyped: Vec<Pointer> = untyped.iter().map(|pointer| document.written(pointer)).collect();
    // Tuples, and objects with several patterns, hold untyped values.
    let lists = diagnostics.iter().filter(|diagnostic| diagnostic.code == &codes::NOT_CARRIED);
    let lists = lists.map(|diagnostic| &diagnostic.pointer);
    let keys = ["prefixItems", "items", "patternProperties"];
    untyped.extend(lists.filter(|pointer| pointer.last().is_some_and(|key| keys.contains(&&*key))).cloned());
    let types = diagnostics.iter().filter(|diagnostic| diagnostic.code == &codes::UNKNOWN_TYPE);
    untyped.extend(types.filter_map(|diagnostic| without_type(document, &diagnostic.pointer)));
    untyped.sort_by_cached_key(|pointer| (document.start(pointer), pointer.to_string()));
    untyped.dedup();
    let left_out_schemas = schemas(document);
    Places {
        left_out_operations: operations(document, api),
        unused_schemas: unused(document, api).into_iter().filter(|schema| !left_out_schemas.contains(schema)).collect(),
        left_out_schemas,
        untyped,
    }
}

/// Returns the schema whose unknown type was all that it says of its values.
fn without_type(document: &Document, pointer: &Pointer) -> Option<Pointer> {
    const TELLING: &[&str] =
        &["properties", "items", "enum", "const", "allOf", "oneOf", "anyOf", "additionalProperties"];
    let schema = pointer.parent().filter(|_| pointer.last().is_some_and(|key| key == "type"))?;
    let node = document.root.find(schema)?;
    let is_upload = node.get("type").and_then(Node::as_str) == Some("file");
    (!is_upload && !TELLING.iter().any(|key| node.get(key).is_some())).then(|| schema.clone())
}

fn operations(document: &Document, api: &Api) -> Vec<Pointer> {
    let delivered = api.groups.iter().flat_map(|group| &group.operations);
    let delivered: BTreeSet<String> = delivered.map(|operation| operation.pointer.to_string()).collect();
    let mut left = Vec::new();
    let pointer = Pointer::root().key("paths");
    let paths = document.root.get("paths").map(Node::entries).unwrap_or_default();
    for entry in paths.iter().filter(|entry| !entry.key.starts_with("x-")) {
        let pointer = pointer.key(&entry.key);
        let mut found = false;
        // OpenAPI 3.2 has `query` as well, for which the client has no method.
        for method in Method::ALL.map(Method::key).into_iter().chain(["query"]) {
            let operation = pointer.key(method);
            if delivered.contains(&operation.to_string()) {
                found = true;
            } else if document.root.find(&document.written(&operation)).is_some() {
                found = true;
                left.push(operation);
            }
        }
        let is_lost = entry.value.entries().is_empty() && !matches!(entry.value.value, Value::Object(_));
        if !found && (is_lost || entry.value.get("$ref").is_some()) {
            left.push(pointer);
        }
    }
    left
}

fn schemas(document: &Document) -> Vec<Pointer> {
    let read = document.openapi.components.as_ref().map(|components| &components.schemas);
    let pointer = Pointer::root().key("components").key("schemas");
    let Some(written) = document.root.find(&pointer) else { return Vec::new() };
    let lost = written.entries().iter().filter(|entry| read.is_none_or(|read| !read.contains_key(&*entry.key)));
    lost.map(|entry| pointer.key(&entry.key)).collect()
}

/// Returns the schemas that no operation and no webhook leads to, directly or through others.
fn unused(document: &Document, api: &Api) -> Vec<Pointer> {
    let schemas = Pointer::root().key("components").key("schemas");
    let Some(written) = document.root.find(&schemas) else { return Vec::new() };
    let mut used = Used { document, schemas: written, names: BTreeSet::new(), references: BTreeSet::new() };
    let starts = ["paths", "webhooks"].into_iter().filter_map(|key| document.root.get(key));
    let mut open: Vec<&Node> = starts.collect();
    // What builds on a schema with a discriminator has a type, although nothing refers to it.
    let typed: BTreeSet<String> = api.types.iter().filter_map(|def| schema_name(&def.pointer)).collect();
    open.extend(typed.iter().filter_map(|name| used.by_name(name)));
    while let Some(node) = open.pop() {
        used.follow(node, &mut open);
    }
    let is_unused = |key: &str| !key.starts_with("x-") && !used.names.contains(key);
    written.entries().iter().filter(|entry| is_unused(&entry.key)).map(|entry| schemas.key(&entry.key)).collect()
}

/// The name of the schema that a pointer leads into.
fn schema_name(pointer: &Pointer) -> Option<String> {
    match pointer.steps().as_slice() {
        [components, schemas, name, ..] if *components == "components" && *schemas == "schemas" => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// The references that were followed so far.
struct Used<'d> {
    document: &'d Document,
    schemas: &'d Node,
    names: BTreeSet<String>,
    references: BTreeSet<&'d str>,
}

impl<'d> Used<'d> {
    /// Returns a schema that is used from now on, unless it was before.
    fn by_name(&mut self, name: &str) -> Option<&'d Node> {
        let node = self.schemas.get(name)?;
        self.names.insert(name.to_owned()).then_some(node)
    }

    /// Adds the values inside of a node, and what it refers to.
    fn follow(&mut self, node: &'d Node, open: &mut Vec<&'d Node>) {
        match &node.value {
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => {
                for entry in entries {
                    match (&*entry.key, entry.value.as_str()) {
                        ("$ref", Some(reference)) => open.extend(self.target(reference)),
                        ("mapping", None) => {
                            let names = entry.value.entries().iter().filter_map(|entry| entry.value.as_str());
                            names.for_each(|name| open.extend(self.target(name).or_else(|| self.by_name(name))));
                        }
                        (_, None) => open.push(&entry.value),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns what a reference leads to, the first time.
    fn target(&mut self, reference: &'d str) -> Option<&'d Node> {
        if !self.references.insert(reference) {
            return None;
        }
        let (node, pointer) = self.document.target(reference)?;
        self.names.extend(schema_name(&pointer));
        Some(node)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, Source, generate};

    /// An heir is used although nothing refers to it; what only an unused schema refers to is not.
    const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}, home: {$ref: '#/components/schemas/Home/properties/place'}}
      discriminator: {propertyName: kind, mapping: {fish: Fish}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {tail: {$ref: '#/components/schemas/Tail'}}}]}
    Fish: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {fins: {type: integer}}}]}
    Tail: {type: string}
    Home: {type: object, properties: {place: {type: object, properties: {street: {type: string}}}}}
    Idle: {type: object, properties: {more: {$ref: '#/components/schemas/More'}}}
    More: {type: string}
";

    #[test]
    fn schemas_that_no_operation_leads_to_are_unused() {
        let generated = generate(&Source::alone("pets.yaml", DOCUMENT), &Config::new("pets")).expect("it is right");
        let unused: Vec<String> = generated.places.unused_schemas.iter().map(ToString::to_string).collect();
        assert_eq!(unused, ["/components/schemas/Idle", "/components/schemas/More"]);
        assert_eq!(generated.summary.unused_schemas, 2);
        assert!(!generated.files.keys().any(|path| path.contains("idle") || path.contains("more")));
    }
}
