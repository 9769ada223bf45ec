//! Any input produces files or diagnostics: no panic, no stack overflow, and a document's text never becomes code or a
//! path outside the crate.

use std::fmt::Write as _;
use std::thread;

use generator::{Config, Source, Texts, Unmarked, lower, parse};
use proc_macro2::{TokenStream, TokenTree};

use crate::compile::{is_long, is_step};
use crate::fixture::{self, has_extension};

/// The default stack size of a thread.
const STACK: usize = 2 << 20;

/// A document with a bit of everything.
const SMALL: &str = r##"openapi: 3.0.3
info: {title: A, version: "1", description: 'B *c*'}
paths:
  /a/{b}:
    post:
      parameters: [{name: b, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}
      responses: {200: {description: E, content: {application/json: {schema: {allOf: [{$ref: "#/components/schemas/A"}]}}}}}
components:
  schemas:
    A: &a {type: object, properties: {a: {type: integer}, b: {type: array, items: {type: string, enum: [x, "y"]}}}}
    B: *a
"##;

/// Runs on a small stack. A panic fails the test with `what`.
fn on_a_small_stack<T: Send + 'static>(what: &str, run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread can be started");
    thread.join().unwrap_or_else(|_| panic!("a panic: {what}"))
}

/// Generates a client and formats the reports. Returns the files and the codes of all diagnostics.
fn outcome(text: &str) -> (Option<Texts>, Vec<&'static str>) {
    let source = Source::alone("hostile.yaml", text);
    let config = Config { server: true, ..Config::new("hostile") };
    let (files, problems) = match generator::generate(&source, &config) {
        Ok(generated) => (Some(generated.files), generated.warnings),
        Err(problems) => (None, problems),
    };
    let shown = fixture::shown(&problems, &source);
    assert_eq!(problems.is_empty(), shown.is_empty());
    (files, problems.iter().map(|problem| problem.code.name()).collect())
}

fn generate(what: &str, text: String) -> (Option<Texts>, Vec<&'static str>) {
    on_a_small_stack(what, move || outcome(&text))
}

/// Only parses and lowers, since those stages interpret the document.
fn interpret(text: &str) {
    let source = Source::alone("hostile.yaml", text);
    let (document, mut problems) = parse::parse(&source);
    if let Some(document) = document {
        problems.extend(lower::lower(&document, Unmarked::Redacted).diagnostics);
    }
    let _ = fixture::shown(&problems, &source);
}

#[test]
fn a_document_that_ends_anywhere() {
    let json =
        fixture::all("accepted").into_iter().find(|fixture| fixture.file == "json_document.json").expect("it is there");
    for text in [SMALL.to_owned(), json.text] {
        on_a_small_stack("a document that ends too early", move || {
            for (end, _) in text.char_indices() {
                interpret(&text[..end]);
                interpret(&text[end..]);
            }
        });
    }
}

#[test]
fn a_document_with_any_byte_changed() {
    let put = [
        "", "\"", "'", "{", "}", "[", "]", ":", ": ", ",", "-", "\n", "\t", "#", "&", "*", "!", "|", "%", "@", "\0",
        "é", "\u{feff}", "0", "~", "\u{2028}",
    ];
    on_a_small_stack("a document with one byte changed", move || {
        // A step of `cargo xtask ci` tries every byte.
        for (at, old) in SMALL.char_indices().step_by(if is_step() { 1 } else { 4 }) {
            for new in put {
                interpret(&format!("{}{new}{}", &SMALL[..at], &SMALL[at + old.len_utf8()..]));
            }
        }
    });
}

#[test]
fn a_value_of_any_kind_anywhere() {
    let value: serde_yaml::Value = serde_yaml::from_str(SMALL).expect("the document is YAML");
    let wrong = [
        "null",
        "true",
        "1",
        "-0.5e300",
        "text",
        "[]",
        "[[]]",
        "{}",
        "{a: {}}",
        "{$ref: '#'}",
        "{$ref: 1}",
        "{$ref: '#/paths'}",
        "[{$ref: '#/components/schemas/A'}]",
    ];
    let wrong: Vec<serde_yaml::Value> = wrong.iter().map(|text| serde_yaml::from_str(text).expect("YAML")).collect();
    let mut documents = Vec::new();
    for at in 0..places(&value) {
        for new in &wrong {
            let mut document = value.clone();
            replace(&mut document, &mut at.clone(), new);
            documents.push(serde_yaml::to_string(&document).expect("a value is YAML"));
        }
    }
    on_a_small_stack("a value of the wrong kind", move || documents.iter().for_each(|text| interpret(text)));
}

