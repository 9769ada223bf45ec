//! Webhooks: what is delivered where, when it is tried again, and how a delivery goes wrong on demand.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::state::{Due, State};

/// Waits after the first, second, third and fourth failure of a delivery.
const WAITS: [Duration; 4] =
    [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(900), Duration::from_secs(3600)];
/// How long a delayed delivery waits.
const DELAY: Duration = Duration::from_secs(600);

/// How an event's delivery goes wrong. Whatever the first attempt does, later ones are proper.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Disturbance {
    /// The event is delivered twice.
    Duplicated,
    /// It is delivered 10 minutes late.
    Delayed,
    /// It is delivered after the order's next event.
    Reordered,
    /// An event with a name that nobody knows is delivered before it.
    UnknownName,
    /// The first attempt carries half of the JSON.
    Malformed,
    /// The first attempt carries a wrong key.
    WrongKey,
}

impl Disturbance {
    /// All disturbances, with their names in JSON.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Duplicated, "duplicated"),
        (Self::Delayed, "delayed"),
        (Self::Reordered, "reordered"),
        (Self::UnknownName, "unknown_name"),
        (Self::Malformed, "malformed"),
        (Self::WrongKey, "wrong_key"),
    ];
}

/// An event on its way to one webhook.
#[non_exhaustive]
pub struct Delivery {
    /// The name of the event.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// What it carries.
    pub body: String,
    /// The attempts that ended: when, and the status or what prevented an answer.
    pub attempts: Vec<(Duration, Result<u16, String>)>,
    disturbance: Option<Disturbance>,
    pub(crate) is_in_flight: bool,
}

impl Delivery {
    /// Returns whether an attempt was answered with 200.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.attempts.iter().any(|(_, answer)| *answer == Ok(200))
    }

    /// Returns whether five attempts failed.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        !self.is_accepted() && self.attempts.len() > WAITS.len()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempts = self.attempts.len();
        f.debug_struct("Delivery").field("event", &self.event).field("attempts", &attempts).finish_non_exhaustive()
    }
}

/// One try of a delivery, for the caller to make and to report with [`State::answered`].
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Attempt {
    /// Names the delivery.
    pub delivery: u64,
    /// The name of the event.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// What it carries.
    pub body: String,
    /// Whether it carries the webhook's secret, or a wrong one.
    pub has_secret: bool,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("delivery", &self.delivery).field("event", &self.event).finish_non_exhaustive()
    }
}

impl State {
    /// Returns all deliveries, oldest first, with the numbers that name them.
    #[must_use]
    pub fn deliveries(&self) -> impl DoubleEndedIterator<Item = (u64, &Delivery)> {
        self.deliveries.iter().map(|(id, delivery)| (*id, delivery))
    }

    /// Disturbs the deliveries of the next `count` events, at most 1,000.
    pub fn disturb(&mut self, disturbance: Disturbance, count: u32) {
        self.disturbances.extend(std::iter::repeat_n(disturbance, count.min(1_000) as usize));
    }

    /// Records the answer to an attempt: the status, or what prevented an answer. Anything but 200 is a failure. A
    /// failed delivery is tried again after 1, 5 and 15 minutes and 1 hour, and given up after five failures.
    pub fn answered(&mut self, id: u64, answer: Result<u16, String>) {
        let now = self.now;
        let Some(delivery) = self.deliveries.get_mut(&id) else { return };
        delivery.is_in_flight = false;
        let is_done = delivery.is_accepted() || answer == Ok(200);
        let wait = WAITS.get(delivery.attempts.len()).filter(|_| !is_done);
        delivery.attempts.push((now, answer));
        if let Some(wait) = wait {
            self.schedule(*wait, Due::Deliver(id));
        }
    }

    /// Makes another attempt of a delivery, and returns whether there is such a delivery.
    pub fn resend(&mut self, delivery: u64) -> bool {
        let is_known = self.deliveries.contains_key(&delivery);
        if is_known {
            self.schedule(Duration::ZERO, Due::Deliver(delivery));
        }
        is_known
    }

    /// Tries deliveries again whose answers were lost when the sandbox stopped.
    pub(crate) fn resume(&mut self) {
        let lost = self.deliveries.iter().filter(|(_, delivery)| delivery.is_in_flight).map(|(id, _)| *id);
        for id in lost.collect::<Vec<_>>() {
            self.resend(id);
        }
    }

    /// Returns the attempt that is due for a delivery.
    pub(crate) fn attempt(&mut self, id: u64) -> Option<Attempt> {
        let delivery = self.deliveries.get_mut(&id)?;
        delivery.is_in_flight = true;
        let first = delivery.disturbance.filter(|_| delivery.attempts.is_empty());
        let mut body = delivery.body.clone();
        if first == Some(Disturbance::Malformed) {
            body = body.chars().take(body.chars().count() / 2).collect();
        }
        Some(Attempt {
            delivery: id,
            event: delivery.event.clone(),
            url: delivery.url.clone(),
            body,
            has_secret: first != Some(Disturbance::WrongKey),
        })
    }

    /// Delivers an event to each webhook of a clinic.
    pub(crate) fn announce(&mut self, clinic: &str, event: &str, data: &Value) {
        let webhooks = self.webhooks.values().filter(|(of, _)| of == clinic);
        let urls: Vec<String> = webhooks.map(|(_, url)| url.clone()).collect();
        if urls.is_empty() {
            return;
        }
        self.announced += 1;
        let is_late = self.assumptions.events_out_of_order && self.announced % 2 == 1;
        let disturbance = self.disturbances.pop_front().or(is_late.then_some(Disturbance::Reordered));
        let wait = match disturbance {
            Some(Disturbance::Delayed) => DELAY,
            // Later than the next stage, and earlier than the one after.
            Some(Disturbance::Reordered) => self.assumptions.stage() * 3 / 2,
            _ => Duration::ZERO,
        };
        for url in urls {
            if disturbance == Some(Disturbance::UnknownName) {
                self.deliver(&url, "sandbox:unknown", data, None, Duration::ZERO);
            }
            self.deliver(&url, event, data, disturbance, wait);
            if disturbance == Some(Disturbance::Duplicated) {
                self.deliver(&url, event, data, None, wait);
            }
        }
    }

    fn deliver(&mut self, url: &str, event: &str, data: &Value, disturbance: Option<Disturbance>, wait: Duration) {
        let id = self.deliveries.last_key_value().map_or(1, |(last, _)| last + 1);
        let delivery = Delivery {
            event: event.to_owned(),
            url: url.to_owned(),
            body: json!({ "event_name": event, "event_data": data }).to_string(),
            attempts: Vec::new(),
            disturbance,
            is_in_flight: false,
        };
        self.deliveries.insert(id, delivery);
        self.schedule(wait, Due::Deliver(id));
    }
}
