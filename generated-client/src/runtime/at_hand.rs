//! By need, for answers that are read whole: `Answer::read`, [`respond`].

use std::pin::Pin;
use std::task::{Poll, Waker};

use bytes::Bytes;
use http_body::Body as _;

use super::answer::Answer;
use super::body::Body;
use super::error::{Answered, Context, Error};
use super::response::{Meta, Response};

impl Answer {
    /// Reads the answer, whole, by `read`, and with that the call has ended. `read` is given what an
    /// error has to know of the call.
    pub(super) fn read<T>(
        mut self,
        read: impl FnOnce(Context, Answered) -> Result<Response<T>, Error>,
    ) -> Result<Response<T>, Error> {
        let answered = Answered { status: self.status, headers: self.headers, body: at_hand(self.body) };
        let result = read(self.context, answered);
        self.watch.close(result.as_ref().err());
        result
    }
}

/// Returns the bytes of a body that is at hand, which is one piece at most.
fn at_hand(mut body: Body) -> Bytes {
    let mut cx = std::task::Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut cx) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}

/// Returns the answer to a call that succeeded.
pub(super) fn respond<T>(data: T, answer: Answered, message: Option<String>) -> Response<T> {
    Response::from_parts(data, Meta::new(answer.status, answer.headers, message))
}
