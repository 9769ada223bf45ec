//! What the rules look at: the parts of a document as parse gives them, each with its pointer, and the model.
//!
//! Every part is there once, where it is written: what stands behind a reference is found under `components`, or where
//! [`View::resolve`] leads. Pointers are those of the document that was read; [`Document::settle`] turns them into
//! those of the text.

use openapiv3::{
    AdditionalProperties, Content, Example, Header, MediaType, Operation, Parameter, ParameterSchemaOrContent,
    PathItem, ReferenceOr, Response, Schema,
};

use generator::diagnostic::Pointer;
use generator::lower::{Class, Lowered, SchemaRef, Schemas, Site, any, of_item};
use generator::parse::{Document, of_file};

/// A document, its parts and its model.
pub struct View<'a> {
    pub document: &'a Document,
    pub lowered: &'a Lowered,
    /// Operations that a caller calls, in the document's order.
    pub calls: Vec<Site<'a>>,
    /// Operations that the service calls: those of callbacks and webhooks.
    pub deliveries: Vec<Site<'a>>,
    pub parameters: Vec<At<&'a Parameter>>,
    pub schemas: Vec<SchemaAt<'a>>,
    pub contents: Vec<ContentAt<'a>>,
    /// Parameters and headers, for their examples.
    pub wires: Vec<WireAt<'a>>,
    lookup: Schemas<'a>,
}

/// A part and its place.
pub struct At<T> {
    pub part: T,
    pub pointer: Pointer,
}

/// A schema where it is used.
pub struct SchemaAt<'a> {
    pub schema: SchemaRef<'a>,
    pub pointer: Pointer,
    pub role: Role<'a>,
    /// How far a mark of privacy further out speaks for this schema.
    pub cover: Cover,
}

/// How far a mark of privacy further out reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// There is none.
    Nothing,
    /// It speaks for the value itself, and for the items of a list.
    Value,
    /// It hides the value with all that is in it.
    All,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role<'a> {
    /// What is called so.
    Component(&'a str),
    /// The property that is called so.
    Property(&'a str),
    /// The items of a list, or the values of a map.
    Item,
    /// A member of `allOf`, `oneOf` or `anyOf`.
    Member,
    /// A parameter.
    Parameter,
    /// A header of an answer.
    Header,
    /// A body.
    Body,
}

/// A body of one media type.
pub struct ContentAt<'a> {
    pub media_type: &'a str,
    pub object: &'a MediaType,
    pub pointer: Pointer,
}

/// A parameter or a header, with its examples.
pub struct WireAt<'a> {
    pub format: &'a ParameterSchemaOrContent,
    pub example: Option<&'a serde_json::Value>,
    pub examples: &'a indexmap::IndexMap<String, ReferenceOr<Example>>,
    pub pointer: Pointer,
}

impl<'a> View<'a> {
    pub fn new(document: &'a Document, lowered: &'a Lowered) -> Self {
        let mut view = Self {
            document,
            lowered,
            calls: Vec::new(),
            deliveries: Vec::new(),
            parameters: Vec::new(),
            schemas: Vec::new(),
            contents: Vec::new(),
            wires: Vec::new(),
            lookup: Schemas::new(document),
        };
        let paths = Pointer::root().key("paths");
        for (path, item) in &document.openapi.paths.paths {
            view.path_item(path, item, &paths.key(path), true);
        }
        let webhooks = Pointer::root().key("webhooks");
        for (name, item) in &document.webhooks {
            view.path_item(name, item, &webhooks.key(name), false);
        }
        view.components();
        let start = |site: &Site<'_>| document.start(&site.pointer);
        view.calls.sort_by_cached_key(start);
        view
    }

    /// Follows references to the schema they end at.
    pub fn resolve(&self, schema: SchemaRef<'a>, pointer: &Pointer) -> Option<(&'a Schema, Pointer)> {
        self.lookup.resolve(schema, pointer)
    }

