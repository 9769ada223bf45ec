//! Lengths of time as people say them.

use std::time::Duration;

/// Returns the length in its largest unit and the next: `4 min 2 s`, `3 d 1 h`.
pub fn spoken(span: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = span.as_secs();
    let Some(largest) = UNITS.iter().position(|(length, _)| seconds >= *length) else { return "0 s".to_owned() };
    let (length, unit) = UNITS[largest];
    let (count, rest) = (seconds / length, seconds % length);
    match UNITS.get(largest + 1) {
        Some((next, name)) if rest >= *next => format!("{count} {unit} {} {name}", rest / next),
        _ => format!("{count} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_at_most_are_spoken() {
        let cases = [(0, "0 s"), (59, "59 s"), (60, "1 min"), (242, "4 min 2 s"), (3_601, "1 h"), (97_200, "1 d 3 h")];
        for (seconds, words) in cases {
            assert_eq!(spoken(Duration::from_secs(seconds)), words);
        }
    }
}
