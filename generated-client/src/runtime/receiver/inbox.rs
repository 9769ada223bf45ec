//! Where deliveries go: an [`Inbox`], or a [`Hook`] for an app without one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::runtime::error::BoxError;
use crate::runtime::receiver::received::{Malformed, Received};
use crate::runtime::webhook::keys::{DuplicateKey, GroupKey};

/// Where deliveries are kept before the sender is told that they arrived.
///
/// The work that an event causes is done afterwards, from the inbox: the sender waits for seconds
/// alone, and an event that was answered with success is never sent again.
pub trait Inbox: Clone + Send + Sync + 'static {
    /// Keeps a delivery, durably: `Ok` says that it outlives a crash of this process, or that a
    /// delivery with the same [`duplicate_key`](Incoming::duplicate_key) was kept before.
    ///
    /// The future is dropped when it takes too long; what was kept nevertheless is found to be
    /// [`Stored::Known`] when the delivery is sent again.
    fn store(&self, delivery: Incoming) -> impl Future<Output = Result<Stored, InboxError>> + Send;
}

/// A delivery whose key was right.
///
/// `Debug` prints nothing of the body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Incoming {
    /// An event, known or not.
    Event(Received),
    /// What cannot be read as an event: a dead letter.
    Malformed(Malformed),
}

impl Incoming {
    /// Returns the event's name; nothing where the body has none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Event(received) => Some(received.name()),
            Self::Malformed(malformed) => malformed.name(),
        }
    }

    /// Returns the body, byte for byte as it came.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        match self {
            Self::Event(received) => received.body(),
            Self::Malformed(malformed) => malformed.body(),
        }
    }

    /// Returns what is the same when this is delivered again.
    #[must_use]
    pub fn duplicate_key(&self) -> DuplicateKey {
        match self {
            Self::Event(received) => received.duplicate_key(),
            Self::Malformed(malformed) => malformed.duplicate_key(),
        }
    }

    /// Returns what is the same for the events that are to be worked on in their order of arrival.
    #[must_use]
    pub fn group_key(&self) -> Option<GroupKey> {
        match self {
            Self::Event(received) => received.group_key(),
            Self::Malformed(_) => None,
        }
    }
}

/// What became of a delivery that an [`Inbox`] was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stored {
    /// It is kept now.
    New,
    /// It was there before: the delivery is a duplicate.
    Known,
}

/// Why an [`Inbox`] did not keep a delivery. The sender is asked to send it again.
///
/// It prints text that is fixed when the program is written, and so no value of a delivery. The cause is reached through `source` alone: a database's error may hold values.
pub struct InboxError {
    message: &'static str,
    source: Option<BoxError>,
}

impl InboxError {
    /// An error that says this.
    #[must_use]
    pub const fn new(message: &'static str) -> Self {
        Self { message, source: None }
    }

    /// The same, with what caused it.
    #[must_use]
    pub fn caused_by(self, source: impl Into<BoxError>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl fmt::Debug for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboxError").field("message", &self.message).finish_non_exhaustive()
    }
}

impl fmt::Display for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for InboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// What the sender of a delivery is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It arrived, and is never sent again.
    Taken,
    /// It is to be sent again.
    Redeliver,
}

type Deciding = Pin<Box<dyn Future<Output = Verdict> + Send>>;

/// Functions in the place of an [`Inbox`], for an app that keeps deliveries in its own way, such as
/// in a queue that it has anyway.
///
/// One decides about events. Another may decide about what cannot be read as an event
/// ([`malformed`](Self::malformed)); without it the sender is asked to send that again, so that
/// nothing is lost while nobody looks at it. The functions have a few seconds; nothing tells
/// duplicates apart for them. One that panics does so in the server's task: the connection ends
/// without an answer, and the sender comes again.
///
/// ```text
/// let hook = Hook::new(move |delivery: Received| {
///     let queue = queue.clone();
///     async move { if queue.push(delivery).await.is_ok() { Verdict::Taken } else { Verdict::Redeliver } }
/// });
/// let deliveries = Receiver::from_env()?.deliver_to(hook);
/// ```
#[derive(Clone)]
pub struct Hook {
    event: Arc<dyn Fn(Received) -> Deciding + Send + Sync>,
    malformed: Option<Arc<dyn Fn(Malformed) -> Deciding + Send + Sync>>,
}

impl Hook {
    /// Decides about events by this function.
    pub fn new<F, D>(event: F) -> Self
    where
        F: Fn(Received) -> D + Send + Sync + 'static,
        D: Future<Output = Verdict> + Send + 'static,
    {
        Self { event: Arc::new(move |received| Box::pin(event(received))), malformed: None }
    }

    /// Decides by this function about what cannot be read as an event.
    #[must_use]
    pub fn malformed<F, D>(self, malformed: F) -> Self
    where
        F: Fn(Malformed) -> D + Send + Sync + 'static,
        D: Future<Output = Verdict> + Send + 'static,
    {
        Self { malformed: Some(Arc::new(move |letter| Box::pin(malformed(letter)))), ..self }
    }
}

impl Inbox for Hook {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let verdict = match (delivery, &self.malformed) {
            (Incoming::Event(received), _) => (self.event)(received).await,
            (Incoming::Malformed(letter), Some(malformed)) => malformed(letter).await,
            (Incoming::Malformed(_), None) => Verdict::Redeliver,
        };
        match verdict {
            Verdict::Taken => Ok(Stored::New),
            Verdict::Redeliver => Err(InboxError::new("the hook asked for the delivery to be sent again")),
        }
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").finish_non_exhaustive()
    }
}
