//! The items that the client declares by its own macros: what fakes answer, and the builders of answers.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Macro;

use super::items::{Item, Kind};
use super::text;

/// Returns the items by their paths. `public` is the user's name of a type.
pub fn items(mac: &Macro, public: impl Fn(&str) -> Option<String>) -> Vec<(String, Item)> {
    let name = mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match name.as_str() {
        "operations" => operations(&mac.tokens),
        "builders" => builders(&mac.tokens, public),
        _ => Vec::new(),
    }
}

/// `get_pets: GET_PETS() -> expected::Plain<Pets>;`
fn operations(tokens: &TokenStream) -> Vec<(String, Item)> {
    let owner = "testing::Fake";
    let mut items = Vec::new();
    for entry in split(tokens, ';') {
        let Some(TokenTree::Ident(name)) = entry.first() else { continue };
        // The static behind the operation is nobody's business.
        let told: TokenStream = entry[3.min(entry.len())..].iter().cloned().collect();
        let shown = format!("{name}{}", text::of(&told));
        items.push((format!("{owner}::{name}"), Item::new(owner, shown, Kind::Member)));
    }
    items
}

/// `pet: Pet { id: PetId, } { name: Option<String>, }`
fn builders(tokens: &TokenStream, public: impl Fn(&str) -> Option<String>) -> Vec<(String, Item)> {
    let mut items = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut is_required = true;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let [module, ty] = words.as_slice() else { continue };
                if is_required {
                    items.extend(builder(module, &public(ty).unwrap_or_else(|| ty.clone())));
                }
                let owner = format!("testing::answers::{module}");
                for field in split(&group.stream(), ',') {
                    let Some(TokenTree::Ident(name)) = field.first() else { continue };
                    let ty: TokenStream = field[2.min(field.len())..].iter().cloned().collect();
                    let shown = format!("{name}({})", text::of(&ty));
                    items.push((format!("{owner}::Fields::{name}"), Item::new(&owner, shown, Kind::Member)));
                }
                if !is_required {
                    words.clear();
                }
                is_required = !is_required;
            }
            TokenTree::Ident(word) => words.push(word.to_string()),
            _ => {}
        }
    }
    items
}

/// What each builder of an answer has, whatever its fields are. All of it belongs to the module, with which it comes and
/// goes.
fn builder(module: &str, ty: &str) -> Vec<(String, Item)> {
    let owner = format!("testing::answers::{module}");
    let fields = format!("{owner}::Fields");
    let of = |shown: String, kind| Item::new(&owner, shown, kind);
    let mut items = vec![
        (format!("{ty}::builder"), Item::new(ty, format!("pub fn builder() -> {module}::Fields"), Kind::Member)),
        (owner.clone(), of(format!("pub mod {module}"), Kind::Item)),
        (fields.clone(), of("pub struct Fields".to_owned(), Kind::Item)),
        (format!("{fields}::build"), of(format!("pub fn build(self) -> {ty}"), Kind::Member)),
    ];
    items.extend(["Clone", "Debug", "Default"].map(|name| {
        let path = format!("impl {name} for {fields}");
        (path.clone(), of(path, Kind::Impl))
    }));
    items
}

/// Splits at a sign outside of brackets, including angle brackets.
fn split(tokens: &TokenStream, sign: char) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0_usize;
    let mut before = ' ';
    for token in tokens.to_token_stream() {
        let this = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match this {
            '<' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = this;
        if this == sign && depth == 0 {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    parts
}
