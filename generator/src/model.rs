//! The model: what the client is, in Rust's shape and OpenAPI's words.
//!
//! `lower` fills it and makes every decision; `emit` prints it and makes none. Nothing here knows
//! the document's types or tokens. Order is the document's order everywhere, and names are
//! [`Name`]s, which only a scope makes, so that two items of one namespace cannot share one.
//!
//! A schema `PatientId: {type: string, format: uuid}` arrives here as
//! `TypeDef { name: PatientId, shape: Shape::Newtype(Newtype { inner: Scalar::Uuid, .. }), .. }`.

use crate::diagnostic::Pointer;
use crate::names::Name;

/// Everything that is generated for one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.description`, empty where there is none.
    pub docs: Docs,
    /// `info.version`, of the document and not of the crate.
    pub version: String,
    /// The servers, as environments where the document names them so.
    pub servers: Vec<Server>,
    /// The security schemes that an operation uses.
    pub schemes: Vec<Scheme>,
    /// Whether every operation needs a credential, so that a client without one cannot be built.
    pub credential_required: bool,
    /// How answers are wrapped, where they are.
    pub envelope: Option<Envelope>,
    /// The error codes that the document knows; any other is treated as personal data.
    pub error_codes: Vec<String>,
    /// The named kinds of errors, in order of their first mention.
    pub error_kinds: Vec<ErrorKind>,
    /// The one type that every documented failure's body has, where all share it.
    pub error_body: Option<Type>,
    /// Types, in the order of `components.schemas`, each followed by those found inside of it.
    pub types: Vec<TypeDef>,
    /// The operations, a group for each tag (first tag counts), in the order of first mention.
    pub groups: Vec<Group>,
    /// What the API's webhooks deliver.
    pub events: Option<Events>,
}

/// Documentation: CommonMark, as the document has it; empty where it has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Docs {
    /// One line, without a trailing full stop where the document has none.
    pub summary: String,
    /// The longer text.
    pub description: String,
}

/// A server of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// The URL, with `{variables}` replaced by their defaults.
    pub url: String,
    pub docs: Docs,
    /// What `x-client-environment` says of it.
    pub environment: Option<Environment>,
}

/// A named environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// The variant.
    pub name: Name,
    /// The name in kebab-case, as an environment variable gives it.
    pub wire: String,
    /// What the environment's keys start with.
    pub key_prefix: Option<String>,
    pub rate_limit: Option<RateLimit>,
    pub patient_data: PatientData,
}

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    pub requests: u32,
    pub seconds: u32,
}

/// Whether personal data may be sent to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatientData {
    /// The document says so, or nothing.
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
    pub kind: SchemeKind,
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
    /// `Authorization: Bearer`; also the token of OAuth 2 and OpenID Connect, which the caller gets.
    Bearer,
}

/// How answers are wrapped: names of properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub success: Option<String>,
    pub data: String,
    pub message: Option<String>,
    pub error: Option<ErrorObject>,
}

/// Where a failing answer says what went wrong: names of properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorObject {
    pub property: String,
    pub message: Option<String>,
    pub code: Option<String>,
    pub retry_after: Option<String>,
}

/// A named kind of error.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorKind {
    pub name: Name,
    pub docs: Docs,
    /// The text that an error of this kind prints: the document's, never the server's.
    pub text: String,
}

/// How a kind of error is told.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorRule {
    /// Index into [`Api::error_kinds`].
    pub kind: usize,
    pub matches: ErrorMatch,
}

/// What an error's message or code has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorMatch {
    Message(String),
    MessagePrefix(String),
    Code(String),
}

/// A type of the client.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    pub name: Name,
    /// The file (module) that it stands in.
    pub module: Name,
    pub docs: Docs,
    pub deprecated: bool,
    pub shape: Shape,
    pub usage: Usage,
    pub pointer: Pointer,
}

/// Where a type travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// In a request: a struct gets a builder.
    pub request: bool,
    /// In an answer or an event.
    pub response: bool,
}

/// What a type is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Struct(Struct),
    Enum(Enum),
    Newtype(Newtype),
    Union(Union),
    /// `pub type Name = …`.
    Alias(Type),
}

