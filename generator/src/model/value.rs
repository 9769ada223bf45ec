//! How client code takes, stores and shows values: what `lower` finds out about the types that a place names.

/// The way client code handles the values of a type. Aliases are followed: a name for a string is a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueKind {
    /// `bool`.
    Bool,
    /// Anything else that is `Copy`: numbers, dates, ids made of them, closed enums.
    Copy,
    /// `String`: taken as `&str`, or as what converts into a string.
    Text,
    /// A part of a multipart body.
    Part,
    /// A list of strings.
    Texts,
    /// A list of parts.
    Parts,
    /// A list of anything else.
    List,
    /// A map with string keys.
    Map,
    /// Any JSON.
    Json,
    /// Everything else: passed by reference, stored as it is.
    #[default]
    Object,
}

impl ValueKind {
    /// Whether an argument of the type is passed by value.
    #[must_use]
    pub const fn is_copy(self) -> bool {
        matches!(self, Self::Bool | Self::Copy)
    }

    /// Whether the value is a list.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Parts | Self::List)
    }

    /// Whether an argument of the type is passed as a `str` or a slice.
    #[must_use]
    pub const fn is_unsized(self) -> bool {
        matches!(self, Self::Text) || self.is_list()
    }
}

/// How a caller makes a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Construction {
    /// Only tests make it, since the server sends it.
    #[default]
    InTests,
    /// With `new`: it's sent, and has nothing to set.
    New,
    /// With a builder: it's sent.
    Builder,
}

/// How a struct is written when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Writing {
    /// By serde.
    #[default]
    Serde,
    /// By serde in one operation, as the parts of a multipart body in another.
    SerdeOrParts,
    /// As parts only. It holds raw bytes, which can be neither cloned nor compared.
    Parts,
}
