//! Values that are never printed: [`Secret`] for keys, passwords and tokens, and [`Redacted`], which `Debug`
//! prints in place of a value that may be personal.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

/// A key, password or token.
///
/// `Debug` prints `[redacted]`, there is no `Display`, it can't be serialized, and its memory is wiped when
/// the last copy is dropped. The caller has to wipe any string that a secret was copied from.
/// `Secret::from(String)` takes the string over without copying it.
///
/// Copies outside of the client's control are not wiped: the buffers of HTTP, TLS and the system that a
/// request is written through, a key in a URL or a cookie, and the environment variable that a key was read
/// from. Memory that was swapped out or written to a core dump is the system's to protect.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the secret itself. The caller is responsible for not printing it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns `prefix` and the secret as the value of a header that is marked as sensitive, or
    /// nothing if it holds what a header cannot. The value's own memory is wiped as well.
    pub(crate) fn header_value(&self, prefix: &str) -> Option<HeaderValue> {
        let text = Zeroizing::new([prefix.as_bytes(), self.0.as_bytes()].concat());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(Wiped(text))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// Bytes that are wiped when the last header value that shares them is dropped.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

/// Prints `[redacted]`.
#[derive(Clone, Copy)]
pub(crate) struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
