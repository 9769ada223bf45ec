//! By need, for numbers of a certain range: `Checker::at_least` and its like.

use std::cmp::Ordering;

use super::check::Checker;

/// A number that can be compared with a double, exactly.
pub(crate) trait Ranged {
    /// How the number compares with the end of a range; none for what is no number.
    fn compare(&self, end: f64) -> Option<Ordering>;
}

impl Checker {
    /// The number is this one or greater.
    pub(crate) fn at_least(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_ge), || format!("at least {end}"))
    }

    /// The number is this one or less.
    pub(crate) fn at_most(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_le), || format!("at most {end}"))
    }

    /// The number is greater than this one.
    pub(crate) fn more_than(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_gt), || format!("more than {end}"))
    }

    /// The number is less than this one.
    pub(crate) fn less_than(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_lt), || format!("less than {end}"))
    }
}

impl Ranged for f64 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        self.partial_cmp(&end)
    }
}

impl Ranged for f32 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        f64::from(*self).partial_cmp(&end)
    }
}

impl Ranged for i32 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        f64::from(*self).partial_cmp(&end)
    }
}

impl Ranged for i64 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        // A double does not hold every such integer; a wider integer holds the whole part of every
        // double that is near enough to matter.
        #[expect(clippy::cast_possible_truncation, reason = "what is beyond the range stays beyond it")]
        let whole = end.floor() as i128;
        let is_split = end.fract() != 0.0;
        Some(i128::from(*self).cmp(&whole).then(if is_split { Ordering::Less } else { Ordering::Equal }))
    }
}
