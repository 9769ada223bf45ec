//! Reads rows from the pages of a SQLite file without following the tree that leads to them: [`Pages`].
//!
//! SQLite finds a row from the top of a tree of pages. If one of the upper pages is lost, it reaches none of the rows
//! below. Each leaf says by itself where its rows are, in SQLite's file format, so all leaves are looked at.
//! A page that isn't in use has no rows: the inbox overwrites what it removes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use rusqlite::types::Value;

/// The length of the file's header, which comes before the content of the first page.
const HEADER: usize = 100;
/// The first byte of a page with rows of a table.
const LEAF: u8 = 0x0d;

/// A row: its id, and the values of its columns.
pub struct Row {
    pub id: i64,
    pub values: Vec<Value>,
}

/// The pages of a file.
pub struct Pages {
    file: File,
    /// The length of a page, and how much of it holds content.
    length: usize,
    usable: usize,
    count: u32,
}

impl Pages {
    /// Opens a file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header)?;
        let length = match u16::from_be_bytes([header[16], header[17]]) {
            1 => 65536,
            length => usize::from(length),
        };
        let usable = length.saturating_sub(usize::from(header[20]));
        if length < 512 || usable < 480 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let count = file.metadata()?.len() / length as u64;
        Ok(Self { file, length, usable, count: u32::try_from(count).unwrap_or(u32::MAX) })
    }

    /// Calls `found` with each row of all tables that is whole.
    pub fn each_row(&mut self, mut found: impl FnMut(Row)) -> io::Result<()> {
        for number in 1..=self.count {
            let page = self.page(number)?;
            let start = if number == 1 { HEADER } else { 0 };
            if page[start] != LEAF {
                continue;
            }
            for index in 0..number_at(&page, start + 3, 2).unwrap_or(0) {
                let place = number_at(&page, start + 8 + 2 * index, 2);
                if let Some(row) = place.and_then(|place| self.row(&page, place)) {
                    found(row);
                }
            }
        }
        Ok(())
    }

    fn page(&mut self, number: u32) -> io::Result<Vec<u8>> {
        let mut page = vec![0; self.length];
        self.file.seek(SeekFrom::Start(u64::from(number - 1) * self.length as u64))?;
        self.file.read_exact(&mut page)?;
        page.truncate(self.usable);
        Ok(page)
    }

    /// Reads the row at this place of a page.
    fn row(&mut self, page: &[u8], place: usize) -> Option<Row> {
        let mut cell = page.get(place..)?;
        let length = usize::try_from(varint(&mut cell)?).ok()?;
        let id = varint(&mut cell)?;
        let values = values(&self.payload(cell, length)?)?;
        Some(Row { id, values })
    }

    /// Returns a row's content. What doesn't fit into the page continues on others.
    fn payload(&mut self, cell: &[u8], length: usize) -> Option<Vec<u8>> {
        if length as u64 > u64::from(self.count) * self.length as u64 {
            return None;
        }
        let most = self.usable - 35;
        if length <= most {
            return cell.get(..length).map(<[u8]>::to_vec);
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let local = least + (length - least) % (self.usable - 4);
        let local = if local <= most { local } else { least };
        let mut payload = cell.get(..local)?.to_vec();
        let mut next = number_at(cell, local, 4)?;
        while payload.len() < length {
            let number = u32::try_from(next).ok().filter(|number| (1..=self.count).contains(number))?;
            let page = self.page(number).ok()?;
            next = number_at(&page, 0, 4)?;
            let rest = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(&page[4..4 + rest]);
        }
        Some(payload)
    }
}

/// Reads the values of a row.
fn values(payload: &[u8]) -> Option<Vec<Value>> {
    let mut rest = payload;
    let header = usize::try_from(varint(&mut rest)?).ok()?;
    let mut types = payload.get(payload.len() - rest.len()..header)?;
    let mut content = payload.get(header..)?;
    let mut values = Vec::new();
    while !types.is_empty() {
        values.push(value(varint(&mut types)?, &mut content)?);
    }
    Some(values)
}

/// Takes a value of this type from the front of the content.
fn value(kind: i64, content: &mut &[u8]) -> Option<Value> {
    let length = match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        12.. => usize::try_from((kind - 12) / 2).ok()?,
        _ => return None,
    };
    let (bytes, rest) = content.split_at_checked(length)?;
    *content = rest;
    Some(match kind {
        0 => Value::Null,
        7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        8 | 9 => Value::Integer(kind - 8),
        1..=6 => {
            let negative = bytes[0] >= 0x80;
            let start = if negative { -1 } else { 0 };
            Value::Integer(bytes.iter().fold(start, |number, byte| (number << 8) | i64::from(*byte)))
        }
        _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
        _ => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
    })
}

/// Takes a number of variable length: seven bits of each byte, the highest first, and all eight of the ninth.
fn varint(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0;
    for index in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if index == 8 {
            return Some((number << 8) | i64::from(*byte));
        }
        number = (number << 7) | i64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

/// Returns the number in these many bytes, the highest first.
fn number_at(bytes: &[u8], place: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(place..place + length)?;
    Some(bytes.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};

    use super::*;

    #[test]
    fn rows_of_a_file_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE some (id INTEGER PRIMARY KEY, a, b, c, d)").unwrap();
        let numbers = [0, 1, -1, 127, -128, 40_000, -40_000, 1 << 20, 1 << 30, 1 << 40, i64::MAX, i64::MIN];
        let mut written = Vec::new();
        for (index, number) in numbers.into_iter().enumerate() {
            let (text, blob) = ("é".repeat(index * 900), vec![7_u8; index * index * 700]);
            let id = number.saturating_add(1000);
            connection
                .execute("INSERT OR IGNORE INTO some VALUES (?, ?, ?, ?, NULL)", params![id, number, text, blob])
                .unwrap();
            written.push((
                id,
                vec![Value::Null, Value::Integer(number), Value::Text(text), Value::Blob(blob), Value::Null],
            ));
        }
        drop(connection);
        let mut read = Vec::new();
        // The table's definition is a row as well.
        let found = |row: Row| {
            if row.values.len() == 5 && row.values[0] == Value::Null {
                read.push((row.id, row.values));
            }
        };
        Pages::open(&path).unwrap().each_row(found).unwrap();
        written.sort_by_key(|(id, _)| *id);
        read.sort_by_key(|(id, _)| *id);
        assert_eq!(read, written);
    }

    #[test]
    fn arbitrary_bytes_are_no_rows() {
        let mut random = fastrand::Rng::with_seed(7);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        drop(Connection::open(&path).unwrap().execute_batch("CREATE TABLE some (a)"));
        let mut bytes = std::fs::read(&path).unwrap();
        for _ in 0..200 {
            bytes.truncate(4096);
            bytes.extend((0..4 * 4096).map(|_| random.u8(..)));
            for page in 1..5 {
                bytes[page * 4096] = LEAF;
            }
            std::fs::write(&path, &bytes).unwrap();
            Pages::open(&path).unwrap().each_row(drop).unwrap();
        }
    }
}
