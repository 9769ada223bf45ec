//! Encryption, with the feature `encryption`: [`Keys`], sealing and digests.
//!
//! Texts are sealed with XChaCha20-Poly1305. Its nonces of 24 bytes are large enough to be chosen at random by
//! any number of hosts for any number of texts. Duplicate keys are compared as HMAC-SHA-256. A sealed text is:
//!
//! ```text
//! 01 | number of the key, 4 bytes | nonce, 24 bytes | sealed text and its tag
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::{self, Write as _};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::StoreErrorKind;

/// The version of the format of sealed texts.
const FORM: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 1 + 4 + NONCE;

/// The keys that an inbox is encrypted with.
///
/// There are two kinds, each with 32 random bytes:
///
/// - **Encryption keys** have a number, seal the content of deliveries, and can be changed at any time.
///   New deliveries are sealed with the current key. The others open what was sealed before.
/// - **The comparison key** turns duplicate keys and groups into digests, which can be compared but not
///   read. It can never change: with another key, a repeated delivery would be a new event, and the order of
///   a group would be lost. An inbox refuses another comparison key.
///
/// To change the encryption key:
///
/// 1. Give all hosts the new one with [`also_opening`](Self::also_opening).
/// 2. When all have it, make it the current one, and keep the old one with `also_opening`.
/// 3. Once no row uses the old one, leave it out. Dead letters can use it for 30 days by default.
///
/// If an inbox still needs a missing key, opening it fails. Hosts without the key don't touch its rows. Numbers
/// are never reused: a new key has a new number.
///
/// ```
/// # fn f() -> Result<(), novamed_inbox::KeysError> {
/// use novamed_inbox::Keys;
///
/// # let (comparison, current, previous) = ([1; 32], [2; 32], [3; 32]);
/// let keys = Keys::new(comparison, 2, current)?.also_opening(1, previous)?;
/// # Ok(())
/// # }
/// # f().unwrap();
/// ```
///
/// `Debug` prints only the numbers.
#[derive(Clone)]
pub struct Keys {
    comparison: Hmac<Sha256>,
    comparison_proof: Vec<u8>,
    current: u32,
    sealing: BTreeMap<u32, Sealer>,
}

#[derive(Clone)]
struct Sealer {
    cipher: XChaCha20Poly1305,
    proof: Vec<u8>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("current", &self.current)
            .field("numbers", &self.sealing.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Takes the comparison key, and the current encryption key with its number.
    ///
    /// # Errors
    ///
    /// Fails if the number is 0 or above 2³¹ - 1, or if the two keys are equal.
    pub fn new(comparison: [u8; 32], number: u32, key: [u8; 32]) -> Result<Self, KeysError> {
        let root = hmac(&comparison);
        let keys = Self {
            comparison: hmac(&derived(&root, b"novamed-inbox compare")),
            comparison_proof: derived(&root, b"novamed-inbox proof").to_vec(),
            current: number,
            sealing: BTreeMap::new(),
        };
        keys.also_opening(number, key)
    }

    /// Adds another encryption key, for opening what was sealed with it.
    ///
    /// # Errors
    ///
    /// Fails if the number is 0 or above 2³¹ - 1, if it already has a key, or if the key already has another number
    /// or is the comparison key.
    pub fn also_opening(mut self, number: u32, key: [u8; 32]) -> Result<Self, KeysError> {
        if number == 0 || i32::try_from(number).is_err() {
            return Err(KeysError("a key's number is between 1 and 2147483647"));
        }
        let root = hmac(&key);
        let cipher = XChaCha20Poly1305::new(&derived(&root, b"novamed-inbox seal").into());
        let sealer = Sealer { cipher, proof: derived(&root, b"novamed-inbox proof").to_vec() };
        if sealer.proof == self.comparison_proof {
            return Err(KeysError("the comparison key is an encryption key too: each has to be its own"));
        }
        // Checked before the numbers: a repeated key is the more serious mistake.
        if self.sealing.iter().any(|(known, other)| *known != number && other.proof == sealer.proof) {
            return Err(KeysError("one encryption key has two numbers: a new number needs a new key"));
        }
        if self.sealing.insert(number, sealer).is_some() {
            return Err(KeysError("two keys have the same number"));
        }
        Ok(self)
    }

    /// Reads the keys from the environment, as hexadecimal digits. `NOVAMED_INBOX_COMPARISON_KEY` contains the
    /// comparison key. `NOVAMED_INBOX_KEYS` contains the others with their numbers, starting with the current one,
    /// as in `2:…,1:…`. Returns `None` if neither is set.
    ///
    /// # Errors
    ///
    /// Fails if one of them is missing or malformed.
    pub fn from_env() -> Result<Option<Self>, KeysError> {
        Self::from_variables(std::env::var_os("NOVAMED_INBOX_COMPARISON_KEY"), std::env::var_os("NOVAMED_INBOX_KEYS"))
    }

    fn from_variables(comparison: Option<OsString>, keys: Option<OsString>) -> Result<Option<Self>, KeysError> {
        // A variable that isn't UTF-8 is still set. Ignoring it would create an inbox without encryption.
        let text = |variable: OsString| {
            let not_utf8 = "NOVAMED_INBOX_COMPARISON_KEY or NOVAMED_INBOX_KEYS is not UTF-8";
            variable.into_string().map_err(|_| KeysError(not_utf8))
        };
        match (comparison, keys) {
            (None, None) => Ok(None),
            (Some(comparison), Some(keys)) => Self::parse(&text(comparison)?, &text(keys)?).map(Some),
            _ => Err(KeysError(
                "only one of NOVAMED_INBOX_COMPARISON_KEY and NOVAMED_INBOX_KEYS is set: set both or neither",
            )),
        }
    }

    fn parse(comparison: &str, keys: &str) -> Result<Self, KeysError> {
        let mut all = keys.split(',').map(|key| {
            if key.trim().is_empty() {
                return Err(KeysError("a key is missing before or after a comma"));
            }
            let (number, key) = key.split_once(':').ok_or(KeysError("a key has no number: write 1: before it"))?;
            let number = number.trim().parse();
            Ok((number.map_err(|_| KeysError("the part before a colon is not a number"))?, unhex(key)?))
        });
        let (number, key) = all.next().unwrap_or(Err(KeysError("the key is missing")))?;
        all.try_fold(Self::new(unhex(comparison)?, number, key)?, |keys, key| {
            let (number, key) = key?;
            keys.also_opening(number, key)
        })
    }

    /// Returns the number of the current key.
    pub(crate) fn current(&self) -> u32 {
        self.current
    }

    /// Returns the numbers of all keys.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.sealing.keys().copied()
    }

