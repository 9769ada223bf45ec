//! The steps to an order, with the real client, and an app that receives deliveries.

use std::sync::{Arc, Mutex};

use novamed::{
    Address, CarrierId, Client, ClinicId, CreatedMedicationRequest, Date, Decimal, Environment, Gender, Medication,
    MedicationRequest, PatientRequest, PractitionerRequest, ServiceId,
};
use novamed_sandbox::Sandbox;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Returns a client that makes each call once.
pub fn client(sandbox: &Sandbox) -> Client {
    client_with(sandbox, sandbox.key())
}

pub fn client_with(sandbox: &Sandbox, key: &str) -> Client {
    let builder = Client::builder().environment(Environment::Development).base_url(sandbox.base_url());
    builder.api_key(key).build().unwrap().with_options(|options| options.max_retries(0))
}

pub fn clinic(sandbox: &Sandbox) -> ClinicId {
    sandbox.clinic().parse().unwrap()
}

pub fn practitioner(clinic: ClinicId) -> PractitionerRequest {
    PractitionerRequest::builder()
        .first_name("Ada")
        .last_name("Moss")
        .email("ada@clinic.example")
        .npi("1234567890")
        .is_veterinarian(false)
        .assigned_clinic(clinic)
        .address_line_1("1 Main St")
        .city("Austin")
        .state_code("TX")
        .zip_code("73301")
        .build()
}

/// Creates a practitioner and a patient, and returns an order for them.
pub async fn order(sandbox: &Sandbox) -> MedicationRequest {
    let (client, clinic) = (client(sandbox), clinic(sandbox));
    let practitioner = client.create_practitioner(&practitioner(clinic)).await.unwrap().practitioner_id;
    let address =
        Address::builder().address_line_1("2 Main St").city("Austin").state("TX").postal_code("73301").build();
    let patient = PatientRequest::builder()
        .first_name("Pat")
        .last_name("Example")
        .gender(Gender::Unknown)
        .dob(Date::new(1985, 3, 15).unwrap())
        .practitioner_id(practitioner)
        .assigned_clinic(clinic)
        .addresses([address])
        .build();
    let patient = client.create_patient(&patient).await.unwrap().patient_id;
    let medication = Medication::builder()
        .medication("Example")
        .dose("1mg")
        .quantity(Decimal::from(1))
        .direction("daily")
        .refills("1")
        .build();
    MedicationRequest::builder()
        .patient_id(patient)
        .practitioner_id(practitioner)
        .clinic_id(clinic)
        .carrier_id(CarrierId::from("ameriship"))
        .service_id(ServiceId::from("ground"))
        .medication_requests([medication])
        .build()
}

pub async fn place(sandbox: &Sandbox) -> CreatedMedicationRequest {
    client(sandbox).create_medication_request(&order(sandbox).await).await.unwrap().into_data()
}

/// An app that receives deliveries and answers all of them with one status.
pub struct App {
    pub port: u16,
    received: Arc<Mutex<Vec<String>>>,
}

impl App {
    pub async fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let app = Self { port, received: Arc::clone(&received) };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                received.lock().unwrap().push(request);
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        app
    }

    /// Returns the deliveries so far: heads and bodies.
    pub fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }

    /// Returns the names of the events so far, and `None` for what isn't JSON.
    pub fn events(&self) -> Vec<Option<String>> {
        let name = |request: &String| {
            let body: Value = serde_json::from_str(request.split_once("\r\n\r\n")?.1).ok()?;
            Some(body["event_name"].as_str()?.to_owned())
        };
        self.received().iter().map(name).collect()
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    loop {
        let whole = text.split_once("\r\n\r\n").and_then(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
            Some(body.len() == length.parse::<usize>().ok()?)
        });
        if whole == Some(true) {
            return text;
        }
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "{text}");
        text.push_str(str::from_utf8(&bytes[..read]).unwrap());
    }
}

/// Sends a request over a connection, and returns whatever comes back.
pub async fn raw(sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> String {
    raw_to(&sandbox.base_url(), method, path, headers, body).await
}

pub async fn raw_to(base_url: &str, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A fault may close the connection.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}
