//! Markdown for a comment on a pull request.
//!
//! A document may contain any text, so outside of code every sign that would be Markdown, HTML or a GitHub reference is
//! escaped. A comment is never longer than GitHub allows.

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
        // What didn't fit was reported once. Later folds are left out.
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

/// Returns one of our sentences, in which the document's words are in backquotes.
#[must_use]
pub fn sentence(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { code(part) } else { escaped(part) }).collect()
}

/// Returns words as a code span, in which nothing is Markdown (CommonMark 0.31, 6.1).
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

/// Returns text that is shown as it is. Escapes only the signs that would mean something to Markdown or GitHub at their
/// place. GitHub looks for names, issues and links in the rendered text too, so those signs become HTML.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next = rest.as_str().chars().next();
        let is_first = out.is_empty();
        match c {
            c if is_break(c) => out.push(' '),
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '|' => out.extend(['\\', c]),
            '+' | '-' | '>' | '=' if is_first => out.extend(['\\', c]),
            // A mention or an issue. A comment separates the sign from the word.
            '@' | '#' if next.is_some_and(char::is_alphanumeric) => write_code(&mut out, c, "<!-- -->"),
            '#' if is_first => out.push_str("\\#"),
            '<' => out.push_str("&lt;"),
            '&' if next.is_some_and(|next| next == '#' || next.is_alphanumeric()) => out.push_str("&amp;"),
            // Mathematics.
            '$' => write_code(&mut out, c, ""),
            // A URL or an emoji.
            ':' if next.is_some_and(|next| !next.is_whitespace()) => write_code(&mut out, c, ""),
            // `www.` makes a link, and `1.` a list.
            '.' if out.to_ascii_lowercase().ends_with("www") => write_code(&mut out, c, ""),
            '.' | ')' if !is_first && out.chars().all(|c| c.is_ascii_digit()) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

fn write_code(out: &mut String, sign: char, behind: &str) {
    write!(out, "&#{};{behind}", u32::from(sign)).expect("a string takes any text");
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
        for sign in ["<script", "@team", "#12 ", " [x]", "https://", "www.", " **", "\n"] {
            assert!(!shown.contains(sign), "{sign}: {shown}");
        }
        assert!(shown.contains("&#64;<!-- -->team"), "{shown}");
    }

    #[test]
    fn plain_sentences_stay_as_they_are() {
        for text in ["the limit of 3 (was 5): a = {b}!", "is it 50%? \"yes\"; no, x+y > 2 & z", "1 to 2 - 3. done"] {
            assert_eq!(escaped(text), text);
        }
        for (text, shown) in
            [("1. x", "1\\. x"), ("# x", "\\# x"), ("- x", "\\- x"), ("a|b", "a\\|b"), ("&lt;", "&amp;lt;")]
        {
            assert_eq!(escaped(text), shown);
        }
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
