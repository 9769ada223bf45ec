//! A set of a few values, kept sorted.
//!
//! An order has a handful of stages, shipments and prescription numbers, and each set holds another type. A sorted vector
//! compiles to a small fraction of what a `BTreeSet` of each type does, and holds fewer than ten values as quickly.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Values without duplicates, in ascending order. Encodes as an array; decodes from one in any order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<T>")]
#[serde(bound(deserialize = "T: Ord + Deserialize<'de>"))]
pub(super) struct SortedSet<T>(Vec<T>);

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> SortedSet<T> {
    pub(super) fn insert(&mut self, value: T) {
        if let Err(index) = self.0.binary_search(&value) {
            self.0.insert(index, value);
        }
    }

    pub(super) fn merge(&mut self, other: &Self)
    where
        T: Clone,
    {
        for value in &other.0 {
            self.insert(value.clone());
        }
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    pub(super) fn last(&self) -> Option<&T> {
        self.0.last()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T: Ord> From<Vec<T>> for SortedSet<T> {
    fn from(values: Vec<T>) -> Self {
        let mut set = Self::default();
        for value in values {
            set.insert(value);
        }
        set
    }
}

impl<T: fmt::Debug> fmt::Debug for SortedSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.0).finish()
    }
}
