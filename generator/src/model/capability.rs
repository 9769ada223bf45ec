//! What a client needs of the runtime.

/// A part of the runtime that only some clients need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// A client for plain threads: the document has operations.
    Blocking,
    /// Builders of types that are sent, and optional parameters.
    Builders,
    /// Rules for what is sent.
    Checks,
    /// Bodies of the type `multipart/form-data`, or with raw bytes.
    Multipart,
    /// Bodies of any media type of a range, such as `image/*`.
    MediaRanges,
    /// Responses that are read while they arrive.
    Streams,
    /// Events that webhooks deliver.
    Events,
    /// Deliveries of events whose sender is verified by a key.
    Receiver,
    /// The server side of the API, if the configuration asks for it.
    Server,
    /// `format: byte`.
    Base64,
    /// Bytes as text in the alphabet for URLs.
    Base64Url,
    /// `format: date`.
    Date,
    /// `format: date-time`.
    DateTime,
    /// `format: decimal`.
    Decimal,
    /// `format: uuid`.
    Uuid,
    /// Values without a type.
    Json,
    /// Properties that may be absent or null.
    Nullable,
    /// Unions.
    Unions,
    /// Enums of strings that keep unknown values.
    OpenEnums,
    /// Enums of integers that keep unknown values.
    OpenIntegerEnums,
}
