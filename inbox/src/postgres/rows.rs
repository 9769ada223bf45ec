//! What each method of the store asks of the database: values in, answers out.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::Row;

use super::connection::{Asked, Database};
use super::problem::Problem;
use super::value::Value;
use crate::sealing::{NewDelivery, Taken};
use crate::store::LONGEST_DELAY;
use crate::store::{Claim, Claimed, ClaimedEvent, DeadLetter, DeadLetterId, Reason, Removed, Ticket, Wanted};
use crate::{Retention, StoreErrorKind};

/// How many rows one call removes at most, so that it does not hold the others up.
const REMOVED_AT_ONCE: i64 = 500;

type Values<'a, const N: usize> = [&'a dyn Value; N];

impl Database {
    /// Has one statement done, and returns its rows.
    pub async fn ask(&self, statement: &str, values: &[&dyn Value]) -> Result<Vec<Row>, Problem> {
        let mut rows = self.transact(&[Asked { statement, values }]).await?;
        rows.pop().ok_or(Problem::of(StoreErrorKind::Other))
    }

    /// Stores deliveries; returns what became of each.
    pub async fn store(&self, deliveries: Arc<[NewDelivery]>) -> Result<Vec<Taken>, Problem> {
        let column = |of: fn(&NewDelivery) -> Option<&str>| deliveries.iter().map(of).collect::<Vec<_>>();
        let keys = column(|it| Some(&it.duplicate_key));
        let groups = column(|it| it.group_key.as_deref());
        // PostgreSQL's text holds all characters but this one, which no event's name has on purpose. The
        // body keeps it.
        let names: Vec<Option<String>> =
            deliveries.iter().map(|it| it.name.as_ref().map(|name| name.replace('\0', "\u{fffd}"))).collect();
        let bodies: Vec<&[u8]> = deliveries.iter().map(|it| it.body.as_ref()).collect();
        let sealed: Vec<Option<i32>> = deliveries.iter().map(|it| it.sealed_by).collect();
        let dead: Vec<Option<i16>> = deliveries.iter().map(|it| it.dead.as_ref().map(kind)).collect();
        let contents = column(|it| it.content.as_deref());
        let s = &self.statements;
        let asked = [
            Asked { statement: s.lock_groups(), values: &[&groups] },
            Asked { statement: s.store(), values: &[&keys, &groups, &names, &bodies, &sealed, &dead, &contents] },
            Asked { statement: s.free(), values: &[&groups] },
        ];
        let mut rows = self.transact(&asked).await?;
        let mut taken = vec![Taken::Known; deliveries.len()];
        for row in rows.swap_remove(1) {
            let id = DeadLetterId::new(row.try_get(1)?);
            if let Some(at) = index(row.try_get(0)?).filter(|at| *at < taken.len()) {
                taken[at] = if dead[at].is_some() { Taken::Dead(id) } else { Taken::New };
            }
        }
        // Of few deliveries; what is known does not change any more.
        if taken.contains(&Taken::Known) {
            for row in self.ask(s.differing(), &[&keys, &contents]).await? {
                let at = index(row.try_get(0)?);
                if let Some(taken @ Taken::Known) = at.and_then(|at| taken.get_mut(at)) {
                    *taken = Taken::Differs;
                }
            }
        }
        Ok(taken)
    }

    /// Marks events as handled; returns of each whether its claim held, and whether any event became ready.
    pub async fn complete(&self, tickets: Arc<[Ticket]>) -> Result<(Vec<Claim>, bool), Problem> {
        let ids: Vec<i64> = tickets.iter().map(|ticket| ticket.id()).collect();
        let claims: Vec<i64> = tickets.iter().map(|ticket| ticket.claim()).collect();
        let s = &self.statements;
        let asked = [
            Asked { statement: s.lock_groups_of(), values: &[&ids] },
            Asked { statement: s.complete(), values: &[&ids, &claims] },
        ];
        let mut rows = self.transact(&asked).await?;
        let (mut held, mut freed) = (vec![false; tickets.len()], false);
        for row in rows.swap_remove(1) {
            if let Some(held) = index(row.try_get(0)?).and_then(|at| held.get_mut(at)) {
                *held = true;
            }
            freed |= row.try_get::<_, bool>(1)?;
        }
        Ok((held.into_iter().map(claim).collect(), freed))
    }

