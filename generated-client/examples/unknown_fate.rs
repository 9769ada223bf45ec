//! Orders medications safely even if the program is killed at any moment and restarted: no order is placed
//! twice, and none is forgotten.
//!
//! ```text
//! unknown_fate run JOURNAL ORDERS EVENTS            sends new orders, and reports the state of all orders
//! unknown_fate settle JOURNAL NUMBER acted          NovaMed has this order: nothing more to do
//! unknown_fate settle JOURNAL NUMBER not-acted      NovaMed doesn't have it: the next run may send it
//! ```
//!
//! `JOURNAL` is a folder that the program maintains. `ORDERS` is a folder with files such as `17.json`. Each
//! contains a medication request, and its name is the app's number for it. `EVENTS` contains the bodies that
//! the webhook received. The name of each is the Unix time in milliseconds when it arrived.
//! `NOVAMED_ENVIRONMENT` and `NOVAMED_API_KEY` select the environment and the key. The guide's page on
//! unknown fates explains the steps.
//!
//! All three folders contain patient data. The output identifies orders only by number.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use novamed::{
    Client, ClinicId, CreatedMedicationRequest, DateTime, Delivery, Event, MedicationOrderId, MedicationRequest,
    PatientId, PractitionerId,
};

const USAGE: &str = "usage: unknown_fate run JOURNAL ORDERS EVENTS\n       \
                     unknown_fate settle JOURNAL NUMBER acted|not-acted";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["run", journal, orders, events] => run(&Journal::open(journal)?, orders, events).await,
        ["settle", journal, number, verdict] => settle(&Journal::open(journal)?, number.parse()?, verdict),
        _ => Err(USAGE.into()),
    }
}

/// Records new orders, sends those that may be sent, and reports on all of them.
async fn run(journal: &Journal, orders: &str, events: &str) -> Result<(), Box<dyn Error>> {
    // Each run makes one attempt.
    let client = Client::from_env()?.with_options(|options| options.max_retries(0));
    for (number, file) in numbered(Path::new(orders))? {
        let text = fs::read_to_string(file)?;
        medication_request(number, &text)?;
        if !journal.has(&order_file(number)) {
            journal.put(&order_file(number), &text)?;
        }
    }
    let sightings = sightings(events)?;
    for (number, _) in journal.orders()? {
        if let State::Open { attempt } = journal.state(number)? {
            send(&client, journal, number, attempt).await?;
        }
        report(journal, number, &sightings)?;
        step();
    }
    Ok(())
}

/// Sends an order, and records the attempt in the journal before and after.
async fn send(client: &Client, journal: &Journal, number: u64, attempt: u32) -> Result<(), Box<dyn Error>> {
    let request = medication_request(number, &journal.read(&order_file(number))?.unwrap_or_default())?;
    step();
    if !journal.claim(&sending_file(number, attempt))? {
        return Ok(()); // Another process was faster.
    }
    let end = match client.create_medication_request(&request).await {
        Ok(created) => format!("created\n{}", serde_json::to_string(&*created)?),
        Err(error) => {
            println!("order {number}: {error}");
            match error.delivery() {
                Delivery::NotSent => "not sent".to_owned(),
                Delivery::Refused => "refused".to_owned(),
                Delivery::Unknown => "unknown".to_owned(),
            }
        }
    };
    step();
    journal.put(&end_file(number, attempt), &end)?;
    Ok(())
}

/// Records what a person found out from events or from NovaMed's support.
fn settle(journal: &Journal, number: u64, verdict: &str) -> Result<(), Box<dyn Error>> {
    let (State::Unknown { attempt, .. } | State::Refused { attempt }) = journal.state(number)? else {
        return Err("only an order that was refused, or whose fate is unknown, can be settled".into());
    };
    if !["acted", "not-acted"].contains(&verdict) {
        return Err(USAGE.into());
    }
    step();
    journal.put(&verdict_file(number, attempt), verdict)?;
    println!("order {number}: {verdict}");
    Ok(())
}

/// Reports the state of an order.
fn report(journal: &Journal, number: u64, sightings: &[Sighting]) -> Result<(), Box<dyn Error>> {
    let since = match journal.state(number)? {
        State::Done => {
            println!("order {number}: settled");
            return Ok(());
        }
        State::Open { .. } => {
            println!("order {number}: not sent, the next run may send it");
            return Ok(());
        }
        State::Refused { .. } => {
            println!("order {number}: refused, NovaMed didn't act");
            return Ok(());
        }
        State::Unknown { since, .. } => since,
    };
    let request = medication_request(number, &journal.read(&order_file(number))?.unwrap_or_default())?;
    let time = since.and_then(|it| DateTime::from_system_time(it).ok());
    let time = time.map_or_else(|| "at an unknown time".to_owned(), |time| format!("at {time}"));
    println!("order {number}: fate unknown, not sent again");
    for (received, count) in candidates(&request, since, sightings, &journal.known_orders()?) {
        println!("  event {received} and {} more may belong to it: compare them with the order", count - 1);
    }
    println!("  support (api@nimbus-os.com) knows whether clinic {} has", request.clinic_id);
    println!("  the medication request that practitioner {} sent {time}", request.practitioner_id);
    Ok(())
}

