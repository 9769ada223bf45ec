// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::value::builder::{self, Missing, Optional, Provided, Set};
use crate::runtime::value::nullable::Nullable;
use crate::runtime::value::secret::Redacted;

/// The postal address of a patient.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Address {
    /// The first line, usually the street and number.
    #[serde(rename = "addressLine1")]
    pub address_line_1: String,
    /// The second line, such as an apartment.
    #[serde(
        rename = "addressLine2",
        default,
        skip_serializing_if = "Nullable::is_absent"
    )]
    pub address_line_2: Nullable<String>,
    /// The third line.
    #[serde(
        rename = "addressLine3",
        default,
        skip_serializing_if = "Nullable::is_absent"
    )]
    pub address_line_3: Nullable<String>,
    /// The city.
    pub city: String,
    /// The state.
    pub state: String,
    /// The postal code.
    #[serde(rename = "postalCode")]
    pub postal_code: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("address_line_1", &Redacted)
            .field("address_line_2", &Redacted)
            .field("address_line_3", &Redacted)
            .field("city", &Redacted)
            .field("state", &Redacted)
            .field("postal_code", &Redacted)
            .finish()
    }
}

impl Address {
    /// Returns a builder for [`Address`].
    pub fn builder() -> AddressBuilder {
        AddressBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`Address`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct AddressBuilder<
    F0 = Missing<field::AddressLine1>,
    F1 = Missing<field::City>,
    F2 = Missing<field::State>,
    F3 = Missing<field::PostalCode>,
> {
    fields: Fields,
    state: PhantomData<(F0, F1, F2, F3)>,
}

#[derive(Clone, Default)]
struct Fields {
    address_line_1: Option<String>,
    address_line_2: Nullable<String>,
    address_line_3: Nullable<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
}

impl<F0, F1, F2, F3> AddressBuilder<F0, F1, F2, F3> {
    /// The first line, usually the street and number.
    pub fn address_line_1(
        mut self,
        address_line_1: impl Into<String>,
    ) -> AddressBuilder<Set, F1, F2, F3> {
        self.fields.address_line_1 = Some(address_line_1.into());
        self.advance()
    }

    /// The second line, such as an apartment.
    pub fn address_line_2(
        mut self,
        address_line_2: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.address_line_2 = Nullable::from(address_line_2.into().0);
        self
    }

    /// Sets `addressLine2` to null, which isn't the same as leaving it out.
    pub fn address_line_2_null(mut self) -> Self {
        self.fields.address_line_2 = Nullable::Null;
        self
    }

    /// The third line.
    pub fn address_line_3(
        mut self,
        address_line_3: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.address_line_3 = Nullable::from(address_line_3.into().0);
        self
    }

    /// Sets `addressLine3` to null, which isn't the same as leaving it out.
    pub fn address_line_3_null(mut self) -> Self {
        self.fields.address_line_3 = Nullable::Null;
        self
    }

    /// The city.
    pub fn city(mut self, city: impl Into<String>) -> AddressBuilder<F0, Set, F2, F3> {
        self.fields.city = Some(city.into());
        self.advance()
    }

    /// The state.
    pub fn state(mut self, state: impl Into<String>) -> AddressBuilder<F0, F1, Set, F3> {
        self.fields.state = Some(state.into());
        self.advance()
    }

    /// The postal code.
    pub fn postal_code(
        mut self,
        postal_code: impl Into<String>,
    ) -> AddressBuilder<F0, F1, F2, Set> {
        self.fields.postal_code = Some(postal_code.into());
        self.advance()
    }

    /// Returns the [`Address`].
    #[must_use]
    pub fn build(self) -> Address
    where
        F0: Provided,
        F1: Provided,
        F2: Provided,
        F3: Provided,
    {
        Address {
            address_line_1: builder::required(self.fields.address_line_1),
            address_line_2: self.fields.address_line_2,
            address_line_3: self.fields.address_line_3,
            city: builder::required(self.fields.city),
            state: builder::required(self.fields.state),
            postal_code: builder::required(self.fields.postal_code),
        }
    }

    fn advance<G0, G1, G2, G3>(self) -> AddressBuilder<G0, G1, G2, G3> {
        AddressBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1, F2, F3> fmt::Debug for AddressBuilder<F0, F1, F2, F3> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressBuilder").finish_non_exhaustive()
    }
}
