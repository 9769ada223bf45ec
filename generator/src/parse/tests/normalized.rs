//! What 3.1 writes, written as 3.0.

use openapiv3::{AdditionalProperties, ReferenceOr};
use serde_json::json;

use super::{any, item, read, schema_of};

/// Returns the types of the members of a list of schemas.
fn types(members: &[ReferenceOr<openapiv3::Schema>]) -> Vec<&str> {
    let items = members.iter().filter_map(ReferenceOr::as_item);
    items.map(|member| any(member).typ.as_deref().unwrap_or("-")).collect()
}

#[test]
fn a_type_and_null_is_nullable() {
    for version in ["3.0.3", "3.1.0"] {
        let (schema, any) = item(version, "type: [string, 'null']\nminLength: 1");
        assert!(schema.schema_data.nullable);
        assert_eq!(any.typ.as_deref(), Some("string"));
        assert_eq!(any.min_length, Some(1));
        assert!(any.any_of.is_empty());
    }
}

#[test]
fn null_alone_is_its_only_value() {
    for schema in ["type: 'null'", "type: ['null']", "const: null", "oneOf: [{type: 'null'}]"] {
        let (schema, any) = item("3.1.0", schema);
        assert!(schema.schema_data.nullable);
        assert_eq!(any.enumeration, [json!(null)]);
        assert_eq!(any.typ, None);
    }
}

#[test]
fn several_types_become_a_choice() {
    let text = "
type: [string, integer, array, 'null']
description: d
minLength: 1
minimum: 2
items: {type: string}
enum: [a, 1, null, true]";
    let (schema, any) = item("3.1.0", text);
    assert!(schema.schema_data.nullable);
    assert_eq!(schema.schema_data.description.as_deref(), Some("d"));
    assert_eq!(types(&any.any_of), ["string", "integer"]);
    assert_eq!((any.min_length, any.minimum, any.items.is_some()), (None, None, false));
    let members: Vec<_> = any.any_of.iter().filter_map(ReferenceOr::as_item).map(super::any).collect();
    assert_eq!(members[0].min_length, Some(1));
    assert_eq!(members[0].enumeration, [json!("a")]);
    assert_eq!(members[1].minimum, Some(2.0));
    assert_eq!(members[1].enumeration, [json!(1)]);
}

#[test]
fn several_types_stand_beside_a_choice() {
    let (_, any) =
        item("3.1.0", "type: [object, string]\nanyOf: [{minLength: 1}, {minProperties: 1}]\nproperties: {a: {}}");
    assert_eq!(any.any_of.len(), 2);
    let choice = any.all_of[0].as_item().map(super::any).expect("a schema");
    assert_eq!(types(&choice.any_of), ["object", "string"]);
    let object = choice.any_of[0].as_item().map(super::any).expect("a schema");
    assert_eq!(object.properties.len(), 1);
}

#[test]
fn const_is_an_enum_of_one() {
    let (_, any) = item("3.1.0", "const: on");
    assert_eq!(any.enumeration, [json!("on")]);
}

#[test]
fn null_among_the_values_is_nullable() {
    let (schema, any) = item("3.0.3", "type: string\nenum: [a, null]");
    assert!(schema.schema_data.nullable);
    assert_eq!(any.enumeration, [json!("a"), json!(null)]);
}

#[test]
fn the_first_example_is_kept() {
    let (schema, _) = item("3.1.0", "examples: [a, b]");
    assert_eq!(schema.schema_data.example, Some(json!("a")));
    let (schema, _) = item("3.1.0", "example: c\nexamples: [a, b]");
    assert_eq!(schema.schema_data.example, Some(json!("c")));
}

#[test]
fn exclusive_bounds_are_flags() {
    let bounds = |text| {
        let (_, any) = item("3.0.3", text);
        (any.minimum, any.exclusive_minimum, any.maximum, any.exclusive_maximum)
    };
    assert_eq!(bounds("exclusiveMinimum: 1"), (Some(1.0), Some(true), None, None));
    assert_eq!(bounds("minimum: 1\nexclusiveMinimum: true"), (Some(1.0), Some(true), None, None));
    assert_eq!(bounds("minimum: 2\nexclusiveMinimum: 1"), (Some(2.0), None, None, None));
    assert_eq!(bounds("minimum: 1\nexclusiveMinimum: 1"), (Some(1.0), Some(true), None, None));
    assert_eq!(bounds("maximum: 5\nexclusiveMaximum: 4"), (None, None, Some(4.0), Some(true)));
    assert_eq!(bounds("maximum: 3\nexclusiveMaximum: 4"), (None, None, Some(3.0), None));
}

#[test]
fn content_keywords_become_formats() {
    let format = |text| item("3.1.0", text).1.format;
    assert_eq!(format("contentEncoding: base64").as_deref(), Some("byte"));
    assert_eq!(format("contentEncoding: base64\ncontentMediaType: image/png").as_deref(), Some("byte"));
    assert_eq!(format("contentMediaType: application/octet-stream").as_deref(), Some("binary"));
    assert_eq!(format("contentMediaType: application/json"), None);
    assert_eq!(format("contentMediaType: text/csv; charset=utf-8"), None);
    assert_eq!(format("format: uri\ncontentMediaType: image/png").as_deref(), Some("uri"));
}

