//! What was written of a request: a count kept at the socket, and never a guess.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Counts the bytes that a connection's socket took, and can be shut for good.
///
/// The lock is held while the socket is written to, which never waits, so that whoever shuts the
/// gate knows for certain what has gone through it and that nothing follows.
#[derive(Default)]
pub(crate) struct Gate(Mutex<Through>);

#[derive(Default)]
struct Through {
    bytes: u64,
    is_shut: bool,
}

impl Gate {
    /// Lets `write` write to the socket, unless the gate is shut.
    pub(super) fn pass(&self, write: impl FnOnce() -> Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
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
    /// There is no connection yet.
    #[default]
    Waiting,
    /// It was given up before there was one.
    Given,
    /// It has a connection to itself, through whose gate so many bytes had gone before.
    Over(Arc<Gate>, u64),
}

impl Sending {
    /// Notes that the request goes over the connection behind `gate` from now on. Returns whether
    /// it may: not if it was given up.
    pub(super) fn begin(&self, gate: &Arc<Gate>) -> bool {
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
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
