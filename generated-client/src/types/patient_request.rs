// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::checks::{Check, Checker};
use crate::runtime::value::builder::{self, Missing, Optional, Provided, Set};
use crate::runtime::value::date::Date;
use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::nullable::Nullable;
use crate::runtime::value::secret::Redacted;
use crate::types::{
    Address, ClinicId, Contact, Gender, PatientStatus, PractitionerId,
    PreferredContactMethods, Species,
};

/// A patient to register. Everything except the species, the status, and the ids of the clinic
/// and the practitioner is protected health information.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PatientRequest {
    /// The patient's given name, at least 2 characters.
    pub first_name: String,
    /// The patient's middle name.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub middle_name: Nullable<String>,
    /// The patient's family name.
    pub last_name: String,
    /// The patient's gender.
    pub gender: Gender,
    /// The patient's date of birth, as a plain date without a time.
    pub dob: Date,
    /// The practitioner who treats the patient.
    pub practitioner_id: PractitionerId,
    /// The clinic to which the patient belongs.
    pub assigned_clinic: ClinicId,
    /// The patient's address. Exactly one is required.
    pub addresses: Vec<Address>,
    /// The patient's species. May be null.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub species: Nullable<Species>,
    /// The name of the owner, if the patient is an animal.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub animal_owner_name: Nullable<String>,
    /// The patient's weight, as a decimal number in a string, such as `70.5`. No published source
    /// states the unit.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub weight: Nullable<String>,
    /// The date on which the patient was weighed.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub weight_recorded_date: Nullable<Date>,
    /// Whether the patient is active.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub status: Nullable<PatientStatus>,
    /// How to reach the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<Contact>>,
    /// The patient's height. No published source states the unit. Not in the published reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<Decimal>,
    /// The medications that the patient is allergic to, one per string. Not in the published
    /// reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medication_allergies: Option<Vec<String>>,
    /// The patient's medical history, as free text. Not in the published reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical_history: Option<String>,
    /// How the patient prefers to be contacted. Not in the published reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_contact_methods: Option<PreferredContactMethods>,
    /// Notes about the patient, as free text. Not in the published reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

impl fmt::Debug for PatientRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientRequest")
            .field("first_name", &Redacted)
            .field("middle_name", &Redacted)
            .field("last_name", &Redacted)
            .field("gender", &self.gender)
            .field("dob", &Redacted)
            .field("practitioner_id", &self.practitioner_id)
            .field("assigned_clinic", &self.assigned_clinic)
            .field("addresses", &self.addresses)
            .field("species", &self.species)
            .field("animal_owner_name", &Redacted)
            .field("weight", &Redacted)
            .field("weight_recorded_date", &Redacted)
            .field("status", &self.status)
            .field("contacts", &self.contacts)
            .field("height", &Redacted)
            .field("medication_allergies", &Redacted)
            .field("medical_history", &Redacted)
            .field("preferred_contact_methods", &self.preferred_contact_methods)
            .field("notes", &Redacted)
            .finish()
    }
}

