//! `src/runtime/`: the runtime's modules, unchanged, as far as the client needs them.
//!
//! What needs a module stands in [`needed`]; what a module needs is read from its own text: the
//! modules that it names by `super::`, the crates, and the items that it shows.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, ident_of};
use super::file::File;
use super::{docs, manifest};

mod needs;

/// A module of the runtime, and what its text says.
pub(super) struct Module {
    pub(super) name: &'static str,
    text: &'static str,
    /// The items that it shows to users, in their order.
    public: Vec<&'static str>,
    /// Whether it is there with a feature alone: a module of the feature's own shows its items.
    is_optional: bool,
    /// The modules that it names.
    neighbours: BTreeSet<&'static str>,
    /// The crates that it names, of those that a client may depend on.
    crates: BTreeSet<&'static str>,
}

macro_rules! texts {
    ($($name:ident),* $(,)?) => {
        &[$((
            stringify!($name),
            include_str!(concat!("../../../templates/runtime/src/", stringify!($name), ".rs")),
        )),*]
    };
}

/// All modules that the runtime has, sorted by name. What they say is the same for every document, and read once.
pub(super) static MODULES: LazyLock<Vec<Module>> = LazyLock::new(|| {
    let crates: BTreeSet<String> = manifest::known_crates().collect();
    TEXTS.iter().map(|(name, text)| Module::read(name, text, &crates)).collect()
});

/// The names of the modules, and their texts.
const TEXTS: &[(&str, &str)] = texts![
    accept,
    answer,
    api,
    at_hand,
    attempt,
    attempts,
    audit,
    axum_router,
    base64,
    basic,
    blocking,
    blocking_body,
    blocking_events,
    blocking_lines,
    blocking_stream,
    body,
    body_check,
    body_hash,
    builder,
    byte_stream,
    bytes_answer,
    bytes_body,
    calendar,
    call,
    cause,
    check,
    client,
    client_builder,
    collected,
    config,
    connect,
    connection,
    connection_problem,
    cookie,
    count_rules,
    credential,
    data,
    date,
    date_time,
    decimal,
    decimal_range,
    decode,
    deliveries,
    delivery,
    delivery_trace,
    difference,
    driver,
    duplicate_key,
    empty_answer,
    envelope,
    environment,
    error,
    event_stream,
    expected,
    expected_kind,
    failure,
    fake,
    form,
    further,
    gate,
    given,
    given_nullable,
    group_key,
    header,
    hook,
    inbox,
    into_option,
    json,
    json_answer,
    json_body,
    json_lines,
    kind,
    line_reader,
    media_body,
    multipart,
    node,
    nullable,
    objects,
    optional_json,
    options,
    pacing,
    parameter_check,
    parse_error,
    part_style,
    path,
    pattern,
    percent,
    pool,
    proxy,
    query,
    query_reserved,
    range_rules,
    read_bytes,
    read_data,
    read_empty,
    read_events,
    read_json,
    read_lines,
    read_text,
    read_text_events,
    read_whole,
    receive_error,
    received,
    receiver,
    recorded,
    redact,
    reqwest_transport,
    reserved,
    response,
    retry,
    retry_after,
    secret,
    several,
    step,
    streamed,
    style,
    tagged,
    tagging,
    text_answer,
    text_body,
    text_rules,
    tls,
    trace,
    transport,
    tree,
    tunnel,
    turn,
    union,
    unreadable,
    unrecognized,
    unrecognized_integer,
    unsuccessful,
    value_rules,
    violation,
    watch,
    webhook,
    whole,
    wire,
];

impl Module {
    fn read(name: &'static str, text: &'static str, known: &BTreeSet<String>) -> Self {
        Self {
            name,
            text,
            public: public(text).collect(),
            is_optional: text.lines().any(|line| line.starts_with("#![cfg(feature")),
            neighbours: neighbours(text).filter(|name| text_of(name).is_some()).collect(),
            crates: paths(text).filter(|name| known.contains(*name)).collect(),
        }
    }

    /// The items that the module shows to users.
    pub(super) fn public(&self) -> impl Iterator<Item = &'static str> {
        self.public.iter().copied()
    }

    /// Whether the module is there with a feature alone: a module of the feature's own shows its items.
    pub(super) fn is_optional(&self) -> bool {
        self.is_optional
    }
}

/// The items that a module shows to users.
fn public(text: &'static str) -> impl Iterator<Item = &'static str> {
    const KINDS: &[&str] = &["struct ", "enum ", "trait ", "type "];
    text.lines().filter_map(|line| {
        let rest = line.strip_prefix("pub ")?;
        let name = KINDS.iter().find_map(|kind| rest.strip_prefix(kind))?;
        name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
    })
}

/// The names behind `super::`.
fn neighbours(text: &'static str) -> impl Iterator<Item = &'static str> {
    in_code(text, "super::").map(|(_, rest)| {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
    })
}

/// The modules that receive the webhooks' deliveries. The client shows their items in `webhooks`
/// alone, so that types of an API may be called as they are.
const RECEIVING: &[&str] = &["deliveries", "hook", "inbox", "receive_error", "received", "receiver"];

/// The items that receive deliveries, sorted, by module.
pub(super) fn receiving() -> impl Iterator<Item = (&'static str, BTreeSet<&'static str>)> {
    RECEIVING.iter().copied().filter_map(module).map(|module| (module.name, module.public().collect()))
}

fn module(name: &str) -> Option<&'static Module> {
    MODULES.binary_search_by_key(&name, |module| module.name).ok().map(|index| &MODULES[index])
}

fn text_of(name: &str) -> Option<&'static str> {
    TEXTS.binary_search_by_key(&name, |(name, _)| name).ok().map(|index| TEXTS[index].1)
}