    /// Claims what is due.
    pub async fn claim(&self, wanted: Wanted) -> Result<Claimed, Problem> {
        let (lease, attempts) = (delay_of(wanted.lease), i32::try_from(wanted.attempts).unwrap_or(i32::MAX));
        let keys = self.sealing.numbers();
        let s = &self.statements;
        let mut claimed = Claimed { events: Vec::new(), next: None, buried: Vec::new() };
        loop {
            let left = i64::from(wanted.events) - i64::try_from(claimed.events.len()).unwrap_or(i64::MAX);
            let mut rows = self
                .transact(&[
                    Asked { statement: s.claim(), values: &[&left, &lease, &attempts, &keys] },
                    Asked { statement: s.used_up(), values: &[&attempts] },
                    Asked { statement: s.next(), values: &[&keys] },
                ])
                .await?;
            let next: Option<i64> = rows.pop().and_then(|rows| rows.first().map(|row| row.get(0))).flatten();
            let used_up: Vec<i64> = rows.pop().unwrap_or_default().iter().map(|row| row.get(0)).collect();
            for row in rows.pop().unwrap_or_default() {
                claimed.events.push(self.sealing.event(claimed_event(&row)?, row.try_get(6)?));
            }
            claimed.next = next.map(|next| Duration::from_millis(u64::try_from(next).unwrap_or(0)));
            // A lease of no length ends at once, but what was claimed just now doesn't count as lost.
            let mine: BTreeSet<i64> = claimed.events.iter().map(|event| event.ticket.id()).collect();
            let used_up: Vec<i64> = used_up.into_iter().filter(|id| !mine.contains(id)).collect();
            if wanted.events == 0 || used_up.is_empty() {
                break;
            }
            // What follows them in their groups can be claimed now.
            claimed.buried.extend(self.bury_used_up(&used_up, attempts).await?);
        }
        if claimed.events.is_empty() && claimed.buried.is_empty() {
            self.check_keys(&keys).await?;
        }
        Ok(claimed)
    }

    /// Fails if this process lacks the key of a due event. Other hosts may have it, so the event waits.
    async fn check_keys(&self, keys: &Vec<i32>) -> Result<(), Problem> {
        let missing = self.ask(self.statements.missing_key(), &[keys]).await?;
        let Some(missing) = missing.first() else { return Ok(()) };
        let number = u32::try_from(missing.try_get::<_, i32>(0)?).unwrap_or(0);
        Err(Problem::of(StoreErrorKind::MissingKey { number }))
    }

    async fn bury_used_up(&self, ids: &[i64], attempts: i32) -> Result<Vec<DeadLetterId>, Problem> {
        let s = &self.statements;
        let asked = [
            Asked { statement: s.lock_groups_of(), values: &[&ids] },
            Asked { statement: s.bury_used_up(), values: &[&ids, &attempts] },
        ];
        let rows = self.transact(&asked).await?;
        rows[1].iter().map(|row| Ok(DeadLetterId::new(row.try_get(0)?))).collect()
    }

    /// Moves the end of a claim's lease.
    pub async fn extend(&self, ticket: Ticket, lease: Duration) -> Result<Claim, Problem> {
        let values: Values<'_, 3> = [&ticket.id(), &ticket.claim(), &delay_of(lease)];
        Ok(claim(!self.ask(self.statements.extend(), &values).await?.is_empty()))
    }

    /// Ends a claim by letting the event be due later.
    pub async fn postpone(&self, ticket: Ticket, delay: Duration, reason: Option<Reason>) -> Result<Claim, Problem> {
        let reason = reason.map(|reason| self.sealing.reason(ticket.id(), reason)).transpose()?;
        let (kind, words) = (reason.as_ref().map(kind), reason.as_ref().and_then(words));
        let values: Values<'_, 5> = [&ticket.id(), &ticket.claim(), &delay_of(delay), &kind, &words];
        Ok(claim(!self.ask(self.statements.postpone(), &values).await?.is_empty()))
    }

    /// Ends a claim by making the event a dead letter.
    pub async fn bury(&self, ticket: Ticket, reason: Reason) -> Result<Claim, Problem> {
        let reason = self.sealing.reason(ticket.id(), reason)?;
        let (ids, claims) = ([ticket.id()], [ticket.claim()]);
        let (ids, claims) = (ids.as_slice(), claims.as_slice());
        let s = &self.statements;
        let asked = [
            Asked { statement: s.lock_groups_of(), values: &[&ids] },
            Asked { statement: s.bury(), values: &[&ids, &claims, &kind(&reason), &words(&reason)] },
        ];
        Ok(claim(!self.transact(&asked).await?[1].is_empty()))
    }

