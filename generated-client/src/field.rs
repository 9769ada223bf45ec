// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The names of required fields, as types. The compiler shows one if its field is missing.

/// The field `address_line_1`.
#[derive(Debug, Clone, Copy)]
pub enum AddressLine1 {}

/// The field `addresses`.
#[derive(Debug, Clone, Copy)]
pub enum Addresses {}

/// The field `assigned_clinic`.
#[derive(Debug, Clone, Copy)]
pub enum AssignedClinic {}

/// The field `carrier_id`.
#[derive(Debug, Clone, Copy)]
pub enum CarrierId {}

/// The field `city`.
#[derive(Debug, Clone, Copy)]
pub enum City {}

/// The field `clinic_id`.
#[derive(Debug, Clone, Copy)]
pub enum ClinicId {}

/// The field `direction`.
#[derive(Debug, Clone, Copy)]
pub enum Direction {}

/// The field `dob`.
#[derive(Debug, Clone, Copy)]
pub enum Dob {}

/// The field `dose`.
#[derive(Debug, Clone, Copy)]
pub enum Dose {}

/// The field `email`.
#[derive(Debug, Clone, Copy)]
pub enum Email {}

/// The field `first_name`.
#[derive(Debug, Clone, Copy)]
pub enum FirstName {}

/// The field `gender`.
#[derive(Debug, Clone, Copy)]
pub enum Gender {}

/// The field `is_veterinarian`.
#[derive(Debug, Clone, Copy)]
pub enum IsVeterinarian {}

/// The field `key`.
#[derive(Debug, Clone, Copy)]
pub enum Key {}

/// The field `last_name`.
#[derive(Debug, Clone, Copy)]
pub enum LastName {}

/// The field `medication`.
#[derive(Debug, Clone, Copy)]
pub enum Medication {}

/// The field `medication_request_id`.
#[derive(Debug, Clone, Copy)]
pub enum MedicationRequestId {}

/// The field `medication_requests`.
#[derive(Debug, Clone, Copy)]
pub enum MedicationRequests {}

/// The field `npi`.
#[derive(Debug, Clone, Copy)]
pub enum Npi {}

/// The field `patient_id`.
#[derive(Debug, Clone, Copy)]
pub enum PatientId {}

/// The field `postal_code`.
#[derive(Debug, Clone, Copy)]
pub enum PostalCode {}

/// The field `practitioner_id`.
#[derive(Debug, Clone, Copy)]
pub enum PractitionerId {}

/// The field `quantity`.
#[derive(Debug, Clone, Copy)]
pub enum Quantity {}

/// The field `service_id`.
#[derive(Debug, Clone, Copy)]
pub enum ServiceId {}

/// The field `state`.
#[derive(Debug, Clone, Copy)]
pub enum State {}

/// The field `state_code`.
#[derive(Debug, Clone, Copy)]
pub enum StateCode {}

/// The field `value`.
#[derive(Debug, Clone, Copy)]
pub enum Value {}

/// The field `webhook_url`.
#[derive(Debug, Clone, Copy)]
pub enum WebhookUrl {}

/// The field `zip_code`.
#[derive(Debug, Clone, Copy)]
pub enum ZipCode {}
