//! A thread that drives I/O, timers and connections for calls that the callers' threads poll.
//!
//! ```text
//! driver.run(client.get_carriers())
//! ```
//!
//! A call is neither spawned nor passed to tokio's `block_on`, which panics inside a runtime. Its thread
//! enters the driver's runtime, polls the call, and is parked until it is woken. This way a call may borrow,
//! and may be made from anywhere.
#![cfg(feature = "blocking")]

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::{io, thread};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::unconstrained;

/// A runtime on a separate thread, which ends when this is dropped. Nobody waits for the end, so
/// it may be dropped anywhere.
pub(crate) struct Driver {
    handle: Handle,
    /// Is never sent anything: the thread waits for its end.
    _alive: oneshot::Sender<Infallible>,
}

impl Driver {
    /// Starts the thread. Fails where the system has none to give, or no queue of events.
    pub(crate) fn start(name: &str) -> io::Result<Self> {
        let (started, handle) = mpsc::sync_channel(1);
        let (alive, end) = oneshot::channel::<Infallible>();
        let drive = move || match Builder::new_current_thread().enable_io().enable_time().build() {
            Ok(runtime) => {
                if started.send(Ok(runtime.handle().clone())).is_ok() {
                    drive(runtime, end);
                }
            }
            Err(error) => drop(started.send(Err(error))),
        };
        // The runtime is made and dropped on the thread: elsewhere, dropping it may not be allowed.
        thread::Builder::new().name(format!("{name}-blocking")).spawn(drive)?;
        let handle = handle.recv().map_err(io::Error::other)??;
        Ok(Self { handle, _alive: alive })
    }

    /// Polls `future` on this thread to its end; the thread is parked in between.
    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        let _entered = self.handle.enter();
        // Tokio lets a task do so much and then makes everything in it wait until the task has
        // paused. A task that blocks in here never pauses.
        let mut future = pin!(unconstrained(future));
        let parked = Arc::new(Parked { thread: thread::current(), is_woken: AtomicBool::new(false) });
        let waker = Waker::from(Arc::clone(&parked));
        let mut cx = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                return output;
            }
            parked.wait();
        }
    }
}

/// Drives what was spawned until the driver is dropped.
fn drive(runtime: Runtime, end: oneshot::Receiver<Infallible>) {
    let Err(_) = runtime.block_on(end);
    // A name that is still being looked up keeps a thread of the runtime's busy, which ends by itself.
    runtime.shutdown_background();
}

/// A thread that waits for a future. Others may park and unpark it too.
struct Parked {
    thread: Thread,
    is_woken: AtomicBool,
}

impl Parked {
    /// Waits until it is woken; returns at once if it was since the last time.
    fn wait(&self) {
        while !self.is_woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}
