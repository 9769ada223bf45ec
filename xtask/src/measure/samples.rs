//! The results of several runs, and their comparison.

/// The values of several runs, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn one(value: f64) -> Self {
        Self(vec![value])
    }

    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the median (the upper one of an even number of values), or `None` without values.
    pub fn median(&self) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }

    /// Compares these with `other`: returns the median of the ratios of runs made together, or the ratio of the
    /// medians if the numbers of runs differ.
    pub fn over(&self, other: &Self) -> Option<f64> {
        let ratio = if self.count() == other.count() {
            Self(self.0.iter().zip(&other.0).map(|(ours, theirs)| ours / theirs).collect()).median()?
        } else {
            self.median()? / other.median()?
        };
        ratio.is_finite().then_some(ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Samples {
        Samples(values.to_vec())
    }

    #[test]
    fn median_is_the_middle_one() {
        assert_eq!(samples(&[3.0, 1.0, 2.0]).median(), Some(2.0));
        assert_eq!(samples(&[4.0, 1.0, 2.0, 3.0]).median(), Some(3.0));
        assert_eq!(samples(&[]).median(), None);
    }

    #[test]
    fn runs_that_were_made_together_are_compared_with_each_other() {
        // The machine was busy during the second pair: both doubled.
        assert_eq!(samples(&[1.0, 2.0, 1.0]).over(&samples(&[2.0, 4.0, 2.0])), Some(0.5));
        assert_eq!(samples(&[3.0]).over(&samples(&[1.0, 2.0, 9.0])), Some(1.5));
        assert_eq!(samples(&[3.0]).over(&samples(&[0.0])), None);
        assert_eq!(samples(&[]).over(&samples(&[])), None);
    }
}
