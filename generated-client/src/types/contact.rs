// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::value::builder::{self, Missing, Provided, Set};
use crate::runtime::value::secret::Redacted;
use crate::types::ContactKind;

/// A way to reach a patient.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// The kind of contact.
    pub key: ContactKind,
    /// The address or number itself. How the service checks it depends on its kind. A phone number
    /// is `+1XXXXXXXXXX`, `1XXXXXXXXXX` or 10 digits.
    pub value: String,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact")
            .field("key", &self.key)
            .field("value", &Redacted)
            .finish()
    }
}

impl Contact {
    /// Returns a builder for [`Contact`].
    pub fn builder() -> ContactBuilder {
        ContactBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`Contact`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct ContactBuilder<F0 = Missing<field::Key>, F1 = Missing<field::Value>> {
    fields: Fields,
    state: PhantomData<(F0, F1)>,
}

#[derive(Clone, Default)]
struct Fields {
    key: Option<ContactKind>,
    value: Option<String>,
}

impl<F0, F1> ContactBuilder<F0, F1> {
    /// The kind of contact.
    pub fn key(mut self, key: ContactKind) -> ContactBuilder<Set, F1> {
        self.fields.key = Some(key);
        self.advance()
    }

    /// The address or number itself. How the service checks it depends on its kind. A phone number
    /// is `+1XXXXXXXXXX`, `1XXXXXXXXXX` or 10 digits.
    pub fn value(mut self, value: impl Into<String>) -> ContactBuilder<F0, Set> {
        self.fields.value = Some(value.into());
        self.advance()
    }

    /// Returns the [`Contact`].
    #[must_use]
    pub fn build(self) -> Contact
    where
        F0: Provided,
        F1: Provided,
    {
        Contact {
            key: builder::required(self.fields.key),
            value: builder::required(self.fields.value),
        }
    }

    fn advance<G0, G1>(self) -> ContactBuilder<G0, G1> {
        ContactBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1> fmt::Debug for ContactBuilder<F0, F1> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactBuilder").finish_non_exhaustive()
    }
}
