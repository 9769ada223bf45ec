//! Request bodies that are read from a file or any other reader while they are sent.
#![cfg(feature = "blocking")]

use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{io, thread};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::mpsc;

use crate::runtime::transport::body::Body;

/// How many bytes are asked of a reader at a time.
const PIECE: usize = 64 * 1024;

impl Body {
    /// A body that is read from `reader` while it is sent, such as a file (feature `blocking`).
    ///
    /// With a `size` it is sent with `content-length`, and exactly that many bytes are read. If the reader ends
    /// earlier, the call fails. Without a size it is sent in chunks. The bytes can't be read again, so the
    /// client doesn't repeat the call.
    ///
    /// A separate thread reads. It starts when the first bytes are needed, and ends with the reader, after the
    /// first error, or when a read returns after the call is over.
    #[must_use]
    pub fn reader(reader: impl Read + Send + 'static, size: Option<u64>) -> Self {
        Self::stream(Reading { state: State::New(Box::new(reader)), left: size })
    }
}

/// A body that a thread reads.
struct Reading {
    state: State,
    /// How many bytes are still to come, where that is known.
    left: Option<u64>,
}

enum State {
    /// Nothing was asked for yet.
    New(Box<dyn Read + Send>),
    /// A piece without bytes is the end.
    Begun(mpsc::Receiver<io::Result<Bytes>>),
    /// There was no thread for it.
    Failed,
}

impl Reading {
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let State::New(_) = self.state
            && let State::New(reader) = std::mem::replace(&mut self.state, State::Failed)
        {
            self.state = State::Begun(read(reader, self.left)?);
        }
        match &mut self.state {
            State::Begun(pieces) => pieces.poll_recv(cx),
            State::New(_) | State::Failed => Poll::Ready(None),
        }
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.left == Some(0) {
            return Poll::Ready(None);
        }
        // The thread says where the reader ends. If it only falls silent, the reader has panicked.
        let piece = std::task::ready!(this.poll_piece(cx)).unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into()))?;
        if piece.is_empty() {
            let is_whole = this.left.replace(0).is_none();
            return Poll::Ready((!is_whole).then(|| Err(io::ErrorKind::UnexpectedEof.into())));
        }
        this.left = this.left.map(|left| left.saturating_sub(piece.len() as u64));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Starts the thread that reads, and returns where its pieces come out.
fn read(reader: Box<dyn Read + Send>, size: Option<u64>) -> io::Result<mpsc::Receiver<io::Result<Bytes>>> {
    let (pieces, received) = mpsc::channel(1);
    let mut reader = reader.take(size.unwrap_or(u64::MAX));
    thread::Builder::new().spawn(move || {
        let mut buffer = vec![0; PIECE];
        loop {
            let piece = match reader.read(&mut buffer) {
                Ok(count) => Ok(Bytes::copy_from_slice(&buffer[..count])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let is_over = piece.as_ref().map_or(true, Bytes::is_empty);
            if pieces.blocking_send(piece).is_err() || is_over {
                return;
            }
        }
    })?;
    Ok(received)
}
