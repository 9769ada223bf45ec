//! By need, for deliveries that are received: the duplicate key of a delivery that has none of its own.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};

use super::duplicate_key::DuplicateKey;

/// Returns a key of the body: `sha256:` and 64 hexadecimal digits. No key that an event has by
/// itself begins so, as those are JSON arrays.
pub(super) fn body_hash(body: &[u8]) -> DuplicateKey {
    let mut key = String::from("sha256:");
    for byte in digest(&SHA256, body).as_ref() {
        write!(key, "{byte:02x}").expect("a string takes any text");
    }
    DuplicateKey(key)
}