/// An event about one of NovaMed's orders.
struct Sighting {
    /// When it arrived, in Unix milliseconds.
    received: u64,
    order: MedicationOrderId,
    whose: (PatientId, PractitionerId, ClinicId),
}

impl Sighting {
    fn read(received: u64, event: &Event) -> Option<Self> {
        let (order, whose) = match event {
            Event::MedicationOrderVerified(it) => (it.id, (it.patient_id, it.practitioner_id, it.clinic_id)),
            Event::MedicationOrderSubmitted(it) => (it.id, (it.patient_id, it.practitioner_id, it.clinic_id)),
            Event::MedicationOrderAcknowledged(it) => (it.id, (it.patient_id, it.practitioner_id, it.clinic_id)),
            Event::MedicationOrderFilled(it) => (it.id, (it.patient_id, it.practitioner_id, it.clinic_id)),
            Event::ShipmentCreated(it) => (it.id, (it.patient_id, it.practitioner_id, it.clinic_id)),
            _ => return None,
        };
        Some(Self { received, order, whose })
    }
}

/// Reads the received events, oldest first.
fn sightings(folder: &str) -> Result<Vec<Sighting>, Box<dyn Error>> {
    let mut sightings = Vec::new();
    for (received, file) in numbered(Path::new(folder))? {
        match Event::parse(&fs::read(file)?) {
            Ok(event) => sightings.extend(Sighting::read(received, &event)),
            Err(error) => println!("event {received}: {error}"),
        }
    }
    Ok(sightings)
}

/// Returns the NovaMed orders that may be the result of `request`: for each, the time of its first event and
/// the number of its events.
///
/// Patient, practitioner and clinic must match, and the first event must not have arrived before the request
/// was sent. That doesn't prove anything, since a refill or another app may have created such an order too.
/// So a person has to decide.
fn candidates(
    request: &MedicationRequest,
    since: Option<SystemTime>,
    sightings: &[Sighting],
    known: &[MedicationOrderId],
) -> Vec<(u64, usize)> {
    /// The clock of the webhook's receiver may be slow.
    const SLACK: Duration = Duration::from_secs(300);
    let earliest = since.map_or(0, |since| milliseconds(since.checked_sub(SLACK).unwrap_or(UNIX_EPOCH)));
    let whose = (request.patient_id, request.practitioner_id, request.clinic_id);
    let mut found: BTreeMap<MedicationOrderId, (u64, usize)> = BTreeMap::new();
    for sighting in sightings.iter().filter(|it| it.whose == whose && !known.contains(&it.order)) {
        found.entry(sighting.order).or_insert((sighting.received, 0)).1 += 1;
    }
    found.into_values().filter(|(first, _)| *first >= earliest).collect()
}

/// The state of an order in the journal.
enum State {
    /// This attempt may send it.
    Open { attempt: u32 },
    /// It may have been sent at this time.
    Unknown { attempt: u32, since: Option<SystemTime> },
    /// NovaMed refused it.
    Refused { attempt: u32 },
    /// NovaMed has it.
    Done,
}

/// A folder of small files, each of which is either complete or absent:
///
/// ```text
/// 17.order        the medication request
/// 17.1.sending    the first attempt has started, and may have arrived; contains the time
/// 17.1.end        its outcome: created (with the answer), refused, not sent or unknown
/// 17.1.verdict    what a person found out: acted or not-acted
/// ```
struct Journal(PathBuf);

fn order_file(number: u64) -> String {
    format!("{number}.order")
}

fn sending_file(number: u64, attempt: u32) -> String {
    format!("{number}.{attempt}.sending")
}

fn end_file(number: u64, attempt: u32) -> String {
    format!("{number}.{attempt}.end")
}

fn verdict_file(number: u64, attempt: u32) -> String {
    format!("{number}.{attempt}.verdict")
}

impl Journal {
    /// Opens the folder. It must exist: with a wrong path, every order would look new.
    fn open(folder: &str) -> Result<Self, Box<dyn Error>> {
        if !Path::new(folder).is_dir() {
            return Err("the journal doesn't exist: to start a new one, create an empty folder".into());
        }
        Ok(Self(folder.into()))
    }

    fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }

    fn read(&self, name: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.0.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes an entry atomically, and returns once it is on disk.
    fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let draft = self.0.join(format!("{name}.{}.draft", std::process::id()));
        let mut file = File::create(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        step();
        fs::rename(draft, self.0.join(name))?;
        self.sync()?;
        step();
        Ok(())
    }

    /// Records that an attempt starts. If several processes try, only one creates the entry, and the others
    /// get `false`. Once the entry exists, even if it is empty, the attempt may have been sent.
    fn claim(&self, name: &str) -> io::Result<bool> {
        let mut file = match OpenOptions::new().write(true).create_new(true).open(self.0.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error),
        };
        step();
        // The newline shows that the line is complete.
        file.write_all(format!("{}\n", milliseconds(SystemTime::now())).as_bytes())?;
        file.sync_all()?;
        self.sync()?;
        step();
        Ok(true)
    }

    /// Flushes the folder's list of files to disk. Windows does that automatically.
    fn sync(&self) -> io::Result<()> {
        if cfg!(unix) { File::open(&self.0)?.sync_all() } else { Ok(()) }
    }

    /// Returns the numbers and files of all orders.
    fn orders(&self) -> Result<Vec<(u64, PathBuf)>, Box<dyn Error>> {
        let mut orders = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let is_order = path.extension().is_some_and(|it| it == "order");
            if let Some(number) = number_of(&path).filter(|_| is_order) {
                orders.push((number, path));
            }
        }
        orders.sort();
        Ok(orders)
    }

    /// Determines the state of an order from its attempts.
    fn state(&self, number: u64) -> Result<State, Box<dyn Error>> {
        for attempt in 1.. {
            let Some(sending) = self.read(&sending_file(number, attempt))? else {
                return Ok(State::Open { attempt });
            };
            let end = self.read(&end_file(number, attempt))?;
            let verdict = self.read(&verdict_file(number, attempt))?;
            match (end.as_deref().and_then(|end| end.lines().next()), verdict.as_deref()) {
                (Some("created"), _) | (_, Some("acted")) => return Ok(State::Done),
                (Some("not sent"), _) | (_, Some("not-acted")) => {}
                (Some("refused"), None) => return Ok(State::Refused { attempt }),
                (None | Some("unknown"), None) => {
                    let time = sending.strip_suffix('\n').and_then(|time| time.parse().ok());
                    let since = time.and_then(|time| UNIX_EPOCH.checked_add(Duration::from_millis(time)));
                    return Ok(State::Unknown { attempt, since });
                }
                _ => return Err(format!("order {number}: the journal contains an invalid entry").into()),
            }
        }
        Err("an order has too many attempts".into())
    }

    /// Returns the order ids in NovaMed's answers.
    fn known_orders(&self) -> Result<Vec<MedicationOrderId>, Box<dyn Error>> {
        let mut known = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "end")
                && let Some(answer) = fs::read_to_string(path)?.strip_prefix("created\n")
            {
                let answer: Option<CreatedMedicationRequest> = serde_json::from_str(answer).ok();
                known.extend(answer.and_then(|answer| answer.medication_order_id));
            }
        }
        Ok(known)
    }
}

/// Parses a request. Drops serde's error message, because it may contain a value.
fn medication_request(number: u64, text: &str) -> Result<MedicationRequest, String> {
    serde_json::from_str(text).map_err(|_| format!("order {number} is not a medication request"))
}

/// Returns the files named `NUMBER.json` in a folder, sorted by number. Doesn't print other names, because they
/// may contain anything.
fn numbered(folder: &Path) -> Result<Vec<(u64, PathBuf)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_json = path.extension().is_some_and(|it| it == "json");
        let number = number_of(&path).filter(|_| is_json);
        files.push((number.ok_or("a file among the orders or events is not named NUMBER.json")?, path));
    }
    files.sort();
    Ok(files)
}

fn number_of(path: &Path) -> Option<u64> {
    path.file_stem()?.to_str()?.parse().ok()
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Marks the end of a step. With `UNKNOWN_FATE_STOP=3`, the program waits for a line of input after its third
/// step. A test uses this to kill it between any two steps.
fn step() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static STEPS: AtomicU32 = AtomicU32::new(0);
    let taken = STEPS.fetch_add(1, Ordering::Relaxed) + 1;
    if std::env::var("UNKNOWN_FATE_STOP").is_ok_and(|stop| stop.parse() == Ok(taken)) {
        println!("stopped");
        io::stdin().read_line(&mut String::new()).ok();
    }
}
