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
    let whole = grouped(whole, whole.len() % 3);
    let fraction = rest.strip_prefix('.').map(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        format!(".{}{}", grouped(&rest[..digits], 0), &rest[digits..])
    });
    let rest = fraction.as_deref().unwrap_or(rest);
    format!("{sign}{whole}{rest}").parse().expect("a number is a token")
}

/// Returns digits in groups of three, the first of which begins at `start`.
fn grouped(digits: &str, start: usize) -> String {
    let is_start = |index: usize| digits.len() > 5 && index > 0 && index % 3 == start;
    digits.chars().enumerate().flat_map(|(index, c)| is_start(index).then_some('_').into_iter().chain([c])).collect()
}
