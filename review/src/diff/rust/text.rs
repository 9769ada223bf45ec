//! Tokens as a reader writes them: `impl Into<Option<T>>`, not `impl Into < Option < T >>`.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// Returns the tokens as text, with few spaces; equal tokens give equal texts.
pub fn of(tokens: &impl ToTokens) -> String {
    let mut text = Text::default();
    text.stream(tokens.to_token_stream());
    text.out.trim().to_owned()
}

#[derive(Default)]
struct Text {
    out: String,
    /// Whether the next token follows this one without a space.
    is_glued: bool,
}

impl Text {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
                TokenTree::Punct(punct) => self.punct(punct.as_char(), punct.spacing()),
                other => self.word(&other.to_string()),
            }
        }
    }

    fn word(&mut self, word: &str) {
        let is_word_before = self.out.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"');
        let needs = is_word_before || self.out.ends_with([',', '=', '+', ')', '>', ';', ']', '}', ':', '|']);
        if needs && !self.is_glued {
            self.out.push(' ');
        }
        self.out.push_str(word);
        self.is_glued = false;
    }

    fn group(&mut self, delimiter: Delimiter, inside: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        if self.out.ends_with([',', '=', '+', ':']) && !self.is_glued || delimiter == Delimiter::Brace {
            self.out.push(' ');
        }
        self.out.push_str(open);
        self.is_glued = true;
        self.stream(inside);
        if !close.is_empty() {
            self.close();
        }
        self.out.push_str(close);
        self.is_glued = false;
    }

    /// Takes the comma back that only a list of several lines has.
    fn close(&mut self) {
        if self.out.ends_with(',') {
            self.out.pop();
        }
    }

    fn punct(&mut self, sign: char, spacing: Spacing) {
        let was_glued = self.is_glued;
        let is_arrow = sign == '>' && self.out.ends_with('-');
        let is_path = sign == ':' && self.out.ends_with(':') && was_glued;
        if sign == '>' && !is_arrow {
            self.close();
        }
        match sign {
            '-' | '=' | '+' | '|' if !was_glued => self.out.push(' '),
            '&' | '\'' | '#' | '*' | '!' if !was_glued && !self.out.ends_with(['(', '<', '&', ' ', '[']) => {
                self.out.push(' ');
            }
            ':' if spacing == Spacing::Joint && self.out.ends_with([',', '=', '+']) => self.out.push(' '),
            _ => {}
        }
        self.out.push(sign);
        if is_arrow {
            self.out.push(' ');
        }
        self.is_glued = is_arrow
            || is_path
            || matches!(sign, '<' | '&' | '\'' | '#' | '*' | '!')
            || spacing == Spacing::Joint && sign != '>';
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn tokens_read_as_they_are_written() {
        for (tokens, text) in [
            (quote!(impl Into<Option<T>>), "impl Into<Option<T>>"),
            (
                quote!(pub async fn a(&self, b: &B) -> Result<Response<C>, Error>),
                "pub async fn a(&self, b: &B) -> Result<Response<C>, Error>",
            ),
            (
                quote!(pub struct B<F0 = Missing<field::A>, F1 = Missing<field::B>>),
                "pub struct B<F0 = Missing<field::A>, F1 = Missing<field::B>>",
            ),
            (quote!(for<'a> fn(&'a mut self) -> [u8; 4]), "for<'a> fn(&'a mut self) -> [u8; 4]"),
            (quote!(S: Into<String> + 'static), "S: Into<String> + 'static"),
            (quote!(Expected<'_, Any, Data<Pet>>), "Expected<'_, Any, Data<Pet>>"),
            (quote!(#[cfg(feature = "a")] pub fn x()), "#[cfg(feature = \"a\")] pub fn x()"),
            (quote!(fn a(&self, b: B,) -> C<D, E,>), "fn a(&self, b: B) -> C<D, E>"),
            (quote!(A(crate::types::Pet)), "A(crate::types::Pet)"),
        ] {
            assert_eq!(super::of(&tokens), text);
        }
    }
}