/// Reads what the runtime's modules say, unless that was done: it takes no document.
pub(super) fn prepare() {
    LazyLock::force(&MODULES);
}

/// Where a piece of code stands in the lines that are no comments: what is before it in its line, and all behind it.
fn in_code(text: &'static str, piece: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.match_indices(piece).filter_map(move |(at, _)| {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = &text[line..at];
        (!before.trim_start().starts_with("//")).then(|| (before, &text[at + piece.len()..]))
    })
}

/// The names that paths in the code begin with.
fn paths(text: &'static str) -> impl Iterator<Item = &'static str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    in_code(text, "::").filter_map(move |(before, _)| {
        let start = before.rfind(|c| !is_name(c)).map_or(0, |at| at + 1);
        // `::base64::Engine` begins with its crate as well.
        let is_first = !before[..start].strip_suffix("::").unwrap_or(&before[..start]).ends_with(is_name);
        is_first.then(|| &before[start..])
    })
}

/// Returns the modules that the client needs, sorted by name.
pub(super) fn used(cx: &Context<'_>) -> Vec<&'static Module> {
    let mut used = BTreeSet::new();
    let mut open: Vec<&Module> = needs::modules(cx).into_iter().filter_map(module).collect();
    while let Some(module) = open.pop() {
        if used.insert(module.name) {
            open.extend(module.neighbours.iter().copied().filter_map(self::module));
            open.extend(needs::along(module.name).iter().copied().filter_map(self::module));
        }
    }
    used.into_iter().filter_map(module).collect()
}

/// Whether the client names the type of UUIDs.
pub(super) fn needs_uuid(cx: &Context<'_>) -> bool {
    needs::scalars(cx).contains(&crate::model::Scalar::Uuid)
}

/// Returns the crates that the client depends on, as Rust code says them.
pub(super) fn crates(cx: &Context<'_>) -> BTreeSet<String> {
    let named = used(cx).into_iter().flat_map(|module| &module.crates);
    let mut crates: BTreeSet<String> = named.map(|name| (*name).to_owned()).collect();
    crates.extend(["http", "serde"].map(str::to_owned));
    if needs_uuid(cx) {
        crates.insert("uuid".to_owned());
    }
    crates
}

/// Returns the files.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    let list = File::tokens("src/runtime/mod.rs", || list(cx));
    let copies = used(cx).into_iter().map(|module| File::text(format!("src/runtime/{}.rs", module.name), module.text));
    std::iter::once(list).chain(copies).collect()
}

fn list(cx: &Context<'_>) -> TokenStream {
    let about =
        docs::Text::ours("What every generated client has in common; it knows nothing of the API.").inner_tokens();
    let modules = used(cx).into_iter().map(|module| {
        let name = ident_of(module.name);
        let partly = (!needs::is_whole(cx, module.name))
            .then(|| quote!(#[allow(dead_code, reason = "the API calls for a part of it")]));
        quote!(#partly pub(crate) mod #name;)
    });
    let is_shown = |module: &&Module| !module.is_optional() && !RECEIVING.contains(&module.name);
    let exports = used(cx).into_iter().filter(is_shown).filter_map(|module| {
        let path = ident_of(module.name);
        let names: BTreeSet<_> = module.public().map(ident_of).collect();
        let names: Vec<_> = names.into_iter().collect();
        match names.as_slice() {
            [] => None,
            [name] => Some(quote!(pub use #path::#name;)),
            names => Some(quote!(pub use #path::{#(#names),*};)),
        }
    });
    quote! {
        #about
        #(#modules)*
        #(#exports)*
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Pointer;
    use crate::names::Scope;

    #[test]
    fn every_module_of_the_runtime_is_listed() {
        let template = include_str!("../../../templates/runtime/src/lib.rs");
        let declared = template.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
        // Not copied: the tests, and what stands in for a module that is generated.
        let declared: Vec<&str> = declared.filter(|name| !["tests", "webhooks"].contains(name)).collect();
        let listed: Vec<&str> = MODULES.iter().map(|module| module.name).collect();
        assert_eq!(listed, declared, "the list of modules in emit/runtime.rs");
        assert!(listed.is_sorted(), "modules are found by halving");
    }

    #[test]
    fn no_type_of_an_api_hides_one_of_the_runtime() {
        let is_free = |name: &&str| Scope::types().name(name, &Pointer::root()).name.as_str() == *name;
        let shown = MODULES.iter().filter(|module| !module.is_optional() && !RECEIVING.contains(&module.name));
        let free: Vec<&str> = shown.flat_map(Module::public).filter(is_free).collect();
        assert!(free.is_empty(), "to be reserved in names.rs: {free:?}");
    }
}
