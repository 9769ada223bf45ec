//! By need, behind the feature `blocking`: answers of any bytes, read as they come.
#![cfg(feature = "blocking")]

use std::fmt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};

use super::driver::Driver;
use super::error::Error;

/// The bytes of an answer, as they come: a [`Read`] and a [`BufRead`].
///
/// Reading blocks the thread until there is something to read, at most for an attempt's time
/// ([`Options::attempt_timeout`](super::options::Options::attempt_timeout)), and has no limit of
/// size, unlike [`ByteStream::collect`]. An [`io::Error`] that comes out of it holds the client's
/// [`Error`]. Dropping it closes the connection. `Debug` prints the size alone, where that is known.
pub struct ByteStream {
    stream: super::byte_stream::ByteStream,
    /// What was not read yet of the last piece.
    rest: Bytes,
    /// Drives the connection.
    driver: Arc<Driver>,
}

impl ByteStream {
    pub(crate) fn new(stream: super::byte_stream::ByteStream, driver: &Arc<Driver>) -> Self {
        Self { stream, rest: Bytes::new(), driver: Arc::clone(driver) }
    }

    /// Returns the next piece, or none at the end.
    ///
    /// # Errors
    ///
    /// If the connection is cut, or a piece takes longer than the attempt's time
    /// ([`Options::attempt_timeout`](super::options::Options::attempt_timeout)).
    pub fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if !self.rest.is_empty() {
            return Ok(Some(std::mem::take(&mut self.rest)));
        }
        self.driver.run(self.stream.chunk())
    }

    /// Returns all bytes that were not read yet.
    ///
    /// # Errors
    ///
    /// As [`ByteStream::chunk`], and if there are more than
    /// [`Options::max_answer_bytes`](super::options::Options::max_answer_bytes).
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
        // More than there is would be a mistake of the caller's, which is no reason to panic.
        self.rest.advance(count.min(self.rest.len()));
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}
