//! That nothing but words changed: the models without prose are the same, and so is all emitted code without
//! documentation.

use proc_macro2::{TokenStream, TokenTree};

use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::model::{Answer, Api, Docs, Operation, Parameter, Shape};

/// What was compared, and found to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Operations, types and events of the model.
    pub parts: usize,
    /// Source files of the client.
    pub files: usize,
}

/// Returns a proof that the change is one of words alone; none where it is not.
#[must_use]
pub fn of(old: &Reading<'_>, new: &Reading<'_>) -> Option<Proof> {
    if without_prose(&old.api) != without_prose(&new.api) {
        return None;
    }
    let is_same = |path: &String| match (old.files.get(path), new.files.get(path)) {
        (Some(old), Some(new)) => old == new || !is_code(path) || code(old) == code(new),
        _ => false,
    };
    if !old.files.keys().chain(new.files.keys()).all(is_same) {
        return None;
    }
    let api = &new.api;
    let operations: usize = api.groups.iter().map(|group| group.operations.len()).sum();
    let events = api.events.as_ref().map_or(0, |events| events.events.len());
    let files = new.files.keys().filter(|path| is_code(path)).count();
    Some(Proof { parts: operations + api.types.len() + events, files })
}

/// Whether a file is source code: the README is words.
fn is_code(path: &str) -> bool {
    let extension = std::path::Path::new(path).extension();
    extension.is_some_and(|extension| extension == "rs" || extension == "toml")
}

/// The tokens of a source file without its documentation. Text that isn't Rust is compared unchanged.
fn code(text: &str) -> String {
    let Ok(tokens) = text.parse::<TokenStream>() else { return text.to_owned() };
    let mut code = String::new();
    add(tokens, &mut code);
    code
}

fn add(tokens: TokenStream, code: &mut String) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let is_inner = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!');
                let bang = if is_inner { tokens.next() } else { None };
                match tokens.peek() {
                    Some(TokenTree::Group(group)) if is_doc(group) => {
                        tokens.next();
                    }
                    _ => code.push_str(if bang.is_some() { "#! " } else { "# " }),
                }
            }
            TokenTree::Group(group) => {
                code.push_str(match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => "( ",
                    proc_macro2::Delimiter::Brace => "{ ",
                    proc_macro2::Delimiter::Bracket => "[ ",
                    proc_macro2::Delimiter::None => "",
                });
                add(group.stream(), code);
                code.push_str(") ");
            }
            other => {
                code.push_str(&other.to_string());
                code.push(' ');
            }
        }
    }
}

fn is_doc(group: &proc_macro2::Group) -> bool {
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

/// The model without words, examples and places.
fn without_prose(api: &Api) -> Api {
    let mut api = api.clone();
    api.title.clear();
    api.version.clear();
    api.docs = Docs::default();
    for server in &mut api.servers {
        server.docs = Docs::default();
        for variable in server.template.iter_mut().flat_map(|template| &mut template.variables) {
            variable.docs = Docs::default();
        }
    }
    api.schemes.iter_mut().for_each(|scheme| scheme.docs = Docs::default());
    api.error_kinds.iter_mut().for_each(|kind| kind.docs = Docs::default());
    for def in &mut api.types {
        def.docs = Docs::default();
        def.pointer = Pointer::root();
        match &mut def.shape {
            Shape::Struct(object) => object.fields.iter_mut().for_each(|field| field.docs = Docs::default()),
            Shape::Enum(it) => it.variants.iter_mut().for_each(|variant| variant.docs = Docs::default()),
            Shape::Union(it) => it.variants.iter_mut().for_each(|variant| variant.docs = Docs::default()),
            Shape::Newtype(_) | Shape::Alias(_) => {}
        }
    }
    for group in &mut api.groups {
        group.docs = Docs::default();
        group.operations.iter_mut().for_each(operation);
    }
    for event in api.events.iter_mut().flat_map(|events| &mut events.events) {
        event.docs = Docs::default();
        event.pointer = Pointer::root();
    }
    api
}

fn operation(operation: &mut Operation) {
    operation.docs = Docs::default();
    operation.pointer = Pointer::root();
    let optional = operation.optional.iter_mut().flat_map(|params| &mut params.parameters);
    operation.required.iter_mut().chain(optional).for_each(parameter);
    if let Some(body) = &mut operation.body {
        body.docs = Docs::default();
        body.sample = None;
    }
    if let Answer::Several(several) = &mut operation.answer {
        several.variants.iter_mut().for_each(|variant| variant.docs = Docs::default());
    }
    operation.failures.iter_mut().for_each(|failure| failure.docs = Docs::default());
    for variant in operation.error_type.iter_mut().flat_map(|error| &mut error.variants) {
        variant.docs = Docs::default();
    }
}

fn parameter(parameter: &mut Parameter) {
    parameter.docs = Docs::default();
    parameter.sample = None;
}