impl PatientRequest {
    /// Returns a builder for [`PatientRequest`].
    pub fn builder() -> PatientRequestBuilder {
        PatientRequestBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`PatientRequest`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct PatientRequestBuilder<
    F0 = Missing<field::FirstName>,
    F1 = Missing<field::LastName>,
    F2 = Missing<field::Gender>,
    F3 = Missing<field::Dob>,
    F4 = Missing<field::PractitionerId>,
    F5 = Missing<field::AssignedClinic>,
    F6 = Missing<field::Addresses>,
> {
    fields: Fields,
    state: PhantomData<(F0, F1, F2, F3, F4, F5, F6)>,
}

#[derive(Clone, Default)]
struct Fields {
    first_name: Option<String>,
    middle_name: Nullable<String>,
    last_name: Option<String>,
    gender: Option<Gender>,
    dob: Option<Date>,
    practitioner_id: Option<PractitionerId>,
    assigned_clinic: Option<ClinicId>,
    addresses: Option<Vec<Address>>,
    species: Nullable<Species>,
    animal_owner_name: Nullable<String>,
    weight: Nullable<String>,
    weight_recorded_date: Nullable<Date>,
    status: Nullable<PatientStatus>,
    contacts: Option<Vec<Contact>>,
    height: Option<Decimal>,
    medication_allergies: Option<Vec<String>>,
    medical_history: Option<String>,
    preferred_contact_methods: Option<PreferredContactMethods>,
    notes: Option<String>,
}

impl<F0, F1, F2, F3, F4, F5, F6> PatientRequestBuilder<F0, F1, F2, F3, F4, F5, F6> {
    /// The patient's given name, at least 2 characters.
    pub fn first_name(
        mut self,
        first_name: impl Into<String>,
    ) -> PatientRequestBuilder<Set, F1, F2, F3, F4, F5, F6> {
        self.fields.first_name = Some(first_name.into());
        self.advance()
    }

    /// The patient's middle name.
    pub fn middle_name(mut self, middle_name: impl Into<Optional<String>>) -> Self {
        self.fields.middle_name = Nullable::from(middle_name.into().0);
        self
    }

    /// Sets `middle_name` to null, which isn't the same as leaving it out.
    pub fn middle_name_null(mut self) -> Self {
        self.fields.middle_name = Nullable::Null;
        self
    }

    /// The patient's family name.
    pub fn last_name(
        mut self,
        last_name: impl Into<String>,
    ) -> PatientRequestBuilder<F0, Set, F2, F3, F4, F5, F6> {
        self.fields.last_name = Some(last_name.into());
        self.advance()
    }

    /// The patient's gender.
    pub fn gender(
        mut self,
        gender: Gender,
    ) -> PatientRequestBuilder<F0, F1, Set, F3, F4, F5, F6> {
        self.fields.gender = Some(gender);
        self.advance()
    }

    /// The patient's date of birth, as a plain date without a time.
    pub fn dob(
        mut self,
        dob: Date,
    ) -> PatientRequestBuilder<F0, F1, F2, Set, F4, F5, F6> {
        self.fields.dob = Some(dob);
        self.advance()
    }

    /// The practitioner who treats the patient.
    pub fn practitioner_id(
        mut self,
        practitioner_id: PractitionerId,
    ) -> PatientRequestBuilder<F0, F1, F2, F3, Set, F5, F6> {
        self.fields.practitioner_id = Some(practitioner_id);
        self.advance()
    }

    /// The clinic to which the patient belongs.
    pub fn assigned_clinic(
        mut self,
        assigned_clinic: ClinicId,
    ) -> PatientRequestBuilder<F0, F1, F2, F3, F4, Set, F6> {
        self.fields.assigned_clinic = Some(assigned_clinic);
        self.advance()
    }

    /// The patient's address. Exactly one is required.
    pub fn addresses(
        mut self,
        addresses: impl IntoIterator<Item = Address>,
    ) -> PatientRequestBuilder<F0, F1, F2, F3, F4, F5, Set> {
        self.fields.addresses = Some(addresses.into_iter().collect());
        self.advance()
    }

    /// The patient's species. May be null.
    pub fn species(mut self, species: impl Into<Option<Species>>) -> Self {
        self.fields.species = Nullable::from_option(species);
        self
    }

    /// Sets `species` to null, which isn't the same as leaving it out.
    pub fn species_null(mut self) -> Self {
        self.fields.species = Nullable::Null;
        self
    }

    /// The name of the owner, if the patient is an animal.
    pub fn animal_owner_name(
        mut self,
        animal_owner_name: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.animal_owner_name = Nullable::from(animal_owner_name.into().0);
        self
    }

    /// Sets `animal_owner_name` to null, which isn't the same as leaving it out.
    pub fn animal_owner_name_null(mut self) -> Self {
        self.fields.animal_owner_name = Nullable::Null;
        self
    }

    /// The patient's weight, as a decimal number in a string, such as `70.5`. No published source
    /// states the unit.
    pub fn weight(mut self, weight: impl Into<Optional<String>>) -> Self {
        self.fields.weight = Nullable::from(weight.into().0);
        self
    }

    /// Sets `weight` to null, which isn't the same as leaving it out.
    pub fn weight_null(mut self) -> Self {
        self.fields.weight = Nullable::Null;
        self
    }

    /// The date on which the patient was weighed.
    pub fn weight_recorded_date(
        mut self,
        weight_recorded_date: impl Into<Option<Date>>,
    ) -> Self {
        self.fields.weight_recorded_date = Nullable::from_option(weight_recorded_date);
        self
    }

    /// Sets `weight_recorded_date` to null, which isn't the same as leaving it out.
    pub fn weight_recorded_date_null(mut self) -> Self {
        self.fields.weight_recorded_date = Nullable::Null;
        self
    }

    /// Whether the patient is active.
    pub fn status(mut self, status: impl Into<Option<PatientStatus>>) -> Self {
        self.fields.status = Nullable::from_option(status);
        self
    }

    /// Sets `status` to null, which isn't the same as leaving it out.
    pub fn status_null(mut self) -> Self {
        self.fields.status = Nullable::Null;
        self
    }

    /// How to reach the patient.
    pub fn contacts(mut self, contacts: impl Into<Optional<Vec<Contact>>>) -> Self {
        self.fields.contacts = contacts.into().0;
        self
    }

    /// The patient's height. No published source states the unit. Not in the published reference.
    pub fn height(mut self, height: impl Into<Option<Decimal>>) -> Self {
        self.fields.height = height.into();
        self
    }

    /// The medications that the patient is allergic to, one per string. Not in the published
    /// reference.
    pub fn medication_allergies(
        mut self,
        medication_allergies: impl Into<Optional<Vec<String>>>,
    ) -> Self {
        self.fields.medication_allergies = medication_allergies.into().0;
        self
    }

    /// The patient's medical history, as free text. Not in the published reference.
    pub fn medical_history(
        mut self,
        medical_history: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.medical_history = medical_history.into().0;
        self
    }

    /// How the patient prefers to be contacted. Not in the published reference.
    pub fn preferred_contact_methods(
        mut self,
        preferred_contact_methods: impl Into<Option<PreferredContactMethods>>,
    ) -> Self {
        self.fields.preferred_contact_methods = preferred_contact_methods.into();
        self
    }

    /// Notes about the patient, as free text. Not in the published reference.
    pub fn notes(mut self, notes: impl Into<Optional<String>>) -> Self {
        self.fields.notes = notes.into().0;
        self
    }

    /// Returns the [`PatientRequest`].
    #[must_use]
    pub fn build(self) -> PatientRequest
    where
        F0: Provided,
        F1: Provided,
        F2: Provided,
        F3: Provided,
        F4: Provided,
        F5: Provided,
        F6: Provided,
    {
        PatientRequest {
            first_name: builder::required(self.fields.first_name),
            middle_name: self.fields.middle_name,
            last_name: builder::required(self.fields.last_name),
            gender: builder::required(self.fields.gender),
            dob: builder::required(self.fields.dob),
            practitioner_id: builder::required(self.fields.practitioner_id),
            assigned_clinic: builder::required(self.fields.assigned_clinic),
            addresses: builder::required(self.fields.addresses),
            species: self.fields.species,
            animal_owner_name: self.fields.animal_owner_name,
            weight: self.fields.weight,
            weight_recorded_date: self.fields.weight_recorded_date,
            status: self.fields.status,
            contacts: self.fields.contacts,
            height: self.fields.height,
            medication_allergies: self.fields.medication_allergies,
            medical_history: self.fields.medical_history,
            preferred_contact_methods: self.fields.preferred_contact_methods,
            notes: self.fields.notes,
        }
    }

    fn advance<G0, G1, G2, G3, G4, G5, G6>(
        self,
    ) -> PatientRequestBuilder<G0, G1, G2, G3, G4, G5, G6> {
        PatientRequestBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1, F2, F3, F4, F5, F6> fmt::Debug
for PatientRequestBuilder<F0, F1, F2, F3, F4, F5, F6> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientRequestBuilder").finish_non_exhaustive()
    }
}

impl Check for PatientRequest {
    fn check(&self, check: &mut Checker) {
        check.field("first_name").min_length(&self.first_name, 2);
        check
            .field("addresses")
            .min_items(&self.addresses, 1)
            .max_items(&self.addresses, 1);
    }
}
