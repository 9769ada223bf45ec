//! `format: date-time`: [`DateTime`].

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::runtime::value::calendar;
use crate::runtime::value::parse::ParseError;

/// A point in time with its offset from UTC, as in RFC 3339: `2025-07-13T18:30:00.000Z`.
///
/// It keeps its text, including the offset and all digits of the second, and sends it back unchanged. Two
/// are equal if their texts are. They are ordered by the point in time, then by the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    seconds: i64,
    nanoseconds: u32,
    text: Box<str>,
}

impl DateTime {
    /// Returns the time in UTC, to the nanosecond.
    ///
    /// # Errors
    ///
    /// If its year isn't within 0 to 9999, the range of RFC 3339.
    pub fn from_system_time(time: SystemTime) -> Result<Self, ParseError> {
        let (seconds, nanoseconds) = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => (i64::try_from(after.as_secs()), after.subsec_nanos()),
            Err(before) => {
                let before = before.duration();
                let borrows = u32::from(before.subsec_nanos() > 0);
                let seconds = i64::try_from(before.as_secs()).map(|it| -it - i64::from(borrows));
                (seconds, borrows * 1_000_000_000 - before.subsec_nanos())
            }
        };
        let seconds = seconds.map_err(|_| ERROR)?;
        let (year, month, day) = civil(seconds.div_euclid(86_400)).ok_or(ERROR)?;
        let clock = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if nanoseconds > 0 {
            let digits = format!(".{nanoseconds:09}");
            text.push_str(digits.trim_end_matches('0'));
        }
        text.push('Z');
        Ok(Self { seconds, nanoseconds, text: text.into() })
    }

    /// Returns the time as the system's clock represents it, to the nanosecond. None if it is out of range.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        calendar::system_time(self.seconds, self.nanoseconds)
    }

    /// Returns the text as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

const ERROR: ParseError = ParseError::new("date and time");

/// Returns the day so many days after 1970-01-01, if its year has four digits. (Howard Hinnant's
/// `civil_from_days`.)
fn civil(days: i64) -> Option<(i64, u8, u8)> {
    let days = days.checked_add(719_468)?;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = u8::try_from(day_of_year - (153 * shifted + 2) / 5 + 1).ok()?;
    let month = u8::try_from(if shifted < 10 { shifted + 3 } else { shifted - 9 }).ok()?;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (0..=9999).contains(&year).then_some((year, month, day))
}

/// Reads an RFC 3339 text as seconds since 1970 and nanoseconds.
fn read(text: &str) -> Option<(i64, u32)> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        bytes
            .get(from..to)?
            .iter()
            .try_fold(0_i64, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
    };
    let is = |at: usize, any: &[u8]| bytes.get(at).is_some_and(|byte| any.contains(byte));
    let separated = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    // A leap second is read as the first second after it.
    let is_clock = hour <= 23 && minute <= 59 && second <= 60;
    if !separated || !calendar::is_day(year, month, day) || !is_clock {
        return None;
    }
    let mut end = 19;
    let mut nanoseconds = 0;
    if is(end, b".") {
        let digits = bytes[20..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let counted = digits.min(9);
        let scale = 10_u32.pow(9 - u32::try_from(counted).ok()?);
        nanoseconds = u32::try_from(number(20, 20 + counted)?).ok()? * scale;
        end = 20 + digits;
        if digits == 0 {
            return None;
        }
    }
    let offset = match bytes.get(end)? {
        b'Z' | b'z' if bytes.len() == end + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == end + 6 && is(end + 3, b":") => {
            let (hours, minutes) = (number(end + 1, end + 3)?, number(end + 4, end + 6)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            if *sign == b'+' { seconds } else { -seconds }
        }
        _ => return None,
    };
    let days = calendar::days_since_epoch(year, month, day);
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some((seconds, nanoseconds))
}

impl FromStr for DateTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (seconds, nanoseconds) = read(text).ok_or(ERROR)?;
        Ok(Self { seconds, nanoseconds, text: text.into() })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Prints the text. A generated type that holds one that is sensitive does not print it.
impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DateTimeVisitor)
    }
}

struct DateTimeVisitor;

impl Visitor<'_> for DateTimeVisitor {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
        text.parse().map_err(E::custom)
    }
}
