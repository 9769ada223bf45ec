//! What an unquoted word of YAML stands for: the core schema of YAML 1.2, section 10.3.2.

use super::json::is_number;
use super::node::Value;

/// Returns the value of an unquoted word. Infinities and NaN, which JSON does not have, stay texts.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.into()), Value::Number),
    }
}

fn number(text: &str) -> Option<Box<str>> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return None;
    }
    if is_number(text) {
        return Some(text.into());
    }
    let radix = |digits: &str, radix| {
        let digits_only = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = if digits_only { u64::from_str_radix(digits, radix).ok() } else { None };
        number.map(|number| number.to_string().into())
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let written = as_json(text);
    is_number(&written).then(|| written.into())
}

/// Writes what only YAML allows as JSON does: `+1`, `007`, `.5`, `1.`.
fn as_json(text: &str) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let mantissa_end = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(mantissa_end);
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    if unsigned.starts_with(['-', '+']) || whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return String::new();
    }
    let significant = whole.trim_start_matches('0');
    let whole = if significant.is_empty() { "0" } else { significant };
    let fraction = match fraction {
        None => String::new(),
        Some("") => ".0".to_owned(),
        Some(digits) => format!(".{digits}"),
    };
    format!("{sign}{whole}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_core_schema() {
        let number = |text: &str| Value::Number(text.into());
        let string = |text: &str| Value::String(text.into());
        let cases = [
            ("", Value::Null),
            ("~", Value::Null),
            ("True", Value::Bool(true)),
            ("yes", string("yes")),
            ("on", string("on")),
            ("12", number("12")),
            ("+12", number("12")),
            ("-0.50", number("-0.50")),
            ("007", number("7")),
            ("0o17", number("15")),
            ("0xfF", number("255")),
            ("0x+1", string("0x+1")),
            (".5", number("0.5")),
            ("5.", number("5.0")),
            ("1e3", number("1e3")),
            ("1.e3", number("1.0e3")),
            (".", string(".")),
            ("-", string("-")),
            ("+-1", string("+-1")),
            ("1_000", string("1_000")),
            ("1.2.3", string("1.2.3")),
            ("2020-01-02", string("2020-01-02")),
            ("12:30", string("12:30")),
            (".inf", string(".inf")),
            ("-.5e1", number("-0.5e1")),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
