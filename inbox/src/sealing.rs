//! What a store writes of a delivery, and what it makes of what it reads: in the clear, or sealed with
//! the app's [`Keys`].
//!
//! Sealed, a row holds digests in the place of its duplicate key and its group, no name, and one
//! sealed text with the duplicate key, the name and the body; it is bound to the digest of the
//! duplicate key, which is the row's own. A reason is sealed by itself, bound to the row's number.

use std::sync::Arc;

use bytes::Bytes;
use novamed::webhooks::Incoming;

use crate::content::Contents;
#[cfg(feature = "encryption")]
use crate::keys::{Keys, hex, number_in, unhexed};
use crate::store::{ClaimedEvent, DeadLetter, DeadLetterId, Reason};
use crate::{StoreError, StoreErrorKind};

/// Takes the place of the keys without the feature. It has no values.
#[cfg(not(feature = "encryption"))]
#[derive(Debug, Clone)]
pub enum Keys {}

#[cfg(not(feature = "encryption"))]
mod without {
    use super::{Keys, StoreErrorKind};

    impl Keys {
        pub fn current(&self) -> u32 {
            match *self {}
        }

        pub fn numbers(&self) -> std::iter::Empty<u32> {
            match *self {}
        }

        pub fn proofs(&self) -> std::iter::Empty<(u32, &[u8])> {
            match *self {}
        }

        pub fn digest(&self, _kind: &str, _text: &str) -> String {
            match *self {}
        }

        pub fn seal(&self, _place: &str, _text: &[u8]) -> Result<Vec<u8>, StoreErrorKind> {
            match *self {}
        }

        pub fn open(&self, _place: &str, _sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreErrorKind> {
            match *self {}
        }
    }

    pub fn hex(_: &[u8]) -> String {
        String::new()
    }

    pub fn unhexed(_: &str) -> Option<Vec<u8>> {
        None
    }

    pub fn number_in(_: &[u8]) -> Option<u32> {
        None
    }
}
#[cfg(not(feature = "encryption"))]
use without::{hex, number_in, unhexed};

/// What is read in the place of a reason that was changed in the database.
const CHANGED: &str = "what the handler said was changed in the database, and does not open";

/// How much of a sealed reason says which key sealed it, in characters.
pub const REASON_HEAD: i32 = 10;

/// A delivery as it is written.
#[derive(Clone)]
pub struct NewDelivery {
    /// What is the same for two deliveries of the event.
    pub duplicate_key: String,
    /// What has to be handled in order.
    pub group_key: Option<String>,
    /// The event's name.
    pub name: Option<String>,
    /// The body, as it came, or sealed.
    pub body: Bytes,
    /// The number of the key, if it is sealed.
    pub sealed_by: Option<i32>,
    /// A hash of the content, to compare later deliveries with.
    pub content: Option<String>,
    /// Why it is a dead letter from the start, if it is one.
    pub dead: Option<Reason>,
}

/// What became of a delivery that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    New,
    /// It is a dead letter from the start.
    Dead(DeadLetterId),
    Known,
    /// Its duplicate key is known, and its content is new; nothing was written.
    Differs,
    /// It does not fit; nothing was written.
    #[cfg(feature = "sqlite")]
    NoRoom,
}

/// What of a row is sealed, and to what.
#[cfg(feature = "encryption")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    pub duplicate_key: String,
    pub body: Vec<u8>,
    pub sealed_by: Option<i32>,
    pub reason: Option<String>,
}

/// Seals and opens, or leaves all as it is.
#[derive(Debug, Clone, Default)]
pub struct Sealing(pub Option<Arc<Keys>>);

impl Sealing {
    /// Whether there are keys.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Returns the numbers of the keys.
    pub fn numbers(&self) -> Vec<i32> {
        let numbers = self.0.iter().flat_map(|keys| keys.numbers());
        numbers.filter_map(|number| i32::try_from(number).ok()).collect()
    }

    /// Returns what is written of a delivery.
    pub fn delivery(&self, delivery: &Incoming, contents: &Contents) -> Result<NewDelivery, StoreError> {
        self.sealed(clear(delivery, contents))
    }

    /// Returns what is written of a delivery that says something else than the event that it should be. Its
    /// key is one that no other event has, and a third delivery that says the same has as well.
    pub fn differing(&self, delivery: &Incoming, contents: &Contents) -> Result<NewDelivery, StoreError> {
        let mut clear = clear(delivery, contents);
        clear.duplicate_key = format!("{} {}", clear.duplicate_key, clear.content.as_deref().unwrap_or_default());
        clear.dead = Some(Reason::Differs);
        self.sealed(clear)
    }