    /// Says what a schema is.
    pub fn classify(&self, schema: &'a Schema, pointer: &Pointer) -> Class<'a> {
        self.lookup.classify(schema, pointer)
    }

    /// Returns the schemas that speak for a value: the schema itself, and what it refers to and overlays.
    pub fn chain(&self, schema: SchemaRef<'a>, pointer: &Pointer) -> Vec<(&'a Schema, Pointer)> {
        let mut chain = Vec::new();
        let mut next = self.resolve(schema, pointer);
        while let Some((schema, pointer)) = next.take().filter(|_| chain.len() < 16) {
            if let Class::Overlay { member, pointer } = self.classify(schema, &pointer) {
                next = self.resolve(member, &pointer);
            }
            chain.push((schema, pointer));
        }
        chain
    }

    fn path_item(&mut self, path: &'a str, item: &'a ReferenceOr<PathItem>, pointer: &Pointer, is_called: bool) {
        if let ReferenceOr::Item(item) = item {
            self.item(path, item, pointer, is_called);
        }
    }

    fn item(&mut self, path: &'a str, item: &'a PathItem, pointer: &Pointer, is_called: bool) {
        self.parameter_list(&item.parameters, pointer);
        for site in of_item(path, item, pointer) {
            self.operation(site.operation, &site.pointer);
            if is_called { self.calls.push(site) } else { self.deliveries.push(site) }
        }
    }

    fn operation(&mut self, operation: &'a Operation, pointer: &Pointer) {
        self.parameter_list(&operation.parameters, pointer);
        if let Some(ReferenceOr::Item(body)) = &operation.request_body {
            self.content(&body.content, &pointer.key("requestBody"));
        }
        let responses = pointer.key("responses");
        for (code, response) in &operation.responses.responses {
            self.response(response, &responses.key(&code.to_string()));
        }
        if let Some(response) = &operation.responses.default {
            self.response(response, &responses.key("default"));
        }
        let callbacks = pointer.key("callbacks");
        for (name, callback) in &operation.callbacks {
            for (expression, item) in callback {
                self.item(expression, item, &callbacks.key(name).key(expression), false);
            }
        }
    }

    fn components(&mut self) {
        let components = Pointer::root().key("components");
        if let Some(found) = &self.document.openapi.components {
            for (name, schema) in &found.schemas {
                let pointer = components.key("schemas").key(name);
                self.schema(schema.into(), &pointer, Role::Component(name), Cover::Nothing);
            }
            for (name, response) in &found.responses {
                self.response(response, &components.key("responses").key(name));
            }
            for (name, parameter) in &found.parameters {
                self.parameter(parameter, &components.key("parameters").key(name));
            }
            for (name, body) in &found.request_bodies {
                if let ReferenceOr::Item(body) = body {
                    self.content(&body.content, &components.key("requestBodies").key(name));
                }
            }
            for (name, header) in &found.headers {
                self.header(header, &components.key("headers").key(name));
            }
        }
        // Schemas of files beside the document; any other is part of something that is looked at anyhow.
        for (reference, schema) in &self.document.distant {
            let pointer = Pointer::from_reference(reference);
            if let Some(pointer) = pointer.filter(|pointer| of_file(pointer).is_some()) {
                self.schema(schema.into(), &pointer, Role::Member, Cover::Nothing);
            }
        }
    }

    fn parameter_list(&mut self, parameters: &'a [ReferenceOr<Parameter>], pointer: &Pointer) {
        let pointer = pointer.key("parameters");
        for (index, parameter) in parameters.iter().enumerate() {
            self.parameter(parameter, &pointer.index(index));
        }
    }

    fn parameter(&mut self, parameter: &'a ReferenceOr<Parameter>, pointer: &Pointer) {
        let ReferenceOr::Item(parameter) = parameter else { return };
        let data = parameter.parameter_data_ref();
        let is_marked = data.extensions.contains_key("x-client-privacy");
        self.wire(&data.format, pointer, Role::Parameter, if is_marked { Cover::Value } else { Cover::Nothing });
        self.wires.push(WireAt {
            format: &data.format,
            example: data.example.as_ref(),
            examples: &data.examples,
            pointer: pointer.clone(),
        });
        self.parameters.push(At { part: parameter, pointer: pointer.clone() });
    }

    fn header(&mut self, header: &'a ReferenceOr<Header>, pointer: &Pointer) {
        let ReferenceOr::Item(header) = header else { return };
        self.wire(&header.format, pointer, Role::Header, Cover::All);
        self.wires.push(WireAt {
            format: &header.format,
            example: header.example.as_ref(),
            examples: &header.examples,
            pointer: pointer.clone(),
        });
    }

    fn wire(&mut self, format: &'a ParameterSchemaOrContent, pointer: &Pointer, role: Role<'a>, cover: Cover) {
        match format {
            ParameterSchemaOrContent::Schema(schema) => {
                self.schema(schema.into(), &pointer.key("schema"), role, cover);
            }
            ParameterSchemaOrContent::Content(content) => self.content(content, pointer),
        }
    }

    fn response(&mut self, response: &'a ReferenceOr<Response>, pointer: &Pointer) {
        let ReferenceOr::Item(response) = response else { return };
        self.content(&response.content, pointer);
        let headers = pointer.key("headers");
        for (name, header) in &response.headers {
            self.header(header, &headers.key(name));
        }
    }

    fn content(&mut self, content: &'a Content, pointer: &Pointer) {
        let pointer = pointer.key("content");
        for (media_type, object) in content {
            let pointer = pointer.key(media_type);
            if let Some(schema) = &object.schema {
                self.schema(schema.into(), &pointer.key("schema"), Role::Body, Cover::Nothing);
            }
            self.contents.push(ContentAt { media_type, object, pointer });
        }
    }

    fn schema(&mut self, schema: SchemaRef<'a>, pointer: &Pointer, role: Role<'a>, cover: Cover) {
        self.schemas.push(SchemaAt { schema, pointer: pointer.clone(), role, cover });
        let SchemaRef::Is(schema) = schema else { return };
        let any = any(schema);
        let (inside, of_items) = match (cover, privacy(schema)) {
            (Cover::All, _) | (_, Some("sensitive")) => (Cover::All, Cover::All),
            (Cover::Nothing, None) => (Cover::Nothing, Cover::Nothing),
            _ => (Cover::Nothing, Cover::Value),
        };
        let properties = pointer.key("properties");
        for (name, property) in &any.properties {
            self.schema(property.into(), &properties.key(name), Role::Property(name), inside);
        }
        if let Some(items) = &any.items {
            self.schema(items.into(), &pointer.key("items"), Role::Item, of_items);
        }
        if let Some(AdditionalProperties::Schema(values)) = &any.additional_properties {
            let values: &ReferenceOr<Schema> = values;
            self.schema(values.into(), &pointer.key("additionalProperties"), Role::Item, of_items);
        }
        for (key, members) in [("allOf", &any.all_of), ("oneOf", &any.one_of), ("anyOf", &any.any_of)] {
            let members_at = pointer.key(key);
            for (index, member) in members.iter().enumerate() {
                self.schema(member.into(), &members_at.index(index), Role::Member, of_items);
            }
        }
    }
}

/// Returns what a schema's own mark of privacy says.
pub fn privacy(schema: &Schema) -> Option<&str> {
    schema.schema_data.extensions.get("x-client-privacy")?.as_str()
}
