//! By need, for streams that are read by lines: [`LineReader`].

use bytes::Bytes;

use super::byte_stream::ByteStream;
use super::decode::undecodable;
use super::error::{Answered, Class, Error};

/// The lines of a stream, of which each may come in any pieces.
pub(super) struct LineReader {
    bytes: ByteStream,
    /// What came last, and is yet to be looked at.
    piece: Bytes,
    /// The beginning of a line that is not whole yet.
    begun: Vec<u8>,
    /// The bytes that are kept beside the line, and count with it.
    pub(super) held: usize,
    /// Whether a carriage return ends a line as well.
    takes_returns: bool,
    /// Whether the last line ended in a carriage return: a line feed behind it belongs to it.
    after_return: bool,
    has_ended: bool,
}

impl LineReader {
    pub(super) const fn new(bytes: ByteStream, takes_returns: bool) -> Self {
        let piece = Bytes::new();
        Self { bytes, piece, begun: Vec::new(), held: 0, takes_returns, after_return: false, has_ended: false }
    }

    /// Returns the next line without its end, and whether it had one; none at the end of the stream,
    /// and behind an error.
    pub(super) async fn line(&mut self) -> Option<Result<(Vec<u8>, bool), Error>> {
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
        self.bytes.fail("a part of the answer is longer than the limit")
    }

    /// The error of data that is of another shape than documented; it keeps the data.
    pub(super) fn undecodable(&self, data: impl Into<Bytes>, error: &serde_json::Error) -> Error {
        let answer = Answered { status: self.bytes.status, headers: http::HeaderMap::new(), body: data.into() };
        undecodable(self.bytes.context, answer, error)
    }
}

impl ByteStream {
    /// Ends the stream with an error.
    fn fail(&mut self, text: &'static str) -> Error {
        let error = self.error(Class::Answer, text);
        self.watch.close(Some(&error));
        error
    }
}
