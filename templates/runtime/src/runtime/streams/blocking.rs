//! The streams of the blocking client (feature `blocking`).
#![cfg(feature = "blocking")]

use std::io::{BufRead, Read};
use std::sync::Arc;
use std::{fmt, io};

use bytes::{Buf, Bytes};

use crate::runtime::blocking::driver::Driver;
use crate::runtime::error::Error;
use crate::runtime::streams::events::ServerSentEvent;

/// The bytes of a response while they arrive: a [`Read`] and a [`BufRead`].
///
/// Reading blocks the thread until there is something to read, at most for the time of an attempt
/// ([`Options::attempt_timeout`](crate::runtime::client::options::Options::attempt_timeout)). Its size isn't limited, unlike that of
/// [`ByteStream::collect`]. An [`io::Error`] from it wraps the client's [`Error`]. Dropping it closes the
/// connection. `Debug` prints only the size, if it is known.
pub struct ByteStream {
    stream: crate::runtime::streams::ByteStream,
    /// What was not read yet of the last piece.
    rest: Bytes,
    /// Drives the connection.
    driver: Arc<Driver>,
}

impl ByteStream {
    pub(crate) fn new(stream: crate::runtime::streams::ByteStream, driver: &Arc<Driver>) -> Self {
        Self { stream, rest: Bytes::new(), driver: Arc::clone(driver) }
    }

    /// Returns the next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection is cut, or a piece takes longer than an attempt may
    /// ([`Options::attempt_timeout`](crate::runtime::client::options::Options::attempt_timeout)).
    pub fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if !self.rest.is_empty() {
            return Ok(Some(std::mem::take(&mut self.rest)));
        }
        self.driver.run(self.stream.chunk())
    }

    /// Returns all remaining bytes.
    ///
    /// # Errors
    ///
    /// The same as [`ByteStream::chunk`], and if there are more than
    /// [`Options::max_answer_bytes`](crate::runtime::client::options::Options::max_answer_bytes).
    pub fn collect(self) -> Result<Vec<u8>, Error> {
        let Self { stream, rest, driver } = self;
        let further = driver.run(stream.collect())?;
        Ok(if rest.is_empty() { further } else { [&*rest, &*further].concat() })
    }
}

impl Read for ByteStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for ByteStream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.rest.is_empty() {
            match self.driver.run(self.stream.chunk()) {
                Ok(Some(piece)) => self.rest = piece,
                Ok(None) => break,
                Err(error) if error.is_timeout() => return Err(io::Error::new(io::ErrorKind::TimedOut, error)),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(&self.rest)
    }

    fn consume(&mut self, count: usize) {
        // More than was read is the caller's mistake, and doesn't have to panic.
        self.rest.advance(count.min(self.rest.len()));
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}

/// The events of a response while they arrive: an [`Iterator`].
///
/// Each step blocks the thread until there is an event. Limits and errors are the same as for
/// [`EventStream`](crate::runtime::streams::events::EventStream): after an event that can't be decoded the
/// iterator continues. Dropping it closes the connection. `Debug` prints no event.
pub struct EventStream<T> {
    stream: crate::runtime::streams::events::EventStream<T>,
    /// Drives the connection.
    driver: Arc<Driver>,
}

impl<T> EventStream<T> {
    pub(crate) fn new(stream: crate::runtime::streams::events::EventStream<T>, driver: &Arc<Driver>) -> Self {
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

/// The values of a response while they arrive, one per line: an [`Iterator`].
///
/// Each step blocks the thread until there is a value. Limits and errors are the same as for
/// [`JsonLines`](crate::runtime::streams::lines::JsonLines): after a line that can't be decoded the iterator
/// continues. Dropping it closes the connection. `Debug` prints no value.
pub struct JsonLines<T> {
    stream: crate::runtime::streams::lines::JsonLines<T>,
    /// Drives the connection.
    driver: Arc<Driver>,
}

impl<T> JsonLines<T> {
    pub(crate) fn new(stream: crate::runtime::streams::lines::JsonLines<T>, driver: &Arc<Driver>) -> Self {
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
