//! Request bodies, in the media types that a caller can choose from.

use super::{Docs, Rules, Sample, Scalar, Show, Style, Type, TypeId, ValueKind};
use crate::names::Name;

/// What an operation sends.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// Whether it is required.
    pub required: bool,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The argument's name.
    pub rust: Name,
    /// What it is.
    pub kind: BodyKind,
    /// For the example code, if there is a value for it.
    pub sample: Option<Sample>,
}

/// The media type of a body and the type of its value.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyKind {
    /// JSON, under this media type.
    Json {
        /// The media type.
        media_type: String,
        /// The value's type.
        ty: Type,
        /// Rules in addition to its type.
        rules: Rules,
        /// How client code handles the value.
        value: ValueKind,
    },
    /// `application/x-www-form-urlencoded`.
    Form {
        /// The value's type.
        ty: Type,
        /// The properties that are not written in the default way.
        styles: Vec<PropertyStyle>,
        /// Rules in addition to its type.
        rules: Rules,
        /// How client code handles the value.
        value: ValueKind,
    },
    /// `multipart/form-data` and other multipart types. The struct's fields are the parts.
    Multipart {
        /// The media type, without the boundary.
        media_type: String,
        /// The struct.
        ty: TypeId,
        /// The media types of parts that don't have the default one, by the names of the parts.
        part_types: Vec<(String, String)>,
        /// The parts that are not written in the default way.
        part_styles: Vec<PropertyStyle>,
    },
    /// Text, under this media type.
    Text {
        /// The media type.
        media_type: String,
        /// Its rules.
        rules: Rules,
    },
    /// Any bytes, streamed, under this media type.
    Bytes {
        /// The media type.
        media_type: String,
    },
    /// Any bytes, streamed, under a media type that the caller names.
    Media {
        /// The range that it is of, such as `image/*`.
        range: String,
    },
    /// One of several, as the caller chooses.
    Several(BodyEnum),
}

impl BodyKind {
    /// Returns the kinds that it allows: itself, or those of its variants.
    #[must_use]
    pub fn each(&self) -> Vec<&Self> {
        match self {
            Self::Several(several) => several.variants.iter().map(|variant| &variant.kind).collect(),
            kind => vec![kind],
        }
    }

    /// Returns the value that is checked and the rules at the body; none for parts and for bytes.
    #[must_use]
    pub fn ruled(&self) -> Option<(Type, &Rules)> {
        match self {
            Self::Json { ty, rules, .. } | Self::Form { ty, rules, .. } => Some((ty.clone(), rules)),
            Self::Text { rules, .. } => Some((Type::Scalar(Scalar::String), rules)),
            Self::Multipart { .. } | Self::Bytes { .. } | Self::Media { .. } | Self::Several(_) => None,
        }
    }

    /// Returns the type of the value that is written; `None` for text and bytes.
    #[must_use]
    pub fn ty(&self) -> Option<Type> {
        match self {
            Self::Json { ty, .. } | Self::Form { ty, .. } => Some(ty.clone()),
            Self::Multipart { ty, .. } => Some(Type::Named(*ty)),
            Self::Text { .. } | Self::Bytes { .. } | Self::Media { .. } | Self::Several(_) => None,
        }
    }
}

/// The media types of a body, of which the caller chooses one.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyEnum {
    /// The enum's name, such as `AddPetContent`.
    pub name: Name,
    /// The media type that the client supports best comes first.
    pub variants: Vec<BodyVariant>,
}

/// A media type of several.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyVariant {
    /// The name in Rust.
    pub rust: Name,
    /// The media type, as the document writes it.
    pub media_type: String,
    /// What it is; never several.
    pub kind: BodyKind,
    /// Whether the value converts into the enum. Of variants with the same type, only the first does.
    pub converts: bool,
    /// What `Debug` does with the value.
    pub show: Show,
}

/// How a property of a form, or a part, is written (OpenAPI 3.0.3, Encoding Object).
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyStyle {
    /// The property's name on the wire.
    pub wire: String,
    /// How it is written.
    pub style: Style,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
}
