//! Markdown for a comment on a pull request.
//!
//! A document's words may be anything: outside of code every sign that Markdown, HTML or GitHub reads is written so that
//! it stays a sign. A comment is never longer than GitHub takes.

use std::fmt::Write as _;

/// GitHub takes so many characters.
pub const MAX_CHARACTERS: usize = 65_536;

/// What has to fit behind the last entry: the ends of folds and the word about what was cut.
const RESERVE: usize = 600;

/// A comment that keeps to the limit.
#[derive(Debug, Default)]
pub struct Comment {
    text: String,
    /// In UTF-16 units, of which there are at least as many as characters.
    size: usize,
    /// How many entries of the fold had no room.
    cut: usize,
}

impl Comment {
    /// Returns the text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// Adds what has to be there.
    pub fn always(&mut self, text: &str) {
        self.size += text.encode_utf16().count();
        self.text.push_str(text);
    }

    /// Adds an entry while there is room.
    pub fn entry(&mut self, text: &str) {
        if self.cut > 0 || self.size + text.encode_utf16().count() + RESERVE > MAX_CHARACTERS {
            self.cut += 1;
        } else {
            self.always(text);
        }
    }

    /// Adds a part that is folded.
    pub fn fold(&mut self, title: &str, inside: impl FnOnce(&mut Self)) {
        // What does not fit is told once, and the folds behind it are left out.
        if self.size + RESERVE > MAX_CHARACTERS {
            return;
        }
        self.always(&format!("\n<details><summary>{title}</summary>\n\n"));
        self.list(inside);
        self.always("\n</details>\n");
    }

    /// Adds entries, and says how many had no room.
    pub fn list(&mut self, inside: impl FnOnce(&mut Self)) {
        self.cut = 0;
        inside(self);
        if self.cut > 0 {
            let words = format!("\n{} more are cut here; `--format json` lists them all.\n", self.cut);
            self.always(&words);
        }
        self.cut = 0;
    }
}

/// Our own sentence, in which the document's words stand in backquotes.
#[must_use]
pub fn sentence(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { code(part) } else { escaped(part) }).collect()
}

/// Words as code, where nothing that stands in them is Markdown (CommonMark 0.31, 6.1).
#[must_use]
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect();
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text in which no sign means anything. GitHub looks for names and numbers in what is left of HTML, so that a comment
/// of HTML parts them from their sign.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_break(c) => out.push(' '),
            '@' | '#' => write!(out, "&#{};<!-- -->", u32::from(c)).expect("a string takes any text"),
            '&' | '<' | '>' | '"' | '`' | '*' | '_' | '~' | '[' | ']' | '(' | ')' | '\\' | '|' | '!' | '$' | ':'
            | '+' | '=' | '{' | '}' => write!(out, "&#{};", u32::from(c)).expect("a string takes any text"),
            // `www.` makes a link.
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            c => out.push(c),
        }
    }
    out
}

fn is_break(c: char) -> bool {
    c.is_control() || c == '\u{2028}' || c == '\u{2029}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_document_stay_words() {
        let text = "<script> @team #12 [x](https://a.b) www.a.b **c**\nd";
        let shown = escaped(text);
        for sign in ["<script", "@team", "#12 ", "](", "https://", "www.", "**", "\n"] {
            assert!(!shown.contains(sign), "{sign}: {shown}");
        }
        assert!(shown.contains("&#64;<!-- -->team"), "{shown}");
    }

    #[test]
    fn code_ends_where_the_word_ends() {
        assert_eq!(code("Pet.name"), "`Pet.name`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("a\n\nb"), "`a  b`");
    }

    #[test]
    fn a_backquote_in_a_word_lets_nothing_out() {
        // The word ends the code, so that what follows is text, and that is escaped.
        let shown = sentence("the value `a` <img src=x> @team` is new");
        assert!(!shown.contains("<img") && !shown.contains("@team"), "{shown}");
    }

    #[test]
    fn a_long_comment_is_cut_between_entries() {
        let mut comment = Comment::default();
        comment.fold("many", |comment| (0..10_000).for_each(|number| comment.entry(&format!("- entry {number}\n"))));
        let text = comment.into_text();
        assert!(text.chars().count() <= MAX_CHARACTERS);
        assert!(text.contains(" more are cut here"));
        assert!(text.ends_with("</details>\n"));
    }
}
