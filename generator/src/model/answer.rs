//! What a call returns, and how it fails.

use super::{Docs, ErrorRule, Show, Type};
use crate::names::Name;

/// What a call returns.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// One shape for every success.
    One(AnswerBody),
    /// An enum with a variant for each documented success.
    Several(AnswerEnum),
}

impl Answer {
    /// Returns the bodies that it may have.
    #[must_use]
    pub fn bodies(&self) -> Vec<&AnswerBody> {
        match self {
            Self::One(body) => vec![body],
            Self::Several(several) => several.variants.iter().map(|variant| &variant.body).collect(),
        }
    }
}

/// The body of a success.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerBody {
    /// The envelope's data.
    Data(Type),
    /// A struct read from the whole envelope, its data being one of the fields.
    Whole(Type),
    /// JSON without an envelope.
    Json(Type),
    /// A string.
    Text,
    /// Streamed.
    Bytes,
    /// Server-sent events, whose data is JSON of this type.
    Events(Type),
    /// Server-sent events, whose data is text.
    TextEvents,
    /// A stream of lines, each of which is JSON of this type.
    Lines(Type),
    /// Nothing is read.
    Empty,
}

impl AnswerBody {
    /// Returns the type that JSON is decoded to.
    #[must_use]
    pub const fn ty(&self) -> Option<&Type> {
        match self {
            Self::Data(ty) | Self::Whole(ty) | Self::Json(ty) | Self::Events(ty) | Self::Lines(ty) => Some(ty),
            Self::Text | Self::Bytes | Self::TextEvents | Self::Empty => None,
        }
    }

    /// The same, to be changed.
    pub const fn ty_mut(&mut self) -> Option<&mut Type> {
        match self {
            Self::Data(ty) | Self::Whole(ty) | Self::Json(ty) | Self::Events(ty) | Self::Lines(ty) => Some(ty),
            Self::Text | Self::Bytes | Self::TextEvents | Self::Empty => None,
        }
    }

    /// Whether it is returned before it has been read completely.
    #[must_use]
    pub const fn is_stream(&self) -> bool {
        matches!(self, Self::Bytes | Self::Events(_) | Self::TextEvents | Self::Lines(_))
    }
}

/// The successes of an operation whose bodies differ.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerEnum {
    /// The enum's name, such as `UploadFileAnswer`.
    pub name: Name,
    /// In the document's order.
    pub variants: Vec<AnswerVariant>,
    /// The index of the variant that reads a success of any other status or media type.
    pub last_resort: usize,
}

/// A success of several.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerVariant {
    /// The name in Rust.
    pub rust: Name,
    /// The status that it comes with.
    pub status: Status,
    /// The media type that chooses it, where several share the status.
    pub media_type: Option<String>,
    /// Whether it also applies if the answer has an undocumented media type.
    pub is_otherwise: bool,
    /// The body, if there is one.
    pub body: AnswerBody,
    /// What `Debug` does with the body.
    pub show: Show,
    /// Documentation, from the document.
    pub docs: Docs,
}

/// A response's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The code is this.
    Code(u16),
    /// `4XX` is `Range(4)`.
    Range(u8),
    /// Any other status.
    Default,
}

impl Status {
    /// Returns the first and the last status that it covers.
    #[must_use]
    pub const fn codes(self) -> (u16, u16) {
        match self {
            Self::Code(code) => (code, code),
            Self::Range(hundreds) => (hundreds as u16 * 100, hundreds as u16 * 100 + 99),
            Self::Default => (100, 599),
        }
    }

    /// Orders statuses by how many codes they cover: an exact one comes before a range, and a range before any other
    /// (OpenAPI 3.0.3, Responses Object).
    #[must_use]
    pub const fn breadth(self) -> u16 {
        let (first, last) = self.codes();
        last - first
    }
}

/// A documented failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The status that it comes with.
    pub status: Status,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The bodies that it may have, by media type. The first is also read from an undocumented media type.
    pub bodies: Vec<FailureBody>,
    /// Rules in addition to its type.
    pub rules: Vec<ErrorRule>,
    /// The error code that means the server refused before it acted.
    pub refused_before_acting: Option<String>,
    /// Index into [`Api::failures`](super::Api::failures) if other operations document the same; its docs are there.
    pub shared: Option<usize>,
}

/// A body of a documented failure.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureBody {
    /// The media type without parameters, where the failure has several.
    pub media_type: Option<String>,
    /// The media type that a server writes.
    pub written: String,
    /// How it is read.
    pub body: AnswerBody,
}

/// A failure that several operations document in the same words.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedFailure {
    /// A title that no other has, such as `401 Unauthorized`.
    pub title: String,
    /// The status that it comes with.
    pub status: Status,
    /// Documentation, from the document.
    pub docs: Docs,
}

/// The failures' bodies of one operation, chosen by status.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorType {
    /// The enum's name, such as `CreatePetError`.
    pub name: Name,
    /// In the document's order.
    pub variants: Vec<AnswerVariant>,
}
