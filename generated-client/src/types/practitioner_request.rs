// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::checks::{Check, Checker};
use crate::runtime::checks::rules;
use crate::runtime::value::base64::Base64;
use crate::runtime::value::builder::{self, Missing, Optional, Provided, Set};
use crate::runtime::value::date::Date;
use crate::runtime::value::secret::Redacted;
use crate::types::ClinicId;

/// A practitioner to register. Everything except the clinic is personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PractitionerRequest {
    /// The practitioner's given name, at least 2 characters.
    pub first_name: String,
    /// The practitioner's family name, at least 2 characters.
    pub last_name: String,
    /// The practitioner's email address.
    pub email: String,
    /// The practitioner's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The practitioner's National Provider Identifier (NPI), exactly 10 digits.
    pub npi: String,
    /// Whether the practitioner is a veterinarian.
    pub is_veterinarian: bool,
    /// The clinic to which the practitioner belongs.
    pub assigned_clinic: ClinicId,
    /// The first line of the practitioner's address.
    pub address_line_1: String,
    /// The second line of the practitioner's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_line_2: Option<String>,
    /// The city of the practitioner's address.
    pub city: String,
    /// The state of the practitioner's address, as a two-letter US state code.
    pub state_code: String,
    /// The ZIP code of the practitioner's address.
    pub zip_code: String,
    /// The practitioner's credentials, such as `MD`. Not in the newest published reference; sent
    /// only if set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// The practitioner's medical specialty. Not in the newest published reference; sent only if
    /// set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    /// The practitioner's license number. Not in the newest published reference; sent only if set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_number: Option<String>,
    /// The state that issued the license, as a two-letter US state code. Not in the newest
    /// published reference; sent only if set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_state: Option<String>,
    /// The date on which the license expires. Not in the newest published reference; sent only if
    /// set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_expiration: Option<Date>,
    /// The practitioner's Drug Enforcement Administration (DEA) registration number. Not in the
    /// newest published reference; sent only if set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dea_number: Option<String>,
    /// The date on which the DEA registration expires. Not in the newest published reference; sent
    /// only if set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dea_expiration: Option<Date>,
    /// An image of the practitioner's signature, base64-encoded. Not in the newest published
    /// reference; sent only if set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_image: Option<Base64>,
}

impl fmt::Debug for PractitionerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PractitionerRequest")
            .field("first_name", &Redacted)
            .field("last_name", &Redacted)
            .field("email", &Redacted)
            .field("phone", &Redacted)
            .field("npi", &Redacted)
            .field("is_veterinarian", &Redacted)
            .field("assigned_clinic", &self.assigned_clinic)
            .field("address_line_1", &Redacted)
            .field("address_line_2", &Redacted)
            .field("city", &Redacted)
            .field("state_code", &Redacted)
            .field("zip_code", &Redacted)
            .field("credentials", &Redacted)
            .field("specialty", &Redacted)
            .field("license_number", &Redacted)
            .field("license_state", &Redacted)
            .field("license_expiration", &Redacted)
            .field("dea_number", &Redacted)
            .field("dea_expiration", &Redacted)
            .field("signature_image", &Redacted)
            .finish()
    }
}

impl PractitionerRequest {
    /// Returns a builder for [`PractitionerRequest`].
    pub fn builder() -> PractitionerRequestBuilder {
        PractitionerRequestBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`PractitionerRequest`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
#[allow(
    clippy::type_complexity,
    reason = "the state has a part for each required field"
)]
pub struct PractitionerRequestBuilder<
    F0 = Missing<field::FirstName>,
    F1 = Missing<field::LastName>,
    F2 = Missing<field::Email>,
    F3 = Missing<field::Npi>,
    F4 = Missing<field::IsVeterinarian>,
    F5 = Missing<field::AssignedClinic>,
    F6 = Missing<field::AddressLine1>,
    F7 = Missing<field::City>,
    F8 = Missing<field::StateCode>,
    F9 = Missing<field::ZipCode>,
> {
    fields: Fields,
    state: PhantomData<(F0, F1, F2, F3, F4, F5, F6, F7, F8, F9)>,
}

#[derive(Clone, Default)]
struct Fields {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    npi: Option<String>,
    is_veterinarian: Option<bool>,
    assigned_clinic: Option<ClinicId>,
    address_line_1: Option<String>,
    address_line_2: Option<String>,
    city: Option<String>,
    state_code: Option<String>,
    zip_code: Option<String>,
    credentials: Option<String>,
    specialty: Option<String>,
    license_number: Option<String>,
    license_state: Option<String>,
    license_expiration: Option<Date>,
    dea_number: Option<String>,
    dea_expiration: Option<Date>,
    signature_image: Option<Base64>,
}

