//! By need, behind the feature `blocking`: server-sent events, read as they come.
#![cfg(feature = "blocking")]

use std::fmt;
use std::sync::Arc;

use super::driver::Driver;
use super::error::Error;
use super::event_stream::ServerSentEvent;

/// The events of an answer, as they come: an [`Iterator`].
///
/// Each step blocks the thread until there is an event. The limits are those of
/// [`EventStream`](super::event_stream::EventStream), and so are the errors: behind an event that
/// cannot be decoded the iterator goes on. Dropping it closes the connection. `Debug` prints no
/// event.
pub struct EventStream<T> {
    stream: super::event_stream::EventStream<T>,
    /// Drives the connection.
    driver: Arc<Driver>,
}

impl<T> EventStream<T> {
    pub(crate) fn new(stream: super::event_stream::EventStream<T>, driver: &Arc<Driver>) -> Self {
        Self { stream, driver: Arc::clone(driver) }
    }
}

impl<T> Iterator for EventStream<T> {
    type Item = Result<ServerSentEvent<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.driver.run(self.stream.next())
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}
