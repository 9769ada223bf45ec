//! The generator's YAML reader next to libyaml's, by way of `serde_yaml`: what that one reads, ours reads too, with the
//! same values, and knows where they are.
//!
//! The texts are the accepted fixtures and changed copies of them; in the long run also the corpus, with more copies. The
//! changes are random with a fixed seed.

use generator::Source;
use generator::diagnostic::{Diagnostic, Span};
use generator::parse::{self, Node, Value};
use serde_yaml::Value as Yaml;

use crate::compile::is_long;
use crate::corpus::{self, with_text_keys};
use crate::fixture;
use crate::mutation::Lot;

/// What a change inserts. Most of it means something in YAML.
const PIECES: &[&str] = &[
    " ", "  ", "\n", "\t", "{", "}", "[", "]", ": ", ":", ", ", "- ", "#", " #", "'", "\"", "|", ">", "? ", "~", "é",
    "\\", "\n\n", "\r\n", "...", "---\n", "<<: ", "&a ", "*a", "0x1f", "1_0", "yes", "null", ".5", "+1", "1e3",
];

/// Returns a text with one to three changes: something inserted, removed, or a line's indentation.
fn mutant(text: &str, lot: &mut Lot) -> String {
    let mut text = text.to_owned();
    for _ in 0..=lot.below(3) {
        let mut at = lot.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        match lot.below(4) {
            0 => text.insert_str(at, lot.one::<&str>(PIECES)),
            1 if at < text.len() => drop(text.remove(at)),
            2 => text.insert_str(line, lot.one::<&str>(&[" ", "  ", "\t"])),
            _ if text[line..].starts_with(' ') => drop(text.remove(line)),
            // The closing bracket of a flow on a line without indentation.
            _ => text = text.replacen([']', '}'], "\n}", 1),
        }
    }
    text
}

/// Returns what is wrong with our reading of a text that libyaml reads; nothing where that one fails.
fn difference(text: &str) -> Option<String> {
    let mut expected: Yaml = serde_yaml::from_str(text).ok()?;
    expected.apply_merge().ok()?;
    if !is_comparable(&expected) {
        return None;
    }
    let source = Source::alone("text.yaml", text);
    let Some(root) = parse::tree(&source) else {
        let problems = parse::parse(&source).1;
        let message = problems.iter().find(|found| found.is_error()).map(|found: &Diagnostic| found.message.clone());
        let message = message.unwrap_or_default();
        // YAML forbids tabs as indentation. Between brackets, libyaml allows some of them; ours reports each.
        return (!message.starts_with("tabs disallowed")).then(|| format!("ours fails: {message}"));
    };
    compare(&with_text_keys(expected), &root, text)
}

/// Whether OpenAPI could mean the value: no keys that are lists or objects, and no tags.
fn is_comparable(value: &Yaml) -> bool {
    match value {
        Yaml::Mapping(entries) => entries.iter().all(|(key, value)| {
            !matches!(key, Yaml::Mapping(_) | Yaml::Sequence(_) | Yaml::Tagged(_)) && is_comparable(value)
        }),
        Yaml::Sequence(items) => items.iter().all(is_comparable),
        Yaml::Tagged(_) => false,
        _ => true,
    }
}

fn compare(expected: &Yaml, node: &Node, text: &str) -> Option<String> {
    let differs =
        || Some(format!("expected {expected:?}, found {:?} at {:?}", node.to_json(), written(node.span, text)));
    match (expected, &node.value) {
        (Yaml::Mapping(entries), Value::Object(found)) if entries.len() == found.len() => {
            let value = |key: &str| {
                let alike =
                    || entries.iter().find(|(name, _)| name.as_str().is_some_and(|name| is_same_key(name, key)));
                entries.get(key).or_else(|| alike().map(|(_, value)| value))
            };
            found.iter().find_map(|entry| match value(&entry.key) {
                Some(expected) => compare(expected, &entry.value, text),
                None => Some(format!("unexpected key {:?}", entry.key)),
            })
        }
        (Yaml::Sequence(items), Value::Array(found)) if items.len() == found.len() => {
            items.iter().zip(found).find_map(|(expected, node)| compare(expected, node, text))
        }
        (Yaml::Null, Value::Null) => None,
        (Yaml::Bool(expected), Value::Bool(found)) if expected == found => None,
        (Yaml::Number(expected), Value::Number(found)) => {
            let same = expected.as_f64() == found.parse::<f64>().ok();
            if same { misplaced(expected.as_f64(), node.span, text) } else { differs() }
        }
        (Yaml::String(expected), Value::String(found)) if **expected == **found => None,
        // A reference to another file was resolved.
        (Yaml::String(expected), Value::String(found)) if expected.contains('/') && found.starts_with("#/files:") => {
            None
        }
        // YAML 1.2 reads `007` and `0o7` as numbers; infinities aren't numbers in JSON.
        (Yaml::String(expected), Value::Number(_)) if expected.starts_with(['+', '-', '.', '0']) => None,
        (Yaml::Number(expected), Value::String(_)) if !expected.is_finite() => None,
        _ => differs(),
    }
}

/// Keys are compared by their text, and numbers among them by value.
fn is_same_key(left: &str, right: &str) -> bool {
    let number = |key: &str| key.parse::<f64>().ok();
    left == right
        || number(left).is_some() && number(left) == number(right)
        || matches!(left, "null" | "true" | "false" | "''")
            && (right.is_empty() || right.eq_ignore_ascii_case(left) || right == "~")
        || right.starts_with(['0', '.', '+', '-'])
}

/// Returns a problem if the text at a number's place is a different number.
fn misplaced(expected: Option<f64>, span: Span, text: &str) -> Option<String> {
    let written = written(span, text);
    let read: Option<Yaml> = serde_yaml::from_str(written).ok();
    let same = read.and_then(|read| read.as_f64()) == expected;
    (!same).then(|| format!("the place of {expected:?} has {written:?}"))
}

fn written(span: Span, text: &str) -> &str {
    text.get(span.start..span.end).unwrap_or("no place in the text")
}

#[test]
fn what_libyaml_reads_is_read() {
    let mut documents = fixture::all("accepted");
    if is_long() {
        documents.extend(corpus::folder().iter().flat_map(|folder| fixture::documents(folder)));
    }
    let texts: Vec<String> = documents.into_iter().filter(|found| !found.is_json()).map(|found| found.text).collect();
    let copies = if is_long() { 40 } else { 3 };
    let mut lot = Lot::new(7);
    let mut differences = Vec::new();
    for text in &texts {
        differences.extend(difference(text).map(|problem| (problem, text.clone())));
        for _ in 0..copies {
            let text = mutant(text, &mut lot);
            differences.extend(difference(&text).map(|problem| (problem, text)));
        }
    }
    let first = differences.first().map(|(problem, text)| format!("{problem}\n{text}"));
    assert!(differences.is_empty(), "{} texts differ, the first: {}", differences.len(), first.unwrap_or_default());
}

#[test]
fn brackets_close_at_any_indentation() {
    let texts = [
        "a:\n  b:\n    c: {\n      x: 1\n  }\n",
        "a:\n  - n: {\n    x: 1\n}\n",
        "a:\n  b: [\n1,\n2\n]\n",
        "a:\n  b: \"x\ny\"\n",
        "a:\n  b:\t1\n",
        "{a: 1,\n b: [x]}\n",
    ];
    for text in texts {
        assert!(serde_yaml::from_str::<Yaml>(text).is_ok(), "{text}");
        assert_eq!(difference(text), None, "{text}");
    }
}
