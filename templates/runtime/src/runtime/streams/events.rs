//! Server-sent events (`text/event-stream`): [`EventStream`], [`ServerSentEvent`].
//!
//! Follows the HTML standard (WHATWG, Server-sent events, 9.2.6): UTF-8 with an optional byte order mark;
//! lines that end in CR, LF or both; comments; `data` lines joined by LF. An event that the end of the stream
//! cuts off is dropped. It doesn't reconnect: whether a call may be sent twice is the caller's decision, who
//! has [`ServerSentEvent::id`] for `Last-Event-ID` if the API supports it.

use std::fmt;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::runtime::response::undecoded::UndecodedResponse;
use crate::runtime::streams::ByteStream;
use crate::runtime::streams::lines::LineReader;
use crate::runtime::value::objects::Objects;
use crate::runtime::value::secret::Redacted;

/// An event that a server sent. `Debug` hides its content.
#[derive(Clone, PartialEq)]
pub struct ServerSentEvent<T> {
    name: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    data: T,
}

impl<T> ServerSentEvent<T> {
    /// Creates an event, for tests of an application.
    pub const fn new(data: T) -> Self {
        Self { name: None, id: None, retry: None, data }
    }

    /// Sets the name, for tests of an application.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the name (`event`). None means `message`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the last id that the server sent, with this event or one before it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns how long to wait before connecting again, if the server said so with this event.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Returns the data.
    pub const fn data(&self) -> &T {
        &self.data
    }

    /// Returns the data.
    pub fn into_data(self) -> T {
        self.data
    }
}

impl<T> fmt::Debug for ServerSentEvent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSentEvent").field("data", &Redacted).finish_non_exhaustive()
    }
}

/// The events of a response while they arrive.
///
/// The call's deadline ends with the head of the response. After it, each wait for more may take the time of
/// an attempt ([`Options::attempt_timeout`](crate::runtime::client::options::Options::attempt_timeout)), even if only a comment arrives that keeps
/// the connection alive. Each event may be as long as a response
/// ([`Options::max_answer_bytes`](crate::runtime::client::options::Options::max_answer_bytes)); the number of events isn't limited. Dropping it
/// closes the connection. `Debug` prints no event.
pub struct EventStream<T> {
    lines: LineReader,
    decode: fn(String) -> Result<T, serde_json::Error>,
    /// Whether a line was read.
    has_begun: bool,
    name: String,
    data: String,
    has_data: bool,
    id: Option<String>,
    retry: Option<Duration>,
}

impl<T> EventStream<T> {
    pub(crate) const fn new(bytes: ByteStream, decode: fn(String) -> Result<T, serde_json::Error>) -> Self {
        Self {
            lines: LineReader::new(bytes, true),
            decode,
            has_begun: false,
            name: String::new(),
            data: String::new(),
            has_data: false,
            id: None,
            retry: None,
        }
    }

    /// Returns the next event, or `None` at the end. Events without data are skipped.
    ///
    /// # Errors
    ///
    /// If the data of an event isn't what the API documents, such as a word that marks the end: the error keeps
    /// the data ([`Error::body`]), and the next call continues after it. If the connection is cut, a wait takes
    /// too long, or an event is longer than the limit, the stream ends with the error.
    pub async fn next(&mut self) -> Option<Result<ServerSentEvent<T>, Error>> {
        loop {
            let line = match self.lines.line().await? {
                Ok((line, true)) => line,
                // An event is whole only with the empty line behind it.
                Ok((_, false)) => continue,
                Err(error) => return Some(Err(error)),
            };
            let line = if self.has_begun { &line[..] } else { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line) };
            self.has_begun = true;
            if !line.is_empty() {
                self.field(&String::from_utf8_lossy(line));
            } else if let Some(event) = self.event() {
                return Some(event);
            }
        }
    }

    /// Takes a line that is not empty.
    fn field(&mut self, line: &str) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(value);
                self.lines.held = self.data.len();
            }
            "event" => value.clone_into(&mut self.name),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()).filter(|id| !id.is_empty()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis);
            }
            // Comments have no name, and unknown fields no meaning.
            _ => {}
        }
    }

    /// Ends an event, if there is one.
    fn event(&mut self) -> Option<Result<ServerSentEvent<T>, Error>> {
        let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        let retry = self.retry.take();
        self.lines.held = 0;
        if !std::mem::take(&mut self.has_data) {
            return None;
        }
        let kept = data.clone();
        Some(match (self.decode)(data) {
            Ok(data) => {
                let name = Some(name).filter(|name| !name.is_empty());
                Ok(ServerSentEvent { name, id: self.id.clone(), retry, data })
            }
            Err(error) => Err(self.lines.undecodable(kept, &error)),
        })
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}

impl UndecodedResponse {
    /// Returns the events as they come.
    pub(crate) fn events<T: DeserializeOwned>(self, client: &Client) -> Response<EventStream<T>> {
        let (bytes, meta) = self.bytes(client).into_parts();
        let decode = |data: String| serde_json::from_str(&data).map(|Objects(data)| data);
        Response::from_parts(EventStream::new(bytes, decode), meta)
    }

    /// Returns the events as they come.
    pub(crate) fn text_events(self, client: &Client) -> Response<EventStream<String>> {
        let (bytes, meta) = self.bytes(client).into_parts();
        Response::from_parts(EventStream::new(bytes, Ok), meta)
    }
}