    /// Returns a page of the dead letters.
    pub async fn dead_letters(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<DeadLetter>, Problem> {
        let values: Values<'_, 2> = [&after.map_or(0, DeadLetterId::get), &i64::from(limit)];
        self.ask(self.statements.dead_letters(), &values)
            .await?
            .iter()
            .map(|row| {
                let (duplicate_key, sealed_by): (String, Option<i32>) = (row.try_get(8)?, row.try_get(9)?);
                Ok(self.sealing.letter(dead_letter(row)?, &duplicate_key, sealed_by)?)
            })
            .collect()
    }

    /// Makes a dead letter an event again, behind nothing but what its group has claimed.
    pub async fn retry(&self, id: DeadLetterId) -> Result<bool, Problem> {
        let (id, ids) = (id.get(), [id.get()]);
        let ids = ids.as_slice();
        let s = &self.statements;
        let asked = [
            Asked { statement: s.lock_groups_of(), values: &[&ids] },
            Asked { statement: s.step_back(), values: &[&id] },
            Asked { statement: s.retry(), values: &[&id] },
        ];
        Ok(!self.transact(&asked).await?[2].is_empty())
    }

    /// Marks a dead letter as handled, and removes its content.
    pub async fn discard(&self, id: DeadLetterId) -> Result<bool, Problem> {
        Ok(!self.ask(self.statements.discard(), &[&id.get()]).await?.is_empty())
    }

    /// Removes what was kept for long enough; a part of it where there is much.
    pub async fn remove_expired(&self, retention: Retention) -> Result<Removed, Problem> {
        let (handled, dead) = (milliseconds(retention.handled()), milliseconds(retention.dead()));
        let longest = milliseconds(LONGEST_DELAY);
        let s = &self.statements;
        let asked = [
            Asked { statement: s.remove_handled(), values: &[&handled, &REMOVED_AT_ONCE] },
            Asked { statement: s.remove_dead(), values: &[&dead, &REMOVED_AT_ONCE] },
            Asked { statement: s.catch_up(), values: &[&longest] },
        ];
        let removed = self.transact(&asked).await?;
        Ok(Removed { handled: removed[0].len() as u64, dead: removed[1].len() as u64 })
    }
}

/// Returns the index of a place that is counted from 1.
fn index(place: i64) -> Option<usize> {
    usize::try_from(place - 1).ok()
}

fn claimed_event(row: &Row) -> Result<ClaimedEvent, Problem> {
    Ok(ClaimedEvent {
        ticket: Ticket::new(row.try_get(0)?, row.try_get(1)?),
        attempt: u32::try_from(row.try_get::<_, i32>(2)?).unwrap_or(u32::MAX),
        received_at: row.try_get(3)?,
        body: row.try_get(4)?,
        duplicate_key: row.try_get(5)?,
    })
}

/// Returns the reason in the columns `reason_kind` and `reason`.
pub fn reason_in(row: &Row) -> Result<Reason, Problem> {
    Ok(match row.try_get::<_, Option<i16>>("reason_kind")? {
        Some(PANICKED) => Reason::Panicked,
        Some(LEASE_ENDED) => Reason::LeaseEnded,
        Some(UNREADABLE) => Reason::Unreadable,
        Some(DIFFERS) => Reason::Differs,
        _ => Reason::Failed(row.try_get::<_, Option<String>>("reason")?.unwrap_or_default()),
    })
}

fn dead_letter(row: &Row) -> Result<DeadLetter, Problem> {
    let reason = reason_in(row)?;
    let (received_at, died_at) = (row.try_get(6)?, row.try_get(7)?);
    let mut letter = DeadLetter::new(DeadLetterId::new(row.try_get(0)?), row.try_get(2)?, reason, received_at, died_at);
    letter.name = row.try_get(1)?;
    letter.attempts = u32::try_from(row.try_get::<_, i32>(5)?).unwrap_or(u32::MAX);
    Ok(letter)
}

const FAILED: i16 = 0;
const PANICKED: i16 = 1;
const LEASE_ENDED: i16 = 2;
const UNREADABLE: i16 = 3;
const DIFFERS: i16 = 4;

fn kind(reason: &Reason) -> i16 {
    match reason {
        Reason::Failed(_) => FAILED,
        Reason::Panicked => PANICKED,
        Reason::LeaseEnded => LEASE_ENDED,
        Reason::Unreadable => UNREADABLE,
        Reason::Differs => DIFFERS,
    }
}

/// Returns what only the handler knows; the rest is in the kind.
fn words(reason: &Reason) -> Option<String> {
    match reason {
        // As with names, a text has no NUL here.
        Reason::Failed(text) => Some(text.replace('\0', "\u{fffd}")),
        _ => None,
    }
}

const fn claim(held: bool) -> Claim {
    if held { Claim::Held } else { Claim::Lost }
}

/// Returns the milliseconds of a delay or lease.
fn delay_of(delay: Duration) -> i64 {
    milliseconds(delay.min(LONGEST_DELAY))
}

/// Returns at most 100 years, which every time and sum of times here has room for.
fn milliseconds(duration: Duration) -> i64 {
    const MOST: i64 = 100 * 366 * 24 * 60 * 60 * 1000;
    i64::try_from(duration.as_millis()).unwrap_or(MOST).min(MOST)
}
