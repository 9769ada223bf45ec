//! The time of this process: that of the machine's clock, but it never goes back. Where the clock is set back,
//! it goes on evenly from where it was, so that what is due comes due.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment by both clocks: milliseconds since 1970, and the clock that is never set.
type Moment = (i64, Instant);

static LAST_SET: Mutex<Option<Moment>> = Mutex::new(None);

/// Returns the milliseconds since 1970.
pub fn now() -> i64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, milliseconds);
    let mut last = LAST_SET.lock().unwrap_or_else(PoisonError::into_inner);
    let (now, set) = after(*last, (wall, Instant::now()));
    *last = Some(set);
    now
}

/// Returns the time, and the moment from which it is counted.
fn after(last: Option<Moment>, (wall, tick): Moment) -> (i64, Moment) {
    let even = last.map(|(then, at)| (then + milliseconds(tick.saturating_duration_since(at)), (then, at)));
    match even {
        Some((even, set)) if even >= wall => (even, set),
        _ => (wall, (wall, tick)),
    }
}

/// Returns at most 300 000 years, so that a sum of two does not overflow.
pub fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(i64::MAX >> 10)
}

/// Returns the time of so many milliseconds since 1970.
pub fn time(milliseconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_where_the_clock_is_set_back_and_follows_it_ahead() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let (now, set) = after(None, (1_000_000, start));
        assert_eq!(now, 1_000_000);
        // Set back by 900 s.
        let (now, set) = after(Some(set), (101_000, at(1)));
        assert_eq!(now, 1_001_000);
        let (now, set) = after(Some(set), (101_000, at(1) + Duration::from_micros(900)));
        assert_eq!(now, 1_001_000);
        let (now, set) = after(Some(set), (102_000, at(2)));
        assert_eq!(now, 1_002_000);
        // Set ahead.
        let (now, set) = after(Some(set), (5_000_000, at(3)));
        assert_eq!(now, 5_000_000);
        assert_eq!(after(Some(set), (5_001_000, at(4))).0, 5_001_000);
    }
}
