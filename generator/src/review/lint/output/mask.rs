//! Examples, made unreadable in the lines that a terminal shows.
//!
//! A finding may stand beside an example: `name: {type: string, example: Rex}` is one line. Each character of an example
//! becomes one of the same length, so that all places stay where they are.

use crate::Source;
use crate::diagnostic::Span;
use crate::parse::{Node, Value, names_entries};
use crate::source::Files;

/// A document and its files, without examples.
pub struct Masked {
    pub text: String,
    pub files: Files,
}

/// Returns the texts of a source without examples.
pub fn masked(source: &Source<'_>, root: &Node) -> Masked {
    let mut spans = examples(root);
    spans.sort_unstable();
    let mut masked = Masked { text: String::new(), files: source.files.clone() };
    for text in source.texts() {
        let shown = without(text.text, text.base, &spans);
        match text.path {
            None => masked.text = shown,
            Some(path) => {
                masked.files.found.insert(path.to_owned(), Ok(shown));
            }
        }
    }
    masked
}

/// Returns the bytes of all examples.
fn examples(root: &Node) -> Vec<Span> {
    // With each node, whether its keys are names: one of them may be `example`, or `properties`.
    let (mut spans, mut open) = (Vec::new(), vec![(root, false)]);
    while let Some((node, is_named)) = open.pop() {
        match &node.value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, false))),
            Value::Object(entries) => {
                for entry in entries {
                    match &*entry.key {
                        "example" if !is_named => spans.push(entry.value.span),
                        "examples" if !is_named => spans.extend(several(&entry.value)),
                        key => open.push((&entry.value, !is_named && names_entries(key))),
                    }
                }
            }
            _ => {}
        }
    }
    spans
}

/// A schema lists its examples; of a body's and a parameter's each has a name, and the value is a part of it.
fn several(examples: &Node) -> Vec<Span> {
    match &examples.value {
        Value::Object(entries) => {
            let values = entries.iter().filter_map(|entry| entry.value.get("value"));
            values.map(|value| value.span).collect()
        }
        _ => vec![examples.span],
    }
}

fn without(text: &str, base: usize, spans: &[Span]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut next = spans.partition_point(|span| span.end <= base);
    // Aliases may put one example into another.
    let mut end = 0;
    for (offset, c) in text.char_indices() {
        let at = base + offset;
        while let Some(span) = spans.get(next).filter(|span| span.start <= at) {
            end = end.max(span.end);
            next += 1;
        }
        shown.push(if at < end && !c.is_whitespace() { same_length(c) } else { c });
    }
    shown
}

/// Returns a character that tells nothing and has as many bytes.
fn same_length(c: char) -> char {
    match c.len_utf8() {
        1 => '*',
        2 => '\u{b7}',
        3 => '…',
        _ => '\u{1f7e4}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn examples_of_properties_that_are_called_like_keywords_are_masked() {
        let text = "properties: {properties: {type: string, example: Rex}, headers: {example: Rex}}\n";
        let source = Source::alone("a.yaml", text);
        let root = parse::tree(&source).expect("the text is YAML");
        assert_eq!(masked(&source, &root).text, text.replace("Rex", "***"));
    }

    #[test]
    fn examples_are_masked_and_nothing_else_is() {
        let text = "a:\n  example: Jörg 7\n  properties: {example: {type: string, examples: [x, '𝄞']}}\n  \
                    examples: {one: {summary: One, value: {b: €}}}\n";
        let source = Source::alone("a.yaml", text);
        let root = parse::tree(&source).expect("the text is YAML");
        let expected = "a:\n  example: *·** *\n  properties: {example: {type: string, examples: *** *🟤**}}\n  \
                        examples: {one: {summary: One, value: *** …*}}\n";
        let shown = masked(&source, &root).text;
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown, expected);
    }
}
