//! What a schema says about its values without constraining them.

use openapiv3::SchemaData;

use super::super::codes;
use super::super::info;
use super::super::node::Value;
use super::super::object::Object;

/// Takes the annotations.
pub(super) fn take(object: &mut Object<'_>, data: &mut SchemaData) {
    data.description = object.text("description");
    data.title = object.text("title");
    data.default = object.value("default");
    data.example = example(object);
    data.nullable = nullable(object);
    data.read_only = object.flag("readOnly").unwrap_or_default();
    data.write_only = object.flag("writeOnly").unwrap_or_default();
    data.deprecated = object.flag("deprecated").unwrap_or_default();
    data.external_docs = object.one("externalDocs", info::external_docs);
    data.discriminator = object.one("discriminator", super::discriminator);
    // Next to a reference, 3.1 allows a summary too.
    if object.node.get("$ref").is_some() {
        let summary = object.text("summary");
        data.description = data.description.take().or(summary);
    }
}

/// 3.1 has a list of examples, of which the first is kept.
fn example(object: &mut Object<'_>) -> Option<serde_json::Value> {
    let example = object.value("example");
    let Some(entry) = object.take_value("examples") else {
        return example;
    };
    let Value::Array(examples) = &entry.value.value else {
        let trail = object.trail.key("examples");
        object.reader.wrong_type_help(&entry.value, &trail, "a list", Some("write a list of values"));
        return example;
    };
    example.or_else(|| examples.first().map(super::Node::to_json))
}

fn nullable(object: &mut Object<'_>) -> bool {
    let Some(nullable) = object.flag("nullable") else {
        return false;
    };
    if object.reader.is_31
        && let Some(entry) = object.node.entry("nullable")
    {
        let message = "OpenAPI 3.1 has no `nullable`; read as in 3.0";
        let pointer = object.trail.key("nullable").pointer();
        let problem = codes::NULLABLE_IN_31.at(&pointer, message).at_key();
        let help = if nullable { "add `\"null\"` to the list of types" } else { "remove it" };
        object.reader.push(entry.key_span, problem.help(help));
    }
    nullable
}
