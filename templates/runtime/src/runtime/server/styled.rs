//! Reading parameters and forms in the styles of `OpenAPI`, the reverse of `call::style`.
//!
//! `color=blue&color=black` is a list of two in the style `form` with `explode`. A style doesn't tell a list of one from a
//! scalar, so [`Tree`] holds every reading, and the type that is decoded chooses.

use crate::runtime::call::style::Style;
use crate::runtime::server::tree::Tree;

/// How many levels of `name[key][key]` are read. A client can't write more than the types have, and a hostile one must not
/// exhaust the stack.
const LEVELS: usize = 32;

/// Reads a value from one text: the value of a path parameter, a header or a cookie. `decode` says whether it is
/// percent-encoded.
pub(crate) fn of_text(name: &str, text: &str, style: Style, decode: bool) -> Tree {
    let plain = |text: &str| if decode { decoded(text, false) } else { text.trim().to_owned() };
    match style {
        Style::Label { explode } => {
            let rest = text.strip_prefix('.').unwrap_or(text);
            split(rest, if explode { "." } else { "," }, explode, plain)
        }
        Style::Matrix { explode } => {
            let rest = text.strip_prefix(';').unwrap_or(text);
            if explode {
                let found = rest.split(';').map(|part| part.split_once('=').unwrap_or((part, "")));
                exploded(name, found.map(|(key, value)| (plain(key), plain(value))).collect(), &[])
            } else {
                let value = rest.split_once('=').map_or("", |(_, value)| value);
                split(value, ",", false, plain)
            }
        }
        Style::Simple { explode } | Style::Form { explode } => split(text, ",", explode, plain),
        Style::SpaceDelimited => split(text, "%20", false, plain),
        Style::PipeDelimited => split(text, "|", false, plain),
        Style::Json | Style::DeepObject => Tree::json(plain(text)),
    }
}

/// Reads a value from pairs, encoded, of a query, a form or cookies. `others` are the names of other parameters.
pub(crate) fn of_pairs(name: &str, encoded: &[(String, String)], style: Style, others: &[&str]) -> Tree {
    let plain = |text: &str| decoded(text, true);
    let own = || encoded.iter().find(|(key, _)| plain(key) == name).map(|(_, value)| value.as_str());
    let value = |separators: &[&str]| {
        let Some(text) = own() else { return Tree::default() };
        let text = separators.iter().fold(text.to_owned(), |text, other| text.replace(other, separators[0]));
        split(&text, separators[0], false, plain)
    };
    match style {
        Style::Form { explode: true } => {
            exploded(name, encoded.iter().map(|(key, value)| (plain(key), plain(value))).collect(), others)
        }
        Style::SpaceDelimited => value(&["%20", "+"]),
        Style::PipeDelimited => value(&["|", "%7C", "%7c"]),
        Style::DeepObject => {
            let mut tree = Tree::default();
            for (key, value) in encoded {
                let key = plain(key);
                // Only an object has keys. A list repeats the name.
                let path: Vec<&str> = match key.strip_prefix(name) {
                    Some("") => Vec::new(),
                    Some(rest) if rest.starts_with('[') => {
                        let rest = &rest[1..];
                        rest.strip_suffix(']').unwrap_or(rest).splitn(LEVELS, "][").collect()
                    }
                    _ => continue,
                };
                tree.insert(&path, plain(value));
            }
            tree
        }
        Style::Json => own().map_or_else(Tree::default, |text| Tree::json(plain(text))),
        Style::Simple { .. } | Style::Label { .. } | Style::Matrix { .. } | Style::Form { .. } => value(&[","]),
    }
}

/// Splits a text into parts, which are items, or names and values.
fn split(text: &str, separator: &str, explode: bool, plain: impl Fn(&str) -> String) -> Tree {
    let parts: Vec<&str> = text.split(separator).collect();
    let children = if explode {
        parts.iter().filter_map(|part| part.split_once('=')).map(|(key, value)| (plain(key), plain(value))).collect()
    } else {
        let pairs = parts.chunks_exact(2);
        if pairs.remainder().is_empty() {
            pairs.map(|pair| (plain(pair[0]), plain(pair[1]))).collect()
        } else {
            Vec::new()
        }
    };
    let items = parts.iter().map(|part| plain(part)).collect();
    Tree::of(Some(plain(text)), items, children)
}

/// Reads pairs of which each is an item of the value, or a property of it.
fn exploded(name: &str, pairs: Vec<(String, String)>, others: &[&str]) -> Tree {
    let items: Vec<String> = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
    let is_other = |key: &str| key != name && others.contains(&key);
    let children = pairs.into_iter().filter(|(key, _)| !is_other(key)).collect();
    Tree::of(items.first().cloned(), items, children)
}

/// Splits a query, a form or a cookie header into pairs, still encoded.
pub(crate) fn pairs(text: &str, separator: char) -> Vec<(String, String)> {
    let parts = text.split(separator).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

/// Decodes percent-encoding. Bytes that aren't UTF-8 become replacement characters.
pub(crate) fn decoded(text: &str, plus_is_space: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let hex = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (*first, hex.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) if plus_is_space => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
