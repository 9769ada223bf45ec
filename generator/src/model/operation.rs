//! Operations, as methods, and their parameters.

use super::{
    Answer, BodyEnum, BodyKind, Docs, ErrorType, Failure, RequestBody, Rules, Sample, Show, Status, Type, ValueKind,
};
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
    /// The struct of the optional ones, if there are any.
    pub optional: Option<Params>,
    /// The body, if there is one.
    pub body: Option<RequestBody>,
    /// What it returns.
    pub answer: Answer,
    /// The first documented success.
    pub success: Success,
    /// The `Accept` header, if it differs from the default for how the answer is read.
    pub accept: Option<String>,
    /// The documented statuses from 300 to 399, which are among the answers.
    pub redirects: Vec<Status>,
    /// The documented failures.
    pub failures: Vec<Failure>,
    /// Alternatives, each a list of indices into [`Api::schemes`](super::Api::schemes); an empty alternative needs none.
    pub security: Vec<Vec<usize>>,
    /// The server of the operation or its path item, if it differs from the document's.
    pub server: Option<String>,
    /// The type of its failures' bodies, unless all failures of the document share [`Api::error_body`](super::Api::error_body).
    pub error_type: Option<ErrorType>,
    /// Where it is in the document.
    pub pointer: Pointer,
}

impl Operation {
    /// Returns the required parameters, then the optional ones.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.required.iter().chain(self.optional.iter().flat_map(|params| &params.parameters))
    }

    /// Returns the media types of its body, if the caller chooses one of several.
    #[must_use]
    pub fn body_enum(&self) -> Option<&BodyEnum> {
        match &self.body.as_ref()?.kind {
            BodyKind::Several(several) => Some(several),
            _ => None,
        }
    }

    /// Returns the media types of its body: one, or several that the caller chooses from.
    pub fn body_kinds(&self) -> impl Iterator<Item = &BodyKind> {
        self.body.iter().flat_map(|body| body.kind.each())
    }
}

/// The success that a server answers with, unless it chooses another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Success {
    /// The status, 200 where the document gives none.
    pub status: u16,
    /// The media type of the body, if it is a single one.
    pub media_type: Option<String>,
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
    /// Rules in addition to its type.
    pub rules: Rules,
    /// How client code handles the value.
    pub value: ValueKind,
    /// What `Debug` does with it.
    pub show: Show,
    /// For the example code, if there is a value for it.
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