/// Counts the values in a value, including itself.
fn places(value: &serde_yaml::Value) -> usize {
    1 + match value {
        serde_yaml::Value::Mapping(entries) => entries.values().map(places).sum(),
        serde_yaml::Value::Sequence(items) => items.iter().map(places).sum(),
        _ => 0,
    }
}

/// Puts `new` in the place where `countdown` reaches zero.
fn replace(value: &mut serde_yaml::Value, countdown: &mut usize, new: &serde_yaml::Value) -> bool {
    if *countdown == 0 {
        value.clone_from(new);
        return true;
    }
    *countdown -= 1;
    match value {
        serde_yaml::Value::Mapping(entries) => entries.values_mut().any(|value| replace(value, countdown, new)),
        serde_yaml::Value::Sequence(items) => items.iter_mut().any(|value| replace(value, countdown, new)),
        _ => false,
    }
}

#[test]
fn deep_nesting() {
    const DEPTH: usize = 10_000;
    let document = |deep: &str| format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{}}\nx-a: {deep}\n");
    let cases = [
        ("yaml lists", document(&format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH)))),
        ("yaml objects", document(&format!("{}{}", "{a: ".repeat(DEPTH), "}".repeat(DEPTH)))),
        ("yaml lists without an end", document(&"[".repeat(DEPTH))),
        ("yaml block lists", format!("{}a", "- ".repeat(DEPTH))),
        ("json lists", format!("{{\"a\": {}{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH))),
        ("json objects", format!("{}1{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH))),
        ("json without an end", "{\"a\":".repeat(DEPTH)),
    ];
    for (what, text) in cases {
        let (files, codes) = generate(what, text);
        assert!(files.is_none() && !codes.is_empty(), "{what}: {codes:?}");
    }
}

#[test]
fn schemas_as_deep_as_a_document_may_be() {
    for (what, open, close) in [
        ("properties", "{type: object, properties: {a: ", "}}"),
        ("items", "{type: array, items: ", "}"),
        ("allOf", "{allOf: [", "]}"),
        ("oneOf", "{oneOf: [{type: integer}, ", "]}"),
        ("additionalProperties", "{type: object, additionalProperties: ", "}"),
    ] {
        for depth in [10, 50, 110] {
            let schema = format!("{}{{type: string}}{}", open.repeat(depth), close.repeat(depth));
            println!("{what} {depth}");
            generate(what, with_schemas(&format!("    A: {schema}\n")));
        }
    }
}

/// A document whose only operation sends and receives `A`.
fn with_schemas(schemas: &str) -> String {
    let content = r##"content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}"##;
    format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n  /a:\n    post:\n      requestBody: {{{content}}}\n      \
         responses: {{'200': {{description: A., {content}}}}}\ncomponents:\n  schemas:\n{schemas}"
    )
}

#[test]
fn bombs_of_aliases() {
    let mut text = "openapi: 3.0.3\nx-a0: &a0 [a, a, a, a, a, a, a, a, a, a]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        writeln!(text, "x-a{level}: &a{level} [{}]", [below.as_str(); 10].join(", ")).expect("a string takes any text");
    }
    let (files, codes) = generate("an alias bomb", text);
    assert!(files.is_none() && codes == ["expansion-limit"], "{codes:?}");
    let mut text = "openapi: 3.0.3\nx-a0: &a0 {a: b}\n".to_owned();
    for level in 1..200 {
        writeln!(text, "x-a{level}: &a{level} {{a: *a{}}}", level - 1).expect("a string takes any text");
    }
    let (files, codes) = generate("nesting by aliases", text);
    assert!(files.is_none() && codes == ["too-deep"], "{codes:?}");
    generate("an alias inside of what it names", "openapi: &a {a: *a}".to_owned());
    generate("a merge of itself", "openapi: 3.0.3\na: &a {<<: *a}".to_owned());
}

#[test]
fn long_texts() {
    let long = "word ".repeat(2 << 20);
    let json = format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "A", "version": "1", "description": "{long}"}}, "paths": {{}}}}"#
    );
    let yaml = format!("openapi: 3.0.3\ninfo: {{title: A, version: '1', description: '{long}'}}\npaths: {{}}\n");
    let unknown =
        format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{}}\n{}: 1\n", "k".repeat(10 << 20));
    for text in [json, yaml, unknown] {
        on_a_small_stack("a long text", move || interpret(&text));
    }
}

#[test]
fn long_names_make_short_paths() {
    let name = "Name".repeat(240);
    let text = with_schemas(&format!(
        "    A: {{$ref: '#/components/schemas/{name}'}}\n    {name}: {{type: object, properties: {{{name}: {{type: string, enum: [{name}]}}}}}}\n"
    ));
    let text = text.replace("    post:\n", &format!("    post:\n      operationId: {name}\n      tags: [{name}]\n"));
    let (files, codes) = generate("long names", text);
    let files = files.unwrap_or_else(|| panic!("{codes:?}"));
    assert_paths(&files);
}

