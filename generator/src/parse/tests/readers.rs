//! JSON and YAML texts: what becomes of them, and where.

use serde_json::{Value, json};

use super::super::node::Node;
use super::super::problems::Problems;
use super::super::{json as json_reader, yaml};
use crate::diagnostic::{Diagnostic, Pointer};

type Read = fn(&str, &mut Problems) -> Option<Node>;

fn run(read: Read, text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let node = read(text, &mut problems);
    (node, problems.into_diagnostics())
}

/// Returns the value of a text without problems.
fn value(read: Read, text: &str) -> Value {
    let (node, problems) = run(read, text);
    assert!(problems.is_empty(), "{problems:?}");
    node.expect("the text can be read").to_json()
}

/// Returns the problems of a text as `code line:column message`, and whether it could be read.
fn problems(read: Read, text: &str) -> (bool, Vec<String>) {
    let (node, problems) = run(read, text);
    let lines = problems.iter().map(|found| {
        let crate::diagnostic::At::Span(span) = found.labels[0].at else {
            panic!("{found:?} has no place");
        };
        let (line, column) = crate::report::position(text, span.start);
        format!("{} {line}:{column} {}", found.code, found.message)
    });
    (node.is_some(), lines.collect())
}

/// Returns the texts that each pointer marks: key and value.
fn marked(read: Read, text: &str, pointer: &Pointer) -> (String, String) {
    let (node, _) = run(read, text);
    let root = node.expect("the text can be read");
    let found = root.nearest(pointer);
    assert!(found.exact, "{pointer}");
    let key = found.key_span.map_or("", |span| &text[span.start..span.end]);
    let value = &text[found.node.span.start..found.node.span.end];
    (key.to_owned(), value.to_owned())
}

#[test]
fn json_values_are_read() {
    let text = "\u{feff} {\"a\": [1, -2.5e3, true, false, null, {}], \"b\": \"\"}\r\n";
    assert_eq!(value(json_reader::read, text), json!({"a": [1, -2.5e3, true, false, null, {}], "b": ""}));
}

#[test]
fn json_escapes_are_read() {
    let text = r#"{"a": "\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00x"}"#;
    assert_eq!(value(json_reader::read, text), json!({"a": "\"\\/\u{8}\u{c}\n\r\tä😀x"}));
}

