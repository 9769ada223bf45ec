//! `Retry-After`: whole seconds, or an HTTP date in any of its three forms (RFC 9110, 5.6.7).

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

use super::calendar;

/// Returns how long the server asks to wait, as seen at `now`; a moment that is past is zero.
pub(crate) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    Some(http_date(text)?.duration_since(now).unwrap_or_default())
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
    if !calendar::is_day(year, month, day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let day_seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    calendar::system_time(calendar::days_since_epoch(year, month, day) * 86_400 + day_seconds, 0)
}