    /// Returns what is written of a row that is in the clear.
    pub fn sealed(&self, clear: NewDelivery) -> Result<NewDelivery, StoreError> {
        let Some(keys) = &self.0 else { return Ok(clear) };
        let duplicate_key = keys.digest("duplicate", &clear.duplicate_key);
        let text = packed(&clear.duplicate_key, clear.name.as_deref(), &clear.body);
        let body = keys.seal(&body_of(&duplicate_key), &text).map_err(|kind| StoreError::new(kind, None))?;
        Ok(NewDelivery {
            duplicate_key,
            group_key: clear.group_key.map(|group| keys.digest("group", &group)),
            name: None,
            body: body.into(),
            sealed_by: i32::try_from(keys.current()).ok(),
            content: clear.content.map(|content| keys.digest("content", &content)),
            dead: clear.dead,
        })
    }

    /// Returns what is written of the duplicate key of a row whose body is gone.
    pub fn sealed_key(&self, duplicate_key: &str) -> String {
        self.0.as_ref().map_or_else(|| duplicate_key.to_owned(), |keys| keys.digest("duplicate", duplicate_key))
    }

    /// Returns what is written of the content's hash of a row whose body is gone.
    pub fn sealed_content(&self, content: Option<String>) -> Option<String> {
        match &self.0 {
            Some(keys) => content.map(|content| keys.digest("content", &content)),
            None => content,
        }
    }

    /// Opens a claimed event. One that was changed in the database keeps its sealed body, which no
    /// version can read: it becomes a dead letter.
    pub fn event(&self, mut event: ClaimedEvent, sealed_by: Option<i32>) -> ClaimedEvent {
        if let (Some(keys), Some(_)) = (&self.0, sealed_by)
            && let Ok(Some(text)) = keys.open(&body_of(&event.duplicate_key), &event.body)
            && let Some((duplicate_key, _, body)) = unpacked(&text)
        {
            event.body = body;
            event.duplicate_key = duplicate_key;
        }
        event
    }

    /// Opens a dead letter with this duplicate key. One that was changed in the database keeps its
    /// sealed body, and is unreadable whatever it died of; of a reason that was changed, it says so.
    ///
    /// # Errors
    ///
    /// It was sealed with a key that this process lacks.
    pub fn letter(
        &self,
        mut letter: DeadLetter,
        duplicate_key: &str,
        sealed_by: Option<i32>,
    ) -> Result<DeadLetter, StoreError> {
        let Some(keys) = &self.0 else { return Ok(letter) };
        if sealed_by.is_some() {
            let text = keys.open(&body_of(duplicate_key), &letter.body).map_err(|kind| StoreError::new(kind, None))?;
            let Some((_, name, body)) = text.as_deref().and_then(unpacked) else {
                letter.reason = Reason::Unreadable;
                return Ok(letter);
            };
            letter.body = body;
            letter.name = name;
        }
        letter.reason = self.opened_reason(letter.id.get(), letter.reason)?;
        Ok(letter)
    }

    /// Opens a reason about the event with this id.
    ///
    /// # Errors
    ///
    /// It was sealed with a key that this process lacks.
    pub fn opened_reason(&self, id: i64, reason: Reason) -> Result<Reason, StoreError> {
        let (Some(keys), Reason::Failed(said)) = (&self.0, &reason) else { return Ok(reason) };
        let text = unhexed(said).map_or(Ok(None), |sealed| keys.open(&reason_of(id), &sealed));
        let text = text.map_err(|kind| StoreError::new(kind, None))?;
        Ok(Reason::Failed(text.map_or_else(|| CHANGED.to_owned(), |text| String::from_utf8_lossy(&text).into_owned())))
    }

    /// Returns the number of the key that seals, and how reasons begin that it sealed.
    ///
    /// # Errors
    ///
    /// The inbox has no keys.
    #[cfg(feature = "encryption")]
    pub fn current(&self) -> Result<(i32, String), StoreErrorKind> {
        let keys = self.0.as_ref().ok_or(StoreErrorKind::NotEncrypted)?;
        let number = i32::try_from(keys.current()).map_err(|_| StoreErrorKind::Other)?;
        Ok((number, head(keys.current())))
    }

    /// Seals a row with the current key. Returns nothing if it doesn't open, as somebody changed it.
    ///
    /// # Errors
    ///
    /// It was sealed with a key that this process lacks.
    #[cfg(feature = "encryption")]
    pub fn reseal(&self, id: i64, mut row: SealedRow) -> Result<Option<SealedRow>, StoreErrorKind> {
        let Some(keys) = &self.0 else { return Err(StoreErrorKind::NotEncrypted) };
        let again =
            |place: String, sealed: &[u8]| keys.open(&place, sealed)?.map(|text| keys.seal(&place, &text)).transpose();
        if row.sealed_by.is_some() {
            let Some(body) = again(body_of(&row.duplicate_key), &row.body)? else { return Ok(None) };
            row.body = body;
            row.sealed_by = i32::try_from(keys.current()).ok();
        }
        if let Some(said) = &row.reason {
            let Some(sealed) = unhexed(said) else { return Ok(None) };
            let Some(said) = again(reason_of(id), &sealed)? else { return Ok(None) };
            row.reason = Some(hex(&said));
        }
        Ok(Some(row))
    }

