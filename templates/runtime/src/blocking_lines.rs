//! By need, behind the feature `blocking`: streams of lines that are JSON, read as they come.
#![cfg(feature = "blocking")]

use std::fmt;
use std::sync::Arc;

use super::driver::Driver;
use super::error::Error;

/// The values of an answer, one in each line, as they come: an [`Iterator`].
///
/// Each step blocks the thread until there is a value. The limits are those of
/// [`JsonLines`](super::json_lines::JsonLines), and so are the errors: behind a line that cannot be
/// decoded the iterator goes on. Dropping it closes the connection. `Debug` prints no value.
pub struct JsonLines<T> {
    stream: super::json_lines::JsonLines<T>,
    /// Drives the connection.
    driver: Arc<Driver>,
}

impl<T> JsonLines<T> {
    pub(crate) fn new(stream: super::json_lines::JsonLines<T>, driver: &Arc<Driver>) -> Self {
        Self { stream, driver: Arc::clone(driver) }
    }
}

impl<T> Iterator for JsonLines<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.driver.run(self.stream.next())
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}
