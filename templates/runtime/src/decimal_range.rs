//! By need, for decimals of a certain range.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::range_rules::Ranged;

impl Ranged for Decimal {
    fn compare(&self, end: f64) -> Option<Ordering> {
        // The shortest text that names the double is what the document says.
        match end.to_string().parse::<Self>() {
            Ok(end) => Some(self.cmp(&end)),
            Err(_) => self.to_f64().partial_cmp(&end),
        }
    }
}
