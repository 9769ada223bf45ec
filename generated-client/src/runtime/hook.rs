//! By need, for deliveries that are received: [`Hook`], for an app without an inbox.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::inbox::{Inbox, InboxError, Incoming, Stored};
use super::received::{Malformed, Received};

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
