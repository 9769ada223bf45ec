//! The schemas of a document, each with its examples and the client's type for it.

use std::collections::BTreeSet;

use generator::model::{Answer, AnswerBody, BodyKind, Location, Operation, Parameter, Shape, Status, Type, TypeId};

use super::code;
use super::document::{Document, escaped};

/// A schema whose values are JSON.
#[derive(Debug)]
pub struct Place {
    /// The schema's pointer.
    pub schema: String,
    /// The Rust type.
    pub ty: String,
    /// The pointers of the examples.
    pub examples: Vec<String>,
}

/// Returns the schemas of types, fields, parameters, request bodies and responses. One may be there several times.
pub fn places(document: &Document) -> Vec<Place> {
    let mut found = Found { document, places: Vec::new() };
    for op in document.operations() {
        found.of_parameters(op);
        found.of_request(op);
        found.of_answers(op);
    }
    let joined = joined(document);
    for (index, def) in document.api.types.iter().enumerate().filter(|(index, _)| !joined.contains(&TypeId(*index))) {
        let pointer = def.pointer.to_string();
        found.of_schema(&pointer, &Type::Named(TypeId(index)));
        if let Shape::Struct(item) = &def.shape {
            for field in &item.fields {
                if let Some(at) = property(document, &pointer, &field.wire, 8) {
                    found.of_schema(&at, &field.ty);
                }
            }
        }
    }
    found.places
}

/// Returns the types of properties that several members of `allOf` declare. Each has the pointer of one of its schemas,
/// which doesn't describe it alone.
fn joined(document: &Document) -> BTreeSet<TypeId> {
    let types = &document.api.types;
    let mut joined = BTreeSet::new();
    for def in types {
        let Shape::Struct(item) = &def.shape else { continue };
        for field in &item.fields {
            let declared = declarations(document, &def.pointer.to_string(), &field.wire, 8);
            let (Some(id), 2..) = (named(&field.ty), declared.len()) else { continue };
            let pointer = &types[id.0].pointer;
            let is_first = types.iter().position(|def| def.pointer == *pointer) == Some(id.0);
            if !is_first || declared.contains(&pointer.to_string()) {
                joined.insert(id);
            }
        }
    }
    joined
}

/// Returns the type that has a name, in lists as well.
fn named(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::Array(item) | Type::Nullable(item) => named(item),
        _ => None,
    }
}

/// The examples found so far.
struct Found<'a> {
    document: &'a Document,
    places: Vec<Place>,
}

impl<'a> Found<'a> {
    fn add(&mut self, examples: Vec<String>, schema: &str, ty: &Type) {
        if is_json(self.document, ty) {
            let ty = code::type_text(self.document, ty);
            self.places.push(Place { schema: schema.to_owned(), ty, examples });
        }
    }

    /// Adds a schema, and that of its items if it is a list.
    fn of_schema(&mut self, pointer: &str, ty: &Type) {
        self.add(self.document.schema_examples(pointer), pointer, ty);
        if let Type::Array(item) = ty {
            let items = format!("{pointer}/items");
            self.add(self.document.schema_examples(&items), &items, item);
        }
    }

    fn of_parameters(&mut self, op: &Operation) {
        let optional = op.optional.iter().flat_map(|params| &params.parameters);
        for parameter in op.required.iter().chain(optional) {
            let Some(pointer) = self.document.parameter(op, &parameter.wire, word(parameter)) else { continue };
            let schema = format!("{pointer}/schema");
            if self.document.root.pointer(&schema).is_some() {
                self.add(self.document.examples(&pointer), &schema, &parameter.ty);
                self.of_schema(&schema, &parameter.ty);
            }
        }
    }

