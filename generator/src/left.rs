//! What of a document did not reach the client: the operations and schemas of the text beside those of the model.

use std::collections::BTreeSet;

use crate::Places;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::Api;
use crate::parse::{Document, Node, Value, codes};

/// The methods of OpenAPI, and that of 3.2, which has none in the client.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Returns the places where the client says less than the document, each once and in the order of the document.
/// `diagnostics` are those of parse and lower, and `untyped` is [`lower::Lowered::untyped`](crate::lower::Lowered).
#[must_use]
pub fn places(document: &Document, api: &Api, diagnostics: &[Diagnostic], untyped: &[Pointer]) -> Places {
    let mut untyped: Vec<Pointer> = untyped.iter().map(|pointer| document.written(pointer)).collect();
    // What stands at each place of a list, or behind each of several patterns, is carried as any value.
    let lists = diagnostics.iter().filter(|diagnostic| diagnostic.code == codes::NOT_CARRIED);
    let lists = lists.map(|diagnostic| &diagnostic.pointer);
    let keys = ["prefixItems", "items", "patternProperties"];
    untyped.extend(lists.filter(|pointer| pointer.last().is_some_and(|key| keys.contains(&&*key))).cloned());
    let types = diagnostics.iter().filter(|diagnostic| diagnostic.code == codes::UNKNOWN_TYPE);
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
        for method in METHODS {
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

/// Returns the schemas that neither an operation nor a webhook leads to, by whatever steps.
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
        let pointer = Pointer::from_reference(reference)?;
        if let Some(name) = schema_name(&pointer) {
            self.names.insert(name);
        }
        self.document.root.find(&pointer)
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
