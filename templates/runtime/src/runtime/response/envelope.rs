//! Reading and writing the envelope of a response, whose property names are known only at run time.
//!
//! `{"success": true, "data": …, "message": "…"}` and `{"success": false, "error": {…}}` are read in one
//! pass. `data` is decoded on the way, or skipped if its type is `IgnoredAny`. A property of an unexpected
//! type counts as absent; it doesn't make reading fail.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Deserialize, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::runtime::api::Envelope;
use crate::runtime::value::objects::Objects;

/// What a response's envelope says, and its data.
pub(crate) struct Read<T> {
    /// None where the property is absent, and `false` where it is anything but `true`.
    pub(crate) success: Option<bool>,
    pub(crate) message: Option<String>,
    pub(crate) error: Option<ErrorObject>,
    /// None where the property is absent or null.
    pub(crate) data: Option<T>,
}

/// What the error object of a response says.
#[derive(Default)]
pub(crate) struct ErrorObject {
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
    /// Whole seconds.
    pub(crate) retry_after: Option<u64>,
}

/// Reads a response. Fails if it isn't a JSON object, or the data isn't a `T`.
pub(crate) fn read<'de, T: Deserialize<'de>>(names: &Envelope, body: &'de [u8]) -> Result<Read<T>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let visitor = EnvelopeVisitor { names, data: PhantomData };
    let read = json.deserialize_map(visitor)?;
    json.end()?;
    Ok(read)
}

/// Reads the envelope of a response and skips its data. None if it isn't a JSON object.
pub(crate) fn head(names: &Envelope, body: &[u8]) -> Option<Read<IgnoredAny>> {
    read(names, body).ok()
}

struct EnvelopeVisitor<'n, T> {
    names: &'n Envelope,
    data: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for EnvelopeVisitor<'_, T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read<T>, A::Error> {
        let names = self.names;
        let mut read = Read { success: None, message: None, error: None, data: None };
        let keys = [names.success, names.message, names.error, names.data];
        while let Some(key) = map.next_key_seed(OneOf(&keys))? {
            match key {
                Some(0) => read.success = Some(matches!(map.next_value()?, Scalar::Bool(true))),
                Some(1) => read.message = map.next_value::<Scalar>()?.into_text(),
                Some(2) => read.error = map.next_value_seed(ErrorSeed(names))?,
                Some(_) => read.data = map.next_value::<Option<Objects<T>>>()?.map(|Objects(data)| data),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(read)
    }
}

/// Reads a property's name as its place in a list of names.
pub(crate) struct OneOf<'n>(pub(crate) &'n [Option<&'n str>]);

impl<'de> DeserializeSeed<'de> for OneOf<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Option<usize>, D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for OneOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property's name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|name| *name == Some(key)))
    }
}

/// Reads the error object. None if it isn't an object.
struct ErrorSeed<'n>(&'n Envelope);

impl<'de> DeserializeSeed<'de> for ErrorSeed<'_> {
    type Value = Option<ErrorObject>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ErrorSeed<'_> {
    type Value = Option<ErrorObject>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let names = self.0;
        let mut error = ErrorObject::default();
        let keys = [names.error_message, names.error_code, names.error_retry_after];
        while let Some(key) = map.next_key_seed(OneOf(&keys))? {
            let value: Scalar = map.next_value()?;
            match key {
                Some(0) => error.message = value.into_text(),
                Some(1) => error.code = value.into_text(),
                Some(_) => error.retry_after = value.into_seconds(),
                None => {}
            }
        }
        Ok(Some(error))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// A value of any type, of which only a plain one is kept.
enum Scalar {
    Bool(bool),
    Number(f64),
    Text(String),
    Other,
}

impl Scalar {
    fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bool(_) | Self::Number(_) | Self::Other => None,
        }
    }

    /// Returns seconds, rounded up. A number that isn't a duration counts as absent.
    fn into_seconds(self) -> Option<u64> {
        let seconds = match self {
            Self::Number(seconds) => seconds,
            Self::Text(text) => text.trim().parse().ok()?,
            Self::Bool(_) | Self::Other => return None,
        };
        let rounded = std::time::Duration::try_from_secs_f64(seconds.ceil()).ok()?;
        Some(rounded.as_secs())
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Scalar, E> {
        // Only negative numbers come this way, and none of them means anything here.
        Ok(Scalar::Other)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        // More than 32 bits of seconds are as good as for ever.
        Ok(Scalar::Number(f64::from(u32::try_from(value).unwrap_or(u32::MAX))))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// Writes the response of a successful call around its data, which is JSON.
pub(crate) fn around(names: &Envelope, data: &str, message: Option<&str>) -> String {
    let message = names.message.zip(message).map(|(name, text)| member(name, &quoted(text)));
    object([names.success.map(success), message, names.data.map(|name| member(name, data))])
}

/// Writes the response of a successful call next to the properties of its data. None if the data isn't a JSON object.
pub(crate) fn beside(names: &Envelope, data: &str, message: Option<&str>) -> Option<String> {
    let members = data.strip_prefix('{')?.strip_suffix('}')?;
    let members = (!members.is_empty()).then(|| members.to_owned());
    let message = names.message.zip(message).map(|(name, text)| member(name, &quoted(text)));
    Some(object([names.success.map(success), message, members]))
}

/// Writes the response of a call that failed.
pub(crate) fn failure(names: &Envelope, message: &str, code: Option<&str>, retry_after: Option<u64>) -> String {
    let both = |name: Option<&str>, value: Option<String>| name.zip(value).map(|(name, value)| member(name, &value));
    let error = object([
        both(names.error_message, Some(quoted(message))),
        both(names.error_code, code.map(quoted)),
        both(names.error_retry_after, retry_after.map(|seconds| seconds.to_string())),
    ]);
    object([names.success.map(|name| member(name, "false")), names.error.map(|name| member(name, &error))])
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn member(name: &str, json: &str) -> String {
    format!("{}:{json}", quoted(name))
}

fn success(name: &str) -> String {
    member(name, "true")
}

/// Joins members as text, so that numbers stay as they were written.
fn object(members: impl IntoIterator<Item = Option<String>>) -> String {
    format!("{{{}}}", members.into_iter().flatten().collect::<Vec<_>>().join(","))
}
