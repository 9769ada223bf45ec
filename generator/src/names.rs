//! Wire names to Rust identifiers: one [`Scope`] for each namespace, and only a scope makes a
//! [`Name`], so that two items of one namespace cannot share one.
//!
//! `first name` becomes `first_name` in a scope of fields and `FirstName` in a scope of types;
//! `type` becomes `type_`; `+1` becomes `Plus1`; a second `first-name` becomes `first_name_2`.
//! A name depends only on the wire name and on those that came before it in the same scope.

use std::collections::BTreeMap;
use std::fmt;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::diagnostic::Pointer;

/// A Rust identifier that is unique in its scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Returns the identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A namespace, and what it holds so far.
#[derive(Debug, Clone)]
pub struct Scope {
    kind: Kind,
    taken: BTreeMap<String, Option<Pointer>>,
}

/// What a namespace holds: decides the letter case and what is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Types,
    Variants,
    Fields,
    Methods,
    Modules,
    Arguments,
}

/// A name, and the place of an earlier item that had wanted the same one.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The unique name.
    pub name: Name,
    /// Where the earlier item stands; none where there was no collision.
    pub collides_with: Option<Pointer>,
}

/// Names of the prelude, of the runtime and of generated items, which a type must not hide.
const RESERVED_TYPES: &[&str] = &[
    "Answer",
    "Arc",
    "AsRef",
    "BTreeMap",
    "Base64",
    "Body",
    "Box",
    "BoxError",
    "Bytes",
    "ByteStream",
    "Call",
    "Client",
    "ClientBuilder",
    "Clone",
    "ConfigError",
    "Copy",
    "Date",
    "DateTime",
    "Debug",
    "Decimal",
    "Default",
    "Delivery",
    "Deserialize",
    "Deserializer",
    "Display",
    "DuplicateKey",
    "Duration",
    "Environment",
    "Eq",
    "Err",
    "Error",
    "ErrorKind",
    "Event",
    "EventError",
    "File",
    "Fn",
    "FnMut",
    "FnOnce",
    "Form",
    "Form",
    "Formatter",
    "From",
    "FromStr",
    "Hash",
    "HeaderMap",
    "Into",
    "IntoIterator",
    "IntoOption",
    "Iterator",
    "Json",
    "Method",
    "Meta",
    "Missing",
    "None",
    "Nullable",
    "Ok",
    "Operation",
    "Option",
    "Options",
    "Ord",
    "ParseError",
    "Part",
    "PartialEq",
    "PartialOrd",
    "PhantomData",
    "Provided",
    "RateLimit",
    "Receiver",
    "Redacted",
    "Response",
    "Result",
    "Secret",
    "Self",
    "Send",
    "Serialize",
    "Serializer",
    "Set",
    "Sized",
    "Some",
    "StatusCode",
    "String",
    "Style",
    "Sync",
    "ToOwned",
    "ToString",
    "Transport",
    "Unpin",
    "UnknownEvent",
    "Unsent",
    "Unrecognized",
    "UnrecognizedInteger",
    "Uuid",
    "Vec",
];

/// The catch-all variants, which a listed value must not hide.
const RESERVED_VARIANTS: &[&str] = &["Unrecognized", "Unknown_", "Self"];

/// Methods of the client itself, and those that every type inherits and a call would hide.
const RESERVED_METHODS: &[&str] = &["builder", "call", "clone", "fmt", "from_env", "new", "options", "with_options"];

/// Methods of builders beside the setters.
const RESERVED_FIELDS: &[&str] = &["advance", "build", "builder", "clone", "default", "fmt", "new"];

/// Modules that every client has, and file names that Windows keeps for devices.
const RESERVED_MODULES: &[&str] = &[
    "aux",
    "client",
    "con",
    "environment",
    "error",
    "field",
    "lib",
    "main",
    "mod",
    "nul",
    "operations",
    "prn",
    "runtime",
    "tests",
    "types",
    "webhooks",
];

/// Names that generated function bodies use.
const RESERVED_ARGUMENTS: &[&str] = &["answer", "params", "self_"];

/// Strict and reserved keywords of all editions (The Rust Reference, Keywords).
const KEYWORDS: &[&str] = &[
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "macro_rules",
    "raw",
    "safe",
];

impl Scope {
    /// A scope of types: `UpperCamelCase`.
    #[must_use]
    pub fn types() -> Self {
        Self::of(Kind::Types)
    }

    /// A scope of an enum's variants: `UpperCamelCase`.
    #[must_use]
    pub fn variants() -> Self {
        Self::of(Kind::Variants)
    }

    /// A scope of a struct's fields: `snake_case`.
    #[must_use]
    pub fn fields() -> Self {
        Self::of(Kind::Fields)
    }

