//! `openapiv3` to the model: references resolved, names settled, every decision made.
//!
//! A file for each OpenAPI object. What cannot be carried is a diagnostic, and the smallest part
//! that can be left out is left out. Tokens, files and paths of the output are unknown here.
//!
//! `GET /pets/{petId}` with `operationId: getPet` becomes
//! `Operation { rust: get_pet, required: [pet_id], answer: One(Json(Named(Pet))), .. }`.

mod aliases;
mod answer;
mod binary;
mod body;
mod checks;
mod components;
mod context;
mod cycles;
mod each;
mod encoding;
mod event;
mod extension;
mod marks;
mod media_type;
mod operation;
mod order;
mod parameter;
mod response;
mod sample;
mod schema;
mod security;
mod server;
mod show;
mod tag;
mod usage;
mod values;
mod variants;

use openapiv3::Schema;

use crate::Unmarked;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Api, Docs};
use crate::parse::Document;

pub use context::SchemaRef;
pub use media_type::is_json;
pub use operation::{Site, of_item};
pub use schema::{Class, any, read_pattern};

use context::Context;

/// Answers questions about a document's schemas the way lowering does: where references end, and what a schema becomes.
#[derive(Debug)]
pub struct Schemas<'a>(Context<'a>);

impl<'a> Schemas<'a> {
    /// Prepares the answers for a document.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self(Context::new(document, Unmarked::Redacted))
    }

    /// Follows references to the schema they end at. `None` if one leads nowhere or they form a circle.
    #[must_use]
    pub fn resolve(&self, schema: SchemaRef<'a>, pointer: &Pointer) -> Option<(&'a Schema, Pointer)> {
        self.0.resolve(schema, pointer)
    }

    /// Returns what a schema becomes.
    #[must_use]
    pub fn classify(&self, schema: &'a Schema, pointer: &Pointer) -> Class<'a> {
        schema::classify(&self.0, schema, pointer)
    }
}

/// What lowering found out beside the model.
#[derive(Debug)]
pub struct Lowered {
    /// The client.
    pub api: Api,
    /// Every problem, in the order of the document's parts.
    pub diagnostics: Vec<Diagnostic>,
    /// Places that fell back to untyped JSON although the document says more.
    pub untyped: Vec<Pointer>,
}

/// Lowers a document.
#[must_use]
pub fn lower(document: &Document, unmarked: Unmarked) -> Lowered {
    let mut cx = Context::new(document, unmarked);
    let root = Pointer::root();
    let openapi = &document.openapi;
    let servers = server::lower(&mut cx, &openapi.servers, &root.key("servers"));
    cx.envelope = extension::envelope(&mut cx, &openapi.extensions, &root);
    cx.webhooks = extension::webhooks(&mut cx, &openapi.extensions, &root);
    cx.schemes = security::schemes(&mut cx);
    marks::check(&mut cx);
    let groups = operation::lower(&mut cx);
    let events = event::lower(&mut cx);
    schema::drain(&mut cx);
    let mut api = Api {
        title: openapi.info.title.clone(),
        docs: Docs { summary: String::new(), description: openapi.info.description.clone().unwrap_or_default() },
        version: openapi.info.version.clone(),
        servers,
        schemes: std::mem::take(&mut cx.schemes),
        credential_required: false,
        envelope: cx.envelope.take(),
        error_codes: std::mem::take(&mut cx.error_codes),
        error_kinds: std::mem::take(&mut cx.error_kinds),
        error_body: None,
        types: cx.take_types(),
        groups,
        events,
    };
    for pointer in cycles::open_aliases(&mut api) {
        let message = "this schema refers to itself and to nothing else";
        cx.report(Diagnostic::warning("reference-circle", &pointer, message).at_key().help("give it a type"));
        cx.untyped.push(pointer);
    }
    for (pointer, variant) in cycles::cut_unions(&mut api) {
        let message = format!("the alternative `{variant}` leads back to this union, and is left out");
        let help = "let one of the two list the other's alternatives, or put an object between them";
        cx.report(Diagnostic::warning("union-circle", &pointer, message).at_key().help(help));
    }
    binary::settle(&mut cx, &mut api);
    show::settle(&mut api, &cx.alias_shows());
    cycles::add_boxes(&mut api);
    response::share_error_body(&mut cx, &mut api);
    order::order(&mut api, &cx.type_origins());
    usage::mark(&mut api);
    usage::relax(&mut api);
    tag::settle(&cx, &mut api);
    // The last facts follow from types that no pass changes any more.
    event::settle_keys(&mut cx, &mut api);
    values::find(&mut api);
    variants::find(&mut api);
    checks::find(&mut api);
    security::keep_used(&mut api);
    sample::fill(&mut api, &cx.examples);
    cx.into_lowered(api)
}
