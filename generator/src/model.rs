//! The model: what the client is, in Rust's shape and OpenAPI's words.
//!
//! `lower` fills it and makes every decision; `emit` prints it and makes none. Nothing here knows
//! the document's types or tokens. Order is the document's order everywhere, and names are
//! [`Name`]s, which only a scope makes, so that two items of one namespace cannot share one.
//!
//! A schema `PetId: {type: string, format: uuid}` arrives here as
//! `TypeDef { name: PetId, shape: Shape::Newtype(Newtype { inner: Scalar::Uuid, .. }), .. }`.

mod answer;
mod body;
mod capability;
mod event;
mod operation;
mod rules;
mod sample;
mod scalar;
mod schema;
mod server;
mod value;
pub mod visit;

use std::collections::BTreeSet;

use crate::names::Name;

pub use answer::*;
pub use body::*;
pub use capability::*;
pub use event::*;
pub use operation::*;
pub use rules::*;
pub use sample::*;
pub use scalar::*;
pub use schema::*;
pub use server::*;
pub use value::*;
pub use visit::Way;

/// Everything that is generated for one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.description`, or empty.
    pub docs: Docs,
    /// `info.version`, of the document and not of the crate.
    pub version: String,
    /// The servers, as environments where the document names them so.
    pub servers: Vec<Server>,
    /// The security schemes that an operation uses.
    pub schemes: Vec<Scheme>,
    /// Whether every operation needs a credential. Then a client can't be built without one.
    pub credential_required: bool,
    /// How answers are wrapped, if they are.
    pub envelope: Option<Envelope>,
    /// The error codes that the document knows; any other is treated as personal data.
    pub error_codes: Vec<String>,
    /// The named kinds of errors, in order of their first mention.
    pub error_kinds: Vec<ErrorKind>,
    /// The type of every documented failure's body, if all share one.
    pub error_body: Option<Type>,
    /// Failures that several operations document in the same words.
    pub failures: Vec<SharedFailure>,
    /// Types, in the order of `components.schemas`, each followed by the types found inside of it.
    pub types: Vec<TypeDef>,
    /// The operations, grouped by first tag, in the order of first mention.
    pub groups: Vec<Group>,
    /// What the API's webhooks deliver.
    pub events: Option<Events>,
    /// What the client needs of the runtime.
    pub capabilities: BTreeSet<Capability>,
}

impl Api {
    /// Returns the type of this id.
    #[must_use]
    pub fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// Returns the type itself, or what it stands for if it is an alias.
    #[must_use]
    pub fn resolved<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        while let Type::Named(id) = ty
            && let Shape::Alias(target) = &self.def(*id).shape
        {
            ty = target;
        }
        ty
    }

    /// Adds the server side, if there are operations. A server checks what it receives.
    pub fn add_server(&mut self) {
        if self.operations().next().is_some() {
            self.capabilities.extend([Capability::Checks, Capability::Server]);
        }
    }

    /// Returns the operations of all groups.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.groups.iter().flat_map(|group| &group.operations)
    }

    /// Returns the servers that have a name, with their environments.
    #[must_use]
    pub fn environments(&self) -> Vec<(&Server, &Environment)> {
        self.servers.iter().filter_map(|server| Some((server, server.environment.as_ref()?))).collect()
    }

    /// Returns the servers with an absolute URL; none if some servers have names.
    #[must_use]
    pub fn base_urls(&self) -> Vec<&Server> {
        let has_names = self.servers.iter().any(|server| server.environment.is_some());
        self.servers.iter().filter(|server| !has_names && Server::has_host(&server.url)).collect()
    }
}

/// Documentation: CommonMark, as the document has it, or empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Docs {
    /// One line, with or without a trailing full stop, as in the document.
    pub summary: String,
    /// The longer text.
    pub description: String,
}

/// A named environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// The variant.
    pub name: Name,
    /// The name in kebab-case, as an environment variable gives it.
    pub wire: String,
    /// The prefix of the environment's keys.
    pub key_prefix: Option<String>,
    /// How many requests it takes.
    pub rate_limit: Option<RateLimit>,
    /// Whether personal data may go there.
    pub patient_data: PatientData,
}

/// A number of requests in a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many requests.
    pub requests: u32,
    /// In how many seconds.
    pub seconds: u32,
}

/// Whether personal data may be sent to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatientData {
    /// The default.
    Allowed,
    /// Nothing that comes from there can be personal, so the server's messages may be shown.
    Forbidden,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    /// Its name in `components.securitySchemes`.
    pub wire: String,
    /// The builder's method that takes the credential.
    pub rust: Name,
    /// What it is.
    pub kind: SchemeKind,
    /// Documentation, from the document.
    pub docs: Docs,
}

/// How a credential travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// In the header of this name.
    HeaderKey(String),
    /// In the query parameter of this name.
    QueryKey(String),
    /// In the cookie of this name.
    CookieKey(String),
    /// `Authorization: Basic`, from a user name and a password.
    Basic,
    /// `Authorization: Bearer`. Also for OAuth 2 and `OpenID` Connect, whose tokens the caller obtains.
    Bearer,
    /// `Authorization` with the name of another HTTP scheme. The caller gives what follows it.
    Http(String),
}

/// How answers are wrapped: names of properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The property that says whether the call succeeded.
    pub success: Option<String>,
    /// The property that holds the data.
    pub data: String,
    /// The property that holds a text for humans.
    pub message: Option<String>,
    /// The object of a failure.
    pub error: Option<ErrorObject>,
}

/// Where a failed answer describes the error: names of properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorObject {
    /// The property that holds the object.
    pub property: String,
    /// The property that holds a text for humans.
    pub message: Option<String>,
    /// Its property with a code for programs.
    pub code: Option<String>,
    /// Its property with whole seconds to wait.
    pub retry_after: Option<String>,
}

/// A named kind of error.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorKind {
    /// The name in Rust.
    pub name: Name,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The text that an error of this kind prints. It is the document's, never the server's.
    pub text: String,
}

/// How a kind of error is recognized.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorRule {
    /// Index into [`Api::error_kinds`].
    pub kind: usize,
    /// How the kind is recognized.
    pub matches: ErrorMatch,
}

/// The message or code that identifies a kind of error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorMatch {
    /// The message is this.
    Message(String),
    /// The message starts with this.
    MessagePrefix(String),
    /// The code is this.
    Code(String),
}
