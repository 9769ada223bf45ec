//! The emitted files as text: a header, then the formatted items with blank lines between them.
//!
//! Text files stay unchanged. Tokens that don't parse as Rust are a bug of ours, and cause a panic that names the file.
//! Several threads share the files. The text of a file depends only on that file.

use std::borrow::Cow;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proc_macro2::TokenStream;

use crate::Texts;
use crate::emit::{Content, File, Imported, Imports, LINE_END, Table};

mod table;

/// The maximum number of threads. Each needs memory for the tokens of a file.
const MAX_THREADS: usize = 4;

/// Returns the text of each file by its path. `names` says where names are imported from, and the headers name `command`.
///
/// # Panics
///
/// Panics if emitted tokens don't parse as Rust.
#[must_use]
pub fn render(files: &[File<'_>], names: &Table, command: &str) -> Texts {
    let next = AtomicUsize::new(0);
    let rendered = || {
        let files = std::iter::from_fn(|| files.get(next.fetch_add(1, Ordering::Relaxed)));
        files.map(|file| (file.path.clone(), text(file, names, command))).collect::<Vec<_>>()
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(rendered)).collect();
        let mut all: Texts = rendered().into_iter().collect();
        for other in others {
            all.extend(other.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
        }
        all
    })
}

fn text(file: &File<'_>, names: &Table, command: &str) -> Cow<'static, str> {
    let (make, imports) = match &file.content {
        Content::Text(text) => return text.clone(),
        Content::Tokens { make, imports } => (make, imports),
    };
    let syn::File { attrs, mut items, .. } = syn::parse2(make())
        .unwrap_or_else(|error| panic!("the tokens emitted for {} don't parse: {error}\n{}", file.path, make()));
    let own = items.iter().take_while(|item| matches!(item, syn::Item::Use(_))).count();
    let code = items.split_off(own);
    let has_code = !code.is_empty();
    if let Imported::AllBut(own) = imports {
        let lines = Imports::new(names, own).lines(&code);
        items.extend(syn::parse2::<syn::File>(lines).expect("`use` lines are Rust").items);
    }
    let code = unparsed(code);
    let mut text = format!("// Written by `{command}` from the API's description; do not edit.\n");
    if !attrs.is_empty() {
        text.push('\n');
    }
    for attribute in attrs {
        let line = prettyplease::unparse(&syn::File { attrs: vec![attribute], ..self::file(Vec::new()) });
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if !items.is_empty() {
        text.push('\n');
        text.push_str(&unparsed(items));
    }
    if has_code {
        text.push('\n');
        text.push_str(&code);
    }
    commented(text).into()
}

/// Splits doc comments into lines: the formatter writes a comment on one line.
fn commented(text: String) -> String {
    if !text.contains(LINE_END) {
        return text;
    }
    let mut commented = String::with_capacity(text.len() + text.len() / 4);
    for line in text.split_inclusive('\n') {
        // Each line gets the indentation and the slashes.
        let Some(slashes) = line.find("//").filter(|_| line.contains(LINE_END)) else {
            commented.push_str(line);
            continue;
        };
        let (before, comment) = line.split_at(slashes + 3);
        for line in comment.split([LINE_END, '\n']).take(comment.matches(LINE_END).count() + 1) {
            commented.push_str(before);
            commented.push_str(line.trim_end_matches(' '));
            commented.push('\n');
        }
    }
    commented
}

/// The text of items with blank lines between them.
///
/// The formatter adds none by itself, but writes one for an item, or a member of an `impl`, that has no tokens.
fn unparsed(items: Vec<syn::Item>) -> String {
    let mut text = String::new();
    let mut before = None;
    let mut spaced = Vec::with_capacity(2 * items.len());
    for mut item in items {
        if let syn::Item::Macro(item) = item {
            text.push_str(&prettyplease::unparse(&file(std::mem::take(&mut spaced))));
            if before.is_some() {
                text.push('\n');
            }
            text.push_str(&entries(item));
            before = Some(Block::Alone);
            continue;
        }
        let block = Block::of(&item);
        if before.is_some_and(|before| block == Block::Alone || block != before) {
            spaced.push(syn::Item::Verbatim(TokenStream::new()));
        }
        before = Some(block);
        match &mut item {
            syn::Item::Impl(item) => space(&mut item.items, syn::ImplItem::Verbatim),
            syn::Item::Trait(item) => space(&mut item.items, syn::TraitItem::Verbatim),
            _ => {}
        }
        spaced.push(item);
    }
    text.push_str(&prettyplease::unparse(&file(spaced)));
    text
}

/// A macro call with a line for each of its entries.
fn entries(mut item: syn::ItemMacro) -> String {
    let lines = table::lines(std::mem::take(&mut item.mac.tokens), 1);
    let empty = prettyplease::unparse(&file(vec![syn::Item::Macro(item)]));
    let head = empty.strip_suffix("{}\n").expect("a macro's call without tokens ends in braces");
    format!("{head}{{\n{lines}}}\n")
}

fn space<M>(members: &mut Vec<M>, blank: fn(TokenStream) -> M) {
    let spaced = Vec::with_capacity(2 * members.len());
    for member in std::mem::replace(members, spaced) {
        if !members.is_empty() {
            members.push(blank(TokenStream::new()));
        }
        members.push(member);
    }
}

/// Kinds of items that are on consecutive lines.
#[derive(Clone, Copy, PartialEq)]
enum Block {
    /// Has a blank line before and after it.
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

fn file(items: Vec<syn::Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn items_and_members_stand_apart() {
        let tokens = || {
            quote! {
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
            }
        };
        let files = [
            File {
                path: "a.rs".to_owned(),
                content: Content::Tokens { make: Box::new(tokens), imports: Imported::Nothing },
            },
            File { path: "b.txt".to_owned(), content: Content::Text("b".into()) },
        ];
        let rendered = render(&files, &Table::new(), "make it");
        assert_eq!(
            rendered["a.rs"],
            "// Written by `make it` from the API's description; do not edit.\n\n//! About.\n\nuse std::fmt;\nuse std::mem;\n\n/// A.\npub struct A;\n\nimpl<T> B<T>\nwhere\n    T: Copy,\n{\n    /// One.\n    fn one() {}\n\n    fn two() {}\n}\n\n#[cfg(test)]\ncrate::table! {\n    one: Two<(A, B), C<D>> {\n        three: ::four::Five,\n    } {}\n    six: SIX() -> Seven;\n}\n"
        );
        assert_eq!(rendered["b.txt"], "b");
    }
}
