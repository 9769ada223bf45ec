//! The `use` lines that a file needs, found in its own items.
//!
//! Emitted code says `Nullable<Date>` and `fmt::Result`; the table says where these names come from.
//! A name counts where it is used: not behind a path or a dot, not where it declares a variant, and
//! a module only in front of `::`. So each line is used, and none is missing.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::runtime;
use crate::model::{Answer, Api, BodyKind};

/// Names of other crates and of the runtime's inner side, and the path that each stands in.
const FIXED: &[(&str, &str)] = &[
    ("BTreeMap", "std::collections"),
    ("FromStr", "std::str"),
    ("PhantomData", "std::marker"),
    ("fmt", "std"),
    ("Deserialize", "serde"),
    ("Deserializer", "serde"),
    ("Serialize", "serde"),
    ("Serializer", "serde"),
    ("Method", "http"),
    ("Uuid", "uuid"),
    ("field", "crate"),
    ("api", "crate::runtime"),
    ("builder", "crate::runtime"),
    ("pattern", "crate::runtime"),
    ("tagged", "crate::runtime"),
    ("tagging", "crate::runtime"),
    ("union", "crate::runtime"),
    ("webhook", "crate::runtime"),
    ("Form", "crate::runtime::multipart"),
    ("PartStyle", "crate::runtime::part_style"),
    ("Operation", "crate::runtime::api"),
    ("Check", "crate::runtime::check"),
    ("Checker", "crate::runtime::check"),
    ("Redacted", "crate::runtime::redact"),
    ("Style", "crate::runtime::style"),
];

/// Where each name stands.
pub type Table = BTreeMap<String, &'static str>;

/// Returns where each name that emitted code may use stands.
#[must_use]
pub fn table(api: &Api) -> Table {
    let fixed = FIXED.iter().map(|(name, path)| ((*name).to_owned(), *path));
    let runtime = runtime::MODULES
        .iter()
        .filter(|module| !module.is_optional())
        .flat_map(|module| module.public().map(|name| (name.to_owned(), "crate::runtime")));
    let types = api.types.iter().map(|def| (def.name.to_string(), "crate::types"));
    let operations = api.groups.iter().flat_map(|group| &group.operations).flat_map(|operation| {
        let params = operation.optional.iter().map(|params| &params.name);
        let errors = operation.error_type.iter().map(|error| &error.name);
        let answer = match &operation.answer {
            Answer::Several(answer) => Some(&answer.name),
            Answer::One(_) => None,
        };
        let body = operation.body.iter().filter_map(|body| match &body.kind {
            BodyKind::Several(several) => Some(&several.name),
            _ => None,
        });
        params.chain(errors).chain(answer).chain(body).map(|name| (name.to_string(), "crate::operations"))
    });
    let own = [("Environment", "crate::environment"), ("ErrorKind", "crate::error"), ("Event", "crate::webhooks")];
    let own = own.map(|(name, path)| (name.to_owned(), path));
    fixed.chain(runtime).chain(types).chain(operations).chain(own).collect()
}

/// The `use` lines of a file.
pub struct Imports<'c> {
    /// Where each name stands.
    table: &'c Table,
    /// Names that the file has already.
    own: &'static [&'static str],
}

