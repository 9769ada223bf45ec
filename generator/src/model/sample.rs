//! Values for the documentation's examples.

use super::TypeId;

/// A value for the documentation's example code: the document's own example where it has one and
/// it fits, and otherwise the least that fits the type.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// `boolean`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// The number's text.
    Number(String),
    /// A string.
    String(String),
    /// `uuid`.
    Uuid(String),
    /// Year, month and day.
    Date(i16, u8, u8),
    /// RFC 3339.
    DateTime(String),
    /// Bytes.
    Base64(Vec<u8>),
    /// JSON text, for an untyped value.
    Json(String),
    /// A list.
    Array(Vec<Sample>),
    /// Entries.
    Map(Vec<(String, Sample)>),
    /// A newtype around a value.
    Newtype(TypeId, Box<Sample>),
    /// The variant of an enum, by its index.
    Variant(TypeId, usize),
    /// A struct with a builder: the indices of the fields that are set, with their values.
    Struct(TypeId, Vec<(usize, Sample)>),
    /// The variant of a union, by its index, around a value.
    Union(TypeId, usize, Box<Sample>),
}