/// An object with named properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// In the document's order.
    pub fields: Vec<Field>,
    /// The type of further properties, where the schema types them.
    pub additional: Option<Additional>,
}

/// Properties beside the named ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Additional {
    pub rust: Name,
    pub ty: Type,
    pub show: Show,
}

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    pub rust: Name,
    pub docs: Docs,
    pub deprecated: bool,
    pub presence: Presence,
    /// Without `Option`, `Nullable` or the box that breaks a cycle.
    pub ty: Type,
    /// Whether the field holds its own type directly or through others, and so needs a box.
    pub boxed: bool,
    pub show: Show,
}

/// Whether a property must be there and may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// `T`.
    Required,
    /// `Option<T>`, always written.
    RequiredNullable,
    /// `Option<T>`, left out where it is `None`; a null that is read counts as absent.
    Optional,
    /// `Nullable<T>`: absent, null and present are three.
    OptionalNullable,
}

/// What `Debug` does with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Prints the value: the document marks it as safe.
    Value,
    /// Prints the value by its own `Debug`, which hides what has to be hidden.
    Delegate,
    /// Prints `[redacted]`.
    Redacted,
}

/// A type in use.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Scalar(Scalar),
    /// Index into [`Api::types`].
    Named(TypeId),
    Array(Box<Type>),
    /// String keys.
    Map(Box<Type>),
    /// An item that may be null, inside of an array or a map.
    Nullable(Box<Type>),
    /// Whatever JSON; the document does not say more.
    Json,
}

/// The place of a type in [`Api::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A value without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    Bool,
    /// `integer` with format `int32`.
    Int32,
    /// `integer` otherwise.
    Int64,
    /// `number` with format `float`.
    Float,
    /// `number` otherwise.
    Double,
    /// `number` with format `decimal`: exact.
    Decimal,
    String,
    /// `date`: a civil date.
    Date,
    /// `date-time`.
    DateTime,
    Uuid,
    /// `byte`: base64 on the wire.
    Base64,
    /// `binary`: raw bytes, only as a part or a whole body.
    Binary,
}

/// A scalar with a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Newtype {
    pub inner: NewtypeInner,
    pub show: Show,
}

/// What a newtype wraps.
#[derive(Debug, Clone, PartialEq)]
pub enum NewtypeInner {
    Scalar(Scalar),
    /// An array or a map that holds itself, which an alias cannot.
    Other(Type),
}

/// A closed or open set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    pub repr: EnumRepr,
    pub variants: Vec<Variant>,
    pub openness: Openness,
    pub show: Show,
}

/// What an enum is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnumRepr {
    String,
    Integer,
}

/// Whether values that the document does not list may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// An unknown value is kept, and sent back unchanged.
    Open,
    /// An unknown value does not decode.
    Closed,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub wire: EnumValue,
    pub rust: Name,
    pub docs: Docs,
}

/// An enum's value on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnumValue {
    String(String),
    Integer(i64),
}

/// One of several types (`oneOf`, `anyOf`).
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    pub variants: Vec<UnionVariant>,
    /// The property whose value tells the variants apart, if the document names one.
    pub discriminator: Option<String>,
    /// Whether what fits no variant is kept.
    pub openness: Openness,
}

/// A member of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct UnionVariant {
    pub rust: Name,
    pub ty: Type,
    pub boxed: bool,
    /// The discriminator's values that choose it.
    pub tags: Vec<String>,
    pub show: Show,
    pub docs: Docs,
}

/// The operations of a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The module and file.
    pub module: Name,
    pub docs: Docs,
    pub operations: Vec<Operation>,
}

/// An operation: a method of the client.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The `operationId`, or a name made of method and path.
    pub id: String,
    pub rust: Name,
    /// In capitals, as it goes on the wire.
    pub method: String,
    /// The template, `{parameters}` included.
    pub path: String,
    pub docs: Docs,
    pub deprecated: bool,
    pub repeatable: bool,
    /// Path parameters, then the required ones of query, header and cookie: arguments.
    pub required: Vec<Parameter>,
    /// The struct that holds the optional ones; none where there are none.
    pub optional: Option<Params>,
    pub body: Option<RequestBody>,
    pub answer: Answer,
    /// The documented failures.
    pub failures: Vec<Failure>,
    /// Alternatives, each a list of indices into [`Api::schemes`]; an empty alternative needs none.
    pub security: Vec<Vec<usize>>,
    /// The server of the operation or its path item, where it has one of its own.
    pub server: Option<String>,
    /// The type of its failures' bodies, where they are not all of [`Api::error_body`].
    pub error_type: Option<ErrorType>,
    pub pointer: Pointer,
}

