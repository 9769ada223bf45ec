//! Writing values in the styles of `OpenAPI`: [`Style`], [`write`], [`is_empty`]; and percent-encoding (RFC 3986).
//!
//! `color` with the value `["blue", "black"]` is `color=blue&color=black` in the style `form` with
//! `explode`, and `;color=blue,black` in the style `matrix` without.
//!
//! The table is that of `OpenAPI` 3.0.4. It corrects 3.0.3 where the older text contradicts RFC 6570, which
//! it cites (`label` without `explode` is joined by commas), and lists what has to be percent-encoded. Where
//! the table leaves a choice: null, an empty array and an empty object aren't written, and a nested array or
//! object is written as JSON, except that `deepObject` nests.

use std::fmt::Write as _;

use crate::runtime::call::node::Node;

/// How a value is written (`OpenAPI` 3.0, Parameter Object, Style Values).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the table is kept whole; a document uses some of its rows")]
pub(crate) enum Style {
    /// `blue,black`
    Simple { explode: bool },
    /// `.blue,black`
    Label { explode: bool },
    /// `;color=blue,black`
    Matrix { explode: bool },
    /// `color=blue,black`
    Form { explode: bool },
    /// `color=blue%20black`
    SpaceDelimited,
    /// `color=blue%7Cblack`
    PipeDelimited,
    /// `color%5BR%5D=100&color%5BG%5D=200`
    DeepObject,
    /// The value as JSON text.
    Json,
}

/// Appends a text, encoded for the place that it goes to.
pub(crate) type Escape = fn(&str, &mut String);

/// Returns whether there is nothing to write.
pub(crate) fn is_empty(value: &Node) -> bool {
    match value {
        Node::Null => true,
        Node::Text(_) | Node::Plain(_) => false,
        Node::List(items) => present(items).next().is_none(),
        Node::Pairs(pairs) => present_pairs(pairs).next().is_none(),
    }
}

/// Returns whether a header can carry the value so that the server reads the same parts: headers aren't encoded, so no
/// part may contain a separator, or begin or end with white space.
pub(crate) fn fits_header(value: &Node, style: Style) -> bool {
    let fits = |text: &str| !text.contains(',') && text.trim_ascii() == text;
    match (value, style) {
        (Node::List(items), Style::Simple { .. }) => present(items).all(|item| fits(&item.text())),
        (Node::Pairs(pairs), Style::Simple { explode }) => {
            present_pairs(pairs).all(|(key, value)| fits(key) && !(explode && key.contains('=')) && fits(&value.text()))
        }
        _ => true,
    }
}

/// Writes `value` in the given style. `named` says whether a value written as JSON gets
/// `name=` before it, as in a query.
pub(crate) fn write(name: &str, value: &Node, style: Style, escape: Escape, named: bool) -> String {
    let writer = Writer { name, escape };
    if is_empty(value) && !matches!(style, Style::Json) {
        return String::new();
    }
    match style {
        Style::Simple { explode } => writer.joined(value, explode, ","),
        Style::Label { explode } => {
            format!(".{}", writer.joined(value, explode, if explode { "." } else { "," }))
        }
        Style::Matrix { explode } => writer.matrix(value, explode),
        Style::Form { explode: true } => writer.exploded(value, "&").join("&"),
        Style::Form { explode: false } => writer.pair(&writer.joined(value, false, ",")),
        Style::SpaceDelimited => writer.pair(&writer.joined(value, false, "%20")),
        Style::PipeDelimited => writer.pair(&writer.joined(value, false, "%7C")),
        Style::DeepObject => {
            let mut pairs = Vec::new();
            writer.deep(&writer.escaped(name), value, &mut pairs);
            pairs.join("&")
        }
        Style::Json => {
            let mut json = String::new();
            value.write_json(&mut json);
            let text = writer.escaped(&json);
            if named { writer.pair(&text) } else { text }
        }
    }
}

