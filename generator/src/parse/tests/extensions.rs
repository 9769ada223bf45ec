//! Our extensions: kept where they belong, an error anywhere else.

use serde_json::json;

use super::{in_short, item, only_problem, read, with_schema};
use crate::diagnostic::Severity;

#[test]
fn extensions_are_kept_where_they_belong() {
    let (schema, _) = item("3.0.3", "x-client-privacy: safe\nx-client-variants: {a: B}\nx-other: 1");
    let extensions = schema.schema_data.extensions;
    assert_eq!(extensions.len(), 2);
    assert_eq!(extensions["x-client-variants"], json!({"a": "B"}));

    let text = "
openapi: 3.0.3
info: {title: t, version: '1'}
x-client-envelope: {data: data}
servers: [{url: /, x-client-environment: {name: P}}]
paths:
  x-note: 1
  /a:
    post:
      x-client-repeatable: true
      parameters: [{name: a, in: query, schema: {}, x-client-name: b}]
      responses:
        x-note: 1
        '200': {description: d, x-client-envelope: none, x-client-errors: [], headers: {H: {schema: {}, x-client-name: h}}}
      callbacks:
        c:
          x-note: 1
          '{$url}':
            post: {responses: {}, x-client-event: {name: e}}
";
    let (document, diagnostics) = read(text);
    assert_eq!(in_short(&diagnostics), [""; 0]);
    let openapi = &document.openapi;
    assert_eq!(openapi.extensions["x-client-envelope"], json!({"data": "data"}));
    assert!(openapi.servers[0].extensions.contains_key("x-client-environment"));
    let item = openapi.paths.paths["/a"].as_item().expect("a path item");
    let post = item.post.as_ref().expect("an operation");
    assert!(post.extensions.contains_key("x-client-repeatable"));
    let event = post.callbacks["c"]["{$url}"].post.as_ref().expect("an operation");
    assert!(event.extensions.contains_key("x-client-event"));
}

#[test]
fn a_misspelt_extension_is_an_error() {
    let cases = [
        ("x-client-privcy", "did you mean `x-client-privacy`?"),
        ("x-client-Privacy", "did you mean `x-client-privacy`?"),
        (
            "x-client-frobnicate",
            "names that start with `x-client-` are reserved for this generator; choose another prefix",
        ),
    ];
    for (key, expected) in cases {
        let text = with_schema("3.0.3", &format!("{key}: safe"));
        let (problem, message, help) = only_problem(&text);
        assert_eq!(problem, format!("unknown-extension /components/schemas/A/{key}"));
        assert_eq!(message, format!("unknown extension `{key}`"));
        assert_eq!(help, expected);
        assert_eq!(read(&text).1[0].severity, Severity::Error);
    }
}

#[test]
fn extensions_of_others_are_ignored() {
    let keys =
        ["x-ms-client-name", "x-go-client-name", "x-ms-client-flatten", "x-cleint-privacy", "x-clients", "X-Name"];
    for key in keys {
        assert_eq!(in_short(&read(&with_schema("3.0.3", &format!("{key}: safe"))).1), [""; 0], "{key}");
    }
}

#[test]
fn a_misplaced_extension_is_an_error() {
    let text = "
openapi: 3.0.3
info: {title: t, version: '1', x-client-name: a}
paths:
  x-client-envelope: {}
  /a:
    x-client-privacy: safe
    get:
      x-client-event: {name: e}
      responses: {x-client-errors: [], '200': {$ref: '#/r', x-client-envelope: none}}
components:
  schemas:
    A:
      properties: {x-client-privacy: safe, x-client-version: {type: string}}
";
    let (document, diagnostics) = read(text);
    let errors: Vec<_> = diagnostics.iter().filter(|found| found.is_error()).cloned().collect();
    let expected = [
        "misplaced-extension /info/x-client-name",
        "misplaced-extension /paths/x-client-envelope",
        "misplaced-extension /paths/~1a/x-client-privacy",
        "misplaced-extension /paths/~1a/get/x-client-event",
        "misplaced-extension /paths/~1a/get/responses/x-client-errors",
        "misplaced-extension /paths/~1a/get/responses/200/x-client-envelope",
        "misplaced-extension /components/schemas/A/properties/x-client-privacy",
    ];
    assert_eq!(in_short(&errors), expected);
    assert_eq!(errors[0].help.as_deref(), Some("it is allowed in a schema, a parameter, a header"));
    assert_eq!(errors[3].help.as_deref(), Some("it is allowed in an operation of a callback or webhook"));
    assert!(document.openapi.extensions.is_empty());
}
