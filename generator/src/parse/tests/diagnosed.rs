//! Malformed documents: what is reported, and how little is left out.

use super::{in_short, only_problem, read, schema_of, with_schema};
use crate::Source;
use crate::diagnostic::Severity;

/// Returns a document with this one path item.
fn with_item(item: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /a: {item}\n")
}

#[test]
fn what_is_no_document_is_an_error() {
    let cases = [
        ("", "syntax", "the document is empty"),
        ("  \n# only a comment\n", "syntax", "the document is empty"),
        ("[1]", "wrong-type", "the document must be an object, found a list"),
        ("text", "wrong-type", "the document must be an object, found a string"),
        ("{}", "unsupported-version", "missing key `openapi`"),
        ("swagger: '2.0'", "unsupported-version", "Swagger 2.0 is not supported"),
        ("openapi: 2.0.0", "unsupported-version", "OpenAPI `2.0.0` is not supported"),
        ("openapi: 4.0.0", "unsupported-version", "OpenAPI `4.0.0` is not supported"),
        ("openapi: [3]", "unsupported-version", "`openapi` must be a version such as `3.0.3`"),
    ];
    for (text, code, message) in cases {
        let (document, diagnostics) = super::parse(&Source::alone("test", text));
        assert!(document.is_none(), "{text}");
        assert_eq!((diagnostics.len(), diagnostics[0].severity), (1, Severity::Error));
        assert_eq!((diagnostics[0].code.name(), diagnostics[0].message.as_str()), (code, message));
    }
}

#[test]
fn versions_that_are_near_are_read() {
    let (_, diagnostics) = read("openapi: 3.2.0\ninfo: {title: t, version: '1'}\npaths: {}");
    assert_eq!(in_short(&diagnostics), ["unsupported-version /openapi"]);
    let (document, diagnostics) = read("openapi: 3.1\ninfo: {title: t, version: 1.10}");
    assert_eq!(in_short(&diagnostics), ["wrong-type /openapi", "wrong-type /info/version"]);
    assert_eq!(document.openapi.info.version, "1.10");
}

#[test]
fn a_misspelt_key_is_named() {
    let (problem, message, help) = only_problem(&with_schema("3.0.3", "type: string\nmaxLenght: 3"));
    assert_eq!(problem, "unknown-key /components/schemas/A/maxLenght");
    assert_eq!(message, "`maxLenght` is not a key of a schema");
    assert_eq!(help, "did you mean `maxLength`?");
    let (_, _, help) = only_problem(&with_schema("3.0.3", "frobnicate: 3"));
    assert_eq!(help, "remove it, or start it with `x-` to make it an extension");
    // What is there already is not what was meant.
    let (_, _, help) = only_problem(&with_schema("3.0.3", "maxLength: 1\nmaxLenght: 3\nminLength: 0"));
    assert!(!help.contains("maxLength"), "{help}");
}

#[test]
fn a_misplaced_key_is_named() {
    let (problem, _, help) = only_problem(&with_schema("3.0.3", "operationId: x"));
    assert_eq!(problem, "misplaced-key /components/schemas/A/operationId");
    assert!(help.starts_with("it is a key of an operation"), "{help}");
}

#[test]
fn unknown_types_are_dropped_with_advice() {
    let cases = [
        ("objekt", "did you mean `object`?"),
        ("float", "write `type: number` and `format: float`"),
        ("date", "write `type: string` and `format: date`"),
        ("any", "remove `type`: a schema without it allows any value"),
        ("banana", "types are `string`, `object`, `array`, `integer`, `number`, `boolean`, `null`"),
    ];
    for (word, expected) in cases {
        let text = with_schema("3.0.3", &format!("type: {word}\ndescription: d"));
        let (problem, message, help) = only_problem(&text);
        assert_eq!(problem, "unknown-type /components/schemas/A/type");
        assert_eq!((message, help.as_str()), (format!("`{word}` is not a type"), expected));
        let (found, _) = schema_of("3.0.3", &format!("type: {word}\ndescription: d"));
        let schema = found.into_item().expect("a schema");
        assert_eq!(super::any(&schema).typ, None);
        assert_eq!(schema.schema_data.description.as_deref(), Some("d"));
    }
    let (found, problems) = schema_of("3.0.3", "type: file");
    assert_eq!(problems, ["unknown-type /components/schemas/A/type"]);
    let schema = found.into_item().expect("a schema");
    assert_eq!(super::any(&schema).format.as_deref(), Some("binary"));
}

#[test]
fn one_bad_value_costs_one_part() {
    let text = "type: object\nrequired: true\nproperties: {a: 5, b: {type: string, maxLength: '9'}}\nminProperties: -1\nenum: {}";
    let (found, problems) = schema_of("3.0.3", text);
    let expected = [
        "wrong-type /components/schemas/A/required",
        "wrong-type /components/schemas/A/properties/a",
        "wrong-type /components/schemas/A/properties/b/maxLength",
        "wrong-type /components/schemas/A/minProperties",
        "wrong-type /components/schemas/A/enum",
    ];
    assert_eq!(problems, expected);
    let schema = found.into_item().expect("a schema");
    let names: Vec<_> = super::any(&schema).properties.keys().collect();
    assert_eq!(names, ["b"]);
}

#[test]
fn an_enum_without_values_is_reported() {
    let (found, problems) = schema_of("3.0.3", "enum: []");
    assert_eq!(problems, ["wrong-type /components/schemas/A/enum"]);
    assert!(found.as_item().is_some());
}

