//! Schemas: where they are used, what they contain, and the schemas inside of them.

use std::fmt;

use openapiv3::{AdditionalProperties, AnySchema, Discriminator, ReferenceOr, Schema, SchemaData, SchemaKind};

use super::{Document, NamedSchema, SchemaId};
use crate::diagnostic::Pointer;
use crate::parse::node::Node;

/// What the document has where a schema is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SchemaRef<'d> {
    /// A reference, as the document writes it.
    To(&'d str),
    /// The schema itself.
    Is(&'d Schema),
}

impl<'d> SchemaRef<'d> {
    /// Returns the reference, if this is one.
    #[must_use]
    pub fn reference(self) -> Option<&'d str> {
        match self {
            Self::To(reference) => Some(reference),
            Self::Is(_) => None,
        }
    }
}

impl<'d> From<&'d ReferenceOr<Schema>> for SchemaRef<'d> {
    fn from(schema: &'d ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::To(reference),
            ReferenceOr::Item(schema) => Self::Is(schema),
        }
    }
}

impl<'d> From<&'d ReferenceOr<Box<Schema>>> for SchemaRef<'d> {
    fn from(schema: &'d ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::To(reference),
            ReferenceOr::Item(schema) => Self::Is(schema),
        }
    }
}

/// A schema where it is used: written there, or referred to.
#[derive(Clone)]
pub struct SchemaUse<'d> {
    document: &'d Document,
    /// What the document has there.
    pub schema: SchemaRef<'d>,
    /// The place.
    pub pointer: Pointer,
}

/// What a schema says, after references, and where that is written.
#[derive(Clone)]
pub struct SchemaAt<'d> {
    document: &'d Document,
    /// The schema.
    pub object: &'d Schema,
    /// Where it is written.
    pub pointer: Pointer,
}

/// How a schema inside of another one belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'d> {
    /// It describes the property of this name.
    Property(&'d str),
    /// It describes the items of an array.
    Items,
    /// It describes the properties that have no schema.
    AdditionalProperties,
    /// It holds as well.
    AllOf,
    /// It is an alternative, of which exactly one holds.
    OneOf,
    /// It is an alternative, of which at least one holds.
    AnyOf,
}

impl<'d> SchemaUse<'d> {
    pub(super) fn new(document: &'d Document, schema: SchemaRef<'d>, pointer: Pointer) -> Self {
        Self { document, schema, pointer }
    }

    /// Follows references to the schema that they end at. Returns `None` where one leads nowhere or in a circle.
    #[must_use]
    pub fn follow(&self) -> Option<SchemaAt<'d>> {
        match self.schema {
            SchemaRef::Is(_) => self.inline(),
            SchemaRef::To(reference) => self.document.end(self.document.schema_id(reference)?)?.schema.inline(),
        }
    }

    /// Returns the named schema that is referred to here. A chain of references is not followed any further.
    #[must_use]
    pub fn target(&self) -> Option<NamedSchema<'d>> {
        self.id().map(|id| self.document.named(id))
    }

    /// Returns the schema if it is written here.
    #[must_use]
    pub fn inline(&self) -> Option<SchemaAt<'d>> {
        match self.schema {
            SchemaRef::Is(object) => Some(SchemaAt { document: self.document, object, pointer: self.pointer.clone() }),
            SchemaRef::To(_) => None,
        }
    }

    /// Returns the reference, as the document writes it, if there is one.
    #[must_use]
    pub fn reference(&self) -> Option<&'d str> {
        self.schema.reference()
    }

    /// Returns the identifier of [`SchemaUse::target`].
    #[must_use]
    pub fn id(&self) -> Option<SchemaId> {
        self.document.schema_id(self.reference()?)
    }
}

