//! The wait between two attempts: [`Backoff`].

use std::time::Duration;

/// The time from a failed attempt to the next. It doubles from `base` up to `cap`. The actual time is random,
/// between half of that and all of it, so events that failed together aren't retried together.
///
/// The default is 1 s up to 10 min. With the default of 20 attempts, an event is tried for 2 to 3 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
}

impl Backoff {
    /// Doubles from `base` up to `cap`. A cap below the base counts as the base. Stores wait for at most an hour.
    #[must_use]
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap: cap.max(base) }
    }

    /// Returns the time after an attempt; the first attempt is 1.
    pub(crate) fn after(self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let whole = self.base.saturating_mul(1 << doublings).min(self.cap);
        whole.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_secs(1), Duration::from_secs(600))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_doubles_up_to_the_cap_and_is_never_below_half() {
        let second = Duration::from_secs(1);
        let backoff = Backoff::new(second, second * 10);
        for (attempt, whole) in [(1, 1), (2, 2), (4, 8), (5, 10), (u32::MAX, 10)] {
            for _ in 0..100 {
                let time = backoff.after(attempt);
                assert!(time >= second * whole / 2 && time <= second * whole, "{attempt}: {time:?}");
            }
        }
    }

    #[test]
    fn default_attempts_cover_hours() {
        let least: Duration = (1..20).map(|attempt| Backoff::default().after(attempt)).sum();
        assert!(least >= Duration::from_secs(3_600), "{least:?}");
    }
}
