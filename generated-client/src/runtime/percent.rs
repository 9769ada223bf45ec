//! Percent-encoding (RFC 3986).

use std::fmt::Write;

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

/// Returns whether a byte may stand anywhere in a URL as it is.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
