//! By need, for `allowReserved`: [`escape_but_reserved`].

use super::percent::{is_unreserved, percent_encode};

/// Appends a text for a query or a form, its reserved characters as they are (RFC 3986, 2.2), but for
/// those that would end or split it (`#`, `[`, `]`, `&`, `+`).
pub(super) fn escape_but_reserved(text: &str, out: &mut String) {
    for piece in text.split_inclusive(|_| true) {
        match piece.as_bytes() {
            [byte] if is_unreserved(*byte) || b":/?@!$'()*,;=".contains(byte) => out.push_str(piece),
            _ => percent_encode(piece, out),
        }
    }
}