#[test]
fn half_a_surrogate_pair_is_a_warning() {
    for text in [r#"{"a": "\uD83Dx"}"#, r#"{"a": "\uDE00x"}"#] {
        let (node, diagnostics) = run(json_reader::read, text);
        assert_eq!(node.map(|node| node.to_json()), Some(json!({"a": "\u{fffd}x"})));
        assert_eq!(diagnostics.len(), 1);
    }
    let (node, diagnostics) = run(json_reader::read, r#"{"a": "\uD83D\u0041"}"#);
    assert_eq!(node.map(|node| node.to_json()), Some(json!({"a": "\u{fffd}A"})));
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn json_errors_are_located() {
    let cases = [
        ("{\"a\": }", "syntax 1:7 expected a value"),
        ("{\"a\": 1\n \"b\": 2}", "syntax 2:2 expected `,` or `}`"),
        ("{\"a\" 1}", "syntax 1:6 expected `:`"),
        ("{a: 1}", "syntax 1:2 expected a key in double quotes"),
        ("{\"a\": [1 2]}", "syntax 1:10 expected `,` or `]`"),
        ("{\"ä\": tru}", "syntax 1:7 expected a value, found `tru`"),
        ("{\"a\": 01}", "syntax 1:7 invalid JSON number"),
        ("{\"a\": \"x", "syntax 1:7 unterminated string"),
        ("{\"a\": \"\\x\"}", "syntax 1:8 unknown escape"),
        ("{\"a\": \"\\u12\"}", "syntax 1:8 expected four hexadecimal digits after `\\u`"),
        ("{\"a\": [", "syntax 1:8 unclosed list"),
        ("{\"a\": 1", "syntax 1:8 expected `,` or `}`, found the end of the file"),
        ("{} x", "syntax 1:4 unexpected text after the end of the document"),
    ];
    for (text, expected) in cases {
        assert_eq!(problems(json_reader::read, text), (false, vec![expected.to_owned()]), "{text}");
    }
}

#[test]
fn small_slips_in_json_are_warnings() {
    let (read, found) = problems(json_reader::read, "{\"a\": [1,\n], \"b\": \"\t\",}");
    assert!(read);
    let expected = [
        "syntax 1:9 a trailing comma",
        "syntax 2:10 a control character in a string must be escaped",
        "syntax 2:12 a trailing comma",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let many = (0..40).map(|number| format!("k{number}: 0\n")).collect::<Vec<_>>().concat();
    for (read, text) in [
        (json_reader::read as Read, "{\"a\": {\"b\": 1, \"c\": 2,\n \"b\": 3}}".to_owned()),
        (yaml::read, "a:\n  b: 1\n  c: 2\n  'b': 3\n".to_owned()),
    ] {
        let (node, diagnostics) = run(read, &text);
        assert_eq!(node.map(|node| node.to_json()), Some(json!({"a": {"c": 2, "b": 3}})));
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].pointer.to_string(), "/a/b");
        assert_eq!(diagnostics[0].labels.len(), 2);
    }
    let (_, diagnostics) = run(yaml::read, &format!("{many}k3: 1\nk3: 2\n"));
    assert_eq!(diagnostics.len(), 2);
}

#[test]
fn depth_ends_in_an_error() {
    let nested = |open: &str, close: &str, levels: usize| format!("{}{}", open.repeat(levels), close.repeat(levels));
    for levels in [129, 250, 100_000] {
        let json = format!("{{\"a\": {}}}", nested("[", "]", levels));
        let (read, found) = problems(json_reader::read, &json);
        assert_eq!((read, found.len()), (false, 1));
        assert!(found[0].starts_with("too-deep 1:134 "), "{found:?}");
        let (read, found) = problems(yaml::read, &format!("a: {}", nested("[", "]", levels)));
        assert_eq!((read, found.len()), (false, 1));
        assert!(!run(yaml::read, &"- ".repeat(levels)).1.is_empty());
    }
    assert!(run(json_reader::read, &nested("[", "]", 128)).0.is_some());
    assert!(run(yaml::read, &nested("[", "]", 128)).0.is_some());
}

#[test]
fn yaml_values_are_read() {
    let text = "
# a comment
a: [1, 'x', \"y\\n\\u00e4\", ~, ]
b:
  - c: |
      two
      lines
    d: >-
      folded
      text
  - plain text
  -
200: {yes: no, ? k : v}
empty:
!!str e: !!str 5
f: !!int '7'
";
    let expected = json!({
        "a": [1, "x", "y\nä", null],
        "b": [{"c": "two\nlines\n", "d": "folded text"}, "plain text", null],
        "200": {"yes": "no", "k": "v"},
        "empty": null,
        "e": "5",
        "f": 7,
    });
    assert_eq!(value(yaml::read, text), expected);
    assert_eq!(value(yaml::read, &text.replace('\n', "\r\n")), expected);
}

#[test]
fn spans_are_bytes_in_both() {
    let root = Pointer::root();
    let json = "\u{feff}{\"ä€😀\": [\"é\", {\"k\": 12}], \"z\": true}";
    let list = root.key("ä€😀");
    assert_eq!(marked(json_reader::read, json, &list.index(0)), (String::new(), "\"é\"".into()));
    assert_eq!(marked(json_reader::read, json, &list.index(1)).1, "{\"k\": 12}");
    assert_eq!(marked(json_reader::read, json, &root.key("z")), ("\"z\"".into(), "true".into()));

    let yaml = "\u{feff}ä€😀:\r\n  - é # €\r\n  - k: 12\r\n    l: {m: [n]}\r\n\r\nz: 'ü'\r\nempty:\r\nlast: a b\r\n";
    assert_eq!(marked(yaml::read, yaml, &list.index(0)).1, "é");
    assert_eq!(marked(yaml::read, yaml, &list.index(1)).1, "k: 12\r\n    l: {m: [n]}");
    assert_eq!(marked(yaml::read, yaml, &list.index(1).key("l")), ("l".into(), "{m: [n]}".into()));
    assert_eq!(marked(yaml::read, yaml, &root.key("z")), ("z".into(), "'ü'".into()));
    assert_eq!(marked(yaml::read, yaml, &root.key("empty")), ("empty".into(), String::new()));
    assert_eq!(marked(yaml::read, yaml, &root.key("last")).1, "a b");
}

#[test]
fn aliases_repeat_what_they_name() {
    let text = "a: &x {b: [1]}\nc: *x\n&k d: *k\n*k : 1\n";
    let (node, diagnostics) = run(yaml::read, text);
    assert_eq!(node.map(|node| node.to_json()), Some(json!({"a": {"b": [1]}, "c": {"b": [1]}, "d": 1})));
    assert_eq!(diagnostics.len(), 1, "`*k` is `d` again");
    assert_eq!(marked(yaml::read, text, &Pointer::root().key("c").key("b")).1, "[1]");
}

#[test]
fn an_alias_to_itself_is_an_error() {
    let (read, found) = problems(yaml::read, "a: &x [*x]\n");
    assert!(!read);
    assert_eq!(found, ["syntax 1:8 this alias is inside of its anchor"]);
    assert!(!problems(yaml::read, "a: *unknown\n").0);
}

#[test]
fn alias_bombs_end_in_an_error() {
    let level = |level: usize| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    let levels = (1..12).map(level).collect::<Vec<_>>().concat();
    let text = format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}");
    let (read, found) = problems(yaml::read, &text);
    assert_eq!((read, found.len()), (false, 1));
    assert!(found[0].starts_with("expansion-limit "), "{found:?}");

    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1000].join(", "));
    assert!(problems(yaml::read, &long).1[0].starts_with("expansion-limit "));

    let level = |level: usize| format!("a{level}: &a{level} [*a{}]\n", level - 1);
    let deep = format!("a0: &a0 [x]\n{}", (1..200).map(level).collect::<Vec<_>>().concat());
    assert!(problems(yaml::read, &deep).1[0].starts_with("too-deep "));
}