#[allow(
    clippy::type_complexity,
    reason = "the state has a part for each required field"
)]
impl<
    F0,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
> PractitionerRequestBuilder<F0, F1, F2, F3, F4, F5, F6, F7, F8, F9> {
    /// The practitioner's given name, at least 2 characters.
    pub fn first_name(
        mut self,
        first_name: impl Into<String>,
    ) -> PractitionerRequestBuilder<Set, F1, F2, F3, F4, F5, F6, F7, F8, F9> {
        self.fields.first_name = Some(first_name.into());
        self.advance()
    }

    /// The practitioner's family name, at least 2 characters.
    pub fn last_name(
        mut self,
        last_name: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, Set, F2, F3, F4, F5, F6, F7, F8, F9> {
        self.fields.last_name = Some(last_name.into());
        self.advance()
    }

    /// The practitioner's email address.
    pub fn email(
        mut self,
        email: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, F1, Set, F3, F4, F5, F6, F7, F8, F9> {
        self.fields.email = Some(email.into());
        self.advance()
    }

    /// The practitioner's phone number.
    pub fn phone(mut self, phone: impl Into<Optional<String>>) -> Self {
        self.fields.phone = phone.into().0;
        self
    }

    /// The practitioner's National Provider Identifier (NPI), exactly 10 digits.
    pub fn npi(
        mut self,
        npi: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, F1, F2, Set, F4, F5, F6, F7, F8, F9> {
        self.fields.npi = Some(npi.into());
        self.advance()
    }

    /// Whether the practitioner is a veterinarian.
    pub fn is_veterinarian(
        mut self,
        is_veterinarian: bool,
    ) -> PractitionerRequestBuilder<F0, F1, F2, F3, Set, F5, F6, F7, F8, F9> {
        self.fields.is_veterinarian = Some(is_veterinarian);
        self.advance()
    }

    /// The clinic to which the practitioner belongs.
    pub fn assigned_clinic(
        mut self,
        assigned_clinic: ClinicId,
    ) -> PractitionerRequestBuilder<F0, F1, F2, F3, F4, Set, F6, F7, F8, F9> {
        self.fields.assigned_clinic = Some(assigned_clinic);
        self.advance()
    }

    /// The first line of the practitioner's address.
    pub fn address_line_1(
        mut self,
        address_line_1: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, F1, F2, F3, F4, F5, Set, F7, F8, F9> {
        self.fields.address_line_1 = Some(address_line_1.into());
        self.advance()
    }

    /// The second line of the practitioner's address.
    pub fn address_line_2(
        mut self,
        address_line_2: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.address_line_2 = address_line_2.into().0;
        self
    }

    /// The city of the practitioner's address.
    pub fn city(
        mut self,
        city: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, F1, F2, F3, F4, F5, F6, Set, F8, F9> {
        self.fields.city = Some(city.into());
        self.advance()
    }

    /// The state of the practitioner's address, as a two-letter US state code.
    pub fn state_code(
        mut self,
        state_code: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, F1, F2, F3, F4, F5, F6, F7, Set, F9> {
        self.fields.state_code = Some(state_code.into());
        self.advance()
    }

    /// The ZIP code of the practitioner's address.
    pub fn zip_code(
        mut self,
        zip_code: impl Into<String>,
    ) -> PractitionerRequestBuilder<F0, F1, F2, F3, F4, F5, F6, F7, F8, Set> {
        self.fields.zip_code = Some(zip_code.into());
        self.advance()
    }

    /// The practitioner's credentials, such as `MD`. Not in the newest published reference; sent
    /// only if set.
    pub fn credentials(mut self, credentials: impl Into<Optional<String>>) -> Self {
        self.fields.credentials = credentials.into().0;
        self
    }

    /// The practitioner's medical specialty. Not in the newest published reference; sent only if
    /// set.
    pub fn specialty(mut self, specialty: impl Into<Optional<String>>) -> Self {
        self.fields.specialty = specialty.into().0;
        self
    }

    /// The practitioner's license number. Not in the newest published reference; sent only if set.
    pub fn license_number(
        mut self,
        license_number: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.license_number = license_number.into().0;
        self
    }

    /// The state that issued the license, as a two-letter US state code. Not in the newest
    /// published reference; sent only if set.
    pub fn license_state(mut self, license_state: impl Into<Optional<String>>) -> Self {
        self.fields.license_state = license_state.into().0;
        self
    }

    /// The date on which the license expires. Not in the newest published reference; sent only if
    /// set.
    pub fn license_expiration(
        mut self,
        license_expiration: impl Into<Option<Date>>,
    ) -> Self {
        self.fields.license_expiration = license_expiration.into();
        self
    }

    /// The practitioner's Drug Enforcement Administration (DEA) registration number. Not in the
    /// newest published reference; sent only if set.
    pub fn dea_number(mut self, dea_number: impl Into<Optional<String>>) -> Self {
        self.fields.dea_number = dea_number.into().0;
        self
    }

    /// The date on which the DEA registration expires. Not in the newest published reference; sent
    /// only if set.
    pub fn dea_expiration(mut self, dea_expiration: impl Into<Option<Date>>) -> Self {
        self.fields.dea_expiration = dea_expiration.into();
        self
    }

    /// An image of the practitioner's signature, base64-encoded. Not in the newest published
    /// reference; sent only if set.
    pub fn signature_image(
        mut self,
        signature_image: impl Into<Option<Base64>>,
    ) -> Self {
        self.fields.signature_image = signature_image.into();
        self
    }

    /// Returns the [`PractitionerRequest`].
    #[must_use]
    pub fn build(self) -> PractitionerRequest
    where
        F0: Provided,
        F1: Provided,
        F2: Provided,
        F3: Provided,
        F4: Provided,
        F5: Provided,
        F6: Provided,
        F7: Provided,
        F8: Provided,
        F9: Provided,
    {
        PractitionerRequest {
            first_name: builder::required(self.fields.first_name),
            last_name: builder::required(self.fields.last_name),
            email: builder::required(self.fields.email),
            phone: self.fields.phone,
            npi: builder::required(self.fields.npi),
            is_veterinarian: builder::required(self.fields.is_veterinarian),
            assigned_clinic: builder::required(self.fields.assigned_clinic),
            address_line_1: builder::required(self.fields.address_line_1),
            address_line_2: self.fields.address_line_2,
            city: builder::required(self.fields.city),
            state_code: builder::required(self.fields.state_code),
            zip_code: builder::required(self.fields.zip_code),
            credentials: self.fields.credentials,
            specialty: self.fields.specialty,
            license_number: self.fields.license_number,
            license_state: self.fields.license_state,
            license_expiration: self.fields.license_expiration,
            dea_number: self.fields.dea_number,
            dea_expiration: self.fields.dea_expiration,
            signature_image: self.fields.signature_image,
        }
    }

    fn advance<G0, G1, G2, G3, G4, G5, G6, G7, G8, G9>(
        self,
    ) -> PractitionerRequestBuilder<G0, G1, G2, G3, G4, G5, G6, G7, G8, G9> {
        PractitionerRequestBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1, F2, F3, F4, F5, F6, F7, F8, F9> fmt::Debug
for PractitionerRequestBuilder<F0, F1, F2, F3, F4, F5, F6, F7, F8, F9> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PractitionerRequestBuilder").finish_non_exhaustive()
    }
}

const LICENSE_STATE_PATTERN: rules::Pattern = rules::Pattern {
    text: "^[A-Z]{2}$",
    parts: &[(&[('A', 'Z')], 2, 2)],
    is_whole: true,
};

const NPI_PATTERN: rules::Pattern = rules::Pattern {
    text: "^[0-9]{10}$",
    parts: &[(&[('0', '9')], 10, 10)],
    is_whole: true,
};

const STATE_CODE_PATTERN: rules::Pattern = rules::Pattern {
    text: "^[A-Z]{2}$",
    parts: &[(&[('A', 'Z')], 2, 2)],
    is_whole: true,
};

impl Check for PractitionerRequest {
    fn check(&self, check: &mut Checker) {
        check.field("first_name").min_length(&self.first_name, 2);
        check.field("last_name").min_length(&self.last_name, 2);
        check.field("email").email(&self.email);
        check.field("npi").pattern(&self.npi, &NPI_PATTERN);
        check.field("state_code").pattern(&self.state_code, &STATE_CODE_PATTERN);
        if let Some(value) = &self.license_state {
            check.field("license_state").pattern(value, &LICENSE_STATE_PATTERN);
        }
    }
}
