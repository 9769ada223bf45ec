//! The emitted files as text: a header, then the items, formatted one by one with a blank line
//! between two.
//!
//! Text stays as it is. Tokens that are no Rust are our own bug, and end in a panic that names the
//! file.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;

use crate::emit::{Content, File};

mod table;

/// Returns the text of each file by its path; `command` is what the headers name.
///
/// # Panics
///
/// If emitted tokens are no Rust.
#[must_use]
pub fn render(files: Vec<File>, command: &str) -> BTreeMap<String, String> {
    let render = |file: File| match file.content {
        Content::Text(text) => (file.path, text),
        Content::Tokens(tokens) => {
            let text = rust(&file.path, tokens, command);
            (file.path, text)
        }
    };
    files.into_iter().map(render).collect()
}

fn rust(path: &str, tokens: TokenStream, command: &str) -> String {
    let shown = tokens.clone();
    let file: syn::File = syn::parse2(tokens)
        .unwrap_or_else(|error| panic!("the tokens emitted for {path} are no Rust: {error}\n{shown}"));
    let mut text = format!("// Written by `{command}` from the API's description; do not edit.\n");
    if !file.attrs.is_empty() {
        text.push('\n');
        for attribute in file.attrs {
            let line = prettyplease::unparse(&syn::File { attrs: vec![attribute], ..self::file(Vec::new()) });
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    let mut before = Block::Alone;
    for item in file.items {
        let block = Block::of(&item);
        if block == Block::Alone || block != before {
            text.push('\n');
        }
        before = block;
        text.push_str(&self::item(item));
    }
    text
}

/// Items that stand in consecutive lines.
#[derive(PartialEq)]
enum Block {
    /// A blank line stands before and after it.
    Alone,
    Modules,
    /// Of the standard library.
    UsesOfStd,
    /// Of other crates.
    UsesOfOthers,
    /// Of this crate.
    Uses,
}

impl Block {
    fn of(item: &syn::Item) -> Self {
        match item {
            syn::Item::Mod(item) if item.content.is_none() => Self::Modules,
            syn::Item::Use(item) => match &item.tree {
                syn::UseTree::Path(path) if path.ident == "std" => Self::UsesOfStd,
                syn::UseTree::Path(path)
                    if path.ident == "crate" || !matches!(item.vis, syn::Visibility::Inherited) =>
                {
                    Self::Uses
                }
                _ => Self::UsesOfOthers,
            },
            _ => Self::Alone,
        }
    }
}

fn item(item: syn::Item) -> String {
    match item {
        syn::Item::Impl(item) if item.items.len() > 1 => spaced(item),
        syn::Item::Macro(item) => entries(item),
        item => prettyplease::unparse(&file(vec![item])),
    }
}

/// An `impl` with a blank line between its members.
///
/// The formatter sets none, and knows no smaller piece than an item. So each member is formatted
/// in an `impl` of its own, and what is common to all of them is written once.
fn spaced(mut item: syn::ItemImpl) -> String {
    let members = std::mem::take(&mut item.items);
    let mut frame = file(vec![syn::Item::Impl(item)]);
    let mut unparsed = |members| {
        if let Some(syn::Item::Impl(item)) = frame.items.first_mut() {
            item.items = members;
        }
        prettyplease::unparse(&frame)
    };
    let empty = unparsed(Vec::new());
    let head = empty.strip_suffix("{}\n").expect("an empty impl ends in braces");
    let mut text = format!("{head}{{\n");
    for (index, member) in members.into_iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let alone = unparsed(vec![member]);
        // `head` is followed by the member's lines, and these by a brace.
        let body = alone.strip_prefix(head).and_then(|rest| rest.strip_prefix("{\n")?.strip_suffix("}\n"));
        text.push_str(body.expect("an impl of one member has the same head"));
    }
    text.push_str("}\n");
    text
}

/// A macro's call, with a line for each of its entries.
fn entries(mut item: syn::ItemMacro) -> String {
    let lines = table::lines(std::mem::take(&mut item.mac.tokens), 1);
    let empty = prettyplease::unparse(&file(vec![syn::Item::Macro(item)]));
    let head = empty.strip_suffix("{}\n").expect("a macro's call without tokens ends in braces");
    format!("{head}{{\n{lines}}}\n")
}

fn file(items: Vec<syn::Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn items_and_members_stand_apart() {
        let tokens = quote! {
            #![doc = " About."]
            use std::fmt;
            use std::mem;
            #[doc = " A."]
            pub struct A;
            impl<T> B<T> where T: Copy {
                #[doc = " One."]
                fn one() {}
                fn two() {}
            }
            #[cfg(test)]
            crate::table! { one: Two<(A, B), C<D>> { three: ::four::Five, } {} six: SIX() -> Seven; }
        };
        let files = vec![
            File { path: "a.rs".to_owned(), content: Content::Tokens(tokens) },
            File { path: "b.txt".to_owned(), content: Content::Text("b".to_owned()) },
        ];
        let rendered = render(files, "make it");
        assert_eq!(
            rendered["a.rs"],
            "// Written by `make it` from the API's description; do not edit.\n\n//! About.\n\nuse std::fmt;\nuse std::mem;\n\n/// A.\npub struct A;\n\nimpl<T> B<T>\nwhere\n    T: Copy,\n{\n    /// One.\n    fn one() {}\n\n    fn two() {}\n}\n\n#[cfg(test)]\ncrate::table! {\n    one: Two<(A, B), C<D>> {\n        three: ::four::Five,\n    } {}\n    six: SIX() -> Seven;\n}\n"
        );
        assert_eq!(rendered["b.txt"], "b");
    }
}