#[test]
fn references_that_go_in_circles() {
    let schemas = [
        "    A: {$ref: '#/components/schemas/A'}\n",
        "    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n",
        "    A: {allOf: [{$ref: '#/components/schemas/A'}]}\n",
        "    A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}\n    B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {a: {type: string}}}]}\n",
        "    A: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}\n",
        "    A: {oneOf: [{$ref: '#/components/schemas/B'}, {type: integer}]}\n    B: {anyOf: [{$ref: '#/components/schemas/A'}, {type: boolean}]}\n",
        "    A: {type: array, items: {$ref: '#/components/schemas/A'}}\n",
        "    A: {type: object, additionalProperties: {$ref: '#/components/schemas/A'}}\n",
        "    A: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}\n",
        "    A: {nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}\n    B: {oneOf: [{$ref: '#/components/schemas/A'}]}\n",
        "    A: {type: object, properties: {a: {$ref: '#/components/schemas/A/properties/a'}}}\n",
        "    A: {$ref: '#/components/schemas'}\n",
        "    A: {$ref: '#'}\n",
    ];
    for text in schemas {
        generate(text, with_schemas(text));
    }
    let components = [
        ("parameters", "parameters: [{$ref: '#/components/parameters/A'}]\n      responses: {}"),
        ("requestBodies", "requestBody: {$ref: '#/components/requestBodies/A'}\n      responses: {}"),
        ("responses", "responses: {'200': {$ref: '#/components/responses/A'}}"),
        ("callbacks", "callbacks: {a: {$ref: '#/components/callbacks/A'}}\n      responses: {}"),
        ("headers", "responses: {'200': {description: A, headers: {a: {$ref: '#/components/headers/A'}}}}"),
        (
            "examples",
            "parameters: [{name: a, in: query, schema: {}, examples: {a: {$ref: '#/components/examples/A'}}}]\n      responses: {}",
        ),
        ("securitySchemes", "security: [{A: []}]\n      responses: {}"),
        ("links", "responses: {'200': {description: A, links: {a: {$ref: '#/components/links/A'}}}}"),
    ];
    for (kind, operation) in components {
        for (a, b) in [("A", "A"), ("B", "A"), ("Missing", "A")] {
            let declared = format!("A: {{$ref: '#/components/{kind}/{a}'}}, B: {{$ref: '#/components/{kind}/{b}'}}");
            let text = format!(
                "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n  /a:\n    post:\n      {operation}\ncomponents: {{{kind}: {{{declared}}}}}\n"
            );
            generate(kind, text);
        }
    }
    let items = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {/a: {$ref: '#/paths/~1b'}, /b: {$ref: '#/paths/~1a'}, /c: {$ref: '#/paths'}}\n";
    generate("path items", items.to_owned());
}

#[test]
fn long_chains_of_references() {
    // Chains of references take quadratic time: each is followed to its end.
    let length = if is_long() { 10_000 } else { 2_000 };
    for (what, before, after) in [
        ("references", "{$ref: '", "'}"),
        ("allOf", "{allOf: [{$ref: '", "'}]}"),
        ("properties", "{type: object, properties: {a: {$ref: '", "'}}}"),
        ("oneOf", "{oneOf: [{type: string}, {$ref: '", "'}]}"),
        ("items", "{type: array, items: {$ref: '", "'}}"),
    ] {
        let mut schemas = format!("    A: {before}#/components/schemas/S1{after}\n");
        for index in 1..length {
            writeln!(schemas, "    S{index}: {before}#/components/schemas/S{}{after}", index + 1)
                .expect("a string takes any text");
        }
        writeln!(schemas, "    S{length}: {{type: string}}").expect("a string takes any text");
        let text = with_schemas(&schemas);
        on_a_small_stack(what, move || interpret(&text));
    }
}

#[test]
fn everything_twice() {
    let mut twice = String::new();
    for line in SMALL.lines() {
        twice.push_str(line);
        twice.push('\n');
        if line.trim_end().ends_with('}') && line.contains(": {") {
            twice.push_str(line);
            twice.push('\n');
        }
    }
    generate("every line twice", twice);
    let many: String = (0..2000).map(|_| "    A: {type: string}\n").collect();
    let (files, codes) = generate("one key many times", with_schemas(&many));
    assert!(files.is_some() && codes.contains(&"duplicate-key"), "{codes:?}");
}

