//! How much new deliveries may still take: of the database's limit, and of the disk.
//!
//! Workers are not held to either, so that a full inbox can always be emptied.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::problem::Problem;
use super::remainder;
use crate::StoreErrorKind;

/// What the files next to a database take at the least.
const LEAST: u64 = 64 << 10;
/// How long an answer of the disk is good for. Another program can fill the disk in that time; the free
/// space that is kept covers it.
const GOOD_FOR: Duration = Duration::from_millis(10);
/// How often rows are made shorter for one delivery at most, so that others don't wait for long.
const TIMES: usize = 4;
/// What has to be free on the disk for that.
const TO_COMPACT: u64 = 1 << 20;

/// What is left for new deliveries, measured now and then.
#[derive(Debug)]
pub struct Room {
    folder: PathBuf,
    max_bytes: Option<u64>,
    keep_free: u64,
    left: Mutex<Left>,
}

#[derive(Debug)]
struct Left {
    bytes: u64,
    measured: Option<Instant>,
    /// The rows of events that were handled before take no more space than they need.
    compact_until: i64,
}

impl Room {
    pub fn new(folder: PathBuf, max_bytes: Option<u64>, keep_free: u64) -> Self {
        Self { folder, max_bytes, keep_free, left: Mutex::new(Left { bytes: 0, measured: None, compact_until: 0 }) }
    }

    /// Takes this much of what is left, or else of what rows of handled events can give. Returns false, and takes
    /// nothing, if that isn't enough.
    pub fn take(&self, connection: &Connection, bytes: u64) -> Result<bool, Problem> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.bytes < bytes || left.measured.is_none_or(|then| then.elapsed() > GOOD_FOR) {
            left.bytes = self.measure(connection)?;
            for _ in 0..TIMES {
                if left.bytes >= bytes || self.free() < TO_COMPACT {
                    break;
                }
                let Some(until) = remainder::compact(connection, left.compact_until)? else { break };
                left.compact_until = until;
                left.bytes = self.measure(connection)?;
            }
            left.measured = Some(Instant::now());
        }
        let taken = left.bytes.checked_sub(bytes);
        left.bytes = taken.unwrap_or(left.bytes);
        Ok(taken.is_some())
    }

    /// Returns how much of the disk is free. A file system that cannot say that has no threshold; its own errors remain.
    fn free(&self) -> u64 {
        fs4::available_space(&self.folder).unwrap_or(u64::MAX)
    }

    fn measure(&self, connection: &Connection) -> Result<u64, Problem> {
        let number = |pragma: &str| -> rusqlite::Result<u64> {
            connection.prepare_cached(pragma)?.query_row([], |row| row.get::<_, u32>(0).map(u64::from))
        };
        let page = number("PRAGMA page_size")?;
        let unused = number("PRAGMA freelist_count")? * page;
        let used = number("PRAGMA page_count")? * page - unused;
        let of_database = self.max_bytes.map_or(u64::MAX, |most| most.saturating_sub(used));
        // A row is written twice: to `-wal`, and from there to the database.
        let of_disk = self.free().saturating_add(unused).saturating_sub(self.keep_free) / 2;
        Ok(of_database.min(of_disk))
    }
}

/// Returns why a database could not be opened: on a full disk SQLite fails in several ways, and not all of
/// them name the disk.
pub fn or_full(problem: Problem, folder: &Path) -> Problem {
    let of_files = matches!(problem.error().kind(), StoreErrorKind::Other | StoreErrorKind::Inaccessible);
    let full = of_files && fs4::available_space(folder).is_ok_and(|free| free < LEAST);
    if full { Problem::of(StoreErrorKind::Full) } else { problem }
}
