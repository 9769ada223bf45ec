//! Comparing numbers exactly with the end of a range: [`Ranged`].

use std::cmp::Ordering;

/// A number that can be compared with a double, exactly.
pub(crate) trait Ranged {
    /// How the number compares with the end of a range. None for NaN.
    fn compare(&self, end: f64) -> Option<Ordering>;
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

impl Ranged for u32 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        f64::from(*self).partial_cmp(&end)
    }
}

impl Ranged for i64 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        Some(compare_whole(i128::from(*self), end))
    }
}

impl Ranged for u64 {
    fn compare(&self, end: f64) -> Option<Ordering> {
        Some(compare_whole(i128::from(*self), end))
    }
}

/// A double does not hold every such integer; a wider integer holds the whole part of every double
/// that is near enough to matter.
fn compare_whole(number: i128, end: f64) -> Ordering {
    #[expect(clippy::cast_possible_truncation, reason = "what is beyond the range stays beyond it")]
    let whole = end.floor() as i128;
    let is_split = end.fract() != 0.0;
    number.cmp(&whole).then(if is_split { Ordering::Less } else { Ordering::Equal })
}