    fn of_request(&mut self, op: &Operation) {
        for kind in op.body.iter().flat_map(|body| body.kind.each()) {
            if let BodyKind::Json { ty, media_type, .. } = kind {
                self.of_body(&format!("{}/requestBody", op.pointer), Some(media_type), ty);
            } else if let BodyKind::Form { ty, .. } = kind {
                self.of_body(&format!("{}/requestBody", op.pointer), None, ty);
            }
        }
    }

    fn of_answers(&mut self, op: &Operation) {
        let responses = format!("{}/responses", op.pointer);
        let document: &'a Document = self.document;
        let mut add = |status: &str, media_type: Option<&str>, body: &AnswerBody| {
            if let AnswerBody::Json(ty) | AnswerBody::Whole(ty) | AnswerBody::Data(ty) = body {
                self.of_body(&format!("{responses}/{status}"), media_type, ty);
            }
        };
        let mut statuses = document.node(&responses).as_object().into_iter().flatten().map(|(status, _)| status);
        match &op.answer {
            Answer::One(body) => {
                statuses.by_ref().filter(|status| status.starts_with('2')).for_each(|status| add(status, None, body));
            }
            Answer::Several(several) => {
                for variant in &several.variants {
                    add(&key(variant.status), variant.media_type.as_deref(), &variant.body);
                }
            }
        }
        for failure in &op.failures {
            for found in &failure.bodies {
                add(&key(failure.status), found.media_type.as_deref(), &found.body);
            }
        }
    }

    /// Adds the schema of a request body or response: that of the media type, or of the first JSON media type.
    fn of_body(&mut self, pointer: &str, media_type: Option<&str>, ty: &Type) {
        let chosen = media_type.and_then(|chosen| self.document.media_type(pointer, |name| name == chosen));
        let json = || self.document.media_type(pointer, |name| name.contains("json") || name == "*/*");
        let Some(media_type) = chosen.or_else(json) else { return };
        let schema = format!("{media_type}/schema");
        if self.document.root.pointer(&schema).is_some() {
            self.add(self.document.examples(&media_type), &schema, ty);
            self.of_schema(&schema, ty);
        }
    }
}

/// Whether values of the type are decoded from JSON. Forms and raw bytes aren't.
fn is_json(document: &Document, ty: &Type) -> bool {
    let is_form = |id: TypeId| {
        let bodies = document.operations().filter_map(|op| op.body.as_ref());
        let mut kinds = bodies.flat_map(|body| body.kind.each());
        kinds.any(|kind| matches!(kind, BodyKind::Multipart { ty, .. } if *ty == id))
    };
    !matches!(ty, Type::Named(id) if is_form(*id)) && !code::holds_bytes(document, ty)
}

/// Returns the pointer of a property's schema, declared in the schema or in one of its parts. If several declare it, a value
/// satisfies all of them, and none of them describes it alone.
fn property(document: &Document, schema: &str, wire: &str, depth: usize) -> Option<String> {
    let mut declared = declarations(document, schema, wire, depth);
    declared.pop().filter(|_| declared.is_empty())
}

fn declarations(document: &Document, schema: &str, wire: &str, depth: usize) -> Vec<String> {
    let Some((depth, schema)) = depth.checked_sub(1).zip(document.resolve(schema)) else { return Vec::new() };
    let own = format!("{schema}/properties/{}", escaped(wire));
    let own = document.root.pointer(&own).is_some().then_some(own);
    let parts = document.root.pointer(&format!("{schema}/allOf")).and_then(|parts| parts.as_array());
    let parts = (0..parts.map_or(0, Vec::len)).map(|index| format!("{schema}/allOf/{index}"));
    own.into_iter().chain(parts.flat_map(|part| declarations(document, &part, wire, depth))).collect()
}

/// Returns OpenAPI's name for a parameter's location.
pub fn word(parameter: &Parameter) -> &'static str {
    match parameter.location {
        Location::Path(_) => "path",
        Location::Query { .. } => "query",
        Location::Header(_) => "header",
        Location::Cookie(_) => "cookie",
    }
}

fn key(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    }
}
