//! Reading and writing unions: by trying the variants ([`Choice`]), or by a discriminator ([`tag`], [`variant`],
//! [`write_tagged`]).
//!
//! ```text
//! Choice::read(deserializer)?
//!     .or(Details::Reason)
//!     .or(Details::Fields)
//!     .finish(|value| Ok(Details::Unrecognized(Json::unrecognized(value))))
//!
//! let value = Value::deserialize(deserializer)?;
//! match union::tag(&value, "petType") {
//!     Some("cat") => union::variant(&value, Pet::Cat),
//!     Some("dog") => union::variant(&value, Pet::Dog),
//!     _ => Ok(Pet::Unrecognized(Json::unrecognized(value))),
//! }
//! ```
//!
//! A closed union ends with `.finish(|_| Err(D::Error::custom("no variant fits")))`. A variant that doesn't
//! hold its own tag is written by [`write_tagged`].

use serde::de::{DeserializeOwned, Error};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

use crate::runtime::value::objects::Objects;
use crate::runtime::value::parse::Unknown;

/// The choice among the variants of a union.
///
/// A variant is out if it can't be read, or if a constant in it has another value. Of the others, those that recognize
/// every value of an enum or union come first, then the one that loses least of the value when it is written back, then
/// the first.
pub(crate) struct Choice<U> {
    value: Value,
    /// What was counted before the value was read.
    before: Unknown,
    best: Option<Candidate<U>>,
}

/// A variant that can be read.
struct Candidate<U> {
    variant: U,
    unknown: Unknown,
    rank: Rank,
}

/// Lower is better: whether something isn't recognized, how much is lost, and how much isn't recognized.
type Rank = (bool, usize, usize);

const PERFECT: Rank = (false, 0, 0);

impl<U> Choice<U> {
    /// Reads the value; no variant was tried yet.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let before = Unknown::counted();
        Ok(Self { value: Value::deserialize(deserializer)?, before, best: None })
    }

    /// Tries a variant.
    pub(crate) fn or<T>(mut self, variant: impl FnOnce(T) -> U) -> Self
    where
        T: DeserializeOwned + Serialize,
    {
        if self.best.as_ref().is_some_and(|best| best.rank == PERFECT) {
            return self;
        }
        Unknown::default().replace();
        let read = Objects::<T>::deserialize(&self.value);
        let unknown = Unknown::counted();
        if let Ok(Objects(read)) = read
            && unknown.constants == 0
        {
            let rank = rank(&self.value, &serde_json::to_value(&read), unknown);
            if self.best.as_ref().is_none_or(|best| rank < best.rank) {
                self.best = Some(Candidate { variant: variant(read), unknown, rank });
            }
        }
        self
    }

    /// Tries a variant that keeps any property. It has no say against one that knows some of them, which would otherwise
    /// lose to it as soon as the server adds a property.
    pub(crate) fn or_any<T>(self, variant: impl FnOnce(T) -> U) -> Self
    where
        T: DeserializeOwned + Serialize,
    {
        let knows_some = |best: &Candidate<U>| !best.rank.0 && best.rank.1 < size(&self.value);
        if self.value.is_object() && self.best.as_ref().is_some_and(knows_some) {
            return self;
        }
        self.or(variant)
    }

    /// Returns the chosen variant, or what `otherwise` makes of a value that fits none.
    pub(crate) fn finish<E>(self, otherwise: impl FnOnce(Value) -> Result<U, E>) -> Result<U, E> {
        let Some(best) = self.best else {
            self.before.replace();
            return otherwise(self.value);
        };
        self.before.plus(best.unknown).replace();
        Ok(best.variant)
    }
}

/// Reads a boolean whose only value is true.
pub(crate) fn read_true<'de, T: Boolean<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    read_constant(deserializer, true)
}

/// Reads a boolean whose only value is false.
pub(crate) fn read_false<'de, T: Boolean<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    read_constant(deserializer, false)
}

/// `bool` or `Option<bool>`.
pub(crate) trait Boolean<'de>: Deserialize<'de> + Into<Option<bool>> + Copy {}

impl<'de, T: Deserialize<'de> + Into<Option<bool>> + Copy> Boolean<'de> for T {}

fn read_constant<'de, T: Boolean<'de>, D: Deserializer<'de>>(deserializer: D, only: bool) -> Result<T, D::Error> {
    let read = T::deserialize(deserializer)?;
    if read.into().is_some_and(|value| value != only) {
        Unknown::count_constant();
    }
    Ok(read)
}