    /// A scope of the client's methods: `snake_case`.
    #[must_use]
    pub fn methods() -> Self {
        Self::of(Kind::Methods)
    }

    /// A scope of modules, which are files as well: `snake_case`, unique without regard to case.
    #[must_use]
    pub fn modules() -> Self {
        Self::of(Kind::Modules)
    }

    /// A scope of a function's arguments: `snake_case`.
    #[must_use]
    pub fn arguments() -> Self {
        Self::of(Kind::Arguments)
    }

    fn of(kind: Kind) -> Self {
        Self { kind, taken: BTreeMap::new() }
    }

    /// Returns a name for the wire name, unique in this scope.
    pub fn name(&mut self, wire: &str, pointer: &Pointer) -> Given {
        self.name_with(wire, &[], pointer)
    }

    /// Returns a name such that it, and it with each of the suffixes, are unique in this scope.
    pub fn name_with(&mut self, wire: &str, suffixes: &[&str], pointer: &Pointer) -> Given {
        let base = self.kind.identifier(wire);
        let wanted = if self.kind.reserves(&base) { self.kind.evade(&base) } else { base };
        let collides_with = self.taken.get(&wanted).cloned().flatten();
        let name = (1..)
            .map(|count| self.kind.counted(&wanted, count))
            .find(|candidate| self.is_free(candidate, suffixes))
            .expect("a scope holds finitely many names");
        for suffix in suffixes {
            self.taken.insert(format!("{name}{suffix}"), Some(pointer.clone()));
        }
        self.taken.insert(name.clone(), Some(pointer.clone()));
        Given { name: Name(name), collides_with }
    }

    fn is_free(&self, candidate: &str, suffixes: &[&str]) -> bool {
        let free = |name: &str| !self.taken.contains_key(name) && !self.kind.reserves(name);
        free(candidate) && suffixes.iter().all(|suffix| free(&format!("{candidate}{suffix}")))
    }
}

impl Kind {
    /// The wire name in this namespace's letter case.
    fn identifier(self, wire: &str) -> String {
        let mut words = words(wire);
        if self == Self::Modules && !words.is_ascii() {
            words = ascii(&words);
        }
        let cased = match self {
            Self::Types | Self::Variants => words.to_upper_camel_case(),
            _ => words.to_snake_case(),
        };
        // Casing can leave characters that no identifier holds, such as a lone combining mark.
        let mut cased: String = cased.chars().filter(|c| *c == '_' || is_continue(*c)).collect();
        if cased.is_empty() {
            cased = match self {
                Self::Types | Self::Variants => "Empty".to_owned(),
                _ => "empty".to_owned(),
            };
        }
        if !cased.starts_with(is_start) {
            cased.insert(0, if matches!(self, Self::Types | Self::Variants) { 'N' } else { 'n' });
        }
        cased
    }

    fn reserves(self, name: &str) -> bool {
        let listed = match self {
            Self::Types => {
                RESERVED_TYPES.contains(&name) || name.strip_prefix('F').is_some_and(|rest| rest.parse::<u16>().is_ok())
            }
            Self::Variants => RESERVED_VARIANTS.contains(&name),
            Self::Fields => RESERVED_FIELDS.contains(&name),
            Self::Methods => RESERVED_METHODS.contains(&name),
            Self::Modules => RESERVED_MODULES.contains(&name),
            Self::Arguments => RESERVED_ARGUMENTS.contains(&name),
        };
        listed || KEYWORDS.contains(&name)
    }

    /// Another name for one that is reserved.
    fn evade(self, name: &str) -> String {
        match self {
            Self::Types => format!("{name}Model"),
            Self::Variants => format!("{name}Value"),
            _ => format!("{name}_"),
        }
    }

    /// The name with its count, where it is not the first of its kind.
    fn counted(self, name: &str, count: usize) -> String {
        match (self, count) {
            (_, 1) => name.to_owned(),
            (Self::Types | Self::Variants, _) => format!("{name}{count}"),
            _ => format!("{}_{count}", name.trim_end_matches('_')),
        }
    }
}

/// Writes out the symbols that alone tell names apart, and turns all others into word breaks.
fn words(wire: &str) -> String {
    let mut words = String::with_capacity(wire.len());
    let has_word = wire.chars().any(is_continue);
    for (index, c) in wire.chars().enumerate() {
        let leading = index == 0;
        match c {
            c if is_continue(c) => words.push(c),
            '+' if leading || !has_word => words.push_str(" plus "),
            '-' if leading && wire[1..].starts_with(|next: char| next.is_ascii_digit()) => words.push_str(" minus "),
            '<' => words.push_str(" less "),
            '>' => words.push_str(" greater "),
            '=' if !has_word || index > 0 && wire.contains(['<', '>', '!']) => words.push_str(" equal "),
            '!' if leading => words.push_str(" not "),
            '*' if !has_word => words.push_str(" star "),
            '/' if !has_word => words.push_str(" slash "),
            '-' if !has_word => words.push_str(" dash "),
            '.' if !has_word => words.push_str(" dot "),
            ',' if !has_word => words.push_str(" comma "),
            _ => words.push(' '),
        }
    }
    words
}

