//! The queue of calls that wait for a turn of the pacing, and the turn itself.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep};

use crate::runtime::call::pacing::{Pacer, TurnEnd};

/// A call that waits for its turn.
pub(crate) struct Waiting<'p> {
    pacer: &'p Pacer,
    ticket: u64,
    /// Kept by whoever is next.
    timer: Option<Pin<Box<Sleep>>>,
    is_over: bool,
}

impl<'p> Future for Waiting<'p> {
    type Output = Turn<'p>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Turn<'p>> {
        let this = &mut *self;
        loop {
            let taken = {
                let mut state = this.pacer.lock();
                let taken = state.take(this.ticket, Instant::now(), this.pacer.limit);
                if taken.is_err() {
                    state.enqueue(this.ticket, cx.waker().clone());
                }
                taken
            };
            let until = match taken {
                Ok(()) => {
                    this.leave();
                    return Poll::Ready(Turn::new(this.pacer));
                }
                Err(until) => until,
            };
            let Some(until) = until else {
                this.timer = None;
                return Poll::Pending;
            };
            let timer = this.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
            timer.as_mut().reset(until);
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl<'p> Waiting<'p> {
    pub(crate) const fn new(pacer: &'p Pacer, ticket: u64) -> Self {
        Self { pacer, ticket, timer: None, is_over: false }
    }

    /// Leaves the queue, and wakes whoever is next now.
    fn leave(&mut self) {
        self.is_over = true;
        let next = {
            let mut state = self.pacer.lock();
            state.dequeue(self.ticket);
            state.next()
        };
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.leave();
        }
    }
}

/// The turn of an attempt. One that is dropped counts as sent.
pub(crate) struct Turn<'p> {
    pacer: &'p Pacer,
    is_over: bool,
}

impl<'p> Turn<'p> {
    pub(crate) const fn new(pacer: &'p Pacer) -> Self {
        Self { pacer, is_over: false }
    }

    pub(crate) fn end(mut self, turned: &TurnEnd<'_>) {
        self.finish(turned);
    }

    fn finish(&mut self, turned: &TurnEnd<'_>) {
        self.is_over = true;
        let next = {
            let mut state = self.pacer.lock();
            state.end(Instant::now(), self.pacer, turned);
            state.next()
        };
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.finish(&TurnEnd::Lost);
        }
    }
}