fn rank(read: &Value, written: &Result<Value, serde_json::Error>, unknown: Unknown) -> Rank {
    let lost = written.as_ref().map_or(usize::MAX, |written| lost(read, written));
    (unknown.values > 0, lost, unknown.values)
}

/// Returns how many of the scalars and empty containers in `read` are missing or different in `written`, or new there.
fn lost(read: &Value, written: &Value) -> usize {
    match (read, written) {
        (Value::Array(read), Value::Array(written)) => {
            let common: usize = read.iter().zip(written).map(|(read, written)| lost(read, written)).sum();
            let rest = |list: &[Value], from: usize| list.iter().skip(from).map(size).sum::<usize>();
            common + rest(read, written.len()) + rest(written, read.len())
        }
        (Value::Object(read), Value::Object(written)) => {
            let missing =
                |(key, read): (&String, &Value)| written.get(key).map_or_else(|| size(read), |it| lost(read, it));
            let new = written.iter().filter(|(key, _)| !read.contains_key(*key));
            read.iter().map(missing).sum::<usize>() + new.map(|(_, new)| size(new)).sum::<usize>()
        }
        (Value::Number(read), Value::Number(written)) => usize::from(!is_same(read, written)),
        _ => usize::from(read != written) * size(read),
    }
}

/// Returns the number of scalars and empty containers in a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) if !items.is_empty() => items.iter().map(size).sum(),
        Value::Object(properties) if !properties.is_empty() => properties.values().map(size).sum(),
        _ => 1,
    }
}

/// Returns whether two numbers are the same: `2` and `2.0` are, and a number of single precision with its shortest
/// digits. An integer is not the same as a double that can't hold it exactly.
#[expect(clippy::cast_possible_truncation, clippy::float_cmp, reason = "numbers are the same or not")]
fn is_same(read: &Number, written: &Number) -> bool {
    match (integer(read), integer(written)) {
        (Some(read), Some(written)) => read == written,
        (None, None) => {
            let (read, written) = (read.as_f64(), written.as_f64());
            read == written
                || written.is_some_and(|written| f64::from(written as f32) == written)
                    && written.and_then(|written| (written as f32).to_string().parse::<f64>().ok()) == read
        }
        _ => false,
    }
}

/// Returns the number if it is whole and so small that an `i128` holds it.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers within the range are cast")]
fn integer(number: &Number) -> Option<i128> {
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 1e38).then_some(number as i128);
    number.as_i128().or_else(|| number.as_f64().and_then(whole))
}

/// Returns the value of the property that tells the variants apart, if it is a string.
pub(crate) fn tag<'v>(value: &'v Value, property: &str) -> Option<&'v str> {
    value.get(property)?.as_str()
}

/// Returns the value of the property that tells the variants apart, if it is an integer.
pub(crate) fn integer_tag(value: &Value, property: &str) -> Option<i64> {
    value.get(property)?.as_number().and_then(integer).and_then(|tag| i64::try_from(tag).ok())
}

/// Returns the value of the property that tells the variants apart, if it is true or false.
pub(crate) fn boolean_tag(value: &Value, property: &str) -> Option<bool> {
    value.get(property)?.as_bool()
}

/// Reads the variant that the tag named. The error holds no value.
pub(crate) fn variant<T: DeserializeOwned, U, E: Error>(value: &Value, variant: impl FnOnce(T) -> U) -> Result<U, E> {
    let Ok(Objects(read)) = Objects::<T>::deserialize(value) else {
        return Err(E::custom("the variant that the discriminator names does not fit"));
    };
    Ok(variant(read))
}

/// A tag, and the variant that does not hold it.
#[derive(Serialize)]
struct Tagged<'v, G: Serialize, T: Serialize> {
    #[serde(flatten)]
    tag: Tag<G>,
    #[serde(flatten)]
    value: &'v T,
}

/// The property that tells the variants apart, and its value.
struct Tag<G>(&'static str, G);

impl<G: Serialize> Serialize for Tag<G> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &self.1)?;
        map.end()
    }
}

/// Writes the variant, which is an object without `property`, with its tag in front.
pub(crate) fn write_tagged<T: Serialize, S: Serializer>(
    serializer: S,
    property: &'static str,
    tag: impl Serialize,
    value: &T,
) -> Result<S::Ok, S::Error> {
    Tagged { tag: Tag(property, tag), value }.serialize(serializer)
}
