//! The items that the client declares by its own macros: what fakes answer, and the builders of answers.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Macro;

use super::text;

/// Returns owner, path and text of each item.
pub fn items(mac: &Macro) -> Vec<(String, String, String)> {
    let name = mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match name.as_str() {
        "operations" => operations(&mac.tokens),
        "builders" => builders(&mac.tokens),
        _ => Vec::new(),
    }
}

/// `get_pets: GET_PETS() -> expected::Plain<Pets>;`
fn operations(tokens: &TokenStream) -> Vec<(String, String, String)> {
    let owner = "testing::Fake".to_owned();
    let mut items = Vec::new();
    for entry in split(tokens, ';') {
        let Some(TokenTree::Ident(name)) = entry.first() else { continue };
        // The static behind the operation is nobody's business.
        let told: TokenStream = entry[3.min(entry.len())..].iter().cloned().collect();
        let shown = format!("{name}{}", text::of(&told));
        items.push((owner.clone(), format!("{owner}::{name}"), shown));
    }
    items
}

/// `pet: Pet { id: PetId, } { name: Option<String>, }`
fn builders(tokens: &TokenStream) -> Vec<(String, String, String)> {
    let mut items = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut is_required = true;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let [module, ty] = words.as_slice() else { continue };
                let owner = format!("testing::answers::{module}::Fields");
                if is_required {
                    items.push((owner.clone(), format!("{ty}::builder"), format!("builder() -> {module}::Fields")));
                }
                for field in split(&group.stream(), ',') {
                    let Some(TokenTree::Ident(name)) = field.first() else { continue };
                    let ty: TokenStream = field[2.min(field.len())..].iter().cloned().collect();
                    let shown = format!("{name}({})", text::of(&ty));
                    items.push((owner.clone(), format!("{owner}::{name}"), shown));
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

/// Parts between a sign that stands in no brackets; angle brackets count.
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
