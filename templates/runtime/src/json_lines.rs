//! By need, for streams of lines that are JSON (`application/x-ndjson`, `application/jsonl`): [`JsonLines`].

use std::fmt;

use super::byte_stream::ByteStream;
use super::error::Error;
use super::line_reader::LineReader;

/// The values of an answer, one in each line, as they come.
///
/// The call's deadline ends with the answer's head. Behind it each wait for more may take the
/// time of an attempt ([`Options::attempt_timeout`](super::options::Options::attempt_timeout)), and each
/// value may be as long as an answer
/// ([`Options::max_answer_bytes`](super::options::Options::max_answer_bytes)); all of them together have no
/// limit. Dropping it closes the connection. `Debug` prints no value.
pub struct JsonLines<T> {
    lines: LineReader,
    decode: fn(&[u8]) -> Result<T, serde_json::Error>,
}

impl<T> JsonLines<T> {
    pub(super) const fn new(bytes: ByteStream, decode: fn(&[u8]) -> Result<T, serde_json::Error>) -> Self {
        Self { lines: LineReader::new(bytes, false), decode }
    }

    /// Returns the next value, or none at the end. Empty lines are passed over.
    ///
    /// # Errors
    ///
    /// If a line is not what the API documents: the error keeps the line
    /// ([`Error::body`]), and the next call goes on behind it. If the connection is cut, a wait takes too
    /// long, or a line is longer than the limit: the stream has ended then.
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
