//! Code that the use case examples share. It takes the place of an app's database and its queue of
//! deliveries.
//!
//! A create whose fate is unknown must not be sent twice. So a book records each call before it is sent, and
//! its outcome afterwards. A call without an outcome may have acted. Only one process at a time may use a
//! book. The example `unknown_fate` shows what several processes need, and how a person resolves unknown
//! outcomes.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::future::Future;
use std::io::Write as _;

use novamed::tracking::Tracking;
use novamed::value::Json;
use novamed::{Delivery, ErrorKind, Event, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How a call ended, in this run or in an earlier one.
pub enum Outcome<T> {
    /// NovaMed acted and gave this answer.
    Done(T),
    /// An open refill already exists.
    Existed,
    /// NovaMed may have acted. It is not sent again.
    Unknown,
    /// NovaMed didn't act, for this reason. The next run may send it again.
    Failed(novamed::Error),
}

/// A file with the outcome of each call, one record per line, under references that the app chooses.
pub struct Book {
    file: File,
    fates: BTreeMap<String, Fate>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    reference: String,
    fate: Fate,
}

#[derive(Serialize, Deserialize)]
enum Fate {
    Begun,
    Done(Json),
    Existed,
    NotDone,
}

impl Book {
    /// Opens a book, or creates it.
    pub fn open(path: &str) -> Result<Self, Box<dyn Error>> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        // Nothing depends on an incomplete record.
        let text = fs::read_to_string(path)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole)?)?;
        let records = text[..whole].lines().map(read::<Record>).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { file, fates: records.into_iter().map(|record| (record.reference, record.fate)).collect() })
    }

    /// Returns the outcome of the call with this reference, or `None` if it may be sent.
    pub fn outcome<T: DeserializeOwned>(&self, reference: &str) -> Result<Option<Outcome<T>>, Box<dyn Error>> {
        Ok(match self.fates.get(reference) {
            None | Some(Fate::NotDone) => None,
            Some(Fate::Begun) => Some(Outcome::Unknown),
            Some(Fate::Existed) => Some(Outcome::Existed),
            Some(Fate::Done(answer)) => Some(Outcome::Done(answer.decode()?)),
        })
    }

    /// Makes a call, unless an earlier one with this reference acted or may have acted. Returns an error if
    /// NovaMed doesn't accept the key, since that fails every call.
    pub async fn once<T: Serialize + DeserializeOwned>(
        &mut self,
        reference: &str,
        call: impl Future<Output = Result<Response<T>, novamed::Error>>,
    ) -> Result<Outcome<T>, Box<dyn Error>> {
        if let Some(outcome) = self.outcome(reference)? {
            return Ok(outcome);
        }
        self.record(reference, Fate::Begun)?;
        let (fate, outcome) = match call.await {
            Ok(answer) => (Fate::Done(Json::of(&*answer)?), Outcome::Done(answer.into_data())),
            Err(error) if error.delivery() == Delivery::Unknown => return Ok(Outcome::Unknown),
            Err(error) if error.kind() == Some(ErrorKind::RefillAlreadyExists) => (Fate::Existed, Outcome::Existed),
            Err(error) => (Fate::NotDone, Outcome::Failed(error)),
        };
        self.record(reference, fate)?;
        match outcome {
            Outcome::Failed(error) if error.kind() == Some(ErrorKind::Unauthorized) => Err(error.into()),
            outcome => Ok(outcome),
        }
    }

    /// Writes a record, and returns once it is on disk.
    fn record(&mut self, reference: &str, fate: Fate) -> Result<(), Box<dyn Error>> {
        let record = Record { reference: reference.to_owned(), fate };
        self.file.write_all((serde_json::to_string(&record)? + "\n").as_bytes())?;
        self.file.sync_all()?;
        self.fates.insert(record.reference, record.fate);
        Ok(())
    }
}

/// Reads a file with one JSON object per line, each with a `reference` that the app chooses. References must
/// be unique: a duplicate would hide an order.
pub fn lines<T: DeserializeOwned>(path: &str) -> Result<Vec<(String, T)>, Box<dyn Error>> {
    let mut values: BTreeMap<String, usize> = BTreeMap::new();
    let mut read_line = |number: usize, line: &str| -> Result<(String, T), Box<dyn Error>> {
        let value: Json = read(line)?;
        let reference = value.get()["reference"].as_str().ok_or("`reference` is missing")?;
        if let Some(earlier) = values.insert(reference.to_owned(), number) {
            return Err(format!("`reference` is the same as in line {earlier}").into());
        }
        Ok((reference.to_owned(), value.decode()?))
    };
    let text = fs::read_to_string(path)?;
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines
        .map(|(number, line)| read_line(number, line).map_err(|error| format!("line {number}: {error}").into()))
        .collect()
}

/// Applies the deliveries that the app received and stored, one body after another. A receiver has already
/// verified their secret. (With an inbox, its handler does this.)
pub fn follow(tracking: &mut Tracking, path: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    for (index, body) in serde_json::Deserializer::from_str(&text).into_iter::<Json>().enumerate() {
        let body = body.map_err(|_| format!("{path}: delivery {} is not JSON", index + 1))?;
        match Event::parse(&serde_json::to_vec(&body)?) {
            Ok(event) => drop(tracking.apply(&event)),
            Err(error) => println!("delivery {}: {error}", index + 1),
        }
    }
    Ok(())
}

/// Parses JSON. Unlike serde's own errors, those of [`Json`] contain no values.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, Box<dyn Error>> {
    Ok(serde_json::from_str::<Json>(text)?.decode()?)
}
