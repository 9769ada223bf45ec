//! By need, for maps whose values have rules of their own: `Checker::values`.

use std::collections::BTreeMap;

use super::check::{Checker, Step};

impl Checker {
    /// Checks each value of a map; its keys are data, and no part of a place.
    pub(crate) fn values<T>(
        &mut self,
        values: &BTreeMap<String, T>,
        check: impl for<'c> Fn(&'c mut Self, &T) -> &'c mut Self,
    ) -> &mut Self {
        for value in values.values() {
            self.place.push(Step::Key);
            check(self, value);
            self.place.pop();
        }
        self
    }
}
