//! By need, for lists of a certain length: `Checker::min_items`, `Checker::max_items`.

use super::check::Checker;

impl Checker {
    /// The list has so many items, or more.
    pub(crate) fn min_items<T>(&mut self, items: &[T], min: usize) -> &mut Self {
        self.expect(items.len() >= min, || format!("at least {min} item{}", plural(min)))
    }

    /// The list has so many items, or fewer.
    pub(crate) fn max_items<T>(&mut self, items: &[T], max: usize) -> &mut Self {
        self.expect(items.len() <= max, || format!("at most {max} item{}", plural(max)))
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