    /// Returns what is written of a handler's words about the event with this id.
    pub fn reason(&self, id: i64, reason: Reason) -> Result<Reason, StoreError> {
        match (&self.0, reason) {
            (Some(keys), Reason::Failed(said)) => {
                let sealed = keys.seal(&reason_of(id), said.as_bytes()).map_err(|kind| StoreError::new(kind, None))?;
                Ok(Reason::Failed(hex(&sealed)))
            }
            (_, reason) => Ok(reason),
        }
    }

    /// Checks the keys against what the inbox was written with: the proofs by the keys' numbers, the
    /// numbers that rows name for their bodies, and the beginnings of sealed reasons. Returns the proofs
    /// that are to be added.
    ///
    /// # Errors
    ///
    /// The keys are others, have other numbers, or are not all that are needed.
    pub fn check(
        &self,
        proofs: &[(i32, Vec<u8>)],
        used: &[i32],
        reasons: &[String],
    ) -> Result<Vec<(i32, Vec<u8>)>, StoreErrorKind> {
        let Some(keys) = &self.0 else {
            return if proofs.is_empty() { Ok(Vec::new()) } else { Err(StoreErrorKind::Encrypted) };
        };
        let mut new = Vec::new();
        for (number, proof) in keys.proofs() {
            let signed = i32::try_from(number).unwrap_or(i32::MAX);
            match proofs.iter().find(|(known, _)| *known == signed) {
                Some((_, known)) if known != proof => return Err(StoreErrorKind::WrongKey { number }),
                Some(_) => {}
                // Noted with a second number, the number would be gone for the key that it is meant for.
                None => match proofs.iter().find(|(_, known)| known == proof) {
                    Some((known, _)) => {
                        return Err(StoreErrorKind::RepeatedKey { number, known: u32::try_from(*known).unwrap_or(0) });
                    }
                    None => new.push((signed, proof.to_vec())),
                },
            }
        }
        let known = self.numbers();
        let reasons = reasons.iter().filter_map(|head| i32::try_from(number_in(&unhexed(head)?)?).ok());
        match used.iter().copied().chain(reasons).find(|number| !known.contains(number)) {
            Some(number) => Err(StoreErrorKind::MissingKey { number: u32::try_from(number).unwrap_or(0) }),
            None => Ok(new),
        }
    }
}

fn clear(delivery: &Incoming, contents: &Contents) -> NewDelivery {
    NewDelivery {
        duplicate_key: delivery.duplicate_key().as_str().to_owned(),
        group_key: delivery.group_key().map(|key| key.as_str().to_owned()),
        name: delivery.name().map(str::to_owned),
        body: delivery.body().clone(),
        sealed_by: None,
        content: Some(contents.of(delivery)),
        // A kind that only a newer `novamed` knows waits for somebody to look at it as well.
        dead: (!matches!(delivery, Incoming::Event(_))).then_some(Reason::Unreadable),
    }
}

fn body_of(duplicate_key: &str) -> String {
    format!("body of {duplicate_key}")
}

/// Returns how a sealed reason begins: as many characters as [`REASON_HEAD`] says.
#[cfg(feature = "encryption")]
fn head(number: u32) -> String {
    format!("01{number:08x}")
}

fn reason_of(id: i64) -> String {
    format!("reason of {id}")
}

/// Writes the three parts as one text: two lengths of four bytes before the first two, the second one
/// more than it is, or 0 without a name.
fn packed(duplicate_key: &str, name: Option<&str>, body: &[u8]) -> Vec<u8> {
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    let mut text = Vec::with_capacity(8 + duplicate_key.len() + name.map_or(0, str::len) + body.len());
    text.extend(length(duplicate_key.len()));
    text.extend(length(name.map_or(0, |name| name.len() + 1)));
    text.extend(duplicate_key.bytes());
    text.extend(name.unwrap_or_default().bytes());
    text.extend(body);
    text
}

fn unpacked(text: &[u8]) -> Option<(String, Option<String>, Vec<u8>)> {
    let (key, rest) = text.split_first_chunk()?;
    let (name, rest) = rest.split_first_chunk()?;
    let length = |bytes: &[u8; 4]| usize::try_from(u32::from_be_bytes(*bytes)).ok();
    let (key, rest) = rest.split_at_checked(length(key)?)?;
    let named = length(name)?;
    let (name, body) = rest.split_at_checked(named.saturating_sub(1))?;
    let name = String::from_utf8(name.to_vec()).ok()?;
    Some((String::from_utf8(key.to_vec()).ok()?, (named > 0).then_some(name), body.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_unpacked_as_they_were_packed() {
        for (key, name, body) in [("k", Some("n"), "b"), ("", None, ""), ("é", Some(""), "body")] {
            let text = packed(key, name, body.as_bytes());
            let parts = unpacked(&text).unwrap();
            assert_eq!((parts.0.as_str(), parts.1.as_deref(), parts.2.as_slice()), (key, name, body.as_bytes()));
        }
        assert_eq!(unpacked(&[0, 0, 0, 9, 0, 0, 0, 0, 1]), None);
    }
}