    /// Returns proofs that identify these keys, by number; 0 is the comparison key.
    pub(crate) fn proofs(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let sealing = self.sealing.iter().map(|(number, sealer)| (*number, sealer.proof.as_slice()));
        std::iter::once((0, self.comparison_proof.as_slice())).chain(sealing)
    }

    /// Returns a digest. Equal texts of the same kind have equal digests, which reveal nothing else.
    pub(crate) fn digest(&self, kind: &str, text: &str) -> String {
        let mac = self.comparison.clone().chain_update(kind).chain_update([0]).chain_update(text);
        hex(&mac.finalize().into_bytes())
    }

    /// Seals a text for a place. It can't be opened anywhere else.
    pub(crate) fn seal(&self, place: &str, text: &[u8]) -> Result<Vec<u8>, StoreErrorKind> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| StoreErrorKind::Other)?;
        let with = &self.sealing[&self.current];
        let mut sealed = vec![FORM];
        sealed.extend(self.current.to_be_bytes());
        sealed.extend(nonce);
        let bound = bound(self.current, place);
        let payload = Payload { msg: text, aad: &bound };
        sealed.extend(with.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreErrorKind::Other)?);
        Ok(sealed)
    }

    /// Opens what was sealed for this place. Returns `None` if it was sealed for another place or changed since.
    ///
    /// # Errors
    ///
    /// Fails if it was sealed with a missing key.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreErrorKind> {
        let Some((head, text)) = sealed.split_at_checked(HEAD).filter(|(head, _)| head[0] == FORM) else {
            return Ok(None);
        };
        let (Some(number), Ok(nonce)) = (number_in(head), <[u8; NONCE]>::try_from(&head[5..])) else {
            return Ok(None);
        };
        let with = self.sealing.get(&number).ok_or(StoreErrorKind::MissingKey { number })?;
        let bound = bound(number, place);
        Ok(with.cipher.decrypt(&XNonce::from(nonce), Payload { msg: text, aad: &bound }).ok())
    }
}

/// Returns the data that binds a sealed text to its place.
fn bound(number: u32, place: &str) -> Vec<u8> {
    format!("novamed-inbox {FORM} {number} {place}").into_bytes()
}

fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn derived(root: &Hmac<Sha256>, purpose: &[u8]) -> [u8; 32] {
    root.clone().chain_update(purpose).finalize().into_bytes().into()
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Parses hexadecimal digits.
pub(crate) fn unhexed(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Returns the number of the key that sealed a text, from the start of the text.
pub(crate) fn number_in(sealed: &[u8]) -> Option<u32> {
    let (form, rest) = sealed.split_first()?;
    let number = rest.first_chunk().filter(|_| *form == FORM)?;
    Some(u32::from_be_bytes(*number))
}

fn unhex(text: &str) -> Result<[u8; 32], KeysError> {
    let bytes = unhexed(text.trim()).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(KeysError("a key is 32 bytes, written as 64 hexadecimal digits"))
}

/// The keys can't be used. The message describes the problem without showing a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeysError(&'static str);

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for KeysError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new([1; 32], 2, [2; 32]).unwrap()
    }

    #[test]
    fn sealed_text_opens_in_its_place_alone() {
        let sealed = keys().seal("here", b"Jane Doe").unwrap();
        assert_ne!(sealed, keys().seal("here", b"Jane Doe").unwrap());
        assert_eq!(keys().open("here", &sealed).unwrap().unwrap(), b"Jane Doe");
        assert_eq!(keys().open("there", &sealed), Ok(None));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_ne!(keys().open("here", &changed), Ok(Some(b"Jane Doe".to_vec())), "{at}");
            assert!(!matches!(keys().open("here", &sealed[..at]), Ok(Some(_))), "{at}");
        }
    }

    #[test]
    fn what_another_key_sealed_names_it() {
        let other = Keys::new([1; 32], 1, [3; 32]).unwrap();
        let sealed = other.seal("here", b"text").unwrap();
        assert_eq!(keys().open("here", &sealed), Err(StoreErrorKind::MissingKey { number: 1 }));
        let both = keys().also_opening(1, [3; 32]).unwrap();
        assert_eq!(both.open("here", &sealed).unwrap().unwrap(), b"text");
    }

    #[test]
    fn digest_is_the_same_whatever_seals_and_differs_by_kind() {
        let other = Keys::new([1; 32], 7, [9; 32]).unwrap();
        assert_eq!(keys().digest("group", "a"), other.digest("group", "a"));
        assert_ne!(keys().digest("group", "a"), keys().digest("duplicate", "a"));
        assert_ne!(keys().digest("group", "a"), Keys::new([4; 32], 2, [2; 32]).unwrap().digest("group", "a"));
    }

    #[test]
    fn keys_are_read_from_text_and_never_shown() {
        let text = |byte: u8| hex(&[byte; 32]);
        let keys = Keys::parse(&text(1), &format!("2 : {}, 1:{}", text(2), text(3))).unwrap();
        assert_eq!(format!("{keys:?}"), "Keys { current: 2, numbers: [1, 2], .. }");
        for (comparison, keys, why) in [
            (text(1), text(2), "has no number"),
            (text(1), format!("2:{}", text(1)), "each has to be its own"),
            (text(1), format!("0:{}", text(2)), "between 1 and"),
            (text(1), format!("2:{},1:{}", text(2), text(1)), "each has to be its own"),
            (text(1), format!("2:{},2:{}", text(2), text(3)), "the same number"),
            (text(1), format!("2:{},1:{}", text(2), text(2)), "has two numbers"),
            (text(1), format!("2:{},", text(2)), "a key is missing"),
            (text(1), String::new(), "a key is missing"),
            (text(1), format!("two:{}", text(2)), "is not a number"),
            (text(1), "2:abc".to_owned(), "64 hexadecimal digits"),
            ("é".repeat(32), format!("2:{}", text(2)), "64 hexadecimal digits"),
        ] {
            let error = Keys::parse(&comparison, &keys).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn variables_are_both_set_or_neither_and_never_ignored() {
        let (comparison, keys) = (hex(&[1; 32]), format!("2:{}", hex(&[2; 32])));
        let read = |comparison: Option<&str>, keys: Option<OsString>| {
            Keys::from_variables(comparison.map(OsString::from), keys).map(|keys| keys.is_some())
        };
        assert_eq!(read(None, None), Ok(false));
        assert_eq!(read(Some(&comparison), Some(keys.clone().into())), Ok(true));
        assert!(read(Some(&comparison), None).unwrap_err().to_string().contains("both or neither"));
        #[cfg(unix)]
        {
            let not_utf8 = <OsString as std::os::unix::ffi::OsStringExt>::from_vec(vec![0xff]);
            for comparison in [None, Some(comparison.as_str())] {
                let error = read(comparison, Some(not_utf8.clone())).unwrap_err().to_string();
                assert!(error.contains("not UTF-8") || error.contains("both or neither"), "{error}");
            }
        }
    }
}
