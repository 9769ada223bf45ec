//! Orders medications in such a way that the program may be killed at any moment and started again: no order
//! acts twice, and none is forgotten.
//!
//! ```text
//! unknown_fate run JOURNAL ORDERS EVENTS            orders what is new, and says what became of all orders
//! unknown_fate settle JOURNAL NUMBER acted          NovaMed has this order: it is settled
//! unknown_fate settle JOURNAL NUMBER not-acted      NovaMed has it not: the next run may send it
//! ```
//!
//! `JOURNAL` is a folder that the program keeps. `ORDERS` holds `17.json` and the like: a medication
//! request, named by the number that the application has for it. `EVENTS` holds the bodies that the
//! webhook received, each named by the Unix time in milliseconds at which it came.
//! `NOVAMED_ENVIRONMENT` and `NOVAMED_API_KEY` choose the environment and the key. The guide's page on
//! unknown fates explains the steps.
//!
//! All three folders hold patient data. What is printed holds none: an order is named by its number.

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

/// Writes down what is new, sends what may be sent, and says what became of every order.
async fn run(journal: &Journal, orders: &str, events: &str) -> Result<(), Box<dyn Error>> {
    // A run is an attempt, and the next run is the next one.
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

/// Sends an order, between two entries of the journal.
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

/// Writes down what a human found out, from the events or from NovaMed's support.
fn settle(journal: &Journal, number: u64, verdict: &str) -> Result<(), Box<dyn Error>> {
    let (State::Unknown { attempt, .. } | State::Refused { attempt }) = journal.state(number)? else {
        return Err("only an order that was refused, or whose fate is unknown, is settled by hand".into());
    };
    if !["acted", "not-acted"].contains(&verdict) {
        return Err(USAGE.into());
    }
    step();
    journal.put(&verdict_file(number, attempt), verdict)?;
    println!("order {number}: {verdict}");
    Ok(())
}

/// Says what became of an order.
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
            println!("order {number}: refused, NovaMed has not acted");
            return Ok(());
        }
        State::Unknown { since, .. } => since,
    };
    let request = medication_request(number, &journal.read(&order_file(number))?.unwrap_or_default())?;
    let time = since.and_then(|it| DateTime::from_system_time(it).ok());
    let time = time.map_or_else(|| "at an unknown time".to_owned(), |time| format!("at {time}"));
    println!("order {number}: fate unknown, it is not sent again");
    for (received, count) in candidates(&request, since, sightings, &journal.known_orders()?) {
        println!("  event {received} and {} more may tell of it: compare them with the order", count - 1);
    }
    println!("  support (api@nimbus-os.com) can tell whether clinic {} has", request.clinic_id);
    println!("  the medication request that practitioner {} sent {time}", request.practitioner_id);
    Ok(())
}

/// What one event tells of an order of NovaMed's.
struct Sighting {
    /// When it came: Unix milliseconds.
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

/// Reads the events that were received, oldest first.
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

/// Returns the orders of NovaMed's that `request` may have become: the time of the first event of
/// each, and how many came.
///
/// Patient, practitioner and clinic have to be the same, and its first event must not have come
/// before the request was sent. That is no proof: a refill, or another application, may have made
/// such an order too. So a human decides.
fn candidates(
    request: &MedicationRequest,
    since: Option<SystemTime>,
    sightings: &[Sighting],
    known: &[MedicationOrderId],
) -> Vec<(u64, usize)> {
    /// The clock of whoever received the events may be behind.
    const SLACK: Duration = Duration::from_secs(300);
    let earliest = since.map_or(0, |since| milliseconds(since.checked_sub(SLACK).unwrap_or(UNIX_EPOCH)));
    let whose = (request.patient_id, request.practitioner_id, request.clinic_id);
    let mut found: BTreeMap<MedicationOrderId, (u64, usize)> = BTreeMap::new();
    for sighting in sightings.iter().filter(|it| it.whose == whose && !known.contains(&it.order)) {
        found.entry(sighting.order).or_insert((sighting.received, 0)).1 += 1;
    }
    found.into_values().filter(|(first, _)| *first >= earliest).collect()
}

/// What the journal says of an order.
enum State {
    /// It may be sent, by this attempt.
    Open { attempt: u32 },
    /// It may have been sent, at this time.
    Unknown { attempt: u32, since: Option<SystemTime> },
    /// NovaMed refused it.
    Refused { attempt: u32 },
    /// NovaMed has it.
    Done,
}

/// A folder of small files, each of which is there as a whole or not at all:
///
/// ```text
/// 17.order        what is to be ordered
/// 17.1.sending    the first attempt has begun, and may have arrived; holds the time
/// 17.1.end        how it ended: created (with the answer), refused, not sent or unknown
/// 17.1.verdict    what a human found out: acted or not-acted
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
    /// Opens the folder, which must be there: a journal in the wrong place forgets every order.
    fn open(folder: &str) -> Result<Self, Box<dyn Error>> {
        if !Path::new(folder).is_dir() {
            return Err("there is no such journal: for a new one, make an empty folder".into());
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

    /// Writes an entry so that it is there as a whole or not at all, and on the disk when this
    /// returns.
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

    /// Writes that an attempt begins. Of several processes one alone makes the entry; the others
    /// are told `false`. Once it is there, even empty, the attempt may have been sent.
    fn claim(&self, name: &str) -> io::Result<bool> {
        let mut file = match OpenOptions::new().write(true).create_new(true).open(self.0.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error),
        };
        step();
        // The line's end says that it is whole.
        file.write_all(format!("{}\n", milliseconds(SystemTime::now())).as_bytes())?;
        file.sync_all()?;
        self.sync()?;
        step();
        Ok(true)
    }

    /// Brings the folder's own list of files to the disk. Windows does so by itself.
    fn sync(&self) -> io::Result<()> {
        if cfg!(unix) { File::open(&self.0)?.sync_all() } else { Ok(()) }
    }

    /// Returns the numbers of all orders, with their files.
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

    /// Reads what became of an order, attempt by attempt.
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
                _ => return Err(format!("order {number}: the journal has an entry of another program").into()),
            }
        }
        Err("an order has no end of attempts".into())
    }

    /// Returns NovaMed's ids of the orders that were answered with one.
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

/// Reads a request. What serde says of a mistake may hold a value, so it is not passed on.
fn medication_request(number: u64, text: &str) -> Result<MedicationRequest, String> {
    serde_json::from_str(text).map_err(|_| format!("order {number} is no medication request"))
}

/// Returns the files of a folder that are named `NUMBER.json`, in the order of their numbers. Other
/// names are not printed: they may hold anything.
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

/// Ends a step. `UNKNOWN_FATE_STOP=3` has the program wait after its third for a line of input: a test
/// kills it there, and so, one by one, between any two of its steps.
fn step() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static STEPS: AtomicU32 = AtomicU32::new(0);
    let taken = STEPS.fetch_add(1, Ordering::Relaxed) + 1;
    if std::env::var("UNKNOWN_FATE_STOP").is_ok_and(|stop| stop.parse() == Ok(taken)) {
        println!("stopped");
        io::stdin().read_line(&mut String::new()).ok();
    }
}
