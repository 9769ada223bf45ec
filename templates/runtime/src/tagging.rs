//! By need, for unions whose variants need not hold their own tag: [`write`].
//!
//! ```text
//! match self {
//!     Self::Cat(value) if value.pet_type.is_none() => tagging::write(serializer, "petType", "cat", value),
//!     Self::Cat(value) => value.serialize(serializer),
//! }
//! ```

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A tag, and the variant that does not hold it.
#[derive(Serialize)]
struct Tagged<'v, T> {
    #[serde(flatten)]
    tag: Tag,
    #[serde(flatten)]
    value: &'v T,
}

/// The property that tells the variants apart, and its value.
struct Tag(&'static str, &'static str);

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, self.1)?;
        map.end()
    }
}

/// Writes the variant, which is an object without `property`, with its tag in front.
pub(crate) fn write<T: Serialize, S: Serializer>(
    serializer: S,
    property: &'static str,
    tag: &'static str,
    value: &T,
) -> Result<S::Ok, S::Error> {
    Tagged { tag: Tag(property, tag), value }.serialize(serializer)
}