struct Writer<'n> {
    name: &'n str,
    escape: Escape,
}

impl Writer<'_> {
    fn escaped(&self, text: &str) -> String {
        let mut out = String::new();
        (self.escape)(text, &mut out);
        out
    }

    /// Writes `name=text`, where the text is encoded already.
    fn pair(&self, text: &str) -> String {
        format!("{}={text}", self.escaped(self.name))
    }

    /// Writes the value's parts one after the other: `a,b`, `R,100,G,200` or, exploded,
    /// `R=100,G=200`.
    fn joined(&self, value: &Node, explode: bool, separator: &str) -> String {
        let parts: Vec<String> = match value {
            Node::List(items) => present(items).map(|item| self.escaped(&item.text())).collect(),
            Node::Pairs(pairs) => present_pairs(pairs)
                .map(|(key, value)| {
                    let between = if explode { "=" } else { separator };
                    [self.escaped(key), self.escaped(&value.text())].join(between)
                })
                .collect(),
            scalar => vec![self.escaped(&scalar.text())],
        };
        parts.join(separator)
    }

    /// Writes a pair for each part: `color=a` and `color=b`, or `R=100` and `G=200`.
    fn exploded(&self, value: &Node, separator: &str) -> Vec<String> {
        match value {
            Node::List(items) => present(items).map(|item| self.pair(&self.escaped(&item.text()))).collect(),
            Node::Pairs(pairs) => present_pairs(pairs)
                .map(|(key, value)| [self.escaped(key), self.escaped(&value.text())].join("="))
                .collect(),
            scalar => vec![self.pair(&self.joined(scalar, true, separator))],
        }
    }

    /// Writes path parameters that name themselves; of an empty text the name alone is left.
    fn matrix(&self, value: &Node, explode: bool) -> String {
        let pairs = if explode { self.exploded(value, ";") } else { vec![self.pair(&self.joined(value, false, ","))] };
        let parts: Vec<&str> = pairs.iter().flat_map(|pair| [";", pair.strip_suffix('=').unwrap_or(pair)]).collect();
        parts.concat()
    }

    /// Writes `name[key]=value`, and so on inwards; an array repeats its name.
    fn deep(&self, name: &str, value: &Node, out: &mut Vec<String>) {
        match value {
            Node::Null => {}
            Node::List(items) => items.iter().for_each(|item| self.deep(name, item, out)),
            Node::Pairs(pairs) => {
                for (key, value) in pairs {
                    self.deep(&format!("{name}%5B{}%5D", self.escaped(key)), value, out);
                }
            }
            scalar => out.push(format!("{name}={}", self.escaped(&scalar.text()))),
        }
    }
}

fn present(items: &[Node]) -> impl Iterator<Item = &Node> {
    items.iter().filter(|item| !matches!(item, Node::Null))
}

fn present_pairs(pairs: &[(String, Node)]) -> impl Iterator<Item = &(String, Node)> {
    pairs.iter().filter(|(_, value)| !matches!(value, Node::Null))
}

/// Appends `text` with all but unreserved characters (RFC 3986, 2.3) percent-encoded: right in a
/// path segment, a query and a cookie.
pub(crate) fn percent_encode(text: &str, out: &mut String) {
    out.reserve(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes any text");
        }
    }
}

/// Returns whether a byte may appear unencoded anywhere in a URL.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends a text for a query or a form, its reserved characters as they are (RFC 3986, 2.2), but for
/// those that would end or split it (`#`, `[`, `]`, `&`, `+`).
pub(crate) fn escape_but_reserved(text: &str, out: &mut String) {
    for piece in text.split_inclusive(|_| true) {
        match piece.as_bytes() {
            [byte] if is_unreserved(*byte) || b":/?@!$'()*,;=".contains(byte) => out.push_str(piece),
            _ => percent_encode(piece, out),
        }
    }
}
