//! Collects everything that the client and its dependencies log, down to the level of traces: spans and events of
//! `tracing`, and records of `log`.
//!
//! hyper itself logs nothing: its `tracing` support is unstable and needs a compiler flag that no app's manifest can
//! set.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, Once};

use tokio::runtime::Builder;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// The log so far, one line per part.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<String>>);

impl Told {
    fn line(&self, text: fmt::Arguments<'_>) {
        writeln!(self.0.lock().expect("no test panics in the lock"), "{text}").expect("a string takes any text");
    }

    pub fn text(&self) -> String {
        self.0.lock().expect("no test panics in the lock").clone()
    }
}

thread_local! {
    /// The collector of this thread's records.
    static LISTENER: RefCell<Option<Told>> = const { RefCell::new(None) };
}

/// The program's logger, which passes records to the thread's collector.
struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        LISTENER.with_borrow(Option::is_some)
    }

    fn log(&self, record: &log::Record<'_>) {
        LISTENER.with_borrow(|listener| {
            if let Some(told) = listener {
                told.line(format_args!("log {}: {}", record.target(), record.args()));
            }
        });
    }

    fn flush(&self) {}
}

impl Visit for &Told {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.line(format_args!("{}={value:?}", field.name()));
    }
}

impl Subscriber for Told {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(format_args!("span {} {}", span.metadata().target(), span.metadata().name()));
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.line(format_args!("event {} {}", event.metadata().target(), event.metadata().name()));
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Runs `work` on a new runtime, and returns everything that the runtime's threads logged.
pub fn listen(work: impl Future<Output = ()>) -> String {
    static LOGGER: Once = Once::new();
    LOGGER.call_once(|| {
        log::set_logger(&Logger).expect("this is the only logger");
        log::set_max_level(log::LevelFilter::Trace);
    });
    let told = Told::default();
    let listening = told.clone();
    let mut builder = Builder::new_current_thread();
    // Names are resolved on separate threads.
    builder.enable_all().on_thread_start(move || {
        LISTENER.set(Some(listening.clone()));
        // It collects as long as the thread lives.
        std::mem::forget(tracing::dispatcher::set_default(&Dispatch::new(listening.clone())));
    });
    let runtime = builder.build().expect("a runtime");
    LISTENER.set(Some(told.clone()));
    tracing::dispatcher::with_default(&Dispatch::new(told.clone()), || runtime.block_on(work));
    drop(runtime);
    LISTENER.set(None);
    told.text()
}
