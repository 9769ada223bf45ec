//! Measures how many orders a second the sandbox takes, compared with a bare handler that decodes and answers the same JSON,
//! how long the sandbox takes to start, and how much memory its orders take.
//!
//! ```text
//! sandbox-rate SECONDS
//! start 0.000310       seconds until the sandbox listens (median of 50)
//! bare 21000.0         requests a second, by an axum handler with the client's types
//! sandbox 15000.0      requests a second
//! memory 150.2         MiB after 100,000 orders, more than before the first
//! ```
//!
//! The program has two threads. Sixteen connections send one request after another.

use std::env;
use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use novamed::{
    Address, Client, ClinicId, Date, Environment, Gender, Medication, MedicationRequest, PatientRequest,
    PractitionerRequest,
};
use novamed_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

type Failure = Box<dyn Error + Send + Sync>;

const CONNECTIONS: usize = 16;
const ORDERS: usize = 100_000;
const STARTS: usize = 50;
const PATH: &str = "/api/external/medication-order";

fn main() -> Result<(), Failure> {
    let seconds = env::args().nth(1).ok_or("usage: sandbox-rate SECONDS")?.parse()?;
    let time = Duration::from_secs(seconds);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        println!("start {:.6}", start().await?);
        let sandbox = Options::default().manual_clock().start().await?;
        let request = Arc::new(request(&sandbox).await?);
        println!("bare {:.1}", rate(bare_server().await?, &request, time).await?);
        println!("sandbox {:.1}", rate(address(&sandbox)?, &request, time).await?);
        println!("memory {:.1}", memory().await?);
        Ok(())
    })
}

/// Returns the median time until a sandbox listens.
async fn start() -> Result<f64, Failure> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let begin = Instant::now();
        let sandbox = Options::default().manual_clock().start().await?;
        times.push(begin.elapsed().as_secs_f64());
        drop(sandbox);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[STARTS / 2])
}

/// Returns a request that orders, as the client sends it.
async fn request(sandbox: &Sandbox) -> Result<String, Failure> {
    let client = Client::builder()
        .environment(Environment::Development)
        .base_url(sandbox.base_url())
        .api_key(sandbox.key())
        .build()?;
    let clinic: ClinicId = sandbox.clinic().parse()?;
    let practitioner = PractitionerRequest::builder()
        .first_name("Jane")
        .last_name("Roe")
        .email("jane.roe@example.com")
        .npi("1234567893")
        .is_veterinarian(false)
        .assigned_clinic(clinic)
        .address_line_1("500 Congress Avenue")
        .city("Austin")
        .state_code("TX")
        .zip_code("78701")
        .build();
    let practitioner = client.create_practitioner(&practitioner).await?.practitioner_id;
    let address =
        Address::builder().address_line_1("123 Main Street").city("Austin").state("TX").postal_code("78701").build();
    let patient = PatientRequest::builder()
        .first_name("John")
        .last_name("Doe")
        .gender(Gender::Male)
        .dob(Date::new(1985, 3, 15)?)
        .practitioner_id(practitioner)
        .assigned_clinic(clinic)
        .addresses([address])
        .build();
    let patient = client.create_patient(&patient).await?.patient_id;
    let carriers = client.get_carriers().await?;
    let carrier = carriers.carriers.first().ok_or("there is no carrier")?.id.clone();
    let services = client.get_carrier_services(&carrier, patient).await?;
    let service = services.services.first().ok_or("there is no service")?.id.clone();
    let medication = Medication::builder()
        .medication("Testosterone Cypionate")
        .dose("200mg/ml")
        .quantity("10".parse()?)
        .direction("Inject 0.5 ml once a week")
        .refills("3")
        .build();
    let order = MedicationRequest::builder()
        .patient_id(patient)
        .practitioner_id(practitioner)
        .clinic_id(clinic)
        .carrier_id(carrier)
        .service_id(service)
        .medication_requests([medication])
        .build();
    let body = serde_json::to_string(&order)?;
    Ok(format!(
        "POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        sandbox.key(),
        body.len()
    ))
}

fn address(sandbox: &Sandbox) -> Result<SocketAddr, Failure> {
    let url = sandbox.base_url();
    let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
    Ok(host.parse()?)
}

/// Starts a server that decodes an order with the client's types, and answers as the sandbox does.
async fn bare_server() -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = |Json(order): Json<MedicationRequest>| async move {
        let data: Value = json!({ "medication_request_id": order.patient_id });
        Json(json!({ "success": true, "data": data, "message": "Medication request created successfully" }))
    };
    let router = Router::new().route(PATH, post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Returns how many requests a second are answered.
async fn rate(address: SocketAddr, request: &Arc<String>, time: Duration) -> Result<f64, Failure> {
    let end = Instant::now() + time;
    let count = calls(address, request, move |_| Instant::now() < end).await?;
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds is small")]
    Ok(count as f64 / time.as_secs_f64())
}

/// Calls on all connections as long as `go_on` of the number of calls says so, and returns how many calls were answered.
async fn calls(
    address: SocketAddr,
    request: &Arc<String>,
    go_on: impl Fn(usize) -> bool + Copy + Send + 'static,
) -> Result<usize, Failure> {
    let count = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (request, count) = (Arc::clone(request), Arc::clone(&count));
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut buffer = Vec::with_capacity(4096);
            while go_on(count.fetch_add(1, Ordering::Relaxed)) {
                stream.write_all(request.as_bytes()).await?;
                answered(&mut stream, &mut buffer).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    // Each connection counted once more before it ended.
    Ok(count.load(Ordering::Relaxed) - CONNECTIONS)
}

/// Reads a response, which has to be a success with a length.
async fn answered(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    buffer.clear();
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err("the connection ended early".into());
        }
    };
    let text = std::str::from_utf8(&buffer[..head])?.to_ascii_lowercase();
    if !text.starts_with("http/1.1 2") {
        return Err(format!("not a success: {}", String::from_utf8_lossy(buffer)).into());
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")).ok_or("there is no length")?;
    let end = head + length.trim().parse::<usize>()?;
    while buffer.len() < end {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the body ended early".into());
        }
    }
    Ok(())
}

/// Returns how many MiB 100,000 orders take in a new sandbox.
async fn memory() -> Result<f64, Failure> {
    let sandbox = Options::default().manual_clock().start().await?;
    let request = Arc::new(request(&sandbox).await?);
    let before = resident()?;
    calls(address(&sandbox)?, &request, |count| count < ORDERS).await?;
    Ok(resident()? - before)
}

/// Returns the memory of this process in MiB.
fn resident() -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the system doesn't say")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}