/// Writes each character beyond ASCII by its number: a module in a file of its own needs an ASCII name
/// (rustc, E0754).
fn ascii(words: &str) -> String {
    let mut written = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii() {
            written.push(c);
        } else {
            written.push_str(&format!(" u{:x} ", u32::from(c)));
        }
    }
    written
}

fn is_start(c: char) -> bool {
    c.is_alphabetic() && unicode_ident::is_xid_start(c)
}

fn is_continue(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut scope: Scope, wires: &[&str]) -> Vec<String> {
        let root = Pointer::root();
        wires.iter().map(|wire| scope.name(wire, &root).name.as_str().to_owned()).collect()
    }

    #[test]
    fn cases_follow_the_scope() {
        let wires = ["first name", "createPatient", "X-RateLimit-Limit", "addressLine1"];
        assert_eq!(
            all(Scope::fields(), &wires),
            ["first_name", "create_patient", "x_rate_limit_limit", "address_line1"]
        );
        assert_eq!(all(Scope::types(), &wires), ["FirstName", "CreatePatient", "XRateLimitLimit", "AddressLine1"]);
    }

    #[test]
    fn keywords_get_an_underscore() {
        assert_eq!(all(Scope::fields(), &["type", "async", "gen", "Self"]), ["type_", "async_", "gen_", "self_"]);
        assert_eq!(all(Scope::variants(), &["self"]), ["SelfValue"]);
    }

    #[test]
    fn what_the_client_itself_uses_is_evaded() {
        assert_eq!(
            all(Scope::types(), &["Option", "Response", "string", "f0"]),
            ["OptionModel", "ResponseModel", "StringModel", "F0Model"]
        );
        assert_eq!(all(Scope::methods(), &["clone", "with_options"]), ["clone_", "with_options_"]);
        assert_eq!(all(Scope::variants(), &["unrecognized"]), ["UnrecognizedValue"]);
        assert_eq!(all(Scope::modules(), &["client", "CON"]), ["client_", "con_"]);
    }

    #[test]
    fn collisions_are_counted_and_name_the_first() {
        let mut scope = Scope::fields();
        let first = Pointer::root().key("first");
        assert_eq!(scope.name("a-b", &first).collides_with, None);
        let second = scope.name("a_b", &Pointer::root().key("second"));
        assert_eq!((second.name.as_str(), second.collides_with), ("a_b_2", Some(first)));
        assert_eq!(all(Scope::fields(), &["type", "type_", "Type"]), ["type_", "type_2", "type_3"]);
    }

    #[test]
    fn a_suffix_is_taken_with_its_name() {
        let mut scope = Scope::types();
        let root = Pointer::root();
        assert_eq!(scope.name_with("pet", &["Builder"], &root).name.as_str(), "Pet");
        assert_eq!(scope.name("PetBuilder", &root).name.as_str(), "PetBuilder2");
        let mut scope = Scope::types();
        assert_eq!(scope.name("PetBuilder", &root).name.as_str(), "PetBuilder");
        assert_eq!(scope.name_with("pet", &["Builder"], &root).name.as_str(), "Pet2");
    }

    #[test]
    fn symbols_that_tell_names_apart_become_words() {
        let wires = ["+1", "-1", "1", "<=", ">", "!=", "", "*", "-", "$ref", "@type", "a/b"];
        assert_eq!(
            all(Scope::variants(), &wires),
            ["Plus1", "Minus1", "N1", "LessEqual", "Greater", "NotEqual", "Empty", "Star", "Dash", "Ref", "Type", "AB"]
        );
    }

    #[test]
    fn any_script_gives_an_identifier() {
        for wire in ["имя", "名前", "größe", "اسم", "😀", "a😀b", "\u{200d}", "400", "_", "__init__"] {
            for scope in [Scope::types(), Scope::fields(), Scope::modules(), Scope::variants()] {
                let name = all(scope, &[wire]).remove(0);
                assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{wire:?} became {name:?}");
            }
        }
        assert_eq!(all(Scope::modules(), &["größe", "имя"]), ["gr_uf6_udf_e", "u438_u43c_u44f"]);
    }
}