#[test]
fn boolean_schemas_allow_all_or_nothing() {
    let (_, any) = item("3.1.0", "properties: {a: true, b: false}\nadditionalProperties: false\nitems: true");
    let property = |name: &str| super::any(any.properties[name].as_item().expect("a schema")).clone();
    assert_eq!(property("a"), openapiv3::AnySchema::default());
    assert!(property("b").not.is_some());
    assert_eq!(any.additional_properties, Some(AdditionalProperties::Any(false)));
    assert!(any.items.is_some());
}

#[test]
fn places_with_a_schema_each_become_a_list_of_anything() {
    for text in ["prefixItems: [{type: string}]\nitems: false", "items: [{type: string}]"] {
        let (found, problems) = schema_of("3.1.0", text);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("not-carried /components/schemas/A/"), "{problems:?}");
        let schema = found.into_item().expect("a schema");
        let items = any(&schema).items.clone().and_then(ReferenceOr::into_item).expect("items");
        assert_eq!(any(&items), &openapiv3::AnySchema::default());
    }
}

#[test]
fn one_pattern_of_names_becomes_the_additional_properties() {
    let (_, any) = item("3.1.0", "patternProperties: {'^a': {type: string}}\nadditionalProperties: false");
    let Some(AdditionalProperties::Schema(schema)) = any.additional_properties else {
        panic!("{any:?}");
    };
    assert_eq!(super::any(schema.as_item().expect("a schema")).typ.as_deref(), Some("string"));
    let (_, problems) = schema_of("3.1.0", "patternProperties: {'^a': {}, '^b': {}}");
    assert_eq!(problems, ["not-carried /components/schemas/A/patternProperties"]);
}

#[test]
fn null_in_a_choice_is_nullable() {
    let text = "oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]\nanyOf: [{enum: [null]}, {type: string}]";
    let (schema, any) = item("3.0.3", text);
    assert!(schema.schema_data.nullable);
    assert_eq!((any.one_of.len(), any.any_of.len()), (1, 1));
}

#[test]
fn keys_beside_a_reference_are_kept() {
    let text = "$ref: '#/x'\ndescription: d\nx-client-name: N\nx-other: 1";
    let (schema, any) = item("3.1.0", text);
    assert_eq!(schema.schema_data.description.as_deref(), Some("d"));
    assert_eq!(schema.schema_data.extensions["x-client-name"], json!("N"));
    assert_eq!(any.all_of, [ReferenceOr::ref_("#/x")]);

    let (found, problems) = schema_of("3.0.3", text);
    assert_eq!(problems, ["key-beside-ref /components/schemas/A/description"]);
    assert!(found.as_item().is_some());

    let (found, problems) = schema_of("3.0.3", "$ref: '#/components/schemas/B/$defs/C'\nx-other: 1");
    assert_eq!(found, ReferenceOr::ref_("#/components/schemas/B/$defs/C"));
    assert!(problems.is_empty());

    let (schema, _) = item("3.1.0", "$ref: '#/x'\nsummary: s");
    assert_eq!(schema.schema_data.description.as_deref(), Some("s"));
}

#[test]
fn nullable_is_read_in_both_versions() {
    let (schema, _) = item("3.0.3", "type: string\nnullable: true");
    assert!(schema.schema_data.nullable);
    let (found, problems) = schema_of("3.1.0", "nullable: true");
    assert_eq!(problems, ["nullable-in-3.1 /components/schemas/A/nullable"]);
    assert!(found.into_item().is_some_and(|schema| schema.schema_data.nullable));
}

#[test]
fn annotations_are_accepted_and_constraints_are_named() {
    item("3.1.0", "$schema: s\n$id: i\n$comment: c\n$anchor: a\nxml: {name: x}\ncontentSchema: {}");
    let text = "if: {}\nthen: {}\nelse: {}\ndependentSchemas: {}\nunevaluatedItems: false\n$defs: {}\ncontains: {}";
    let (_, problems) = schema_of("3.1.0", text);
    assert_eq!(problems.len(), 7);
    assert!(problems.iter().all(|problem| problem.starts_with("not-carried ")), "{problems:?}");
}

#[test]
fn path_items_are_put_where_they_are_referred_to() {
    let text = "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {$ref: '#/components/pathItems/P', parameters: [{$ref: '#/components/parameters/q'}]}
  /b: {$ref: 'other.yaml'}
webhooks:
  w: {$ref: '#/components/pathItems/P'}
components:
  pathItems:
    P: {get: {operationId: one}, parameters: [{$ref: '#/components/parameters/p'}]}
    Q: {$ref: '#/components/pathItems/Q'}
";
    let (document, diagnostics) = read(text);
    let item = document.openapi.paths.paths["/a"].as_item().expect("a path item");
    assert_eq!(item.get.as_ref().and_then(|get| get.operation_id.as_deref()), Some("one"));
    assert_eq!(item.parameters, ["q", "p"].map(|name| ReferenceOr::ref_(&format!("#/components/parameters/{name}"))));
    assert!(!document.openapi.paths.paths.contains_key("/b"));
    assert!(document.webhooks["w"].as_item().is_some_and(|item| item.get.is_some()));
    assert_eq!(
        super::in_short(&diagnostics),
        ["unread-file ", "unresolved-reference /paths/~1b/$ref", "cyclic-ref /components/pathItems/Q/$ref"]
    );
}

#[test]
fn a_document_may_have_no_paths() {
    let (document, diagnostics) = read("openapi: 3.1.0\ninfo: {title: t, version: '1'}\nwebhooks: {}");
    assert!(document.openapi.paths.paths.is_empty());
    assert!(diagnostics.is_empty());
}