/// The optional parameters of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// The struct's name, such as `ListPetsParams`.
    pub name: Name,
    pub parameters: Vec<Parameter>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub wire: String,
    pub rust: Name,
    pub docs: Docs,
    pub deprecated: bool,
    pub ty: Type,
    pub location: Location,
    pub show: Show,
    /// For the example code; none where no value can be written down.
    pub sample: Option<Sample>,
}

/// Where a parameter goes, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    Path(Style),
    Query { style: Style, allow_reserved: bool },
    Header(Style),
    Cookie(Style),
}

/// How a parameter is written (OpenAPI 3.0.3, Style Values).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Simple {
        explode: bool,
    },
    Label {
        explode: bool,
    },
    Matrix {
        explode: bool,
    },
    Form {
        explode: bool,
    },
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// `content: {application/json: …}`: the value as JSON text.
    Json,
}

/// What an operation sends.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestBody {
    pub required: bool,
    pub docs: Docs,
    /// The argument's name.
    pub rust: Name,
    pub kind: BodyKind,
    /// For the example code; none where no value can be written down.
    pub sample: Option<Sample>,
}

/// The media type of a body and the type of its value.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyKind {
    /// JSON, under this media type.
    Json { media_type: String, ty: Type },
    /// `application/x-www-form-urlencoded`.
    Form { ty: Type },
    /// `multipart/form-data`: the struct's fields are the parts.
    Multipart { ty: TypeId },
    /// Text, under this media type.
    Text { media_type: String },
    /// Any bytes, streamed, under this media type.
    Bytes { media_type: String },
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
    pub variants: Vec<AnswerVariant>,
}

/// A success of several.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerVariant {
    pub rust: Name,
    pub status: Status,
    /// The media type that chooses it, where several share the status.
    pub media_type: Option<String>,
    pub body: AnswerBody,
    pub docs: Docs,
}

/// A response's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Code(u16),
    /// `4XX` is `Range(4)`.
    Range(u8),
    Default,
}

/// A documented failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub status: Status,
    pub docs: Docs,
    pub body: Option<AnswerBody>,
    pub rules: Vec<ErrorRule>,
    /// The code by which the server says that it refused before it acted.
    pub refused_before_acting: Option<String>,
}

/// The failures' bodies of one operation, chosen by status.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorType {
    /// The enum's name, such as `CreatePetError`.
    pub name: Name,
    pub variants: Vec<AnswerVariant>,
}

/// The webhooks' deliveries.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// The property that names the event.
    pub name: String,
    /// The property that holds the payload.
    pub payload: String,
    /// The header that carries the receiver's secret.
    pub header: Option<String>,
    pub events: Vec<Event>,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The variant.
    pub rust: Name,
    /// The name on the wire.
    pub wire: String,
    pub docs: Docs,
    /// The payload's type.
    pub ty: Type,
    /// Those of the payload's fields that, with the name, identify the event where present.
    pub duplicate_key: Vec<Name>,
    pub pointer: Pointer,
}

/// A value for the documentation's example code: the document's own example where it has one and
/// it fits, and otherwise the least that fits the type.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    Bool(bool),
    Integer(i64),
    /// The number's text.
    Number(String),
    String(String),
    Uuid(String),
    /// Year, month and day.
    Date(i16, u8, u8),
    /// RFC 3339.
    DateTime(String),
    Base64(Vec<u8>),
    /// JSON text, for an untyped value.
    Json(String),
    Array(Vec<Sample>),
    Map(Vec<(String, Sample)>),
    /// A newtype around a value.
    Newtype(TypeId, Box<Sample>),
    /// The variant of an enum, by its index.
    Variant(TypeId, usize),
    /// A struct with a builder: the indices of the fields that are set, with their values.
    Struct(TypeId, Vec<(usize, Sample)>),
    /// The variant of a union, by its index, around a value.
    Union(TypeId, usize, Box<Sample>),
}
