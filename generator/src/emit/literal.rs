//! Numbers as literals, with the digits in groups of three where clippy asks for them.

use proc_macro2::TokenStream;

/// Returns an integer.
pub(super) fn integer(number: i64) -> TokenStream {
    self::number(&number.to_string())
}

/// Returns a number that is written in decimal.
pub(super) fn number(text: &str) -> TokenStream {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    let (whole, rest) = text.split_at(digits);
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let grouped: String = whole
        .chars()
        .enumerate()
        .flat_map(|(index, c)| {
            let is_start = index > 0 && (whole.len() - index).is_multiple_of(3) && whole.len() > 5;
            is_start.then_some('_').into_iter().chain([c])
        })
        .collect();
    format!("{sign}{grouped}{rest}").parse().expect("a number is a token")
}
