//! The `use` lines that a file needs, found in its own tokens.
//!
//! Emitted code says `Nullable<Date>` and `fmt::Result`; the table says where these names come from.
//! A name counts where it is used: not behind a path or a dot, not where it declares a variant, and
//! a module only in front of `::`. So each line is used, and none is missing.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::context::Context;
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
    ("union", "crate::runtime"),
    ("webhook", "crate::runtime"),
    ("Form", "crate::runtime::multipart"),
    ("Operation", "crate::runtime::api"),
    ("Check", "crate::runtime::check"),
    ("Checker", "crate::runtime::check"),
    ("Redacted", "crate::runtime::redact"),
    ("Style", "crate::runtime::style"),
];

/// Returns where each name that emitted code may use stands.
pub(super) fn table(api: &Api) -> BTreeMap<String, String> {
    let owned = |(name, path): (&str, &str)| (name.to_owned(), path.to_owned());
    let fixed = FIXED.iter().copied().map(owned);
    let runtime = runtime::MODULES
        .iter()
        .filter(|module| !module.is_optional())
        .flat_map(|module| module.public().map(|name| (name.to_owned(), "crate::runtime".to_owned())));
    let types = api.types.iter().map(|def| (def.name.to_string(), "crate::types".to_owned()));
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
        params.chain(errors).chain(answer).chain(body).map(|name| (name.to_string(), "crate::operations".to_owned()))
    });
    let own = [
        owned(("Environment", "crate::environment")),
        owned(("ErrorKind", "crate::error")),
        owned(("Event", "crate::webhooks")),
    ];
    fixed.chain(runtime).chain(types).chain(operations).chain(own).collect()
}

/// Returns the items with the `use` lines that they need in front.
pub(super) fn with_imports(cx: &Context<'_>, items: &TokenStream) -> TokenStream {
    with_imports_but(cx, items, &[])
}

/// The same for a file that has `own` names already, by `pub use`.
pub(super) fn with_imports_but(cx: &Context<'_>, items: &TokenStream, own: &[&str]) -> TokenStream {
    let declared = own.iter().map(|name| (*name).to_owned()).collect();
    let mut names = Names { cx, used: BTreeSet::new(), declared };
    names.collect(items.clone(), false);
    let Names { used, declared, .. } = names;
    let mut by_path: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
    for name in used.difference(&declared) {
        by_path.entry(&cx.imports[name]).or_default().push(Ident::new(name, Span::call_site()));
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
    quote! { #(#lines)* #items }
}

/// The names that tokens use and those that they declare.
struct Names<'a> {
    cx: &'a Context<'a>,
    used: BTreeSet<String>,
    declared: BTreeSet<String>,
}

impl Names<'_> {
    /// Collects from tokens; `variants` where they are the body of an enum's declaration.
    fn collect(&mut self, tokens: TokenStream, variants: bool) {
        let mut before = Before::Nothing;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            before = match token {
                TokenTree::Group(group) => {
                    let body = group.delimiter() == Delimiter::Brace && before == Before::EnumName;
                    self.collect(group.stream(), body);
                    Before::Nothing
                }
                TokenTree::Ident(ident) => {
                    let is_module = || matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':' && next.spacing() == proc_macro2::Spacing::Joint);
                    self.ident(&ident, before, variants, is_module)
                }
                TokenTree::Punct(punct) => before.punct(punct.as_char()),
                TokenTree::Literal(_) => Before::Nothing,
            };
        }
    }

    fn ident(&mut self, ident: &Ident, before: Before, variants: bool, is_module: impl FnOnce() -> bool) -> Before {
        if ident == "enum" {
            return Before::EnumKeyword;
        }
        if ident == "struct" || ident == "type" {
            return Before::Keyword;
        }
        let name = ident.to_string();
        match before {
            // A lifetime of the enum.
            Before::EnumName => return Before::EnumName,
            Before::EnumKeyword => {
                self.declared.insert(name);
                return Before::EnumName;
            }
            Before::Keyword => {
                self.declared.insert(name);
            }
            Before::Path => {}
            _ if variants => {}
            _ if self.cx.imports.contains_key(&name) && (!name.starts_with(char::is_lowercase) || is_module()) => {
                self.used.insert(name);
            }
            _ => {}
        }
        Before::Nothing
    }
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
}

impl Before {
    fn punct(self, punct: char) -> Self {
        match (self, punct) {
            (Self::EnumName, '<' | '>' | '\'') => Self::EnumName,
            (Self::Colon, ':') | (_, '.') => Self::Path,
            (_, ':') => Self::Colon,
            _ => Self::Nothing,
        }
    }
}
