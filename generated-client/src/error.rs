// Written by `cargo xtask codegen` from the API's description; do not edit.

//! What the API's description says of its failures.

use std::fmt;

use crate::runtime::api;
use crate::runtime::error::Error;
use crate::types::ErrorResponse;

/// A kind of error that the API's description names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// None of your clinics has this id.
    ClinicNotFound,
    /// The clinic id is not a UUID.
    InvalidClinicId,
    /// The key is missing, wrong or revoked, or belongs to another environment.
    Unauthorized,
    /// No medication request has this id.
    MedicationRequestNotFound,
    /// The medication hasn't been shipped or delivered yet. Request the refill again once it has.
    RefillNotPossible,
    /// An open refill already exists. If you are repeating a request, this means success.
    RefillAlreadyExists,
    /// The requested service is not available. Try another carrier.
    ServiceNotAvailable,
}

impl api::Kind for ErrorKind {}

#[cfg(feature = "test-util")]
impl<Q, A> crate::runtime::testing::expected::Expected<'_, Q, A> {
    /// Fails as the API's description says that this kind of error is told.
    ///
    /// # Panics
    ///
    /// If the operation documents no error of this kind.
    #[track_caller]
    pub fn fails(&self, kind: ErrorKind) -> &Self {
        self.fails_by_kind(&kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            match self {
                Self::ClinicNotFound => "Clinic not found",
                Self::InvalidClinicId => "Clinic ID must be a valid UUID.",
                Self::Unauthorized => "Unauthorized",
                Self::MedicationRequestNotFound => "Medication request not found",
                Self::RefillNotPossible => {
                    "Refills are not possible for pending medication requests"
                }
                Self::RefillAlreadyExists => "Refill request already exists",
                Self::ServiceNotAvailable => "Service not available",
            },
        )
    }
}

impl Error {
    /// Returns the kind of the error, if the API's description names one that fits.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.kind_as()
    }

    /// Returns the body that came with the failure, if it can be read as the one that the
    /// API documents.
    #[must_use]
    pub fn api_error(&self) -> Option<ErrorResponse> {
        self.body_as()
    }
}