#[test]
fn nothing_after_a_key_is_no_value() {
    super::item("3.0.3", "description:\nproperties:\nrequired:\nnullable:\nexample:");
}

#[test]
fn malformed_parameters_are_left_out() {
    let parameters = "[{name: a, in: body, schema: {}}, {name: b, in: query}, {in: query, schema: {}}, \
        {name: c, in: query, schema: {}, style: simple}, {name: d, in: path, schema: {}}, 5, \
        {name: e, in: header, content: {text/plain: {}}, allowReserved: true}]";
    let (document, diagnostics) = read(&with_item(&format!("{{parameters: {parameters}}}")));
    let expected = [
        "unknown-value /paths/~1a/parameters/0/in",
        "missing-key /paths/~1a/parameters/1",
        "missing-key /paths/~1a/parameters/2",
        "unknown-value /paths/~1a/parameters/3/style",
        "missing-key /paths/~1a/parameters/4/required",
        "wrong-type /paths/~1a/parameters/5",
        "misplaced-key /paths/~1a/parameters/6/allowReserved",
    ];
    assert_eq!(in_short(&diagnostics), expected);
    let item = document.openapi.paths.paths["/a"].as_item().expect("a path item");
    let parameters = item.parameters.iter().filter_map(openapiv3::ReferenceOr::as_item);
    let data: Vec<_> = parameters.map(openapiv3::Parameter::parameter_data_ref).collect();
    let names: Vec<_> = data.iter().map(|data| (data.name.as_str(), data.required)).collect();
    assert_eq!(names, [("c", false), ("d", true), ("e", false)]);
}

#[test]
fn malformed_operations_are_reported() {
    let item = "{get: 5, query: {}, put: {responses: {'2000': {}, 4xx: {}, 4XX: {}, default: 1, x-a: 1}}, post: {}}";
    let (document, diagnostics) = read(&with_item(item));
    let expected = [
        "wrong-type /paths/~1a/get",
        "unknown-key /paths/~1a/query",
        "invalid-status /paths/~1a/put/responses/2000",
        "duplicate-key /paths/~1a/put/responses/4XX",
        "wrong-type /paths/~1a/put/responses/default",
        "missing-key /paths/~1a/post",
    ];
    assert_eq!(in_short(&diagnostics), expected);
    let item = document.openapi.paths.paths["/a"].as_item().expect("a path item");
    assert!(item.get.is_none() && item.put.is_some() && item.post.is_some());
    assert_eq!(item.put.as_ref().map(|put| put.responses.responses.len()), Some(1));
}

#[test]
fn a_path_without_slash_is_kept() {
    let (document, diagnostics) = read(&with_item("{}").replace("/a:", "a/{b}#c:"));
    assert_eq!(in_short(&diagnostics), ["path-without-slash /paths/a~1{b}#c"]);
    assert!(document.openapi.paths.paths.contains_key("a/{b}#c"));
}

#[test]
fn keys_beside_a_reference_have_no_effect() {
    let item = "{get: {responses: {'200': {$ref: '#/components/responses/r', description: d, x-a: 1}}}}";
    let (_, diagnostics) = read(&with_item(item));
    assert_eq!(in_short(&diagnostics), ["key-beside-ref /paths/~1a/get/responses/200/description"]);
    let (_, diagnostics) = read(&with_item(item).replace("3.0.3", "3.1.0"));
    assert_eq!(in_short(&diagnostics), [""; 0]);
}

#[test]
fn security_schemes_keep_what_works() {
    let schemes = "{a: {type: oauth2, flows: {implicit: {scopes: {}}, password: {tokenUrl: t, scopes: {s: {x: 1}}}}}, \
        b: {type: magic}, c: {type: mutualTLS}, d: {type: apiKey, name: n, in: body}, e: {type: http, scheme: basic}}";
    let head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n";
    let (document, diagnostics) =
        read(&format!("{head}security: {{e: []}}\ncomponents: {{securitySchemes: {schemes}}}\n"));
    let at = "/components/securitySchemes";
    let expected = [
        "wrong-type /security".to_owned(),
        format!("missing-key {at}/a/flows/implicit"),
        format!("wrong-type {at}/a/flows/password/scopes/s"),
        format!("unknown-value {at}/b/type"),
        format!("not-carried {at}/c/type"),
        format!("unknown-value {at}/d/in"),
    ];
    assert_eq!(in_short(&diagnostics), expected);
    let schemes = document.openapi.components.expect("components").security_schemes;
    assert_eq!(schemes.keys().collect::<Vec<_>>(), ["a", "e"]);
}

#[test]
fn callbacks_are_resolved_with_a_guard() {
    let head =
        with_item("{post: {responses: {}, callbacks: {a: {$ref: '#/components/callbacks/c'}, b: {$ref: '#/no'}}}}");
    let again = "{e: {post: {responses: {}, callbacks: {again: {$ref: '#/components/callbacks/c'}}}}}";
    let (document, diagnostics) = read(&format!("{head}components: {{callbacks: {{c: {again}}}}}\n"));
    let expected = [
        "unresolved-reference /paths/~1a/post/callbacks/b/$ref",
        "cyclic-ref /components/callbacks/c/e/post/callbacks/again/$ref",
    ];
    assert_eq!(in_short(&diagnostics), expected);
    let item = document.openapi.paths.paths["/a"].as_item().expect("a path item");
    let callbacks = &item.post.as_ref().expect("an operation").callbacks;
    assert_eq!(callbacks.keys().collect::<Vec<_>>(), ["a"]);
}
