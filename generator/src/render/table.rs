//! The entries of a macro call, each on its own line. The formatter would leave a macro's tokens in one paragraph.
//!
//! ```text
//! created_pet: CreatedPet {
//!     id: PetId,
//! } {}
//! list_pets: LIST_PETS() -> Plain<Vec<Pet>>;
//! ```
//!
//! It handles what these tables consist of: identifiers, types, blocks, commas and semicolons.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Returns the lines, each indented by `depth` steps.
pub(super) fn lines(tokens: TokenStream, depth: usize) -> String {
    let mut text = String::new();
    let mut is_start = true;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if is_start {
            text.push_str(&"    ".repeat(depth));
            is_start = false;
        }
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                text.push_str(if text.ends_with(' ') { "{" } else { " {" });
                if !group.stream().is_empty() {
                    text.push('\n');
                    text.push_str(&lines(group.stream(), depth + 1));
                    text.push_str(&"    ".repeat(depth));
                }
                text.push('}');
                is_start = !matches!(tokens.peek(), Some(TokenTree::Group(_)));
            }
            TokenTree::Group(group) => text.extend(["(", &lines(group.stream(), 0), ")"]),
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' | ';' if depth > 0 => {
                    text.push(punct.as_char());
                    is_start = !is_in_type(&text);
                    text.push_str(if is_start { "" } else { " " });
                }
                ',' => text.push_str(", "),
                ':' if punct.spacing() == Spacing::Alone && !text.ends_with(':') => text.push_str(": "),
                '-' => text.push_str(" -"),
                '>' if text.ends_with(" -") => text.push_str("> "),
                other => text.push(other),
            },
            other => text.push_str(&other.to_string()),
        }
        if is_start {
            text.push('\n');
        }
    }
    text
}

/// Whether the last line ends inside a type's parameters, where a comma doesn't end an entry.
fn is_in_type(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default().replace("->", "");
    line.matches('<').count() > line.matches('>').count()
}
