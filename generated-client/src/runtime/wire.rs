//! A connection's socket, with TLS or without: every byte that is written goes through a gate.

use std::io::{self, IoSlice, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::gate::Gate;

/// A socket behind its gate.
pub(super) struct Wire {
    socket: TcpStream,
    gate: Arc<Gate>,
    /// Whether the server wrote last, so that nothing more is expected of it.
    is_quiet: bool,
}

impl Wire {
    pub(super) fn new(socket: TcpStream, gate: Arc<Gate>) -> Self {
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
pub(super) enum Stream {
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
