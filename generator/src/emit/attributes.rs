//! Attributes that allow what rustc and clippy would warn about, each with its reason.
//!
//! `#[expect(clippy::too_many_arguments, reason = "…")]` is only on the items that need it, by clippy's default limits.

use proc_macro2::TokenStream;
use quote::quote;

/// For a function with so many lines, one for each entry of a list in the document.
pub(super) fn long(lines: usize) -> Option<TokenStream> {
    (lines > 85).then(|| quote!(#[allow(clippy::too_many_lines, reason = "the list is as long as the document's")]))
}

/// For a function with a line for each field, or four if the name is long.
pub(super) fn long_by<'a>(names: impl Iterator<Item = &'a str>) -> Option<TokenStream> {
    long(names.map(|name| if name.len() > 20 { 4 } else { 1 }).sum())
}

/// For a function with so many arguments, including `self`.
pub(super) fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the document requires as many parameters")]))
}

/// For a struct with so many `bool` fields.
pub(super) fn many_bools(count: usize) -> Option<TokenStream> {
    (count > 3).then(|| quote!(#[expect(clippy::struct_excessive_bools, reason = "the document has as many flags")]))
}

/// For code that names a builder's whole state, which has a part for each required field.
pub(super) fn wide_state(required: usize) -> Option<TokenStream> {
    (required > 7)
        .then(|| quote!(#[allow(clippy::type_complexity, reason = "the state has a part for each required field")]))
}

/// For the private struct `Fields`. The document names its fields: all may start or end with the same word, and one may be
/// named like the struct.
pub(super) fn alike<'a>(names: &(impl Iterator<Item = &'a str> + Clone)) -> Option<TokenStream> {
    let same = |word: fn(&'a str) -> Option<&'a str>| {
        let mut words = names.clone().map(word);
        let first = words.next();
        words.all(|next| Some(next) == first)
    };
    let first: fn(&'a str) -> Option<&'a str> = |name| name.split('_').next();
    let last: fn(&'a str) -> Option<&'a str> = |name| name.rsplit('_').next();
    let is_like_the_struct = |name| [first(name), last(name)].contains(&Some("fields"));
    let many = names.clone().count() > 2;
    (many && (same(first) || same(last) || names.clone().any(is_like_the_struct)))
        .then(|| quote!(#[allow(clippy::struct_field_names, reason = "the names are the document's")]))
}

/// For an enum whose variants hold the document's structs, which can differ in size.
pub(super) fn uneven(payloads: usize) -> Option<TokenStream> {
    (payloads > 1)
        .then(|| quote!(#[allow(clippy::large_enum_variant, reason = "a value is read once and rarely moved")]))
}

/// For a method whose name, or whose argument's name, clippy reserves: operators and placeholders.
pub(super) fn named(name: &str) -> Option<TokenStream> {
    const OPERATORS: &[&str] =
        &["add", "bitand", "bitor", "bitxor", "cmp", "default", "div", "eq", "mul", "rem", "shl", "shr", "sub"];
    if OPERATORS.contains(&name) {
        return Some(quote!(#[allow(clippy::should_implement_trait, reason = "the name is the document's")]));
    }
    ["foo", "baz", "quux"]
        .contains(&name)
        .then(|| quote!(#[allow(clippy::disallowed_names, reason = "the name is the document's")]))
}

/// For a generated function that uses a field that the document marks as deprecated.
pub(super) fn touches_deprecated(any: bool) -> Option<TokenStream> {
    any.then(|| quote!(#[expect(deprecated, reason = "a deprecated field is carried along")]))
}

/// For an item that the document marks as deprecated.
pub(super) fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated = "the API's description marks it as deprecated"]))
}
