//! Examples, made unreadable in the lines that a report shows.
//!
//! An example can be on the same line as a finding, as in `name: {type: string, example: Rex}`, and would end up in a
//! terminal, a log or a comment. Each of its characters is replaced by one of the same length, so no place moves. Without
//! a tree, because the text couldn't be read, everything after the key of an example is hidden, up to the end of the line
//! and in the deeper lines below.

use crate::Source;
use crate::diagnostic::Span;
use crate::parse::{Node, Value, names_entries};
use crate::source::Files;

/// A document and its files, without examples.
#[derive(Debug)]
pub struct Masked {
    text: String,
    files: Files,
}

impl Masked {
    /// Returns the source with these texts.
    #[must_use]
    pub fn of<'m>(&'m self, source: &Source<'m>) -> Source<'m> {
        Source { text: &self.text, files: &self.files, ..*source }
    }
}

/// Returns the texts of a source without examples.
#[must_use]
pub fn masked(source: &Source<'_>, root: Option<&Node>) -> Masked {
    let mut spans = root.map(examples).unwrap_or_default();
    spans.sort_unstable();
    let mut masked = Masked { text: String::new(), files: source.files.clone() };
    for text in source.texts() {
        let shown = match root {
            Some(_) => without(text.text, text.base, &spans),
            None => without_lines(text.text),
        };
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
    let mut copied = 0;
    for span in &spans[spans.partition_point(|span| span.end <= base)..] {
        // Aliases may put one example into another.
        let start = span.start.saturating_sub(base).max(copied);
        let end = span.end.saturating_sub(base).min(text.len());
        if start < end {
            shown.push_str(&text[copied..start]);
            shown.extend(text[start..end].chars().map(hidden));
            copied = end;
        }
    }
    shown.push_str(&text[copied..]);
    shown
}

/// Hides the values of examples, line by line.
fn without_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    // The indentation of the key whose value is being hidden.
    let mut within: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches([' ', '\t']);
        let depth = line.len() - rest.len();
        let is_inside =
            |key: usize| rest.trim_end().is_empty() || depth > key || (depth == key && rest.starts_with("- "));
        let open = if within.is_some_and(is_inside) {
            0
        } else {
            within = None;
            let Some((key, value)) = example_key(line) else {
                shown.push_str(line);
                continue;
            };
            within = Some(if line[..key].trim_start_matches([' ', '-']).is_empty() { key } else { depth });
            value
        };
        shown.push_str(&line[..open]);
        shown.extend(line[open..].chars().map(hidden));
    }
    shown
}

/// Where a key of examples starts in a line, and where its value does.
fn example_key(line: &str) -> Option<(usize, usize)> {
    line.match_indices("example").find_map(|(at, word)| {
        let is_start = line[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "{,'\"".contains(c));
        let behind = &line[at + word.len()..];
        let end = behind.strip_prefix('s').unwrap_or(behind).trim_start_matches(['\'', '"', ' ']);
        (is_start && end.starts_with(':')).then(|| (at, line.len() - end.len() + 1))
    })
}

/// Returns a neutral character with as many bytes. White space stays.
fn hidden(c: char) -> char {
    match c.len_utf8() {
        _ if c.is_whitespace() => c,
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
    fn text_without_a_tree_is_masked_by_its_lines() {
        let text = "a:\n  example: 'Jörg\n    7\n  b: {type: string, example: Rex}\n  examples:\n  - Max\n  c: no example here\n\"example\": \"Eva\"\nd: 1\n";
        let shown = "a:\n  example: **\u{b7}**\n    *\n  b: {type: string, example: ****\n  examples:\n  * ***\n  c: no example here\n\"example\": *****\nd: 1\n";
        assert_eq!(masked(&Source::alone("a.yaml", text), None).text, shown);
    }

    #[test]
    fn examples_of_properties_that_are_called_like_keywords_are_masked() {
        let text = "properties: {properties: {type: string, example: Rex}, headers: {example: Rex}}\n";
        let source = Source::alone("a.yaml", text);
        let root = parse::tree(&source).expect("the text is YAML");
        assert_eq!(masked(&source, Some(&root)).text, text.replace("Rex", "***"));
    }

    #[test]
    fn examples_are_masked_and_nothing_else_is() {
        let text = "a:\n  example: Jörg 7\n  properties: {example: {type: string, examples: [x, '𝄞']}}\n  \
                    examples: {one: {summary: One, value: {b: €}}}\n";
        let source = Source::alone("a.yaml", text);
        let root = parse::tree(&source).expect("the text is YAML");
        let expected = "a:\n  example: *·** *\n  properties: {example: {type: string, examples: *** *🟤**}}\n  \
                        examples: {one: {summary: One, value: *** …*}}\n";
        let shown = masked(&source, Some(&root)).text;
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown, expected);
    }
}
