//! Wire names to Rust identifiers. Each namespace has a [`Scope`], and only a scope can make a [`Name`], so that two items
//! of a namespace never share one.
//!
//! `first name` becomes `first_name` in a scope of fields and `FirstName` in a scope of types;
//! `type` becomes `type_`; `+1` becomes `Plus1`; a second `first-name` becomes `first_name_2`.
//! A name depends only on the wire name and on the earlier names in the same scope.

mod reserved;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::diagnostic::Pointer;

use reserved::{
    KEYWORDS, RESERVED_ARGUMENTS, RESERVED_FIELDS, RESERVED_METHODS, RESERVED_MODULES, RESERVED_TYPES,
    RESERVED_VARIANTS,
};

/// A Rust identifier that is unique in its scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Returns the identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identifier with a suffix that its scope keeps free: `move_` with `_with` is
    /// `move_with`.
    #[must_use]
    pub fn with(&self, suffix: &str) -> String {
        suffixed(&self.0, suffix)
    }
}

fn suffixed(name: &str, suffix: &str) -> String {
    if suffix.starts_with('_') { format!("{}{suffix}", name.trim_end_matches('_')) } else { format!("{name}{suffix}") }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A namespace and the names that are taken in it.
#[derive(Debug, Clone)]
pub struct Scope {
    kind: Kind,
    taken: BTreeMap<String, Option<Pointer>>,
}

/// The items of a namespace. They determine the letter case and the reserved names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Types,
    Variants,
    Fields,
    Methods,
    Modules,
    Arguments,
}

/// A name, and the place of an earlier item that wanted the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The unique name.
    pub name: Name,
    /// The place of the earlier item, if there was a collision.
    pub collides_with: Option<Pointer>,
}

/// The maximum length of a name in characters. File systems limit the length of file names.
const LENGTH: usize = 100;

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

    /// A scope of modules, which are also files: `snake_case`, unique regardless of case.
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

    /// Returns a name that is unique in this scope, alone and with each of the suffixes.
    pub fn name_with(&mut self, wire: &str, suffixes: &[&str], pointer: &Pointer) -> Given {
        let base = self.kind.identifier(wire);
        let wanted = if self.kind.reserves(&base) { self.kind.evade(&base) } else { base };
        let collides_with = self.taken.get(&wanted).cloned().flatten();
        let mut count = 1;
        let mut name = wanted.clone();
        while !self.is_free(&name, suffixes) {
            count += 1;
            name = self.kind.counted(&wanted, count);
        }
        for suffix in suffixes {
            self.taken.insert(suffixed(&name, suffix), Some(pointer.clone()));
        }
        self.taken.insert(name.clone(), Some(pointer.clone()));
        Given { name: Name(name), collides_with }
    }

    fn is_free(&self, candidate: &str, suffixes: &[&str]) -> bool {
        let free = |name: &str| !self.taken.contains_key(name) && !self.kind.reserves(name);
        free(candidate) && suffixes.iter().all(|suffix| free(&suffixed(candidate, suffix)))
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
        // Changing the case can leave characters that aren't allowed in identifiers, such as a lone combining mark.
        let mut cased: String = cased.chars().filter(|c| *c == '_' || is_continue(*c)).take(LENGTH).collect();
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

    /// A replacement for a reserved name.
    fn evade(self, name: &str) -> String {
        match self {
            Self::Types => format!("{name}Model"),
            Self::Variants => format!("{name}Value"),
            _ => format!("{name}_"),
        }
    }

    /// The name with its number, unless it is the first.
    fn counted(self, name: &str, count: usize) -> String {
        match (self, count) {
            (_, 1) => name.to_owned(),
            (Self::Types | Self::Variants, _) => format!("{name}{count}"),
            _ => format!("{}_{count}", name.trim_end_matches('_')),
        }
    }
}

/// Spells out symbols that can be the only difference between names, and turns all others into word breaks.
fn words(wire: &str) -> String {
    let mut words = String::with_capacity(wire.len());
    let has_word = wire.chars().any(is_continue);
    for (index, c) in wire.chars().enumerate() {
        let leading = index == 0;
        match c {
            // Its capital is a Greek letter that looks like another.
            'µ' | 'μ' => words.push_str(" micro "),
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

/// Replaces each non-ASCII character by its number, since the file of a module needs an ASCII name (rustc, E0754).
fn ascii(words: &str) -> String {
    let mut written = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii() {
            written.push(c);
        } else {
            written.extend([" u", &format!("{:x}", u32::from(c)), " "]);
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
