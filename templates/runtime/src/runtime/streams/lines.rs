//! Streams with a JSON value per line (`application/x-ndjson`, `application/jsonl`): [`JsonLines`].

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::error::problem::{Class, RawResponse};
use crate::runtime::response::Response;
use crate::runtime::response::failure::undecodable;
use crate::runtime::response::undecoded::UndecodedResponse;
use crate::runtime::streams::ByteStream;
use crate::runtime::value::objects::Objects;

/// The values of a response while they arrive, one per line.
///
/// The call's deadline ends with the head of the response. After it, each wait for more may take the time of
/// an attempt ([`Options::attempt_timeout`](crate::runtime::client::options::Options::attempt_timeout)), and each value may be as long as a response
/// ([`Options::max_answer_bytes`](crate::runtime::client::options::Options::max_answer_bytes)). The number of values isn't limited. Dropping it
/// closes the connection. `Debug` prints no value.
pub struct JsonLines<T> {
    lines: LineReader,
    decode: fn(&[u8]) -> Result<T, serde_json::Error>,
}

impl<T> JsonLines<T> {
    pub(crate) const fn new(bytes: ByteStream, decode: fn(&[u8]) -> Result<T, serde_json::Error>) -> Self {
        Self { lines: LineReader::new(bytes, false), decode }
    }

    /// Returns the next value, or `None` at the end. Empty lines are skipped.
    ///
    /// # Errors
    ///
    /// If a line isn't what the API documents: the error keeps the line ([`Error::body`]), and the next call
    /// continues after it. If the connection is cut, a wait takes too long, or a line is longer than the limit,
    /// the stream ends with the error.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            let (line, _) = match self.lines.line().await? {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            let value = line.trim_ascii();
            if value.is_empty() {
                continue;
            }
            return Some((self.decode)(value).map_err(|error| self.lines.undecodable(line.clone(), &error)));
        }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}

/// The lines of a stream, of which each may come in any pieces.
pub(crate) struct LineReader {
    bytes: ByteStream,
    /// What came last, and is yet to be looked at.
    piece: Bytes,
    /// The beginning of a line that is not whole yet.
    begun: Vec<u8>,
    /// The bytes that are kept beside the line, and count with it.
    pub(crate) held: usize,
    /// Whether a carriage return ends a line as well.
    takes_returns: bool,
    /// Whether the last line ended in a carriage return: a line feed behind it belongs to it.
    after_return: bool,
    has_ended: bool,
}

impl LineReader {
    pub(crate) const fn new(bytes: ByteStream, takes_returns: bool) -> Self {
        let piece = Bytes::new();
        Self { bytes, piece, begun: Vec::new(), held: 0, takes_returns, after_return: false, has_ended: false }
    }

    /// Returns the next line without its end, and whether it had one; none at the end of the stream,
    /// and behind an error.
    pub(crate) async fn line(&mut self) -> Option<Result<(Vec<u8>, bool), Error>> {
        while !self.has_ended {
            let line = self.line_at_hand();
            let length = line.as_ref().map_or(self.begun.len(), Vec::len);
            if length > self.bytes.max.saturating_sub(self.held) {
                return Some(Err(self.too_long()));
            }
            if let Some(line) = line {
                return Some(Ok((line, true)));
            }
            match self.bytes.chunk().await {
                Ok(Some(piece)) => self.piece = piece,
                Ok(None) => self.has_ended = true,
                Err(error) => {
                    self.has_ended = true;
                    return Some(Err(error));
                }
            }
        }
        let rest = std::mem::take(&mut self.begun);
        (!rest.is_empty()).then_some(Ok((rest, false)))
    }

    fn line_at_hand(&mut self) -> Option<Vec<u8>> {
        if self.after_return && !self.piece.is_empty() {
            self.after_return = false;
            if self.piece[0] == b'\n' {
                self.piece = self.piece.slice(1..);
            }
        }
        let is_end = |byte: &u8| *byte == b'\n' || self.takes_returns && *byte == b'\r';
        let Some(end) = self.piece.iter().position(is_end) else {
            self.begun.extend_from_slice(&std::mem::take(&mut self.piece));
            return None;
        };
        self.after_return = self.piece[end] == b'\r';
        self.begun.extend_from_slice(&self.piece[..end]);
        self.piece = self.piece.slice(end + 1..);
        Some(std::mem::take(&mut self.begun))
    }

    /// The error of a value that is longer than the limit, behind which nothing is read.
    fn too_long(&mut self) -> Error {
        self.has_ended = true;
        self.begun = Vec::new();
        self.bytes.fail("a part of the response is longer than the limit")
    }

    /// The error of data that is of another shape than documented; it keeps the data.
    pub(crate) fn undecodable(&self, data: impl Into<Bytes>, error: &serde_json::Error) -> Error {
        let response = RawResponse { status: self.bytes.status, headers: http::HeaderMap::new(), body: data.into() };
        undecodable(self.bytes.context, response, error)
    }
}

impl ByteStream {
    /// Ends the stream with an error.
    fn fail(&mut self, text: &'static str) -> Error {
        let error = self.error(Class::Response, text);
        self.observer.close(Some(&error));
        error
    }
}

impl UndecodedResponse {
    /// Returns the values as they come.
    pub(crate) fn lines<T: DeserializeOwned>(self, client: &Client) -> Response<JsonLines<T>> {
        let (bytes, meta) = self.bytes(client).into_parts();
        let decode = |line: &[u8]| serde_json::from_slice(line).map(|Objects(data)| data);
        Response::from_parts(JsonLines::new(bytes, decode), meta)
    }
}