/// Texts that try to escape from a doc comment, a string, a name or a path.
const EVIL: &[&str] = &[
    "\"]\nfn evil() {}\n#[doc = \"",
    "*/ fn evil() {} /*",
    "\r\nfn evil() {}",
    "\u{2028}fn evil() {}",
    "\\\"; fn evil() {} //",
    "\"#; fn evil() {} //",
    "{evil} {} x",
    "```\nfn evil() {}\n```",
    "../../../../etc/evil",
    "..\\evil\\x",
    "/evil/x",
    "a/../../evil",
    "CON",
    "evil.rs\0",
    "\"\"\"\n[dependencies]\nevil = \"1\"\n",
];

/// A document with `{}` wherever a string is allowed, except in header names, where other strings are refused.
const SLOTS: &str = r##"{"openapi": "3.0.3",
"info": {"title": {}, "version": {}, "description": {}},
"servers": [{"url": {}, "description": {}, "variables": {{}: {"default": {}}}}],
"tags": [{"name": {}, "description": {}}],
"x-client-envelope": {"success": {}, "data": "data", "error": {"property": {}, "message": {}, "code": {}}},
"x-client-webhooks": {"name": {}, "payload": "data", "header": "x-key"},
"security": [{{}: []}],
"paths": {"/a": {"post": {"operationId": {}, "tags": [{}], "summary": {}, "description": {},
"parameters": [{"name": {}, "in": "query", "description": {}, "schema": {"type": "string", "enum": [{}]}, "example": {}},
{"name": {}, "in": "header", "required": true, "schema": {"type": "string"}, "example": {}}],
"requestBody": {"description": {}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}, "example": {{}: {}}}}},
"responses": {"200": {"description": {}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
"400": {"description": {}, "x-client-errors": [{"kind": {}, "message": {}, "description": {}}],
"x-client-refused-before-acting": {"code": {}}}},
"callbacks": {"a": {"b": {"post": {"summary": {}, "x-client-event": {"name": {}}, "requestBody": {"content":
{"application/json": {"schema": {"type": "object", "properties": {"data": {"$ref": "#/components/schemas/A"}}}}}}, "responses": {}}}}}}}},
"components": {"securitySchemes": {{}: {"type": "apiKey", "in": "header", "name": {}, "description": {}}},
"schemas": {{}: {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
"A": {"title": {}, "description": {}, "type": "object", "required": [{}], "properties": {{}: {"description": {}, "type": "string"},
"kind": {"type": "string", "x-client-name": {}, "enum": [{}, "b"], "x-client-variants": {"b": {}}},
"union": {"oneOf": [{"type": "integer"}, {"title": {}, "type": "object", "properties": {"x": {"type": "string"}}}], "discriminator": {"propertyName": {}}}}}}}}"##;

#[test]
fn no_text_of_the_document_becomes_code_or_a_path() {
    for evil in EVIL {
        let text = serde_json::to_string(evil).expect("a text is JSON");
        // `"responses": {}` isn't a slot: only the end of its object follows the brace.
        let document = SLOTS.replace("\"responses\": {}}", "\"responses\": {\"200\": 1}}").replace("{}", &text);
        let (files, codes) = generate(evil, document.clone());
        let files = files.unwrap_or_else(|| panic!("{evil:?} is not accepted: {codes:?}\n{document}"));
        assert_paths(&files);
        for (path, text) in &files {
            if has_extension(path, "rs") {
                assert_no_evil(evil, path, text);
            } else if has_extension(path, "toml") {
                assert!(text.lines().all(|line| !line.trim_start().starts_with("evil")), "{evil:?} in {path}:\n{text}");
            }
        }
    }
}

/// Fails if one of the words is a complete identifier. Generated names join it with another word.
fn assert_no_evil(evil: &str, path: &str, text: &str) {
    let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{evil:?} breaks {path}: {error}\n{text}"));
    let mut streams = vec![tokens];
    let mut words: Vec<String> = Vec::new();
    while let Some(tokens) = streams.pop() {
        for token in tokens {
            match token {
                TokenTree::Group(group) => streams.push(group.stream()),
                TokenTree::Ident(ident) => words.push(ident.to_string()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    let pairs = words.windows(2).any(|pair| pair[0] == "fn" && pair[1] == "evil");
    assert!(!pairs, "{evil:?} becomes code in {path}:\n{text}");
}

/// Fails if a path could leave the crate's folder, or if a file system could reject it.
fn assert_paths(files: &Texts) {
    let mut folded: Vec<String> = files.keys().map(|path| path.to_lowercase()).collect();
    folded.sort();
    folded.dedup();
    assert_eq!(folded.len(), files.len(), "two paths differ in case only");
    for path in files.keys() {
        for part in path.split('/') {
            let plain = part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
            assert!(plain && !part.is_empty() && !part.starts_with("..") && part.len() <= 200, "the path {path:?}");
        }
    }
}
