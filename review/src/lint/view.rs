//! What the rules look at: the parts of a document as parse gives them, each with its pointer, and the model.
//!
//! Every part is there once, where it is written: the target of a reference is found under `components`, or where
//! [`SchemaUse::follow`] leads. Pointers are those of the document that was read; [`Document::locate`] turns them into
//! those of the text.

use openapiv3::{
    Content, Example, Header, MediaType, Operation, Parameter, ParameterSchemaOrContent, PathItem, ReferenceOr,
    Response,
};

use generator::diagnostic::Pointer;
use generator::lower::{Class, Lowered, classify};
use generator::parse::{Document, OperationAt, Part, Placed, SchemaAt, SchemaUse, of_file, operations_of};

/// A document, its parts and its model.
pub struct View<'a> {
    pub document: &'a Document,
    pub lowered: &'a Lowered,
    /// Operations that a caller calls, in the document's order.
    pub calls: Vec<OperationAt<'a>>,
    /// Operations that the service calls: those of callbacks and webhooks.
    pub deliveries: Vec<OperationAt<'a>>,
    pub parameters: Vec<Placed<'a, Parameter>>,
    pub schemas: Vec<Visited<'a>>,
    pub contents: Vec<ContentAt<'a>>,
    /// Parameters and headers, for their examples.
    pub wires: Vec<WireAt<'a>>,
}

/// A schema in each place where one is used.
pub struct Visited<'a> {
    pub schema: SchemaUse<'a>,
    pub role: Role<'a>,
    /// How far a mark of privacy further out speaks for this schema.
    pub cover: Cover,
}

/// How far a mark of privacy further out reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Not at all.
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
        let start = |site: &OperationAt<'_>| document.start(&site.pointer);
        view.calls.sort_by_cached_key(start);
        view
    }

    fn path_item(&mut self, path: &'a str, item: &'a ReferenceOr<PathItem>, pointer: &Pointer, is_called: bool) {
        if let ReferenceOr::Item(item) = item {
            self.item(path, item, pointer, is_called);
        }
    }

    fn item(&mut self, path: &'a str, item: &'a PathItem, pointer: &Pointer, is_called: bool) {
        self.parameter_list(&item.parameters, pointer);
        for site in operations_of(path, item, pointer) {
            self.operation(site.object, &site.pointer);
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
                let schema = self.document.schema(schema, pointer);
                self.schema(schema, Role::Component(name), Cover::Nothing);
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
        for id in self.document.named_schemas() {
            let schema = self.document.named(id).schema;
            if of_file(&schema.pointer).is_some() {
                self.schema(schema, Role::Member, Cover::Nothing);
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
        self.parameters.push(Placed { object: parameter, pointer: pointer.clone() });
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
                self.schema(self.document.schema(schema, pointer.key("schema")), role, cover);
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
                self.schema(self.document.schema(schema, pointer.key("schema")), Role::Body, Cover::Nothing);
            }
            self.contents.push(ContentAt { media_type, object, pointer });
        }
    }

    fn schema(&mut self, schema: SchemaUse<'a>, role: Role<'a>, cover: Cover) {
        let inline = schema.inline();
        self.schemas.push(Visited { schema, role, cover });
        let Some(schema) = inline else { return };
        let (inside, of_items) = match (cover, privacy(&schema)) {
            (Cover::All, _) | (_, Some("sensitive")) => (Cover::All, Cover::All),
            (Cover::Nothing, None) => (Cover::Nothing, Cover::Nothing),
            _ => (Cover::Nothing, Cover::Value),
        };
        for (part, inner) in schema.parts() {
            match part {
                Part::Property(name) => self.schema(inner, Role::Property(name), inside),
                Part::Items | Part::AdditionalProperties => self.schema(inner, Role::Item, of_items),
                Part::AllOf | Part::OneOf | Part::AnyOf => self.schema(inner, Role::Member, of_items),
            }
        }
    }
}

/// Returns the schemas that describe a value: the schema itself, and those that it refers to and adds annotations to.
pub fn chain<'a>(schema: &SchemaUse<'a>) -> Vec<SchemaAt<'a>> {
    let mut chain = Vec::new();
    let mut next = schema.follow();
    while let Some(schema) = next.take().filter(|_| chain.len() < 16) {
        if let Class::Overlay(member) = classify(&schema) {
            next = member.follow();
        }
        chain.push(schema);
    }
    chain
}

/// Returns what a schema's own mark of privacy says.
pub fn privacy<'a>(schema: &SchemaAt<'a>) -> Option<&'a str> {
    schema.data().extensions.get("x-client-privacy")?.as_str()
}
