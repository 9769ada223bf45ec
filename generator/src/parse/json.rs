//! JSON text to the marked tree.
//!
//! It replaces `serde_json`, which gives no spans, keeps the last of two equal keys in silence and would lose
//! a whole document to a trailing comma. RFC 8259; what is a little beyond it (a trailing comma, a raw control
//! character in a text, half of a surrogate pair) is a warning and is read as it is meant.

use crate::diagnostic::Span;

use super::node::{Entry, Node, Value};
use super::problems::Problems;
use super::trail::Trail;
use super::{MAX_DEPTH, codes, entries};

/// Reads `text`. Returns `None` after a syntax error, which is then the last problem.
pub(super) fn read(text: &str, problems: &mut Problems) -> Option<Node> {
    let mut json = Json { text, bytes: text.as_bytes(), at: 0, depth: 0, problems };
    if text.starts_with('\u{feff}') {
        json.at = '\u{feff}'.len_utf8();
    }
    let root = Trail::root();
    let node = json.value(&root)?;
    json.skip_space();
    if json.at < text.len() {
        return json.fail("unexpected text after the end of the document");
    }
    Some(node)
}

struct Json<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    problems: &'t mut Problems,
}

impl Json<'_> {
    fn value(&mut self, trail: &Trail<'_>) -> Option<Node> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(trail, Self::object)?,
            Some(b'[') => self.nested(trail, Self::array)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word()?,
            Some(_) => return self.fail("expected a value"),
            None => return self.fail("expected a value, found the end of the file"),
        };
        Some(Node { span: self.span(start), value })
    }

    fn nested(&mut self, trail: &Trail<'_>, read: fn(&mut Self, &Trail<'_>) -> Option<Value>) -> Option<Value> {
        if self.depth == MAX_DEPTH {
            let span = self.char_at(self.at);
            let message = format!("more than {MAX_DEPTH} levels of lists and objects");
            let problem = codes::TOO_DEEP.at(&trail.pointer(), message).at_span(span);
            self.problems.push(span.start, problem);
            return None;
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self, trail);
        self.depth -= 1;
        value
    }

    fn object(&mut self, trail: &Trail<'_>) -> Option<Value> {
        let mut found = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'}') => break,
                Some(b'"') => found.push(self.entry(trail)?),
                Some(_) => return self.fail("expected a key in double quotes"),
                None => return self.fail("unclosed object"),
            }
            if !self.comma(b'}', "expected `,` or `}`")? {
                break;
            }
        }
        self.at += 1;
        entries::make_unique(&mut found, || trail.pointer(), self.problems);
        Some(Value::Object(found))
    }

    fn entry(&mut self, trail: &Trail<'_>) -> Option<Entry> {
        let start = self.at;
        let key = self.string()?;
        let key_span = self.span(start);
        self.skip_space();
        if self.peek() != Some(b':') {
            return self.fail("expected `:`");
        }
        self.at += 1;
        let value = self.value(&trail.key(&key))?;
        Some(Entry { key, key_span, value })
    }

    fn array(&mut self, trail: &Trail<'_>) -> Option<Value> {
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b']') => break,
                Some(_) => items.push(self.value(&trail.index(items.len()))?),
                None => return self.fail("unclosed list"),
            }
            if !self.comma(b']', "expected `,` or `]`")? {
                break;
            }
        }
        self.at += 1;
        Some(Value::Array(items))
    }

    /// Returns whether another item may follow; stops in front of `end`.
    fn comma(&mut self, end: u8, expected: &str) -> Option<bool> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {}
            Some(byte) if byte == end => return Some(false),
            Some(_) => return self.fail(expected),
            None => return self.fail(&format!("expected `,` or `{}`, found the end of the file", char::from(end))),
        }
        let comma = self.char_at(self.at);
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(end) {
            self.warn(comma, "a trailing comma");
        }
        Some(true)
    }

    /// Reads a text from its opening quote to behind the closing one.
    fn string(&mut self) -> Option<Box<str>> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut plain = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    text.push_str(&self.text[plain..self.at]);
                    text.push(self.escape()?);
                    plain = self.at;
                }
                Some(0..=0x1f) => {
                    self.warn(self.char_at(self.at), "a control character in a string must be escaped");
                    self.at += 1;
                }
                Some(_) => self.at += 1,
                None => {
                    self.at = start;
                    return self.fail("unterminated string");
                }
            }
        }
        text.push_str(&self.text[plain..self.at]);
        self.at += 1;
        Some(text.into())
    }

    fn escape(&mut self) -> Option<char> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else {
            return self.fail("unterminated escape");
        };
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(start),
            _ => {
                self.at = start;
                return self.fail("unknown escape");
            }
        };
        self.at += 1;
        Some(plain)
    }

    fn unicode_escape(&mut self, start: usize) -> Option<char> {
        let Some(high) = self.code_unit() else {
            self.at = start;
            return self.fail("expected four hexadecimal digits after `\\u`");
        };
        if let Some(found) = char::from_u32(high) {
            return Some(found);
        }
        let behind_high = self.at;
        if high < 0xdc00 && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 1;
            match self.code_unit() {
                Some(low @ 0xdc00..0xe000) => {
                    return char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                }
                _ => self.at = behind_high,
            }
        }
        self.warn(self.span(start), "half of a surrogate pair, read as U+FFFD");
        Some(char::REPLACEMENT_CHARACTER)
    }

    /// Reads `uXXXX`.
    fn code_unit(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at + 1..self.at + 5)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.at += 5;
        let digits = std::str::from_utf8(digits).ok()?;
        u32::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Option<Box<str>> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if is_number(text) {
            return Some(text.into());
        }
        self.at = start;
        self.fail("invalid JSON number")
    }

    fn word(&mut self) -> Option<Value> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        match &self.text[start..self.at] {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            word => {
                let message = format!("expected a value, found `{word}`");
                let span = self.span(start);
                self.fail_at(span, message)
            }
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn span(&self, start: usize) -> Span {
        Span { start, end: self.at }
    }

    /// Returns the span of the one character at `offset`, empty at the end of the text.
    fn char_at(&self, offset: usize) -> Span {
        let length = self.text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span { start: offset, end: offset + length }
    }

    fn warn(&mut self, span: Span, message: &str) {
        let problem = codes::SYNTAX.at(&Trail::root().pointer(), message).at_span(span);
        self.problems.push(span.start, problem);
    }

    fn fail<T>(&mut self, message: &str) -> Option<T> {
        let span = self.char_at(self.at);
        self.fail_at(span, message.to_owned())
    }

    fn fail_at<T>(&mut self, span: Span, message: String) -> Option<T> {
        let problem = codes::SYNTAX.at(&Trail::root().pointer(), message).as_error().at_span(span);
        self.problems.push(span.start, problem);
        None
    }
}

/// Returns whether `text` is a number as RFC 8259 writes it.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    digits(whole) && !leading_zero && digits(fraction) && digits(exponent)
}
