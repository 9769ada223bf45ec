//! How long handled events and dead letters are kept: [`Retention`].

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// How long handled events and dead letters are kept.
///
/// A handled event is kept to recognize repeated deliveries. NovaMed sends a delivery for the last time
/// 1 h 21 min after the first (immediately, then after 1, 5 and 15 minutes and 1 hour), so neither time can be
/// [shorter than that](Self::REDELIVERY).
///
/// By default a handled event is kept for a day. That also covers adjustments of the receiver's clock, and a
/// delivery that somebody repeats by hand on the same day. A dead letter is kept for 30 days, which is enough
/// for somebody to return from vacation and look at it. **A removed dead letter is gone**: NovaMed has no
/// endpoint to read it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    handled: Duration,
    dead: Duration,
}

impl Retention {
    /// The time within which NovaMed sends a delivery again: 1 h 21 min.
    pub const REDELIVERY: Duration = Duration::from_secs((60 + 21) * 60);

    /// Keeps handled events and dead letters for these times.
    ///
    /// # Errors
    ///
    /// Fails if one of them is not longer than [`REDELIVERY`](Self::REDELIVERY): an event that is removed while
    /// NovaMed still redelivers it would be handled again.
    pub fn new(handled: Duration, dead: Duration) -> Result<Self, RetentionError> {
        if handled <= Self::REDELIVERY || dead <= Self::REDELIVERY {
            return Err(RetentionError(()));
        }
        Ok(Self { handled, dead })
    }

    /// Returns how long a handled event is kept.
    #[must_use]
    pub const fn handled(&self) -> Duration {
        self.handled
    }

    /// Returns how long a dead letter is kept.
    #[must_use]
    pub const fn dead(&self) -> Duration {
        self.dead
    }
}

impl Default for Retention {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self { handled: DAY, dead: DAY * 30 }
    }
}

/// A retention is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionError(());

impl fmt::Display for RetentionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the retention has to be longer than 1 h 21 min, as NovaMed sends a delivery again for that long, and one \
             whose event was removed before would be handled twice",
        )
    }
}

impl Error for RetentionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_within_the_redelivery_is_refused() {
        let minute = Duration::from_secs(60);
        let (short, long) = (Retention::REDELIVERY, Retention::REDELIVERY + minute);
        assert!(Retention::new(short, long).is_err());
        let error = Retention::new(long, short).unwrap_err();
        assert!(error.to_string().contains("longer than 1 h 21 min"));
        assert_eq!(Retention::new(long, long * 2).unwrap().dead(), long * 2);
    }
}
