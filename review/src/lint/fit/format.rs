//! Forms of text.

use generator::model::Pattern;

/// Whether a text is of a format. One that is not known here fits.
pub fn fits(format: &str, text: &str) -> bool {
    match format {
        "date" => is_date(text),
        "date-time" => is_date_time(text),
        "uuid" => is_uuid(text),
        "email" => is_email(text),
        "uri" => is_uri(text),
        "byte" => is_base64(text),
        _ => true,
    }
}

/// Whether a text matches a pattern of the simple kind. Each part takes as many characters as it can.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    let mut rest = text.chars().peekable();
    for part in &pattern.parts {
        let mut count = 0;
        let fits = |c: &char| part.ranges.iter().any(|(from, to)| (*from..=*to).contains(c));
        while part.max.is_none_or(|max| count < max) && rest.next_if(fits).is_some() {
            count += 1;
        }
        if count < part.min {
            return false;
        }
    }
    !pattern.is_whole || rest.next().is_none()
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// RFC 3339, `full-date`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if !is_digits(year, 4) || !is_digits(month, 2) || !is_digits(day, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u16>(), month.parse::<u8>(), day.parse::<u8>()) else {
        return false;
    };
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=last).contains(&day)
}

/// RFC 3339, `date-time`.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let Some(end) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (clock, zone) = time.split_at(end);
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let at_most = |text: &str, limit: u8| is_digits(text, 2) && text.parse::<u8>().is_ok_and(|number| number <= limit);
    let is_clock = match whole.split(':').collect::<Vec<_>>().as_slice() {
        [hour, minute, second] => at_most(hour, 23) && at_most(minute, 59) && at_most(second, 60),
        _ => false,
    };
    let is_zone = matches!(zone, "Z" | "z")
        || zone[1..].split_once(':').is_some_and(|(hours, minutes)| at_most(hours, 23) && at_most(minutes, 59));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_date(date) && is_clock && is_fraction && is_zone
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.into_iter().all(is_hex)
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
    })
}

/// RFC 3986: a scheme, and no character that a URI never has.
fn is_uri(text: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    text.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_from_texts_that_look_like_them() {
        let good = [
            ("date", "2024-02-29"),
            ("date-time", "2026-01-31T12:00:00Z"),
            ("date-time", "2026-01-31t12:00:60.25+02:00"),
            ("uuid", "00000000-0000-4000-8000-00000000000a"),
            ("email", "a@example.com"),
            ("uri", "https://example.com/a?b"),
            ("byte", "YWI="),
            ("unheard-of", "anything"),
        ];
        for (format, text) in good {
            assert!(fits(format, text), "{format}: {text}");
        }
        let bad = [
            ("date", "2023-02-29"),
            ("date", "2023-2-9"),
            ("date-time", "2026-01-31"),
            ("date-time", "2026-01-31T12:00:00"),
            ("date-time", "2026-01-31T24:00:00Z"),
            ("uuid", "00000000-0000-4000-8000-00000000000g"),
            ("email", "example.com"),
            ("uri", "/a"),
            ("byte", "abc"),
        ];
        for (format, text) in bad {
            assert!(!fits(format, text), "{format}: {text}");
        }
    }

    #[test]
    fn patterns_are_matched_from_the_start() {
        let matches =
            |pattern, text| matches(&generator::lower::read_pattern(pattern).expect("a simple pattern"), text);
        assert!(matches("^[0-9]{3}$", "123"));
        assert!(!matches("^[0-9]{3}$", "1234"));
        assert!(!matches("^[0-9]{3}$", "12"));
        assert!(matches("^https://", "https://example.com"));
    }
}
