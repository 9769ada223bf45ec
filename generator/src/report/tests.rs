//! Diagnostics as they are drawn.

use super::*;
use crate::diagnostic::codes;
use crate::parse::parse;

fn shown(text: &str) -> String {
    let source = Source::alone("spec/a.yaml", text);
    let (document, diagnostics) = parse(&source);
    super::text(&diagnostics, &source, document.as_ref().map(|document| &document.root), false)
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n";

#[test]
fn a_diagnostic_looks_like_one_of_rustc() {
    let text = format!("{HEAD}    A:\n      type: objekt # ä\n");
    let expected = "\
warning[unknown-type]: `objekt` is not a type
 --> spec/a.yaml:7:13
  |
7 |       type: objekt # ä
  |             ^^^^^^
  |
  = help: did you mean `object`?
";
    assert_eq!(shown(&text), expected);
}

#[test]
fn two_places_are_shown_together() {
    let text = format!("{HEAD}    A: {{}}\n    B: {{}}\n    A: {{type: string}}\n");
    let expected = "\
warning[duplicate-key]: duplicate key `A`
 --> spec/a.yaml:8:5
  |
6 |     A: {}
  |     - this one is lost
7 |     B: {}
8 |     A: {type: string}
  |     ^ this one counts
  |
  = help: remove one of the two, or give it another name
";
    assert_eq!(shown(&text), expected);
}

#[test]
fn two_places_far_apart_are_two_pieces() {
    let filler = "    # nothing\n".repeat(NEAR + 10);
    let shown = shown(&format!("{HEAD}    A: {{}}\n{filler}    A: {{}}\n"));
    assert!(shown.contains(" --> spec/a.yaml:57:5\n"), "{shown}");
    assert!(shown.contains(" ::: spec/a.yaml:6:5\n"), "{shown}");
    assert!(!shown.contains("nothing"), "{shown}");
}

#[test]
fn a_large_value_is_marked_by_its_key() {
    let shown = shown(&format!("{HEAD}    A:\n      required:\n        a: 1\n        b: 2\n"));
    assert!(shown.contains("7 |       required:\n  |       ^^^^^^^^\n"), "{shown}");
}

#[test]
fn a_long_line_is_cut_around_the_mark() {
    let filler = "ä".repeat(100_000);
    let text = format!(
        r#"{{"openapi": "3.0.0", "info": {{"title": "{filler}", "version": 1, "description": "{filler}"}}, "paths": {{}}}}"#
    );
    let shown = shown(&text);
    assert!(shown.len() < 1000, "{} bytes", shown.len());
    assert!(shown.contains(" --> spec/a.yaml:1:100055\n"), "{shown}");
    let line = shown.lines().position(|line| line.starts_with("1 | ")).expect("the line is shown");
    let marks = shown.lines().nth(line + 1).expect("the mark is shown");
    let column = marks.chars().position(|letter| letter == '^').expect("there is a mark");
    let line: Vec<char> = shown.lines().nth(line).unwrap_or_default().chars().collect();
    assert_eq!(line[column], '1');
}

#[test]
fn a_syntax_error_is_shown_without_a_tree() {
    let shown = shown("{\"openapi\": \n");
    assert!(
        shown.starts_with("error[syntax]: expected a value, found the end of the file\n --> spec/a.yaml:2:1\n"),
        "{shown}"
    );
}

#[test]
fn a_missing_place_is_shown_at_the_nearest() {
    let source = Source::alone("a.json", "{\"a\": {\"b\": 1}}");
    let pointer = crate::diagnostic::Pointer::root().key("a").key("x").index(1);
    let diagnostic = codes::SYNTAX.at(&pointer, "message").as_error().marked("here").label(&pointer, "and here");
    let root = crate::parse::parse(&source).0.map(|document| document.root);
    assert!(text(std::slice::from_ref(&diagnostic), &source, root.as_ref(), false).contains("a.json"));
    assert!(!text(&[diagnostic], &source, None, true).is_empty());
}

#[test]
fn positions_count_characters() {
    assert_eq!(position("aä\nb€c", 1), (1, 2));
    assert_eq!(position("aä\nb€c", 2), (1, 2));
    assert_eq!(position("aä\nb€c", 8), (2, 3));
    assert_eq!(position("aä\nb€c", 99), (2, 4));
}
