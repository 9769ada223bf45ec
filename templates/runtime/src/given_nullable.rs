//! Behind the feature `test-util`, by need: what a builder of an answer takes for a property that may
//! be absent or null.
#![cfg(feature = "test-util")]

use super::given::Given;
use super::nullable::Nullable;

impl<T> Given<Nullable<T>> for T {
    fn given(self) -> Nullable<T> {
        Nullable::Value(self)
    }
}

/// `None` leaves the property out.
impl<T> Given<Nullable<T>> for Option<T> {
    fn given(self) -> Nullable<T> {
        Nullable::from(self)
    }
}

impl Given<Nullable<String>> for &str {
    fn given(self) -> Nullable<String> {
        Nullable::Value(self.to_owned())
    }
}
