//! Where deliveries go: an [`Inbox`], or a [`Hook`] for an app without one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::runtime::error::BoxError;
use crate::runtime::receiver::received::{Malformed, Received};
use crate::runtime::webhook::keys::{DuplicateKey, GroupKey};

/// Stores deliveries before the sender is told that they arrived.
///
/// The work for an event is done later, from the inbox: the sender waits only a few seconds, and never sends
/// an event again after a success.
pub trait Inbox: Clone + Send + Sync + 'static {
    /// Stores a delivery durably. `Ok` means that it survives a crash of this process, or that a delivery with the
    /// same [`duplicate_key`](Incoming::duplicate_key) was stored before.
    ///
    /// If it takes too long, the future is dropped. If the delivery was stored anyway, it is
    /// [`Stored::Known`] when it is sent again.
    fn store(&self, delivery: Incoming) -> impl Future<Output = Result<Stored, InboxError>> + Send;
}

/// A delivery with the right key.
///
/// `Debug` prints nothing from the body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Incoming {
    /// An event, known or unknown.
    Event(Received),
    /// A dead letter: it can't be read as an event.
    Malformed(Malformed),
}

impl Incoming {
    /// Returns the event's name. None if the body doesn't have one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Event(received) => Some(received.name()),
            Self::Malformed(malformed) => malformed.name(),
        }
    }

    /// Returns the body exactly as it arrived.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        match self {
            Self::Event(received) => received.body(),
            Self::Malformed(malformed) => malformed.body(),
        }
    }

    /// Returns a key that is the same when the delivery is sent again.
    #[must_use]
    pub fn duplicate_key(&self) -> DuplicateKey {
        match self {
            Self::Event(received) => received.duplicate_key(),
            Self::Malformed(malformed) => malformed.duplicate_key(),
        }
    }

    /// Returns a key that is the same for events that should be processed in the order of their arrival.
    #[must_use]
    pub fn group_key(&self) -> Option<GroupKey> {
        match self {
            Self::Event(received) => received.group_key(),
            Self::Malformed(_) => None,
        }
    }
}

/// The result of storing a delivery in an [`Inbox`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stored {
    /// It is stored now.
    New,
    /// It was stored before: the delivery is a duplicate.
    Known,
}

/// Why an [`Inbox`] couldn't store a delivery. The sender is asked to send it again.
///
/// It prints text that is fixed when the program is written, and so no value of a delivery. The cause is
/// only reachable through `source`, because a database's error may hold values.
pub struct InboxError {
    message: &'static str,
    source: Option<BoxError>,
}

impl InboxError {
    /// Creates an error with this message.
    #[must_use]
    pub const fn new(message: &'static str) -> Self {
        Self { message, source: None }
    }

    /// Adds the cause.
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
    /// It should be sent again.
    Redeliver,
}

type Deciding = Pin<Box<dyn Future<Output = Verdict> + Send>>;

/// Functions in place of an [`Inbox`], for an app that stores deliveries in another way, such as in an existing
/// queue.
///
/// One function decides about events. Another may decide about deliveries that can't be read as an event
/// ([`malformed`](Self::malformed)). Without it the sender is asked to send those again, which means that
/// nothing is lost until somebody looks at them. The functions have a few seconds, and have to detect
/// duplicates themselves. If one panics, the connection ends without a response, and the sender tries again.
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
    /// Uses this function to decide about events.
    pub fn new<F, D>(event: F) -> Self
    where
        F: Fn(Received) -> D + Send + Sync + 'static,
        D: Future<Output = Verdict> + Send + 'static,
    {
        Self { event: Arc::new(move |received| Box::pin(event(received))), malformed: None }
    }

    /// Uses this function to decide about deliveries that can't be read as an event.
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
