//! No input makes parse or report panic, overflow the stack or fill the memory.

use super::super::parse;
use crate::Source;

const JSON: &str = r##"{"openapi": "3.1.0", "info": {"title": "ä😀", "version": "1"}, "paths": {"/a/{b}": {
"parameters": [{"name": "b", "in": "path", "required": true, "schema": {"type": ["string", "null"], "enum": ["\ud83d\ude00"]}}],
"get": {"operationId": "x", "responses": {"200": {"$ref": "#/components/responses/R"}, "5xx": {"description": ""}}}}},
"components": {"schemas": {"A": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}], "const": 1.5e3}}}}"##;

const YAML: &str = "%YAML 1.2
---
openapi: 3.0.3
info: &i {title: ä😀, version: '1'}
paths:
  /a: &a
    get: {security: [{k: []}], responses: {default: {description: \"x\\u00e4\"}}}
  ? /b
  : <<: *a
    post: !!map {parameters: [{name: q, in: query, schema: {type: [a, b]}}]}
components:
  schemas:
    A: {type: object, properties: {x: {$ref: '#/y', nullable: yes}}}
    B: |
      text
    C: >-
      x-client-x: 1
  securitySchemes: {k: {type: oauth2, flows: {password: {scopes: {a: }}}}}
";

/// Reads and reports.
fn run(text: &str) {
    let source = Source::alone("fuzz", text);
    let (document, diagnostics) = parse(&source);
    assert!(document.is_some() || diagnostics.iter().any(crate::diagnostic::Diagnostic::is_error), "{text}");
    let root = document.as_ref().map(|document| &document.root);
    let shown = crate::report::text(&diagnostics, &source, root, false);
    assert_eq!(shown.is_empty(), diagnostics.is_empty());
}

#[test]
fn every_truncation_is_survived() {
    for text in [JSON, YAML] {
        for (offset, _) in text.char_indices() {
            run(&text[..offset]);
            run(&text[offset..]);
        }
    }
}

#[test]
fn every_mutation_of_a_byte_is_survived() {
    let replacements = ["", "\"", "{", "]", ":", "\n", "\t", "\\", "&", "!", "€"];
    for text in [JSON, YAML] {
        for (offset, found) in text.char_indices() {
            let (before, after) = (&text[..offset], &text[offset + found.len_utf8()..]);
            for replacement in replacements.iter().cycle().skip(offset).take(5) {
                run(&format!("{before}{replacement}{after}"));
            }
        }
    }
}

#[test]
fn every_value_may_be_of_another_type() {
    let root: serde_json::Value = serde_json::from_str(JSON).expect("the text is JSON");
    let mut pointers = Vec::new();
    collect(&root, &crate::diagnostic::Pointer::root(), &mut pointers);
    for pointer in pointers {
        for value in ["null", "true", "-1", "1e400", "\"\"", "[]", "[null]", "{}", "{\"$ref\": 1}"] {
            let mut changed = root.clone();
            let place = changed.pointer_mut(&pointer).expect("the pointer was collected");
            *place = serde_json::from_str(value).unwrap_or(serde_json::json!(1e300));
            run(&changed.to_string());
        }
    }
}

fn collect(value: &serde_json::Value, pointer: &crate::diagnostic::Pointer, found: &mut Vec<String>) {
    found.push(pointer.to_string());
    for (key, inner) in value.as_object().into_iter().flatten() {
        collect(inner, &pointer.key(key), found);
    }
    for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
        collect(inner, &pointer.index(index), found);
    }
}

/// Runs on as much stack as a test has, and names the depth that is asked of it.
fn schemas_nested(open: &str, close: &str, levels: usize) {
    let head =
        r#"{"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}, "components": {"schemas": {"A": "#;
    run(&format!("{head}{}{{}}{}}}}}}}", open.repeat(levels), close.repeat(levels)));
}

#[test]
fn deep_schemas_fit_the_stack() {
    for levels in [60, 61, 62, 123, 124, 125, 126, 5000] {
        schemas_nested(r#"{"items": "#, "}", levels);
        schemas_nested(r#"{"not": "#, "}", levels);
        schemas_nested(r#"{"additionalProperties": "#, "}", levels);
        schemas_nested(r#"{"allOf": ["#, "]}", levels);
        schemas_nested(r#"{"type": ["object", "string", "array"], "properties": {"a": "#, "}}", levels);
        schemas_nested(r#"{"default": ["#, "]}", levels);
    }
}

#[test]
fn deep_callbacks_fit_the_stack() {
    let level = r#"{"post": {"callbacks": {"c": {"e": "#;
    for levels in [10, 29, 30, 31, 1000] {
        let text = format!("{}{{}}{}", level.repeat(levels), "}}}}".repeat(levels));
        run(&format!(r#"{{"openapi": "3.0.0", "info": {{"title": "", "version": ""}}, "paths": {{"/": {text}}}}}"#));
    }
}

#[test]
fn references_that_multiply_are_bounded() {
    use std::fmt::Write;
    let mut callbacks = String::new();
    for number in 0..200 {
        let next = format!("{{$ref: '#/components/callbacks/c{}'}}", number + 1);
        writeln!(callbacks, "    c{number}: {{e: {{post: {{callbacks: {{a: {next}, b: {next}}}, responses: {{}}}}}}}}")
            .expect("a String can be written to");
    }
    run(&format!(
        "openapi: 3.0.0\ninfo: {{title: '', version: ''}}\npaths: {{}}\ncomponents:\n  callbacks:\n{callbacks}"
    ));
}

#[test]
fn many_problems_are_bounded() {
    let keys = (0..5000).map(|number| format!("k{number}: 1\n")).collect::<Vec<_>>().concat();
    let text = format!("openapi: 3.0.0\ninfo: {{title: '', version: ''}}\npaths: {{}}\n{keys}");
    let (_, diagnostics) = super::read(&text);
    assert_eq!(diagnostics.len(), 501);
    assert_eq!(diagnostics[500].message, "4500 more problems are not shown");
}
