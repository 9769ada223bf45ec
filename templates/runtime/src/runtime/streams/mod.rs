//! Responses that are read while they arrive. [`ByteStream`] reads bytes, [`events`] server-sent events and
//! [`lines`] a JSON value per line.

pub(crate) mod blocking;
pub(crate) mod events;
pub(crate) mod lines;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::runtime::audit::observer::Observer;
use crate::runtime::call::Call;
use crate::runtime::client::Client;
use crate::runtime::error::problem::{Class, Context, Problem, RawResponse, Said};
use crate::runtime::error::{BoxError, Delivery, Error};
use crate::runtime::response::undecoded::UndecodedResponse;
use crate::runtime::response::{Meta, Response};
use crate::runtime::transport::body::Body;

/// The bytes of a response while they arrive.
///
/// Read them with [`ByteStream::chunk`], all at once with [`ByteStream::collect`], or as an
/// `http_body::Body`, which has no limits. Dropping it closes the connection. `Debug` prints only the size,
/// if it is known.
pub struct ByteStream {
    pub(crate) body: Body,
    pub(crate) context: Context,
    pub(crate) status: StatusCode,
    /// How long each piece may take.
    pub(crate) wait: Duration,
    pub(crate) max: usize,
    /// Is told of the end.
    pub(crate) observer: Observer,
}

impl ByteStream {
    /// Returns the next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection is cut, or a piece takes longer than an attempt may
    /// ([`Options::attempt_timeout`](crate::runtime::client::options::Options::attempt_timeout)).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = self.next_chunk().await;
        match &chunk {
            Ok(Some(_)) => {}
            Ok(None) => self.observer.close(None),
            Err(error) => self.observer.close(Some(error)),
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
                    let cut = self.error(Class::Transport, "the response was cut off");
                    return Err(cut.with_cause(&*error));
                }
                Err(_) => return Err(self.error(Class::Timeout, "a piece of the response took too long")),
            }
        }
    }

    /// Returns all bytes.
    ///
    /// # Errors
    ///
    /// The same as [`ByteStream::chunk`], and if there are more than
    /// [`Options::max_answer_bytes`](crate::runtime::client::options::Options::max_answer_bytes).
    pub async fn collect(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if piece.len() > self.max - all.len() {
                let error = self.error(Class::Response, "the response is longer than the limit");
                self.observer.close(Some(&error));
                return Err(error);
            }
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }

    pub(crate) fn error(&self, class: Class, text: &'static str) -> Error {
        let response = RawResponse { status: self.status, headers: HeaderMap::new(), body: Bytes::new() };
        Error::new(self.context, Problem::new(class, text), Delivery::Unknown).with_response(response, Said::default())
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
            Poll::Ready(None) => this.observer.close(None),
            Poll::Ready(Some(Err(error))) => {
                let cut = this.error(Class::Transport, "the response was cut off").with_cause(&**error);
                this.observer.close(Some(&cut));
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

impl UndecodedResponse {
    /// Returns the body's bytes as they come.
    pub(crate) fn bytes(self, client: &Client) -> Response<ByteStream> {
        let meta = Meta::new(self.status, self.headers, None);
        let stream = ByteStream {
            body: self.body,
            context: self.context,
            status: self.status,
            wait: client.options.attempt_timeout,
            max: client.options.max_answer_bytes,
            observer: self.observer,
        };
        Response::from_parts(stream, meta)
    }
}

impl Call<'_> {
    /// Sends the request and returns the response, whose body is yet to come. `accept` is asked for,
    /// unless the call asks for something else.
    pub(crate) async fn streamed(mut self, accept: &'static str) -> Result<UndecodedResponse, Error> {
        self.accept.get_or_insert(accept);
        self.send(&|_, _| true).await
    }

    /// Sends the request, and returns the response's body as it comes.
    pub(crate) async fn bytes_response(self) -> Result<Response<ByteStream>, Error> {
        let client = self.client;
        Ok(self.streamed("*/*").await?.bytes(client))
    }
}
