//! The blocks of a text (paragraphs, lists, tables and code), in the form that rustdoc and clippy accept.
//!
//! Headings become bold lines, and quotations become plain paragraphs. A list item is wrapped and indented by its depth.

use super::inline::{self, ProperNames};

/// Returns the lines of a text; none for an empty one.
pub(super) fn lines(text: &str, names: &ProperNames) -> Vec<String> {
    let mut blocks = Blocks { names, lines: Vec::new(), open: Open::Nothing, depths: Vec::new() };
    let mut fence: Option<Fence> = None;
    for line in text.lines() {
        let line: String = line.chars().filter(|c| !is_hidden(*c)).collect::<String>().replace('\t', "    ");
        match &mut fence {
            Some(open) if open.is_closed_by(&line) => blocks.code(fence.take()),
            Some(open) => open.lines.push(line.trim_end().to_owned()),
            None => match Fence::opened_by(&line) {
                Some(open) => {
                    blocks.flush();
                    fence = Some(open);
                }
                None => blocks.line(&line),
            },
        }
    }
    blocks.flush();
    blocks.code(fence);
    blocks.lines
}

/// Control characters, and characters that change the direction of text. Rustc denies the latter.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A code block that is being read.
struct Fence {
    mark: char,
    length: usize,
    lines: Vec<String>,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let mut rest = unquoted(line);
        if let Some((_, item)) = list_item(rest) {
            rest = item;
        }
        let mark = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = rest.chars().take_while(|c| *c == mark).count();
        // A fence of backticks has no more backticks on its line; otherwise it's a code span.
        let opens = length >= 3 && !(mark == '`' && rest[length..].contains('`'));
        opens.then(|| Self { mark, length, lines: Vec::new() })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let rest = unquoted(line).trim_end();
        rest.chars().count() >= self.length && rest.chars().all(|c| c == self.mark)
    }
}

/// The line without indentation and quotation marks (`>`).
fn unquoted(line: &str) -> &str {
    line.trim_start_matches([' ', '>'])
}

/// The marker and the text of a list item.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let mark = if digits == 0 && line.starts_with(['-', '*', '+']) {
        1
    } else if (1..=9).contains(&digits) && line[digits..].starts_with(['.', ')']) {
        digits + 1
    } else {
        return None;
    };
    let (mark, rest) = line.split_at(mark);
    (rest.starts_with(' ') && !rest.trim().is_empty()).then(|| (mark, rest.trim()))
}

/// The block that further lines are added to.
enum Open {
    Nothing,
    /// The lines of a paragraph.
    Paragraph(String),
    /// A list item with its marker and its depth.
    Item {
        indent: usize,
        mark: String,
        text: String,
    },
}

struct Blocks<'a> {
    names: &'a ProperNames,
    lines: Vec<String>,
    open: Open,
    /// For each enclosing list item, the indentation in the source and in the output.
    depths: Vec<(usize, usize)>,
}

impl Blocks<'_> {
    fn line(&mut self, line: &str) {
        let text = unquoted(line).trim_end();
        let indent = line.len() - line.trim_start().len();
        if text.is_empty() {
            self.flush();
        } else if text.starts_with('|') {
            self.row(text);
        } else if let Some((mark, item)) = list_item(text) {
            self.flush();
            self.item(indent, mark, item);
        } else if text.chars().all(|c| c == '=') || text.len() > 2 && text.chars().all(|c| matches!(c, '-' | '*' | '_'))
        {
            self.flush();
        } else if let Some(heading) = heading(text) {
            self.flush();
            self.depths.clear();
            self.block(vec![format!("**{}**", inline::safe(heading, self.names).replace("**", ""))]);
        } else {
            match &mut self.open {
                Open::Paragraph(open) | Open::Item { text: open, .. } => {
                    open.push(' ');
                    open.push_str(text);
                }
                Open::Nothing => self.open = Open::Paragraph(text.to_owned()),
            }
        }
    }

    fn item(&mut self, indent: usize, mark: &str, text: &str) {
        while self.depths.last().is_some_and(|(source, _)| indent <= *source) {
            self.depths.pop();
        }
        let numbered = mark.len() > 1;
        let mark = if numbered { format!("{} ", mark.replace(')', ".")) } else { "- ".to_owned() };
        let written = self.depths.last().map_or(0, |(_, content)| *content);
        self.depths.push((indent, written + mark.len()));
        self.open = Open::Item { indent: written, mark, text: text.to_owned() };
    }

    /// A row of a table.
    fn row(&mut self, text: &str) {
        self.flush();
        let row = inline::safe(text, self.names);
        match self.lines.last() {
            Some(last) if last.starts_with('|') => self.lines.push(row),
            _ => self.block(vec![row]),
        }
    }

    /// Writes the open block.
    fn flush(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Paragraph(text) => {
                self.depths.clear();
                let lines = inline::wrapped(&inline::safe(&text, self.names), "", "");
                self.block(lines);
            }
            Open::Item { indent, mark, text } => {
                let first = format!("{}{mark}", " ".repeat(indent));
                let rest = " ".repeat(first.len());
                let lines = inline::wrapped(&inline::safe(&text, self.names), &first, &rest);
                let follows = self.lines.last().is_some_and(|last| list_item(last).is_some() || last.starts_with("  "));
                if follows { self.lines.extend(lines) } else { self.block(lines) }
            }
        }
    }

    /// Writes a code block, in a fence that is longer than any in the code.
    fn code(&mut self, fence: Option<Fence>) {
        let Some(fence) = fence else { return };
        self.depths.clear();
        let longest = fence.lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
        let mark = "`".repeat(3.max(longest + 1));
        let mut lines = vec![format!("{mark}text")];
        lines.extend(fence.lines);
        lines.push(mark);
        self.block(lines);
    }

    fn block(&mut self, lines: Vec<String>) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
    }
}

fn heading(text: &str) -> Option<&str> {
    let marks = text.chars().take_while(|c| *c == '#').count();
    let heading = text[marks..].trim_matches(['#', ' ']);
    ((1..=6).contains(&marks) && text[marks..].starts_with(' ') && !heading.is_empty()).then_some(heading)
}

/// The length of the longest run of backticks.
fn longest_run(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        lines(text, &ProperNames::new()).join("\n")
    }

    #[test]
    fn code_never_runs() {
        assert_eq!(written("```\nlet x = 1;\n```"), "```text\nlet x = 1;\n```");
        assert_eq!(written("~~~rust\n```\n~~~"), "````text\n```\n````");
        assert_eq!(written("- ```\n  panic!()\n  ```"), "```text\n  panic!()\n```");
        assert_eq!(written("> ```\n> panic!()\n> ```\nafter"), "```text\n> panic!()\n```\n\nafter");
        assert_eq!(written("Text\n\n    std::process::exit(1)"), "Text\n\n`std::process::exit`(1)");
        assert_eq!(written("-     indented"), "- indented");
        assert_eq!(written("```rust\nnever closed"), "```text\nnever closed\n```");
    }

    #[test]
    fn lists_keep_their_depth() {
        assert_eq!(written("One:\n* a\n  b\n    * c\n1) d"), "One:\n\n- a b\n  - c\n1. d");
    }

    #[test]
    fn headings_tables_and_rules() {
        assert_eq!(
            written("# Errors\ntext\n---\n| a | b |\n|---|---|\n| x_y | <z> |"),
            "**Errors**\n\ntext\n\n| a | b |\n|---|---|\n| `x_y` | \\<z> |"
        );
    }

    #[test]
    fn hidden_characters_go() {
        assert_eq!(written("a\u{202e}b\u{0}c\r\n"), "abc");
    }
}
