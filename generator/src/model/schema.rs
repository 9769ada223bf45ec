//! Schemas, as types.

use super::{Construction, Docs, Rules, Scalar, ValueKind, Writing};
use crate::diagnostic::Pointer;
use crate::names::Name;

/// A type of the client.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// The name in Rust.
    pub name: Name,
    /// The module, which is also the file.
    pub module: Name,
    /// Documentation, from the document.
    pub docs: Docs,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// What it is made of.
    pub shape: Shape,
    /// Where it travels.
    pub usage: Usage,
    /// Whether its values are checked before they are sent.
    pub checked: bool,
    /// Where it is in the document.
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
    /// Named properties.
    Struct(Struct),
    /// A set of values.
    Enum(Enum),
    /// A value with a name.
    Newtype(Newtype),
    /// One of several types.
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
    /// How a caller makes it.
    pub construction: Construction,
    /// How it is written when it is sent.
    pub writing: Writing,
}

/// Properties without a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Additional {
    /// The name in Rust.
    pub rust: Name,
    /// The type.
    pub ty: Type,
    /// Rules for each value in addition to its type.
    pub rules: Rules,
    /// What `Debug` does with it.
    pub show: Show,
    /// Whether the values are named types, or lists or maps of them. Serde would read a struct from a list as well.
    pub holds_named: bool,
}

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub rust: Name,
    /// Documentation, from the document.
    pub docs: Docs,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// Whether it is required, and whether it may be null.
    pub presence: Presence,
    /// Which way it travels.
    pub access: Access,
    /// Whether the properties of the value are next to the others, instead of nested in one property.
    pub flattened: bool,
    /// The only value that a boolean has, if that tells alternatives of a union apart.
    pub constant: Option<bool>,
    /// Rules in addition to its type.
    pub rules: Rules,
    /// Without `Option`, `Nullable` or the box that breaks a cycle.
    pub ty: Type,
    /// Whether the field holds its own type directly or through others, and so needs a box.
    pub boxed: bool,
    /// How client code handles the value.
    pub value: ValueKind,
    /// What `Debug` does with it.
    pub show: Show,
}

impl Field {
    /// Whether a builder must be given the field before it can build.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::RequiredNullable)
            || matches!(self.access, Access::RequiredInRequests)
    }

    /// Whether a builder has a setter for the field. The server sets what is only in responses.
    #[must_use]
    pub fn is_settable(&self) -> bool {
        self.is_required() || self.access != Access::ReadOnly
    }

    /// Whether the property holds any JSON and may be left out, so that null differs from an absent property.
    #[must_use]
    pub fn is_optional_json(&self) -> bool {
        self.presence == Presence::Optional && !self.boxed && self.value == ValueKind::Json
    }
}

/// Whether a property is required, and whether it may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// `T`.
    Required,
    /// `Option<T>`, always written.
    RequiredNullable,
    /// `Option<T>`, left out if it is `None`. Null is read as absent, unless the property holds any JSON.
    Optional,
    /// `Nullable<T>`: absent, null or present.
    OptionalNullable,
}

/// Which way a property travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// In requests and in answers.
    #[default]
    Both,
    /// In answers alone (`readOnly`).
    ReadOnly,
    /// In requests alone (`writeOnly`).
    WriteOnly,
    /// In requests alone, which must have it. Responses of the same type lack it.
    RequiredInRequests,
}

/// What `Debug` does with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Prints the value: the document marks it as safe.
    Value,
    /// Prints the value with its own `Debug`, which hides what must be hidden.
    Delegate,
    /// Prints `[redacted]`.
    Redacted,
}

/// A type in use.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A value without parts.
    Scalar(Scalar),
    /// Index into [`Api::types`](super::Api::types).
    Named(TypeId),
    /// A list.
    Array(Box<Type>),
    /// String keys.
    Map(Box<Type>),
    /// An item that may be null, inside of an array or a map.
    Nullable(Box<Type>),
    /// Any JSON; the document does not say more.
    Json,
}

/// The place of a type in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A scalar with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Newtype {
    /// What it wraps.
    pub inner: NewtypeInner,
    /// What `Debug` does with it.
    pub show: Show,
    /// Rules in addition to its type.
    pub rules: Rules,
}

/// What a newtype wraps.
#[derive(Debug, Clone, PartialEq)]
pub enum NewtypeInner {
    /// A value without parts.
    Scalar(Scalar),
    /// An array or a map that contains itself, which an alias can't.
    Other(Type),
}

impl NewtypeInner {
    /// Returns what is wrapped, as a type.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Scalar(scalar) => Type::Scalar(*scalar),
            Self::Other(ty) => ty.clone(),
        }
    }
}

/// A closed or open set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// What it is on the wire.
    pub repr: EnumRepr,
    /// In the document's order.
    pub variants: Vec<Variant>,
    /// Whether unlisted values may occur.
    pub openness: Openness,
    /// The variant of a string that isn't listed, where any may occur.
    pub rest: Option<Name>,
    /// What `Debug` does with it.
    pub show: Show,
}

/// What an enum is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnumRepr {
    /// A string.
    String,
    /// A whole number.
    Integer,
}

/// Whether values may occur that the document does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// An unknown value is kept, and sent back unchanged.
    Open,
    /// Any other string is as good as the listed ones, because an alternative of the schema allows it.
    Any,
    /// An unknown value does not decode.
    Closed,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The name on the wire.
    pub wire: EnumValue,
    /// The name in Rust.
    pub rust: Name,
    /// Documentation, from the document.
    pub docs: Docs,
}

/// An enum's value on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnumValue {
    /// A string.
    String(String),
    /// A whole number.
    Integer(i64),
}

/// One of several types (`oneOf`, `anyOf`).
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// In the document's order.
    pub variants: Vec<UnionVariant>,
    /// The property whose value chooses the variant, if the document names one.
    pub discriminator: Option<String>,
    /// Whether a value that fits no variant is kept.
    pub openness: Openness,
}

impl Union {
    /// Whether a property's value chooses the variant.
    #[must_use]
    pub fn is_tagged(&self) -> bool {
        self.discriminator.is_some() && self.variants.iter().any(|variant| !variant.tags.is_empty())
    }

    /// Returns one of the tags, which shows the kind of all of them.
    #[must_use]
    pub fn sample_tag(&self) -> Option<&Tag> {
        self.variants.iter().find_map(|variant| variant.tags.first())
    }
}

/// A member of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct UnionVariant {
    /// The name in Rust.
    pub rust: Name,
    /// The type.
    pub ty: Type,
    /// Whether it needs a box.
    pub boxed: bool,
    /// The discriminator's values that choose this variant, all of one kind in a union.
    pub tags: Vec<Tag>,
    /// What `Debug` does with it.
    pub show: Show,
    /// Documentation, from the document.
    pub docs: Docs,
    /// Whether its value is checked before it is sent.
    pub checked: bool,
    /// Whether the variant's type converts into the union. It does if no other variant has that type.
    pub converts: bool,
    /// The index of the first variant with the same type and the same box, often its own.
    pub first_alike: usize,
    /// The field of its struct that may lack the tag, if there is one.
    pub tag_field: Option<TagField>,
}

/// A discriminator's value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// A string.
    String(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Bool(bool),
}

/// The field for a union's tag in the struct of a variant. The union writes the tag if the field is unset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagField {
    /// The name in Rust.
    pub rust: Name,
    /// Whether it is optional, or optional and nullable.
    pub presence: Presence,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
}