#[test]
fn merge_keys_add_what_is_not_written() {
    let text = "
x: &x {a: 1, b: 1}
y: &y {b: 2, c: 2}
one: {<<: *x, b: 3}
many: {d: 0, <<: [*y, *x]}
inline: {<<: {a: 9}}
quoted: {'<<': 5}
";
    let node = value(yaml::read, text);
    assert_eq!(node["one"], json!({"a": 1, "b": 3}));
    assert_eq!(node["many"], json!({"d": 0, "b": 2, "c": 2, "a": 1}));
    assert_eq!(node["inline"], json!({"a": 9}));
    assert_eq!(node["quoted"], json!({"<<": 5}));
    let (read, found) = problems(yaml::read, "a: {<<: 5, b: 1}\n");
    assert!(read);
    assert_eq!(found, ["wrong-type 1:5 `<<` merges objects, not a number"]);
}

#[test]
fn odd_yaml_is_diagnosed() {
    let cases = [
        ("a: 1\n---\nb: 2\n", true, "several-documents 2:1 another document begins here, only the first is read"),
        ("a: !thing 1\n", true, "unknown-tag 1:11 the tag `!thing` means nothing here"),
        ("{a: 1}: 2\n", false, "syntax 1:1 a key must be a string, not a list or an object"),
        ("a: [1\n", false, "syntax 1:4 unclosed bracket '['"),
        ("a: 'x\n", false, "syntax 1:4 unclosed quote"),
        ("a:\n\t- b\n", false, "syntax 2:2 tabs disallowed within this context (block indentation)"),
    ];
    for (text, readable, expected) in cases {
        assert_eq!(problems(yaml::read, text), (readable, vec![expected.to_owned()]), "{text}");
    }
}
