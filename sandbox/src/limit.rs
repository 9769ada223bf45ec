//! The rate limit: so many requests in each minute of real time.

/// The development environment's limit.
const REQUESTS: u32 = 100;
/// A fixed window, which is an assumption: no source describes it.
const WINDOW: u64 = 60;

/// What has been used of the current minute.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    window: u64,
    used: u32,
}

/// Where a request is within its minute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Usage {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// The end of the minute, in Unix seconds.
    pub(crate) reset: u64,
    /// The seconds to wait, if the request is refused.
    pub(crate) retry_after: Option<u64>,
}

impl Limit {
    /// Counts a request that arrives at `now`, in Unix seconds.
    pub(crate) fn count(&mut self, now: u64) -> Usage {
        let window = now - now % WINDOW;
        if window != self.window {
            *self = Self { window, used: 0 };
        }
        let reset = window + WINDOW;
        let is_refused = self.used == REQUESTS;
        self.used += u32::from(!is_refused);
        let retry_after = is_refused.then_some(reset - now);
        Usage { limit: REQUESTS, remaining: REQUESTS - self.used, reset, retry_after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_minute_starts_anew() {
        let mut limit = Limit::default();
        for used in 1..=REQUESTS {
            let usage = limit.count(6010);
            assert_eq!((usage.remaining, usage.reset, usage.retry_after), (REQUESTS - used, 6060, None));
        }
        assert_eq!(limit.count(6020).retry_after, Some(40));
        assert_eq!(limit.count(6060), Usage { limit: 100, remaining: 99, reset: 6120, retry_after: None });
    }
}
