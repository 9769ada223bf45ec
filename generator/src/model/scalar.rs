//! Values without parts.

/// A value without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// `boolean`.
    Bool,
    /// `integer` with format `int32`.
    Int32,
    /// `integer` otherwise.
    Int64,
    /// `integer` with format `uint32`.
    Uint32,
    /// `integer` with format `uint64`, or with limits beyond `i64`.
    Uint64,
    /// `number` with format `float`.
    Float,
    /// `number` otherwise.
    Double,
    /// `number` with format `decimal`: exact.
    Decimal,
    /// A string.
    String,
    /// `date`: a civil date.
    Date,
    /// `date-time`.
    DateTime,
    /// `uuid`.
    Uuid,
    /// `byte`: base64 on the wire.
    Base64,
    /// `base64url`: base64 in the alphabet for URLs on the wire.
    Base64Url,
    /// `binary`: raw bytes, only as a part or a whole body.
    Binary,
}

impl Scalar {
    /// Whether the Rust type is `Copy`.
    #[must_use]
    pub const fn is_copy(self) -> bool {
        match self {
            Self::Bool
            | Self::Int32
            | Self::Int64
            | Self::Uint32
            | Self::Uint64
            | Self::Float
            | Self::Double
            | Self::Decimal
            | Self::Date
            | Self::Uuid => true,
            Self::String | Self::DateTime | Self::Base64 | Self::Base64Url | Self::Binary => false,
        }
    }

    /// Whether the value is a string in JSON.
    #[must_use]
    pub const fn is_text(self) -> bool {
        match self {
            Self::String | Self::Date | Self::DateTime | Self::Uuid | Self::Base64 | Self::Base64Url | Self::Binary => {
                true
            }
            Self::Bool
            | Self::Int32
            | Self::Int64
            | Self::Uint32
            | Self::Uint64
            | Self::Float
            | Self::Double
            | Self::Decimal => false,
        }
    }

    /// Whether the value is a number in JSON.
    #[must_use]
    pub const fn is_number(self) -> bool {
        !self.is_text() && !matches!(self, Self::Bool)
    }
}
