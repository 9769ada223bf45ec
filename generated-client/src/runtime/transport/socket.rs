//! The socket of a connection, with or without TLS, and the count of the bytes written to it.

use std::io::{self, IoSlice, Read};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Counts the bytes that a connection's socket took, and can be shut for good.
///
/// The lock is held while the socket is written to, which never waits, so that whoever shuts the
/// gate knows for certain what has gone through it and that nothing follows.
#[derive(Default)]
pub(crate) struct WriteGate(Mutex<Through>);

#[derive(Default)]
struct Through {
    bytes: u64,
    is_shut: bool,
}

impl WriteGate {
    /// Lets `write` write to the socket, unless the gate is shut.
    pub(crate) fn pass(&self, write: impl FnOnce() -> Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let mut through = lock(&self.0);
        if through.is_shut {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let outcome = write();
        if let Poll::Ready(Ok(count)) = outcome {
            through.bytes += count as u64;
        }
        outcome
    }

    /// Returns how many bytes have gone through.
    fn bytes(&self) -> u64 {
        lock(&self.0).bytes
    }

    /// Shuts the gate if nothing has gone through since there were `start` bytes; returns whether
    /// that is so.
    fn shut_at(&self, start: u64) -> bool {
        let mut through = lock(&self.0);
        let is_unwritten = through.bytes == start;
        through.is_shut |= is_unwritten;
        is_unwritten
    }
}

/// A request on its way: where it is, and whether a part of it was written.
#[derive(Clone, Default)]
pub(crate) struct Sending(Arc<Mutex<Place>>);

#[derive(Default)]
enum Place {
    /// Waiting for a connection.
    #[default]
    Waiting,
    /// It was given up before there was one.
    Given,
    /// It has a connection to itself, through whose gate so many bytes had gone before.
    Over(Arc<WriteGate>, u64),
}

impl Sending {
    /// Notes that the request goes over the connection behind `gate` from now on. Returns whether
    /// it may: not if it was given up.
    pub(crate) fn begin(&self, gate: &Arc<WriteGate>) -> bool {
        let mut place = lock(&self.0);
        if matches!(*place, Place::Given) {
            return false;
        }
        *place = Place::Over(Arc::clone(gate), gate.bytes());
        true
    }

    /// Gives the request up if no byte of it was written, and returns whether that is so: if it
    /// is, none will be written either, whatever other threads are about to do.
    pub(crate) fn is_unsent(&self) -> bool {
        let mut place = lock(&self.0);
        match &*place {
            Place::Waiting | Place::Given => {
                *place = Place::Given;
                true
            }
            Place::Over(gate, start) => gate.shut_at(*start),
        }
    }
}

/// Locks `mutex`. What it guards is right after each statement, so that a panic elsewhere does no
/// harm.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A socket behind its gate.
pub(crate) struct Wire {
    socket: TcpStream,
    gate: Arc<WriteGate>,
    /// Whether the server wrote last, so that nothing more is expected of it.
    is_quiet: bool,
}

impl Wire {
    pub(crate) fn new(socket: TcpStream, gate: Arc<WriteGate>) -> Self {
        Self { socket, gate, is_quiet: false }
    }

    /// Reads from the socket at once, whatever the reactor knows of it.
    ///
    /// The reactor learns of a connection's end some time after it came. hyper reads from an idle
    /// connection before it writes a request to it, and if the end is seen then, the request goes
    /// over another connection; once written, its fate would be unknown.
    fn look(&self, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut piece = [0; 512];
        let most = piece.len().min(buf.remaining());
        // There is an end to it: `read` waits for nothing, and has to be asked again only where a
        // signal came in between.
        loop {
            match (&*SockRef::from(&self.socket)).read(&mut piece[..most]) {
                Ok(count) => {
                    buf.put_slice(&piece[..count]);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.socket).poll_read(cx, buf) {
            Poll::Pending if self.is_quiet => self.look(buf),
            Poll::Pending => Poll::Pending,
            Poll::Ready(outcome) => {
                self.is_quiet = true;
                Poll::Ready(outcome)
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Self { socket, gate, is_quiet } = self.get_mut();
        *is_quiet = false;
        gate.pass(|| Pin::new(socket).poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { socket, gate, is_quiet } = self.get_mut();
        *is_quiet = false;
        gate.pass(|| Pin::new(socket).poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

/// What HTTP is spoken over.
pub(crate) enum Stream {
    Plain(Wire),
    Tls(Box<TlsStream<Wire>>),
}

macro_rules! either {
    ($stream:expr, $io:ident => $then:expr) => {
        match $stream.get_mut() {
            Stream::Plain(wire) => {
                let $io = Pin::new(wire);
                $then
            }
            Stream::Tls(tls) => {
                let $io = Pin::new(&mut **tls);
                $then
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        either!(self, io => io.poll_read(cx, buf))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        either!(self, io => io.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, io => io.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(wire) => wire.is_write_vectored(),
            Self::Tls(tls) => tls.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, io => io.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, io => io.poll_shutdown(cx))
    }
}
