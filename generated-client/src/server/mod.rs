// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The server side of the API (feature `server`): traits to implement, and a router.
//!
//! Each module has a trait `Operations` with a method for each operation. The methods get
//! decoded arguments that satisfy the rules of the API's description. They return a success or
//! a failure. A method that isn't implemented responds with status 501 and the operation's
//! name.
//!
//! By default, every operation that needs a credential is refused. Implement
//! [`Authorize`] to accept credentials.
//!
//! An invalid request gets the error that the API's description documents for status 422 or
//! 400, if one of them can hold a message, and problem details (RFC 9457) otherwise. Both name
//! what is wrong by JSON pointer and rule, and contain no values. Multipart bodies, and
//! responses that are streamed, are a plain `Body`.
//!
//! # Example
//!
//! ```
//! use novamed::server::{self, Authorize};
//!
//! struct Service;
//!
//! impl Authorize for Service {}
//! impl server::practitioners::Operations for Service {}
//! impl server::patients::Operations for Service {}
//! impl server::medication_orders::Operations for Service {}
//! impl server::refills::Operations for Service {}
//! impl server::carriers::Operations for Service {}
//! impl server::webhooks::Operations for Service {}
//!
//! let router = server::router(Service);
//! # drop(router);
//! ```

pub mod practitioners;
pub mod patients;
pub mod medication_orders;
pub mod refills;
pub mod carriers;
pub mod webhooks;

pub use crate::runtime::server::call::Call;
pub use crate::runtime::server::content::Success;
pub use crate::runtime::server::credentials::{Authorize, Credentials};
pub use crate::runtime::server::failure::Failure;

/// The names of all properties of requests, sorted: what a pointer in a response may contain.
static PROPERTIES: &[&str] = &[
    "addressLine1",
    "addressLine2",
    "addressLine3",
    "address_line_1",
    "address_line_2",
    "addresses",
    "animal_owner_name",
    "assigned_clinic",
    "carrier_id",
    "city",
    "clinic_id",
    "contacts",
    "credentials",
    "days_supply",
    "dea_expiration",
    "dea_number",
    "direction",
    "do_not_fill",
    "do_not_refill",
    "dob",
    "dose",
    "email",
    "first_name",
    "flavor",
    "gender",
    "height",
    "is_refrigerated",
    "is_veterinarian",
    "key",
    "last_name",
    "license_expiration",
    "license_number",
    "license_state",
    "medical_history",
    "medication",
    "medication_allergies",
    "medication_request_id",
    "medication_requests",
    "middle_name",
    "notes",
    "npi",
    "patient_contact_requested",
    "patient_id",
    "phone",
    "postalCode",
    "practitioner_id",
    "preferred_contact_methods",
    "quantity",
    "reason_for_compounding",
    "reason_for_compounding_additional_context",
    "refills",
    "service_id",
    "shipment_group_id",
    "signature_image",
    "sms",
    "specialty",
    "species",
    "state",
    "state_code",
    "status",
    "unit_of_measure",
    "value",
    "webhook_url",
    "weight",
    "weight_recorded_date",
    "zip_code",
];

/// Returns a router that serves all operations at the paths of the API's description. Nest it if the server's
/// URL has a path.
pub fn router<A>(api: A) -> axum::Router
where
    A: Authorize + practitioners::Operations + patients::Operations
        + medication_orders::Operations + refills::Operations + carriers::Operations
        + webhooks::Operations,
{
    let mut routes = Vec::new();
    routes.extend(practitioners::routes());
    routes.extend(patients::routes());
    routes.extend(medication_orders::routes());
    routes.extend(refills::routes());
    routes.extend(carriers::routes());
    routes.extend(webhooks::routes());
    crate::runtime::server::router(api, &crate::client::API, PROPERTIES, routes)
}

/// An error of this kind, with the status and the message that the operation documents.
impl<E> From<crate::ErrorKind> for Failure<E> {
    fn from(kind: crate::ErrorKind) -> Self {
        Self::of_kind(kind)
    }
}
