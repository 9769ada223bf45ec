//! The `use` lines that a file needs, found in its own items.
//!
//! Emitted code says `Nullable<Date>` and `fmt::Result`; the table says where these names come from. Only the
//! first segment of a path counts. A lowercase name counts only in front of `::`, as a module.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::visit::{self, Visit};

use super::runtime;
use crate::model::{Answer, Api, BodyKind};

/// Names that are not in the runtime's table of items, and the path that each is in. The path of a module
/// ends with its own name.
const FIXED: &[(&str, &str)] = &[
    ("BTreeMap", "std::collections"),
    ("FromStr", "std::str"),
    ("PhantomData", "std::marker"),
    ("fmt", "std::fmt"),
    ("Deserialize", "serde"),
    ("Deserializer", "serde"),
    ("Serialize", "serde"),
    ("Serializer", "serde"),
    ("Method", "http"),
    ("Uuid", "uuid"),
    ("field", "crate::field"),
    ("api", "crate::runtime::api"),
    ("builder", "crate::runtime::value::builder"),
    ("rules", "crate::runtime::checks::rules"),
    ("server", "crate::runtime::server"),
    ("union", "crate::runtime::value::union"),
    ("webhook", "crate::runtime::webhook"),
    ("Form", "crate::runtime::multipart"),
    ("PartStyle", "crate::runtime::multipart"),
    ("Operation", "crate::runtime::api"),
    ("Check", "crate::runtime::checks"),
    ("Checker", "crate::runtime::checks"),
    ("Redacted", "crate::runtime::value::secret"),
    ("Style", "crate::runtime::call::style"),
];

/// Where a name comes from.
pub struct Origin {
    /// The path that it is in.
    path: Cow<'static, str>,
    visibility: Visibility,
}

/// How a user of the crate reaches a name.
#[derive(Clone, Copy)]
enum Visibility {
    Hidden,
    AtRoot,
    /// In this public module.
    In(&'static str),
}

/// Where each name comes from.
pub type Table = BTreeMap<String, Origin>;

/// Returns where each name that emitted code may use comes from.
#[must_use]
pub fn table(api: &Api) -> Table {
    let hidden = |(name, path): (&str, &'static str)| {
        let visibility = if name == "Uuid" { Visibility::AtRoot } else { Visibility::Hidden };
        (name.to_owned(), Origin { path: path.into(), visibility })
    };
    let fixed = FIXED.iter().copied().map(hidden);
    let runtime = runtime::names().map(|(name, path, module)| {
        let visibility = module.map_or(Visibility::AtRoot, Visibility::In);
        (name.to_owned(), Origin { path: path.into(), visibility })
    });
    let shown = |name: String, path: &'static str| (name, Origin { path: path.into(), visibility: Visibility::AtRoot });
    let types = api.types.iter().map(|def| shown(def.name.to_string(), "crate::types"));
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
        params.chain(errors).chain(answer).chain(body).map(|name| shown(name.to_string(), "crate::operations"))
    });
    let own = [("Environment", "crate::environment"), ("ErrorKind", "crate::error"), ("Event", "crate::webhooks")];
    let own = own.map(|(name, path)| shown(name.to_owned(), path));
    fixed.chain(runtime).chain(types).chain(operations).chain(own).collect()
}

/// The `use` lines of a file.
pub struct Imports<'c> {
    table: &'c Table,
    /// Names that the file has already.
    own: &'static [&'static str],
}

impl<'c> Imports<'c> {
    pub(crate) fn new(table: &'c Table, own: &'static [&'static str]) -> Self {
        Self { table, own }
    }

    /// Returns the lines that the items need in front of them.
    pub(crate) fn lines(&self, items: &[syn::Item]) -> TokenStream {
        let mut names = Names::new(self.table);
        for item in items {
            names.visit_item(item);
        }
        let mut by_path: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, origin) in names.used {
            if !names.declared.contains(name) && !self.own.contains(&name) {
                by_path.entry(&origin.path).or_default().push(name);
            }
        }
        // std first, then other crates, then this one.
        let rank = |path: &str| match path.split("::").next() {
            Some("std") => 0,
            Some("crate") => 2,
            _ => 1,
        };
        let mut lines: Vec<_> = by_path.into_iter().collect();
        lines.sort_by_key(|(path, _)| rank(path));
        lines.into_iter().map(|(path, names)| line(path, &names)).collect()
    }

    /// Returns the names of the crate's own items that the statements use, as a user of the crate imports
    /// them: `Pet`, `value::Json`.
    pub(super) fn public_names(&self, statements: &str) -> Vec<String> {
        let block: syn::Block = syn::parse_str(&format!("{{{statements}}}")).expect("an example is Rust");
        let mut names = Names::new(self.table);
        names.visit_block(&block);
        let shown = names.used.into_iter().filter_map(|(name, origin)| match origin.visibility {
            Visibility::Hidden => None,
            Visibility::AtRoot => Some(name.to_owned()),
            Visibility::In(module) => Some(format!("{module}::{name}")),
        });
        shown.collect()
    }
}