impl<'d> SchemaAt<'d> {
    /// Returns the keywords about values. Parse writes every schema in this one form.
    #[must_use]
    pub fn any(&self) -> &'d AnySchema {
        any(self.object)
    }

    /// Returns the keywords that annotate: title, description, default and the like.
    #[must_use]
    pub fn data(&self) -> &'d SchemaData {
        &self.object.schema_data
    }

    /// Returns the document.
    #[must_use]
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// Returns a keyword as the text has it. It finds those of 3.1, too, that `openapiv3` does not know.
    #[must_use]
    pub fn keyword(&self, keyword: &str) -> Option<&'d Node> {
        self.document.root.find(&self.document.written(&self.pointer))?.get(keyword)
    }

    /// Returns this schema as one that is used in its own place.
    #[must_use]
    pub fn as_use(&self) -> SchemaUse<'d> {
        self.document.schema(SchemaRef::Is(self.object), self.pointer.clone())
    }

    /// Returns the named schema at this place.
    #[must_use]
    pub fn id(&self) -> Option<SchemaId> {
        self.document.schema_id_at(&self.pointer)
    }

    /// Returns the discriminator and its place: that of the schema, or of a member of `allOf` that is written in it.
    #[must_use]
    pub fn discriminator(&self) -> Option<(&'d Discriminator, Pointer)> {
        if let Some(own) = &self.data().discriminator {
            return Some((own, self.pointer.key("discriminator")));
        }
        self.members(Part::AllOf).find_map(|member| member.inline()?.discriminator())
    }

    /// Returns the schemas that build on this one and are told apart by its discriminator.
    #[must_use]
    pub fn heirs(&self) -> &'d [SchemaId] {
        self.document.heirs(&self.pointer)
    }

    /// Whether the schema stands for any of its heirs: it has a discriminator, heirs, and no alternatives that it lists
    /// itself.
    #[must_use]
    pub fn is_any_heir(&self) -> bool {
        !self.has_alternatives() && !self.heirs().is_empty()
    }

    /// Returns the properties that the schema lists itself.
    pub fn properties(&self) -> impl Iterator<Item = (&'d str, SchemaUse<'d>)> + use<'d> {
        let (document, any) = (self.document, self.any());
        let pointer = self.base("properties", any.properties.is_empty());
        any.properties.iter().map(move |(name, schema)| (name.as_str(), document.schema(schema, pointer.key(name))))
    }

    /// Returns the schema of an array's items.
    #[must_use]
    pub fn items(&self) -> Option<SchemaUse<'d>> {
        let items = self.any().items.as_ref()?;
        Some(self.document.schema(items, self.pointer.key("items")))
    }

    /// Returns the schema of the properties that are not listed.
    #[must_use]
    pub fn additional_properties(&self) -> Option<SchemaUse<'d>> {
        match &self.any().additional_properties {
            Some(AdditionalProperties::Schema(schema)) => {
                Some(self.document.schema(&**schema, self.pointer.key("additionalProperties")))
            }
            Some(AdditionalProperties::Any(_)) | None => None,
        }
    }

    /// Returns the members of `allOf`, `oneOf` or `anyOf`; none for any other part.
    #[must_use]
    pub fn members(&self, part: Part<'_>) -> impl DoubleEndedIterator<Item = SchemaUse<'d>> + use<'d> {
        let (document, any) = (self.document, self.any());
        let (keyword, members): (_, &[_]) = match part {
            Part::AllOf => ("allOf", &any.all_of),
            Part::OneOf => ("oneOf", &any.one_of),
            Part::AnyOf => ("anyOf", &any.any_of),
            Part::Property(_) | Part::Items | Part::AdditionalProperties => ("", &[]),
        };
        let pointer = self.base(keyword, members.is_empty());
        members.iter().enumerate().map(move |(index, member)| document.schema(member, pointer.index(index)))
    }

    /// Returns the alternatives: those of `oneOf` or, without any, those of `anyOf`.
    #[must_use]
    pub fn alternatives(&self) -> impl DoubleEndedIterator<Item = SchemaUse<'d>> + use<'d> {
        self.members(if self.any().one_of.is_empty() { Part::AnyOf } else { Part::OneOf })
    }

    /// Whether there are alternatives.
    #[must_use]
    pub fn has_alternatives(&self) -> bool {
        let any = self.any();
        !any.one_of.is_empty() || !any.any_of.is_empty()
    }

    /// Returns every schema that describes a part of the value or the value as well: all but `not`.
    pub fn parts(&self) -> impl Iterator<Item = (Part<'d>, SchemaUse<'d>)> + use<'d> {
        let lists = [Part::AllOf, Part::OneOf, Part::AnyOf];
        let members = lists.map(|part| self.members(part).map(move |member| (part, member)));
        let properties = self.properties().map(|(name, property)| (Part::Property(name), property));
        properties
            .chain(self.items().map(|items| (Part::Items, items)))
            .chain(self.additional_properties().map(|values| (Part::AdditionalProperties, values)))
            .chain(members.into_iter().flatten())
    }

    /// Returns the pointer to a keyword that holds schemas, or one that nobody needs.
    fn base(&self, keyword: &str, is_empty: bool) -> Pointer {
        if is_empty { Pointer::root() } else { self.pointer.key(keyword) }
    }
}

impl fmt::Debug for SchemaUse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaUse").field("schema", &self.schema).field("pointer", &self.pointer).finish()
    }
}

impl fmt::Debug for SchemaAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaAt").field("object", &self.object).field("pointer", &self.pointer).finish()
    }
}

/// Whether the schema, or a member of `allOf` that is written in it, has a discriminator.
pub(super) fn has_discriminator(schema: &Schema) -> bool {
    schema.schema_data.discriminator.is_some()
        || any(schema).all_of.iter().any(|member| member.as_item().is_some_and(has_discriminator))
}

/// Returns the one form in which parse writes every schema.
#[must_use]
pub fn any(schema: &Schema) -> &AnySchema {
    match &schema.schema_kind {
        SchemaKind::Any(any) => any,
        _ => unreachable!("parse writes every schema as `SchemaKind::Any`"),
    }
}
