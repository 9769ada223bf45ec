//! Patterns that need no engine: a row of character classes, each so many times, from the start of
//! the text, such as `^[0-9]{10}$` and `^https://`.
//!
//! Any other pattern is left to the server.

use crate::model::{Pattern, PatternPart};

/// Reads a pattern of the simple kind.
#[must_use]
pub fn read(text: &str) -> Option<Pattern> {
    let mut rest = text.strip_prefix('^')?;
    let mut parts: Vec<PatternPart> = Vec::new();
    let mut is_whole = false;
    while !rest.is_empty() {
        if rest == "$" {
            is_whole = true;
            break;
        }
        let (ranges, after) = class(rest)?;
        let ((min, max), after) = count(after)?;
        parts.push(PatternPart { ranges, min, max });
        rest = after;
    }
    is_decided(&parts, is_whole).then(|| Pattern { text: text.to_owned(), parts, is_whole })
}

type Ranges = Vec<(char, char)>;

fn class(text: &str) -> Option<(Ranges, &str)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    match first {
        '[' => set(chars.as_str()),
        '\\' => {
            let escaped = chars.next()?;
            Some((escape(escaped)?, chars.as_str()))
        }
        '.' | '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | '$' | '^' | ']' => None,
        literal => Some((vec![(literal, literal)], chars.as_str())),
    }
}

fn escape(c: char) -> Option<Ranges> {
    match c {
        'd' => Some(vec![('0', '9')]),
        'w' => Some(vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]),
        c if c.is_ascii_alphanumeric() => None,
        c => Some(vec![(c, c)]),
    }
}

/// The inside of `[…]`, without negation.
fn set(text: &str) -> Option<(Ranges, &str)> {
    let mut ranges = Vec::new();
    let mut rest = text;
    if rest.starts_with('^') {
        return None;
    }
    loop {
        let mut chars = rest.chars();
        let low = match chars.next()? {
            ']' => return (!ranges.is_empty()).then_some((ranges, chars.as_str())),
            '\\' => {
                let escaped = escape(chars.next()?)?;
                if escaped.len() != 1 || escaped[0].0 != escaped[0].1 {
                    ranges.extend(escaped);
                    rest = chars.as_str();
                    continue;
                }
                escaped[0].0
            }
            '[' => return None,
            c => c,
        };
        rest = chars.as_str();
        let mut ahead = rest.chars();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) if high != ']' => {
                if high == '\\' || high < low {
                    return None;
                }
                ranges.push((low, high));
                rest = ahead.as_str();
            }
            _ => ranges.push((low, low)),
        }
    }
}

type Count = (usize, Option<usize>);

fn count(text: &str) -> Option<(Count, &str)> {
    let simple = [("?", (0, Some(1))), ("*", (0, None)), ("+", (1, None))];
    if let Some((mark, count)) = simple.iter().find(|(mark, _)| text.starts_with(mark)) {
        return lazy(&text[mark.len()..]).map(|rest| (*count, rest));
    }
    let Some(inside) = text.strip_prefix('{') else { return Some(((1, Some(1)), text)) };
    let (inside, rest) = inside.split_once('}')?;
    let count = match inside.split_once(',') {
        None => {
            let exact = inside.parse().ok()?;
            (exact, Some(exact))
        }
        Some((min, "")) => (min.parse().ok()?, None),
        Some((min, max)) => (min.parse().ok()?, Some(max.parse().ok()?)),
    };
    lazy(rest).map(|rest| (count, rest))
}

/// A second mark makes the count lazy or possessive, which is not of this kind.
fn lazy(rest: &str) -> Option<&str> {
    (!rest.starts_with(['?', '+', '*', '{'])).then_some(rest)
}

/// Whether taking as many characters as each part can take is always right: no part that can take
/// more or fewer is followed by one that takes the same characters.
fn is_decided(parts: &[PatternPart], is_whole: bool) -> bool {
    let overlap = |one: &PatternPart, other: &PatternPart| {
        one.ranges.iter().any(|(low, high)| other.ranges.iter().any(|(from, to)| low <= to && from <= high))
    };
    let is_exact = |part: &PatternPart| part.max == Some(part.min);
    parts.iter().enumerate().all(|(index, part)| {
        if is_exact(part) {
            return true;
        }
        let mut following = parts[index + 1..].iter();
        loop {
            match following.next() {
                None => return is_whole || index + 1 == parts.len(),
                Some(next) if overlap(part, next) => return false,
                Some(next) if next.min > 0 => return true,
                Some(_) => {}
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn rows_of_classes_are_read() {
        for text in ["^[0-9]{10}$", "^[A-Z]{2}$", "^https://", r"^\d+\.\d{2}$", "^[a-z][a-z0-9_]*$", "^$", "^[a\\-z]+$"]
        {
            assert!(read(text).is_some(), "{text}");
        }
        let npi = read("^[0-9]{10}$").expect("it was read above");
        assert_eq!((npi.parts.len(), npi.parts[0].min, npi.parts[0].max, npi.is_whole), (1, 10, Some(10), true));
    }

    #[test]
    fn anything_else_is_left_to_the_server() {
        for text in [
            "[0-9]",
            "^(a|b)$",
            "^a.*$",
            "^[^a]$",
            "^a+?$",
            "^[a-z]+[a-z0-9]$",
            "^a|b$",
            r"^\s$",
            r"^\bx$",
            "^[z-a]$",
            "^a{",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
