//! Rules about examples.

use indexmap::IndexMap;
use openapiv3::{Example, ParameterSchemaOrContent, ReferenceOr};
use serde_json::Value;

use super::View;
use crate::lint::codes;
use crate::lint::fit::{self, Misfit};
use generator::diagnostic::{At, Diagnostic, Pointer};
use generator::lower::is_json;
use generator::parse::{Placed, SchemaUse};

pub fn example_mismatch(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for at in &view.schemas {
        let Some(schema) = at.schema.inline() else { continue };
        if let Some(example) = &schema.data().example {
            check(&at.schema, example, &example_place(view, &schema.pointer), found);
        }
    }
    for content in &view.contents {
        let media_type = content.media_type;
        let is_data = is_json(media_type) || media_type.starts_with("application/x-www-form-urlencoded");
        let Some(schema) = content.object.schema.as_ref().filter(|_| is_data) else { continue };
        let (object, schema) = (content.object, view.document.schema(schema, content.pointer.key("schema")));
        for (value, place) in values(view, object.example.as_ref(), &object.examples, &content.pointer) {
            check(&schema, value, &place, found);
        }
    }
    for wire in &view.wires {
        let ParameterSchemaOrContent::Schema(schema) = wire.format else { continue };
        let schema = view.document.schema(schema, wire.pointer.key("schema"));
        for (value, place) in values(view, wire.example, wire.examples, &wire.pointer) {
            check(&schema, value, &place, found);
        }
    }
}

/// A schema of OpenAPI 3.1 lists its examples, of which parse keeps the first.
fn example_place(view: &View<'_>, schema: &Pointer) -> Pointer {
    let one = schema.key("example");
    if view.document.root.find(&view.document.written(&one)).is_some() { one } else { schema.key("examples").index(0) }
}

/// Returns the examples of a body or a parameter, each with its place; those of other files and URLs are not here.
fn values<'a>(
    view: &View<'a>,
    one: Option<&'a Value>,
    several: &'a IndexMap<String, ReferenceOr<Example>>,
    pointer: &Pointer,
) -> Vec<(&'a Value, Pointer)> {
    let mut found: Vec<_> = one.map(|value| (value, pointer.key("example"))).into_iter().collect();
    for (name, example) in several {
        let example = view.document.follow(example, &pointer.key("examples").key(name));
        found.extend(
            example.and_then(|Placed { object, pointer }| Some((object.value.as_ref()?, pointer.key("value")))),
        );
    }
    found
}

fn check(schema: &SchemaUse<'_>, value: &Value, place: &Pointer, found: &mut Vec<Diagnostic>) {
    for Misfit { place, rule, says } in fit::check(schema, value, place) {
        found.push(
            codes::EXAMPLE_MISMATCH
                .at(&place, format!("this example does not fit its schema: {says}"))
                .unshown()
                .label_at(&rule, At::Key, "the schema")
                .help("correct the example, or the schema"),
        );
    }
}
