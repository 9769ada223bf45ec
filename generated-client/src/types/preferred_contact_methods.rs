// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;

/// How a patient prefers to be contacted.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PreferredContactMethods {
    /// Whether email is welcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<bool>,
    /// Whether text messages are welcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<bool>,
    /// Whether phone calls are welcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<bool>,
}

impl fmt::Debug for PreferredContactMethods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreferredContactMethods")
            .field("email", &Redacted)
            .field("sms", &Redacted)
            .field("phone", &Redacted)
            .finish()
    }
}

impl PreferredContactMethods {
    /// Returns a builder for [`PreferredContactMethods`].
    pub fn builder() -> PreferredContactMethodsBuilder {
        PreferredContactMethodsBuilder {
            fields: Fields::default(),
        }
    }
}

/// A builder for [`PreferredContactMethods`].
#[derive(Clone)]
#[must_use]
pub struct PreferredContactMethodsBuilder {
    fields: Fields,
}

#[derive(Clone, Default)]
struct Fields {
    email: Option<bool>,
    sms: Option<bool>,
    phone: Option<bool>,
}

impl PreferredContactMethodsBuilder {
    /// Whether email is welcome.
    pub fn email(mut self, email: impl Into<Option<bool>>) -> Self {
        self.fields.email = email.into();
        self
    }

    /// Whether text messages are welcome.
    pub fn sms(mut self, sms: impl Into<Option<bool>>) -> Self {
        self.fields.sms = sms.into();
        self
    }

    /// Whether phone calls are welcome.
    pub fn phone(mut self, phone: impl Into<Option<bool>>) -> Self {
        self.fields.phone = phone.into();
        self
    }

    /// Returns the [`PreferredContactMethods`].
    #[must_use]
    pub fn build(self) -> PreferredContactMethods {
        PreferredContactMethods {
            email: self.fields.email,
            sms: self.fields.sms,
            phone: self.fields.phone,
        }
    }
}

impl fmt::Debug for PreferredContactMethodsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreferredContactMethodsBuilder").finish_non_exhaustive()
    }
}
