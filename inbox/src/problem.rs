//! What goes wrong in a store of this crate: [`Problem`], into which its driver's errors are turned.

use crate::{StoreError, StoreErrorKind};

/// What went wrong, as its kind and number. A driver's or a database's message can quote a row, a
/// statement, a path or an address, so the file of each store that turns one into this drops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem(pub StoreError);

impl Problem {
    /// Says so without a number.
    pub const fn of(kind: StoreErrorKind) -> Self {
        Self(StoreError::new(kind, None))
    }

    /// Returns what the user of the store sees.
    pub const fn error(self) -> StoreError {
        self.0
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}
