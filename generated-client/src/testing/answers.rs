// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Builders for types that only responses and events have, for tests.
//!
//! Each type has a `builder` function. `build` panics if a required field isn't set.

use crate::runtime::value::date_time::DateTime;
use crate::runtime::value::decimal::Decimal;
use crate::types::{
    ApiError, Carrier, CarrierId, CarrierService, CarrierServices, Carriers, ClinicId,
    CreatedMedicationRequest, CreatedPatient, CreatedPractitioner, CreatedRefillRequest,
    CreatedWebhook, DeletedWebhook, ErrorCode, ErrorDetail, ErrorDetails, ErrorResponse,
    FieldError, FreeShipmentType, MedicationOrderAcknowledged, MedicationOrderFilled,
    MedicationOrderId, MedicationOrderSubmitted, MedicationOrderVerified,
    MedicationRequestId, OrderedMedication, OrderedMedicationId, PatientId,
    PractitionerActivated, PractitionerId, PractitionerStatus, PrescriptionNumber,
    RefillRequestId, ServiceId, ShipmentCancelled, ShipmentCreated, ShipmentId, WebhookId,
};

crate::runtime::testing::builders::builders! {
    created_practitioner: CreatedPractitioner {
        practitioner_id: PractitionerId,
    } {
        status: Option<String>,
    }
    created_patient: CreatedPatient {
        patient_id: PatientId,
    } {}
    created_medication_request: CreatedMedicationRequest {
        medication_request_id: MedicationRequestId,
    } {
        medication_order_id: Option<MedicationOrderId>,
        medications: Option<Vec<OrderedMedication>>,
    }
    ordered_medication: OrderedMedication {} {
        id: Option<OrderedMedicationId>,
        medication: Option<String>,
        dose: Option<String>,
        quantity_authorized: Option<Decimal>,
        days_supply: Option<Decimal>,
        refills_authorized: Option<Decimal>,
        sig: Option<String>,
        date_issued: Option<String>,
    }
    created_refill_request: CreatedRefillRequest {
        refill_request_id: RefillRequestId,
        medication_order_id: MedicationOrderId,
    } {}
    carriers: Carriers {
        carriers: Vec<Carrier>,
    } {}
    carrier: Carrier {
        id: CarrierId,
        name: String,
    } {}
    carrier_service: CarrierService {
        id: ServiceId,
        name: String,
        total_cost: Decimal,
        original_cost: Decimal,
    } {}
    carrier_services: CarrierServices {
        services: Vec<CarrierService>,
        is_free_shipment: bool,
        free_shipment_type: Option<FreeShipmentType>,
        patient_state: String,
    } {}
    created_webhook: CreatedWebhook {
        webhook_id: WebhookId,
    } {
        webhook_url: Option<String>,
        clinic_id: Option<ClinicId>,
        created_at: Option<DateTime>,
    }
    deleted_webhook: DeletedWebhook {} {}
    error_response: ErrorResponse {
        success: bool,
        error: ApiError,
    } {}
    api_error: ApiError {
        message: String,
    } {
        code: Option<ErrorCode>,
        details: Option<ErrorDetails>,
        retry_after: Option<i64>,
    }
    error_detail: ErrorDetail {} {
        field: Option<String>,
        reason: Option<String>,
    }
    field_error: FieldError {} {
        field: Option<String>,
        message: Option<String>,
    }
    medication_order_verified: MedicationOrderVerified {
        id: MedicationOrderId,
        clinic_id: ClinicId,
        patient_id: PatientId,
        practitioner_id: PractitionerId,
    } {
        rx_number: Option<PrescriptionNumber>,
    }
    medication_order_submitted: MedicationOrderSubmitted {
        id: MedicationOrderId,
        clinic_id: ClinicId,
        patient_id: PatientId,
        practitioner_id: PractitionerId,
    } {
        rx_number: Option<PrescriptionNumber>,
    }
    medication_order_acknowledged: MedicationOrderAcknowledged {
        id: MedicationOrderId,
        clinic_id: ClinicId,
        patient_id: PatientId,
        practitioner_id: PractitionerId,
    } {
        rx_number: Option<PrescriptionNumber>,
    }
    medication_order_filled: MedicationOrderFilled {
        id: MedicationOrderId,
        clinic_id: ClinicId,
        patient_id: PatientId,
        practitioner_id: PractitionerId,
    } {
        rx_number: Option<PrescriptionNumber>,
    }
    shipment_created: ShipmentCreated {
        id: MedicationOrderId,
        clinic_id: ClinicId,
        patient_id: PatientId,
        practitioner_id: PractitionerId,
        shipping_label: String,
        shipment_id: ShipmentId,
        shipment_provider: String,
        tracking_url: String,
    } {
        rx_number: Option<PrescriptionNumber>,
    }
    shipment_cancelled: ShipmentCancelled {} {
        shipment_id: Option<ShipmentId>,
    }
    practitioner_activated: PractitionerActivated {
        practitioner_id: PractitionerId,
        practitioner_name: String,
        practitioner_email: String,
        practitioner_phone: Option<String>,
        practitioner_npi: String,
        practitioner_status: PractitionerStatus,
    } {}
}
