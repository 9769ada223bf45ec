//! Percent-encoding (RFC 3986).

use std::fmt::Write as _;

/// Appends `text` with all but unreserved characters (RFC 3986, 2.3) percent-encoded: right in a
/// path segment, a query and a cookie.
pub(crate) fn percent_encode(text: &str, out: &mut String) {
    out.reserve(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes any text");
        }
    }
}

/// Returns whether a byte may appear unencoded anywhere in a URL.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends a text for a query or a form, its reserved characters as they are (RFC 3986, 2.2), but for
/// those that would end or split it (`#`, `[`, `]`, `&`, `+`).
pub(crate) fn escape_but_reserved(text: &str, out: &mut String) {
    for piece in text.split_inclusive(|_| true) {
        match piece.as_bytes() {
            [byte] if is_unreserved(*byte) || b":/?@!$'()*,;=".contains(byte) => out.push_str(piece),
            _ => percent_encode(piece, out),
        }
    }
}
