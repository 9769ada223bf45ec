// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::value::builder::{self, Missing, Optional, Provided, Set};
use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::secret::Redacted;

/// A medication in a request. All of it is protected health information.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Medication {
    /// The name of the medication.
    pub medication: String,
    /// The strength, such as `200mg/ml`.
    pub dose: String,
    /// The quantity to dispense, in the unit of measure, as an exact decimal number.
    pub quantity: Decimal,
    /// How the patient takes the medication.
    pub direction: String,
    /// The unit of the quantity. Recommended: if it is absent, the service derives it from the
    /// dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<String>,
    /// The number of authorized refills, as a string such as `3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refills: Option<String>,
    /// The number of days that the quantity lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_supply: Option<Decimal>,
    /// The flavor of the preparation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flavor: Option<String>,
    /// Notes for the pharmacy, as free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Whether the medication must not be refilled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_not_refill: Option<bool>,
    /// Whether the medication must not be filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_not_fill: Option<bool>,
    /// Whether contact with the patient is requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_contact_requested: Option<bool>,
    /// Why the medication must be compounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_for_compounding: Option<String>,
    /// Additional context for the reason for compounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_for_compounding_additional_context: Option<String>,
}

impl fmt::Debug for Medication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Medication")
            .field("medication", &Redacted)
            .field("dose", &Redacted)
            .field("quantity", &Redacted)
            .field("direction", &Redacted)
            .field("unit_of_measure", &Redacted)
            .field("refills", &Redacted)
            .field("days_supply", &Redacted)
            .field("flavor", &Redacted)
            .field("notes", &Redacted)
            .field("do_not_refill", &Redacted)
            .field("do_not_fill", &Redacted)
            .field("patient_contact_requested", &Redacted)
            .field("reason_for_compounding", &Redacted)
            .field("reason_for_compounding_additional_context", &Redacted)
            .finish()
    }
}

impl Medication {
    /// Returns a builder for [`Medication`].
    pub fn builder() -> MedicationBuilder {
        MedicationBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`Medication`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct MedicationBuilder<
    F0 = Missing<field::Medication>,
    F1 = Missing<field::Dose>,
    F2 = Missing<field::Quantity>,
    F3 = Missing<field::Direction>,
> {
    fields: Fields,
    state: PhantomData<(F0, F1, F2, F3)>,
}

#[derive(Clone, Default)]
struct Fields {
    medication: Option<String>,
    dose: Option<String>,
    quantity: Option<Decimal>,
    direction: Option<String>,
    unit_of_measure: Option<String>,
    refills: Option<String>,
    days_supply: Option<Decimal>,
    flavor: Option<String>,
    notes: Option<String>,
    do_not_refill: Option<bool>,
    do_not_fill: Option<bool>,
    patient_contact_requested: Option<bool>,
    reason_for_compounding: Option<String>,
    reason_for_compounding_additional_context: Option<String>,
}

impl<F0, F1, F2, F3> MedicationBuilder<F0, F1, F2, F3> {
    /// The name of the medication.
    pub fn medication(
        mut self,
        medication: impl Into<String>,
    ) -> MedicationBuilder<Set, F1, F2, F3> {
        self.fields.medication = Some(medication.into());
        self.advance()
    }

    /// The strength, such as `200mg/ml`.
    pub fn dose(
        mut self,
        dose: impl Into<String>,
    ) -> MedicationBuilder<F0, Set, F2, F3> {
        self.fields.dose = Some(dose.into());
        self.advance()
    }

    /// The quantity to dispense, in the unit of measure, as an exact decimal number.
    pub fn quantity(mut self, quantity: Decimal) -> MedicationBuilder<F0, F1, Set, F3> {
        self.fields.quantity = Some(quantity);
        self.advance()
    }

    /// How the patient takes the medication.
    pub fn direction(
        mut self,
        direction: impl Into<String>,
    ) -> MedicationBuilder<F0, F1, F2, Set> {
        self.fields.direction = Some(direction.into());
        self.advance()
    }

    /// The unit of the quantity. Recommended: if it is absent, the service derives it from the
    /// dose.
    pub fn unit_of_measure(
        mut self,
        unit_of_measure: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.unit_of_measure = unit_of_measure.into().0;
        self
    }

    /// The number of authorized refills, as a string such as `3`.
    pub fn refills(mut self, refills: impl Into<Optional<String>>) -> Self {
        self.fields.refills = refills.into().0;
        self
    }

    /// The number of days that the quantity lasts.
    pub fn days_supply(mut self, days_supply: impl Into<Option<Decimal>>) -> Self {
        self.fields.days_supply = days_supply.into();
        self
    }

    /// The flavor of the preparation.
    pub fn flavor(mut self, flavor: impl Into<Optional<String>>) -> Self {
        self.fields.flavor = flavor.into().0;
        self
    }

    /// Notes for the pharmacy, as free text.
    pub fn notes(mut self, notes: impl Into<Optional<String>>) -> Self {
        self.fields.notes = notes.into().0;
        self
    }

    /// Whether the medication must not be refilled.
    pub fn do_not_refill(mut self, do_not_refill: impl Into<Option<bool>>) -> Self {
        self.fields.do_not_refill = do_not_refill.into();
        self
    }

    /// Whether the medication must not be filled.
    pub fn do_not_fill(mut self, do_not_fill: impl Into<Option<bool>>) -> Self {
        self.fields.do_not_fill = do_not_fill.into();
        self
    }

    /// Whether contact with the patient is requested.
    pub fn patient_contact_requested(
        mut self,
        patient_contact_requested: impl Into<Option<bool>>,
    ) -> Self {
        self.fields.patient_contact_requested = patient_contact_requested.into();
        self
    }

    /// Why the medication must be compounded.
    pub fn reason_for_compounding(
        mut self,
        reason_for_compounding: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.reason_for_compounding = reason_for_compounding.into().0;
        self
    }

    /// Additional context for the reason for compounding.
    pub fn reason_for_compounding_additional_context(
        mut self,
        reason_for_compounding_additional_context: impl Into<Optional<String>>,
    ) -> Self {
        self.fields.reason_for_compounding_additional_context = reason_for_compounding_additional_context
            .into()
            .0;
        self
    }

    /// Returns the [`Medication`].
    #[must_use]
    pub fn build(self) -> Medication
    where
        F0: Provided,
        F1: Provided,
        F2: Provided,
        F3: Provided,
    {
        Medication {
            medication: builder::required(self.fields.medication),
            dose: builder::required(self.fields.dose),
            quantity: builder::required(self.fields.quantity),
            direction: builder::required(self.fields.direction),
            unit_of_measure: self.fields.unit_of_measure,
            refills: self.fields.refills,
            days_supply: self.fields.days_supply,
            flavor: self.fields.flavor,
            notes: self.fields.notes,
            do_not_refill: self.fields.do_not_refill,
            do_not_fill: self.fields.do_not_fill,
            patient_contact_requested: self.fields.patient_contact_requested,
            reason_for_compounding: self.fields.reason_for_compounding,
            reason_for_compounding_additional_context: self
                .fields
                .reason_for_compounding_additional_context,
        }
    }

    fn advance<G0, G1, G2, G3>(self) -> MedicationBuilder<G0, G1, G2, G3> {
        MedicationBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1, F2, F3> fmt::Debug for MedicationBuilder<F0, F1, F2, F3> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MedicationBuilder").finish_non_exhaustive()
    }
}
