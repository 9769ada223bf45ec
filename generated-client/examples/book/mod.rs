//! What the examples of the use cases share: it stands for an application's database and its queue of
//! deliveries.
//!
//! A create whose fate is unknown must not be sent twice. So each call is written down before it is
//! sent, and again when it has ended: a call of which only the first is found may have acted. One
//! process at a time keeps a book; the example `unknown_fate` shows what several need, and how a
//! person settles what stays unknown.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::future::Future;
use std::io::Write as _;

use novamed::tracking::Tracking;
use novamed::{Delivery, ErrorKind, Event, Json, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How a call ended, in this run or in an earlier one.
pub enum Outcome<T> {
    /// NovaMed acted, and answered this.
    Done(T),
    /// What was asked for exists already: an open refill.
    Existed,
    /// NovaMed may have acted. It is not sent again.
    Unknown,
    /// NovaMed has not acted, for this reason. The next run may send it again.
    Failed(novamed::Error),
}

/// A file of what became of each call, by the application's own references, one record a line.
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
    /// Opens a book, a new one if there is none.
    pub fn open(path: &str) -> Result<Self, Box<dyn Error>> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        // A record that was cut off was never relied on.
        let text = fs::read_to_string(path)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole)?)?;
        let records = text[..whole].lines().map(read::<Record>).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { file, fates: records.into_iter().map(|record| (record.reference, record.fate)).collect() })
    }

    /// Returns how the call of this reference ended; nothing where it may be sent.
    pub fn outcome<T: DeserializeOwned>(&self, reference: &str) -> Result<Option<Outcome<T>>, Box<dyn Error>> {
        Ok(match self.fates.get(reference) {
            None | Some(Fate::NotDone) => None,
            Some(Fate::Begun) => Some(Outcome::Unknown),
            Some(Fate::Existed) => Some(Outcome::Existed),
            Some(Fate::Done(answer)) => Some(Outcome::Done(answer.decode()?)),
        })
    }

    /// Makes a call unless an earlier one of this reference acted or may have acted. A key that
    /// NovaMed does not take is an error: it fails every call.
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

    /// Writes a record, which is on the disk when this returns.
    fn record(&mut self, reference: &str, fate: Fate) -> Result<(), Box<dyn Error>> {
        let record = Record { reference: reference.to_owned(), fate };
        self.file.write_all((serde_json::to_string(&record)? + "\n").as_bytes())?;
        self.file.sync_all()?;
        self.fates.insert(record.reference, record.fate);
        Ok(())
    }
}

/// Reads a file of values, one JSON object a line, each with the application's own `reference` for it.
/// A reference stands for one thing for ever: one that comes twice would hide an order.
pub fn lines<T: DeserializeOwned>(path: &str) -> Result<Vec<(String, T)>, Box<dyn Error>> {
    let mut values: BTreeMap<String, usize> = BTreeMap::new();
    let mut read_line = |number: usize, line: &str| -> Result<(String, T), Box<dyn Error>> {
        let value: Json = read(line)?;
        let reference = value.get()["reference"].as_str().ok_or("there is no `reference`")?;
        if let Some(earlier) = values.insert(reference.to_owned(), number) {
            return Err(format!("its `reference` is that of line {earlier}").into());
        }
        Ok((reference.to_owned(), value.decode()?))
    };
    let text = fs::read_to_string(path)?;
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines
        .map(|(number, line)| read_line(number, line).map_err(|error| format!("line {number}: {error}").into()))
        .collect()
}

/// Takes in the deliveries that the application received and wrote down, one body after another. A
/// receiver has compared their secret before. (With an inbox, its handler does what is done here.)
pub fn follow(tracking: &mut Tracking, path: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    for (index, body) in serde_json::Deserializer::from_str(&text).into_iter::<Json>().enumerate() {
        let body = body.map_err(|_| format!("{path}: delivery {} is no JSON", index + 1))?;
        match Event::parse(&serde_json::to_vec(&body)?) {
            Ok(event) => drop(tracking.apply(&event)),
            Err(error) => println!("delivery {}: {error}", index + 1),
        }
    }
    Ok(())
}

/// Reads a JSON text. The errors of [`Json`] hold no value, as serde's own do.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, Box<dyn Error>> {
    Ok(serde_json::from_str::<Json>(text)?.decode()?)
}
