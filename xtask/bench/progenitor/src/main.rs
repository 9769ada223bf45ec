//! Calls by the client that progenitor writes, its positional interface, with the times that it
//! comes with and a size of the answer that it does not limit.

use calls::{Failure, KEY};
use client::Client;
use client::types::MedicationRequest;
use reqwest::header::{HeaderMap, HeaderValue};

struct Calls {
    client: Client,
    request: MedicationRequest,
}

fn build(url: &str) -> Result<Calls, Failure> {
    let mut key = HeaderValue::from_static(KEY);
    key.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert("x-api-key", key);
    // What its own constructor sets, which has no room for a key.
    let time = std::time::Duration::from_secs(15);
    let http = reqwest::Client::builder().connect_timeout(time).timeout(time).default_headers(headers).build()?;
    let client = Client::new_with_client(url, http);
    let request = serde_json::from_value(serde_json::json!({
        "patient_id": "00000000-0000-4000-8000-00000000b001",
        "practitioner_id": "00000000-0000-4000-8000-00000000a001",
        "clinic_id": "00000000-0000-4000-8000-00000000c001",
        "carrier_id": "ameriship",
        "service_id": "example-service",
        "medication_requests": [{
            "medication": "Examplestatin",
            "dose": "200mg/ml",
            "quantity": 10.0,
            "direction": "Made-up direction."
        }]
    }))?;
    Ok(Calls { client, request })
}

fn main() -> Result<(), Failure> {
    calls::run(
        build,
        async |calls: &Calls| {
            let created = calls.client.create_medication_request(&calls.request).await?.into_inner();
            if created.success { Ok(()) } else { Err("the request was refused".into()) }
        },
        async |calls: &Calls| {
            let listed = calls.client.get_carriers().await?.into_inner();
            if listed.success { Ok(()) } else { Err("the carriers were refused".into()) }
        },
    )
}