impl<'c> Imports<'c> {
    pub(crate) fn new(table: &'c Table, own: &'static [&'static str]) -> Self {
        Self { table, own }
    }

    /// Returns the lines that the items need in front of them: `code` is their text, as it is formatted.
    ///
    /// The text is read and not the tokens, since tokens can be looked into only by copying them.
    pub(crate) fn lines(&self, code: &str) -> TokenStream {
        let mut by_path: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
        for (name, path) in self.used(code) {
            by_path.entry(path).or_default().push(Ident::new(name, Span::call_site()));
        }
        // std first, then other crates, then this one.
        let rank = |path: &str| match path.split("::").next() {
            Some("std") => 0,
            Some("crate") => 2,
            _ => 1,
        };
        let mut lines: Vec<_> = by_path.into_iter().collect();
        lines.sort_by_cached_key(|(path, names)| (rank(path), format!("{path}::{}", names[0])));
        let lines = lines.into_iter().map(|(path, names)| {
            let path: TokenStream = path.parse().expect("the table holds paths");
            match names.as_slice() {
                [name] => quote!(use #path::#name;),
                names => quote!(use #path::{#(#names),*};),
            }
        });
        lines.collect()
    }

    /// The names of the crate's own items that the code uses, as a user of the crate imports them.
    pub(super) fn names(&self, code: &str) -> Vec<String> {
        let own = self.used(code).into_iter().filter(|(_, path)| path.starts_with("crate::") || *path == "uuid");
        own.map(|(name, _)| name.to_owned()).collect()
    }

    /// The names that the code uses and does not declare, each with its path.
    fn used(&self, code: &str) -> BTreeMap<&'c str, &'c str> {
        let mut used = BTreeMap::new();
        let mut declared: BTreeSet<&str> = self.own.iter().copied().collect();
        // For each open bracket whether it is the body of an enum's declaration.
        let mut open = Vec::new();
        let mut before = Before::Nothing;
        for word in words(code) {
            let variants = open.last().is_some_and(|is_enum| *is_enum);
            before = match word {
                Word::Open(bracket) => {
                    open.push(bracket == b'{' && before == Before::EnumName);
                    Before::Nothing
                }
                Word::Close => {
                    open.pop();
                    Before::Nothing
                }
                Word::Punct(punct) => before.punct(punct),
                // A lifetime of the enum.
                Word::Literal if before == Before::EnumName => Before::EnumName,
                Word::Literal => Before::Nothing,
                Word::Ident("enum", _) => Before::EnumKeyword,
                Word::Ident("struct" | "type", _) => Before::Keyword,
                Word::Ident(name, _) if matches!(before, Before::Keyword | Before::EnumKeyword) => {
                    declared.insert(name);
                    if before == Before::EnumKeyword { Before::EnumName } else { Before::Nothing }
                }
                Word::Ident("IntoIterator", _) => Before::Iterator,
                Word::Ident("Item", _) if before == Before::Iterator => Before::Nothing,
                Word::Ident(name, is_module) => {
                    let counts = before != Before::Path && !variants;
                    if counts && (is_module || !name.starts_with(char::is_lowercase)) {
                        used.extend(self.table.get_key_value(name).map(|(name, path)| (name.as_str(), *path)));
                    }
                    Before::Nothing
                }
            };
        }
        used.retain(|name, _| !declared.contains(name));
        used
    }
}

/// A token of formatted Rust, as far as names call for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word<'t> {
    /// A name, and whether `::` follows it.
    Ident(&'t str, bool),
    /// A text, a character, a number or a lifetime.
    Literal,
    Punct(u8),
    Open(u8),
    Close,
}

/// The tokens of formatted Rust, comments left out.
fn words(code: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = code;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_ascii_start();
            match rest.strip_prefix("//") {
                Some(comment) => rest = &comment[comment.find('\n').unwrap_or(comment.len())..],
                None => break,
            }
        }
        let first = *rest.as_bytes().first()?;
        let length;
        let word;
        (length, word) = match first {
            b'"' => (quoted(rest, b'"'), Word::Literal),
            // `'a'` is a character, `'a` a lifetime.
            b'\'' if rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'') => {
                (quoted(rest, b'\''), Word::Literal)
            }
            b'\'' => (1 + name(&rest[1..]), Word::Literal),
            b'0'..=b'9' => (name(rest), Word::Literal),
            b'(' | b'[' | b'{' => (1, Word::Open(first)),
            b')' | b']' | b'}' => (1, Word::Close),
            _ if is_name(first) => {
                let length = name(rest);
                (length, Word::Ident(&rest[..length], rest[length..].starts_with("::")))
            }
            _ => (1, Word::Punct(first)),
        };
        rest = &rest[length..];
        Some(word)
    })
}

/// Whether a byte belongs to a name.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The length of the name at the start.
fn name(text: &str) -> usize {
    text.bytes().position(|byte| !is_name(byte)).unwrap_or(text.len())
}

/// The length of the literal at the start, both of its quotes included.
fn quoted(text: &str, quote: u8) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// What stands in front of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// One colon.
    Colon,
    /// `::` or `.`.
    Path,
    /// `struct` or `type`.
    Keyword,
    EnumKeyword,
    /// The name of an enum that is being declared.
    EnumName,
    /// `IntoIterator`, and the bracket after it: what follows is the name of its associated type.
    Iterator,
}

impl Before {
    fn punct(self, punct: u8) -> Self {
        match (self, punct) {
            (Self::EnumName, b'<' | b'>') => Self::EnumName,
            (Self::Iterator, b'<') => Self::Iterator,
            (Self::Colon, b':') | (_, b'.') => Self::Path,
            (_, b':') => Self::Colon,
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_used(code: &str, expected: &[&str]) {
        let names = ["Date", "Error", "Item", "Json", "Uuid", "api", "fmt"];
        let table = names.map(|name| (name.to_owned(), "crate")).into();
        let used = Imports::new(&table, &["Error"]).used(code);
        assert_eq!(used.into_keys().collect::<Vec<_>>(), expected, "{code}");
    }

    #[test]
    fn a_name_counts_where_it_is_used() {
        assert_used("fn a(a: Json) -> Vec<Date> {}", &["Date", "Json"]);
        assert_used("x::Date, a.Json, Error", &[]);
        assert_used("api(fmt); api::Scheme", &["api"]);
        assert_used("enum A { Date(Json), Uuid { a: fmt::X } }", &["Json", "fmt"]);
        assert_used("struct Date; type Json = Uuid; enum Error {}", &["Uuid"]);
    }

    #[test]
    fn associated_type_of_an_iterator_is_no_use_of_its_name() {
        assert_used("fn a(a: impl IntoIterator<Item = (impl Into<Date>, Json)>) {}", &["Date", "Json"]);
        assert_used("fn a(a: impl IntoIterator<Item = Item>, b: Item) {}", &["Item"]);
    }

    #[test]
    fn comments_and_literals_hold_no_names() {
        assert_used("/// Date\n// Json\nfn a() { \"Uuid \\\" Date\\\\\"; b'\\''; 'J'; '\u{e9}'; 1.5 }", &[]);
        assert_used("fn a<'a>(a: &'a Json, b: &'static Date) {}", &["Date", "Json"]);
        assert_used("\"\\\\\"; Date // \"\nUuid", &["Date", "Uuid"]);
    }
}
