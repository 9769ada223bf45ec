//! The examples of the client and the inbox, run as processes against a sandbox, until their orders are shipped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use novamed::{MedicationRequest, WebhookRequest};
use novamed_sandbox::{Fault, Operation, Options, Rule, Sandbox, Stage};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::steps::{App, client, clinic, order, place, practitioner};

const ORDER: Operation = Operation::CreateMedicationRequest;
const LIFE: Duration = Duration::from_secs(300);

/// Returns whether these tests are left out, and says so.
fn is_skipped() -> bool {
    let is_skipped = ["NOVAMED_CI_TESTS", "NOVAMED_LONG_TESTS"].iter().all(|name| std::env::var_os(name).is_none());
    if is_skipped {
        println!("skipped: a step of `cargo xtask ci` runs it, with NOVAMED_CI_TESTS=1");
    }
    is_skipped
}

/// A sandbox, an app that receives its deliveries, and a folder for an example's files.
struct World {
    sandbox: Sandbox,
    app: App,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let app = App::start(200).await;
        let url = format!("http://127.0.0.1:{}/hook", app.port);
        let sandbox = Options::default().manual_clock().webhook(url).start().await.unwrap();
        Self { sandbox, app, folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes one JSON text per line.
    fn write(&self, name: &str, lines: &[Value]) {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        fs::write(self.path(name), lines.join("\n")).unwrap();
    }

    /// Writes the bodies of all deliveries so far.
    fn write_deliveries(&self) {
        fs::write(self.path("deliveries"), self.bodies().join("\n")).unwrap();
    }

    fn bodies(&self) -> Vec<String> {
        let body = |request: String| request.split_once("\r\n\r\n").unwrap().1.to_owned();
        self.app.received().into_iter().map(body).collect()
    }

    /// Runs an example in the folder, and returns what it printed.
    async fn run(&self, name: &str, arguments: &[&str]) -> String {
        let mut command = self.command(name);
        command.args(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        said
    }

    fn command(&self, name: &str) -> Command {
        // This program is in `deps`, next to which the examples are.
        let program = std::env::current_exe().unwrap();
        let path = program.parent().unwrap().with_file_name("examples").join(name);
        assert!(path.is_file(), "{name} is not built: run `cargo xtask ci --only processes`");
        let mut command = Command::new(path);
        command.current_dir(self.folder.path()).env("NOVAMED_ENVIRONMENT", "development");
        command.env("NOVAMED_BASE_URL", self.sandbox.base_url()).env("NOVAMED_API_KEY", self.sandbox.key());
        command.env("NOVAMED_CLINIC_ID", self.sandbox.clinic());
        command.env("NOVAMED_WEBHOOK_SECRET", self.sandbox.webhook_secret());
        command
    }

    fn all_shipped(&self) -> bool {
        self.sandbox.state().orders().all(|order| order.stage == Stage::Shipped)
    }
}

fn json(order: &MedicationRequest) -> Value {
    serde_json::to_value(order).unwrap()
}

#[tokio::test]
async fn the_quickstart_orders() {
    if is_skipped() {
        return;
    }
    let world = World::new().await;
    let said = world.run("quickstart", &[]).await;
    assert!(said.contains("ordered: CreatedMedicationRequest"), "{said}");
    world.sandbox.advance(LIFE).await;
    assert!(world.all_shipped());
    assert_eq!(world.sandbox.acts(ORDER), 1);
}

#[tokio::test]
async fn the_pharmacy_survives_a_lost_answer_without_ordering_twice() {
    const FILES: [&str; 3] = ["orders", "book", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new().await;
    let order = json(&order(&world.sandbox).await);
    let line = |reference: &str| json!({ "reference": reference, "order": order });
    world.write("orders", &[line("rx-1"), line("rx-2")]);
    world.write_deliveries();
    world.sandbox.fault(Rule::new(Fault::ClosedAfterRequest).on(ORDER).skip(1).acting()).unwrap();
    let said = world.run("pharmacy", &FILES).await;
    assert!(said.contains("rx-2: fate unknown, not sent again"), "{said}");
    world.sandbox.advance(LIFE).await;
    world.write_deliveries();
    let said = world.run("pharmacy", &FILES).await;
    assert!(said.contains("rx-1: shipped") && said.contains("rx-2: fate unknown"), "{said}");
    assert_eq!(world.sandbox.acts(ORDER), 2, "ordered twice");
}

#[tokio::test]
async fn care_coordination_and_the_portal_refill_once_the_order_is_shipped() {
    const PLAN: [&str; 3] = ["plan", "book", "deliveries"];
    const WISHES: [&str; 4] = ["plan", "wishes-book", "tracking", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new().await;
    let request = serde_json::to_value(place(&world.sandbox).await.medication_request_id).unwrap();
    world.write("plan", &[json!({ "reference": "plan-7", "medication_request_id": request })]);
    world.write_deliveries();
    let said = world.run("care_coordination", &PLAN).await;
    assert!(said.contains("plan-7: not yet"), "{said}");
    let said = world.run("portal", &WISHES).await;
    assert!(said.contains("A refill is possible once your medication has been shipped."), "{said}");
    world.sandbox.advance(LIFE).await;
    let said = world.run("portal", &WISHES).await;
    assert!(said.contains("We received your request."), "{said}");
    let said = world.run("care_coordination", &PLAN).await;
    assert!(said.contains("plan-7: already open"), "{said}");
    world.sandbox.advance(LIFE).await;
    world.write_deliveries();
    let said = world.run("portal", &WISHES).await;
    assert!(said.contains("Your medication is on its way, with 1 tracking link(s)."), "{said}");
    assert_eq!(world.sandbox.acts(Operation::CreateRefillRequest), 1);
}

#[tokio::test]
async fn telemedicine_turns_a_consultation_into_a_shipment() {
    const FILES: [&str; 3] = ["consultations", "book", "deliveries"];
    if is_skipped() {
        return;
    }
    let world = World::new().await;
    let address = json!({ "addressLine1": "2 Main St", "city": "Austin", "state": "TX", "postalCode": "73301" });
    world.write(
        "consultations",
        &[json!({
            "reference": "visit-1", "practitioner_reference": "ada", "patient_reference": "pat",
            "practitioner": serde_json::to_value(practitioner(clinic(&world.sandbox))).unwrap(),
            "patient": {
                "first_name": "Pat", "last_name": "Example", "gender": "unknown", "dob": "1985-03-15",
                "address": address,
            },
            "medications": [{ "medication": "Example", "dose": "1mg", "quantity": 1, "direction": "daily" }],
        })],
    );
    world.write_deliveries();
    world.run("telemedicine", &FILES).await;
    world.sandbox.advance(LIFE).await;
    world.write_deliveries();
    let said = world.run("telemedicine", &FILES).await;
    assert!(said.contains("visit-1: shipped"), "{said}");
    assert_eq!(world.sandbox.acts(ORDER), 1);
}

#[tokio::test]
async fn an_unknown_fate_is_settled_by_events() {
    if is_skipped() {
        return;
    }
    let world = World::new().await;
    for folder in ["journal", "orders", "events"] {
        fs::create_dir(world.path(folder)).unwrap();
    }
    world.write("orders/17.json", &[json(&order(&world.sandbox).await)]);
    world.sandbox.fault(Rule::new(Fault::Truncated).on(ORDER).acting()).unwrap();
    let run = ["run", "journal", "orders", "events"];
    let said = world.run("unknown_fate", &run).await;
    assert!(said.contains("order 17: fate unknown, not sent again") && !said.contains("  event"), "{said}");
    world.sandbox.advance(LIFE).await;
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    for (index, body) in world.bodies().iter().enumerate() {
        fs::write(world.path(&format!("events/{}.json", now + index as u128)), body).unwrap();
    }
    let said = world.run("unknown_fate", &run).await;
    assert!(said.contains("and 4 more may belong to it"), "{said}");
    world.run("unknown_fate", &["settle", "journal", "17", "acted"]).await;
    let said = world.run("unknown_fate", &run).await;
    assert!(said.contains("order 17: settled"), "{said}");
    assert_eq!(world.sandbox.acts(ORDER), 1, "ordered twice");
}

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn the_webhook_server_tracks_an_order_until_it_is_shipped() {
    if is_skipped() {
        return;
    }
    let world = World::new().await;
    let mut command = world.command("webhook_server");
    command.args(["inbox.db", "127.0.0.1:0"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = Process(command.spawn().unwrap());
    let mut lines = BufReader::new(process.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|line| Some(line.strip_prefix("listening on 127.0.0.1:")?.to_owned())).unwrap();
    let webhook = WebhookRequest::builder()
        .clinic_id(clinic(&world.sandbox))
        .webhook_url(format!("https://localhost:{address}/webhooks/novamed"))
        .build();
    client(&world.sandbox).create_webhook(&webhook).await.unwrap();
    place(&world.sandbox).await;
    world.sandbox.advance(LIFE).await;
    assert!(world.sandbox.state().deliveries().all(|(_, delivery)| delivery.is_accepted()));
    let shipped = tokio::task::spawn_blocking(move || lines.any(|line| line.ends_with("a shipment of an order")));
    let shipped = tokio::time::timeout(Duration::from_secs(60), shipped).await;
    assert!(shipped.expect("the event is handled").unwrap());
}