/// A `use` line. A module among its own items is `self`.
fn line(path: &str, names: &[&str]) -> TokenStream {
    let module = path.rsplit("::").next();
    let tokens: TokenStream = path.parse().expect("the table holds paths");
    let (own, others): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| Some(**name) == module);
    let others: Vec<Ident> = others.into_iter().map(|name| Ident::new(name, Span::call_site())).collect();
    match (own.is_empty(), others.as_slice()) {
        (false, []) => quote!(use #tokens;),
        (false, names) => quote!(use #tokens::{self, #(#names),*};),
        (true, [name]) => quote!(use #tokens::#name;),
        (true, names) => quote!(use #tokens::{#(#names),*};),
    }
}

/// The names of the table that code uses, and the types that it declares.
struct Names<'c> {
    table: &'c Table,
    used: BTreeMap<&'c str, &'c Origin>,
    declared: BTreeSet<String>,
}

impl<'c> Names<'c> {
    fn new(table: &'c Table) -> Self {
        Self { table, used: BTreeMap::new(), declared: BTreeSet::new() }
    }

    fn add(&mut self, name: &Ident, is_module: bool) {
        let name = name.to_string();
        if is_module || !name.starts_with(char::is_lowercase) {
            self.used.extend(self.table.get_key_value(&name).map(|(name, origin)| (name.as_str(), origin)));
        }
    }

    /// Reads the tokens of a macro's call or a `derive`.
    fn tokens(&mut self, tokens: TokenStream) {
        // A name is added once the tokens after it show whether it is a module.
        let mut open: Option<Ident> = None;
        let mut colons = 0;
        let mut is_behind_dot = false;
        for token in tokens {
            let punct = if let TokenTree::Punct(it) = &token { Some(it.as_char()) } else { None };
            if punct == Some(':') {
                colons += 1;
                if colons == 2
                    && let Some(name) = open.take()
                {
                    self.add(&name, true);
                }
            } else {
                if let Some(name) = open.take() {
                    self.add(&name, false);
                }
                match token {
                    TokenTree::Group(group) => self.tokens(group.stream()),
                    TokenTree::Ident(name) if colons < 2 && !is_behind_dot => open = Some(name),
                    TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
                colons = 0;
            }
            is_behind_dot = punct == Some('.');
        }
        if let Some(name) = open {
            self.add(&name, false);
        }
    }
}

impl Visit<'_> for Names<'_> {
    fn visit_path(&mut self, path: &syn::Path) {
        if path.leading_colon.is_none()
            && let Some(first) = path.segments.first()
        {
            self.add(&first.ident, path.segments.len() > 1);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &syn::Macro) {
        self.tokens(item.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta
            && list.path.is_ident("derive")
        {
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.declared.insert(item.ident.to_string());
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        self.declared.insert(item.ident.to_string());
        visit::visit_item_enum(self, item);
    }

    fn visit_item_type(&mut self, item: &syn::ItemType) {
        self.declared.insert(item.ident.to_string());
        visit::visit_item_type(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Pointer;
    use crate::names::Scope;

    #[test]
    fn types_of_the_runtime_are_reserved() {
        // Emitted code names only what is at the root or a value; `webhook::Hook`, for example, hides nothing.
        let shown = runtime::names().filter(|(_, _, module)| module.is_none_or(|module| module == "value"));
        let names = FIXED.iter().map(|(name, _)| *name).chain(shown.map(|(name, _, _)| name));
        for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
            let given = Scope::types().name(name, &Pointer::root()).name;
            assert_ne!(
                given.as_str(),
                name,
                "a schema with this name would hide the type; add it to names/reserved.rs"
            );
        }
    }

    #[track_caller]
    fn assert_lines(code: &str, expected: &str) {
        let names = ["Date", "Error", "Item", "Json", "Uuid", "api", "fmt"];
        let origin = |name: &str| Origin {
            path: if name == "api" { "crate::api".into() } else { "crate::x".into() },
            visibility: Visibility::Hidden,
        };
        let table = names.map(|name| (name.to_owned(), origin(name))).into();
        let file: syn::File = syn::parse_str(code).expect("the code is Rust");
        let lines = Imports::new(&table, &["Error"]).lines(&file.items);
        assert_eq!(lines.to_string().replace(' ', ""), expected.replace(' ', ""), "{code}");
    }

    #[test]
    fn a_name_counts_where_it_is_used() {
        assert_lines("fn a(a: Json) -> Vec<Date> {}", "use crate::x::{Date, Json};");
        assert_lines("fn a() { x::Date; a.Json; Error; }", "");
        assert_lines("fn a() { api(fmt); api::Scheme }", "use crate::api;");
        assert_lines("enum A { Date(Json), Uuid { a: fmt::X } }", "use crate::x::{Json, fmt};");
        assert_lines("struct Date; type Json = Uuid; enum Error {}", "use crate::x::Uuid;");
    }

    #[test]
    fn associated_type_is_no_use_of_its_name() {
        assert_lines("fn a(a: impl IntoIterator<Item = (impl Into<Date>, Json)>) {}", "use crate::x::{Date, Json};");
        assert_lines("fn a(a: impl IntoIterator<Item = Item>) {}", "use crate::x::Item;");
    }

    #[test]
    fn macros_and_derives_use_names() {
        assert_lines("a! { b: Date { c: x::Json, d.Uuid } api::E }", "use crate::api; use crate::x::Date;");
        assert_lines("#[derive(Json)] #[other(Date)] struct A;", "use crate::x::Json;");
    }
}
