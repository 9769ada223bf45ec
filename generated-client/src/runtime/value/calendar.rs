//! Days and dates of the proleptic Gregorian calendar, and the dates of HTTP headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns whether there is such a day; months and days count from 1.
pub(crate) fn is_day(year: i64, month: u8, day: u8) -> bool {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Returns the days from 1970-01-01 to a day. (Howard Hinnant's `days_from_civil`.)
pub(crate) fn days_since_epoch(year: i64, month: u8, day: u8) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Returns the moment so many seconds and nanoseconds after the start of 1970, if the system's
/// clock can name it.
pub(crate) fn system_time(seconds: i64, nanoseconds: u32) -> Option<SystemTime> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    moment?.checked_add(Duration::from_nanos(u64::from(nanoseconds)))
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
/// `Sun Nov  6 08:49:37 1994`.
pub(crate) fn http_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let ([_, day, month, year, time, "GMT"] | [_, month, day, time, year]) = *words.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let (month, day) = (u8::try_from(month).ok()?, day.parse::<u8>().ok()?);
    let year = match year.parse::<u16>().ok()? {
        // A year of two digits lies at most 50 years ahead (RFC 9110): before 2076.
        short @ 0..=75 => i64::from(short) + 2000,
        short @ 76..=99 => i64::from(short) + 1900,
        year => i64::from(year),
    };
    let mut clock = time.splitn(3, ':').map(str::parse::<u8>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    if !is_day(year, month, day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let day_seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    system_time(days_since_epoch(year, month, day) * 86_400 + day_seconds, 0)
}
