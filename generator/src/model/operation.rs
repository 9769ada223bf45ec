//! Operations, as methods: what they take, what they give back, and how they fail.

use super::{Docs, ErrorRule, Sample, Show, Type, TypeId};
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
    },
    /// `application/x-www-form-urlencoded`.
    Form {
        /// The value's type.
        ty: Type,
    },
    /// `multipart/form-data`: the struct's fields are the parts.
    Multipart {
        /// The struct.
        ty: TypeId,
    },
    /// Text, under this media type.
    Text {
        /// The media type.
        media_type: String,
    },
    /// Any bytes, streamed, under this media type.
    Bytes {
        /// The media type.
        media_type: String,
    },
}

/// What a call gives back.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// One shape for every success.
    One(AnswerBody),
    /// An enum with a variant for each documented success.
    Several(AnswerEnum),
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
    /// Nothing is read.
    Empty,
}

/// The successes of an operation whose bodies differ.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerEnum {
    /// The enum's name, such as `UploadFileAnswer`.
    pub name: Name,
    /// In the document's order.
    pub variants: Vec<AnswerVariant>,
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
    /// The body; none where it has none.
    pub body: AnswerBody,
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
