//! Operations, as methods: what they take, what they give back, and how they fail.

use super::{Docs, ErrorRule, Rules, Sample, Scalar, Show, Type, TypeId, ValueKind};
use crate::diagnostic::Pointer;
use crate::names::Name;

/// The operations of a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The module and file.
    pub module: Name,
    /// Documentation, from the document.
    pub docs: Docs,
    /// In the document's order.
    pub operations: Vec<Operation>,
}

/// An operation: a method of the client.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The `operationId`, or a name made of method and path.
    pub id: String,
    /// The name in Rust.
    pub rust: Name,
    /// In capitals, as it goes on the wire.
    pub method: String,
    /// The template, `{parameters}` included.
    pub path: String,
    /// Documentation, from the document.
    pub docs: Docs,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// Whether sending it twice is harmless.
    pub repeatable: bool,
    /// Path parameters, then the required ones of query, header and cookie: arguments.
    pub required: Vec<Parameter>,
    /// The struct that holds the optional ones; none where there are none.
    pub optional: Option<Params>,
    /// The body; none where it has none.
    pub body: Option<RequestBody>,
    /// What it gives back.
    pub answer: Answer,
    /// The media types that are asked for, where they are not those of how the answer is read.
    pub accept: Option<String>,
    /// The documented failures.
    pub failures: Vec<Failure>,
    /// Alternatives, each a list of indices into [`Api::schemes`](super::Api::schemes); an empty alternative needs none.
    pub security: Vec<Vec<usize>>,
    /// The server of the operation or its path item, where it has one of its own.
    pub server: Option<String>,
    /// The type of its failures' bodies, where they are not all of [`Api::error_body`](super::Api::error_body).
    pub error_type: Option<ErrorType>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

impl Operation {
    /// Returns the required parameters, then the optional ones.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.required.iter().chain(self.optional.iter().flat_map(|params| &params.parameters))
    }

    /// Returns the media types of its body: one, or several that the caller chooses from.
    pub fn body_kinds(&self) -> impl Iterator<Item = &BodyKind> {
        self.body.iter().flat_map(|body| body.kind.each())
    }
}

/// The optional parameters of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The struct's name, such as `ListPetsParams`.
    pub name: Name,
    /// In the document's order.
    pub parameters: Vec<Parameter>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub rust: Name,
    /// Documentation, from the document.
    pub docs: Docs,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// The type.
    pub ty: Type,
    /// Where it goes.
    pub location: Location,
    /// What it has to keep beside its type.
    pub rules: Rules,
    /// How client code handles the value.
    pub value: ValueKind,
    /// What `Debug` does with it.
    pub show: Show,
    /// For the example code; none where no value can be written down.
    pub sample: Option<Sample>,
}

/// Where a parameter goes, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path(Style),
    /// In the query.
    Query {
        /// How it is written.
        style: Style,
        /// Whether reserved characters stay as they are.
        allow_reserved: bool,
    },
    /// In a header.
    Header(Style),
    /// In a cookie.
    Cookie(Style),
}

/// How a parameter is written (OpenAPI 3.0.3, Style Values).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b`.
    Simple {
        /// Whether each part is written by itself.
        explode: bool,
    },
    /// `.a.b`.
    Label {
        /// Whether each part is written by itself.
        explode: bool,
    },
    /// `;name=a,b`.
    Matrix {
        /// Whether each part is written by itself.
        explode: bool,
    },
    /// `name=a,b`.
    Form {
        /// Whether each part is written by itself.
        explode: bool,
    },
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a|b`.
    PipeDelimited,
    /// `name[key]=a`.
    DeepObject,
    /// `content: {application/json: …}`: the value as JSON text.
    Json,
}

/// What an operation sends.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    /// Whether it must be there.
    pub required: bool,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The argument's name.
    pub rust: Name,
    /// What it is.
    pub kind: BodyKind,
    /// For the example code; none where no value can be written down.
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
        /// What it has to keep beside its type.
        rules: Rules,
        /// How client code handles the value.
        value: ValueKind,
    },
    /// `application/x-www-form-urlencoded`.
    Form {
        /// The value's type.
        ty: Type,
        /// The properties that are written in another way than by default.
        styles: Vec<PropertyStyle>,
        /// What it has to keep beside its type.
        rules: Rules,
        /// How client code handles the value.
        value: ValueKind,
    },
    /// `multipart/form-data` and its kin: the struct's fields are the parts.
    Multipart {
        /// The media type, without the boundary.
        media_type: String,
        /// The struct.
        ty: TypeId,
        /// The media types of parts that have another than by default, by the names of the parts.
        part_types: Vec<(String, String)>,
        /// The parts that are written in another way than by default.
        part_styles: Vec<PropertyStyle>,
    },
    /// Text, under this media type.
    Text {
        /// The media type.
        media_type: String,
        /// What it has to keep.
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
    /// Returns the kinds that it offers: itself, or those of its variants.
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

    /// Returns the type of the value that is written; none for a text and for bytes.
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
    /// The one that the client speaks best comes first.
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

/// What a call gives back.
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
    /// A text.
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

    /// Whether it is handed over before it was read to its end.
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
    /// Whether it is taken as well where the answer's media type is none of those of its status.
    pub is_otherwise: bool,
    /// The body; none where it has none.
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
    /// Every status that is not listed.
    Default,
}

/// A documented failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The status that it comes with.
    pub status: Status,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The body; none where it has none.
    pub body: Option<AnswerBody>,
    /// What it has to keep beside its type.
    pub rules: Vec<ErrorRule>,
    /// The code by which the server says that it refused before it acted.
    pub refused_before_acting: Option<String>,
}

/// The failures' bodies of one operation, chosen by status.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorType {
    /// The enum's name, such as `CreatePetError`.
    pub name: Name,
    /// In the document's order.
    pub variants: Vec<AnswerVariant>,
}
