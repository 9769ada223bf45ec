//! `format: decimal`: [`Decimal`].

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::runtime::value::parse::ParseError;
use crate::runtime::value::range::Ranged;

/// An exact number, such as an amount of money: up to 28 digits, without rounding.
///
/// Two decimals are equal if their values are, regardless of trailing zeros. On the wire it is a JSON
/// number, and a string is accepted too. A JSON number is read by its shortest representation, so `12.3` is
/// exact. A number with more digits than a double can hold (about 16) is read as that double. Sending a
/// decimal with so many digits fails instead of rounding it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(rust_decimal::Decimal);

const ERROR: ParseError = ParseError::new("decimal number");

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// Returns `units` shifted by `scale` places: `Decimal::new(1230, 2)?` is 12.30.
    ///
    /// # Errors
    ///
    /// If `scale` is greater than 28.
    pub fn new(units: i64, scale: u32) -> Result<Self, ParseError> {
        rust_decimal::Decimal::try_new(units, scale).map(Self).map_err(|_| ERROR)
    }

    /// Returns the sum, or `None` if it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Returns the difference, or `None` if it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Returns the product, rounded to 28 digits, or `None` if it is too large.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        self.0.checked_mul(other.0).map(Self)
    }

    /// Returns the quotient, rounded to 28 digits, or `None` if `other` is zero or the result is too large.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.0.checked_div(other.0).map(Self)
    }

    /// Returns whether the number is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Returns whether the number is less than zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Returns the nearest double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        // A decimal's text is a double's text as well.
        self.0.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Reads a double by the shortest text that names it.
    fn from_double(value: f64) -> Result<Self, ParseError> {
        value.to_string().parse()
    }
}

impl FromStr for Decimal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let read = if text.contains(['e', 'E']) {
            rust_decimal::Decimal::from_scientific(text)
        } else {
            rust_decimal::Decimal::from_str_exact(text)
        };
        read.map(Self).map_err(|_| ERROR)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl From<i32> for Decimal {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Self(value.into())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Prints the number. A generated type that holds one that is sensitive does not print it.
impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_integer() {
            let whole = self.0.trunc();
            if let Ok(value) = i64::try_from(whole) {
                return serializer.serialize_i64(value);
            }
            if let Ok(value) = u64::try_from(whole) {
                return serializer.serialize_u64(value);
            }
        }
        let double = self.to_f64();
        if Self::from_double(double) == Ok(*self) {
            serializer.serialize_f64(double)
        } else {
            Err(ser::Error::custom("a decimal has more digits than a JSON number holds"))
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Decimal, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Decimal, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        Decimal::from_double(value).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(E::custom)
    }
}

impl Ranged for Decimal {
    fn compare(&self, end: f64) -> Option<Ordering> {
        // The shortest text that names the double is what the document says.
        match end.to_string().parse::<Self>() {
            Ok(end) => Some(self.cmp(&end)),
            Err(_) => self.to_f64().partial_cmp(&end),
        }
    }
}
