//! `format: date`: [`Date`].

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::runtime::value::calendar;
use crate::runtime::value::parse::ParseError;

/// A day of the calendar, such as a date of birth; without a time and without a zone.
///
/// It reads and prints `1985-03-15` (RFC 3339, full-date). Years go from 0 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// Returns the day; month and day count from 1.
    ///
    /// # Errors
    ///
    /// If there is no such day.
    pub fn new(year: i16, month: u8, day: u8) -> Result<Self, ParseError> {
        if (0..=9999).contains(&year) && calendar::is_day(i64::from(year), month, day) {
            Ok(Self { year, month, day })
        } else {
            Err(ParseError::new("date"))
        }
    }

    /// Returns the year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Returns the month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number = |digits: &[u8]| {
            digits
                .iter()
                .try_fold(0, |value: i16, digit| digit.is_ascii_digit().then(|| value * 10 + i16::from(digit - b'0')))
        };
        let read = |year: &[u8], month: &[u8], day: &[u8]| {
            let month = u8::try_from(number(month)?).ok()?;
            let day = u8::try_from(number(day)?).ok()?;
            Self::new(number(year)?, month, day).ok()
        };
        match text.as_bytes() {
            [year @ .., b'-', m1, m2, b'-', d1, d2] if year.len() == 4 => read(year, &[*m1, *m2], &[*d1, *d2]),
            _ => None,
        }
        .ok_or(ParseError::new("date"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Prints the date. A generated type that holds one that is sensitive does not print it.
impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DateVisitor)
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
        text.parse().map_err(E::custom)
    }
}
