//! By need, for answers of any bytes: [`ByteStream`].

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::{Body, BoxError};
use super::error::{Answered, Class, Context, Delivery, Error, Problem, Said};
use super::watch::Watch;

/// The bytes of an answer, as they come.
///
/// They are read by [`ByteStream::chunk`], all together by [`ByteStream::collect`], or as an
/// `http_body::Body`, which has no limits of its own. Dropping it closes the connection. `Debug`
/// prints the size alone, where that is known.
pub struct ByteStream {
    pub(super) body: Body,
    pub(super) context: Context,
    pub(super) status: StatusCode,
    /// How long each piece may take.
    pub(super) wait: Duration,
    pub(super) max: usize,
    /// Is told of the end.
    pub(super) watch: Watch,
}

impl ByteStream {
    /// Returns the next piece, or none at the end.
    ///
    /// # Errors
    ///
    /// If the connection is cut, or a piece takes longer than the attempt's time
    /// ([`Options::attempt_timeout`](super::options::Options::attempt_timeout)).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = self.next_chunk().await;
        match &chunk {
            Ok(Some(_)) => {}
            Ok(None) => self.watch.close(None),
            Err(error) => self.watch.close(Some(error)),
        }
        chunk
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let next = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx));
            match tokio::time::timeout(self.wait, next).await {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
                Ok(Some(Err(error))) => {
                    let cut = self.error(Class::Transport, "the answer was cut off");
                    return Err(cut.with_cause(&*error));
                }
                Err(_) => return Err(self.error(Class::Timeout, "a piece of the answer took too long")),
            }
        }
    }

    /// Returns all bytes.
    ///
    /// # Errors
    ///
    /// As [`ByteStream::chunk`], and if there are more than
    /// [`Options::max_answer_bytes`](super::options::Options::max_answer_bytes).
    pub async fn collect(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if piece.len() > self.max - all.len() {
                let error = self.error(Class::Answer, "the answer is longer than the limit");
                self.watch.close(Some(&error));
                return Err(error);
            }
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }

    pub(super) fn error(&self, class: Class, text: &'static str) -> Error {
        let answer = Answered { status: self.status, headers: HeaderMap::new(), body: Bytes::new() };
        Error::new(self.context, Problem::new(class, text), Delivery::Unknown).with_answer(answer, Said::default())
    }
}

impl HttpBody for ByteStream {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(cx);
        match &frame {
            Poll::Pending | Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(None) => this.watch.close(None),
            Poll::Ready(Some(Err(error))) => {
                let cut = this.error(Class::Transport, "the answer was cut off").with_cause(&**error);
                this.watch.close(Some(&cut));
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ByteStream").field(&self.body).finish()
    }
}
