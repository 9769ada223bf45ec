//! `format: byte` and `base64url`: [`Base64`], [`Base64Url`].

use std::fmt;
use std::ops::Deref;

use ::base64::Engine;
use ::base64::alphabet::{STANDARD, URL_SAFE};
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::runtime::value::secret::Redacted;

/// Declares a type for bytes that are text on the wire, in an alphabet and with or without padding. It reads both.
macro_rules! encoded_bytes {
    ($(#[$attribute:meta])* $name:ident, $engine:expr, $expected:literal) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(Vec<u8>);

        impl $name {
            /// Wraps the bytes themselves, not their base64 text.
            pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
                Self(bytes.into())
            }

            /// Returns the bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// Returns the bytes.
            #[must_use]
            pub fn into_bytes(self) -> Vec<u8> {
                self.0
            }
        }

        impl Deref for $name {
            type Target = [u8];

            fn deref(&self) -> &[u8] {
                &self.0
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl From<Vec<u8>> for $name {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }
        }

        impl From<&[u8]> for $name {
            fn from(bytes: &[u8]) -> Self {
                Self(bytes.to_vec())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Redacted.fmt(f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&$engine.encode(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct BytesVisitor;

                impl Visitor<'_> for BytesVisitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        $engine.decode(text).map($name).map_err(|_| E::custom(concat!("not ", $expected)))
                    }
                }

                deserializer.deserialize_str(BytesVisitor)
            }
        }
    };
}

/// Reads with and without padding.
const READ_BOTH: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

const ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, READ_BOTH);

/// Writes no padding (RFC 7515, 2).
const URL_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, READ_BOTH.with_encode_padding(false));

encoded_bytes!(
    /// Bytes that are base64 text on the wire. `Debug` prints `[redacted]`.
    Base64,
    ENGINE,
    "base64 text"
);

encoded_bytes!(
    /// Bytes that are base64 text in the alphabet for URLs (RFC 4648, 5), without padding. `Debug` prints `[redacted]`.
    Base64Url,
    URL_ENGINE,
    "base64url text"
);
