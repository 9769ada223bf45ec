//! From the resolved document to the model: chooses the names and makes every decision.
//!
//! Each OpenAPI object has a file. An unsupported part is reported, and the smallest part around it is left out. Nothing
//! here knows about tokens, files or paths of the output.
//!
//! `GET /pets/{petId}` with `operationId: getPet` becomes
//! `Operation { rust: get_pet, required: [pet_id], answer: One(Json(Named(Pet))), .. }`.

mod aliases;
mod answer;
mod binary;
mod body;
mod capability;
mod checks;
mod cycles;
mod draft;
mod encoding;
mod event;
mod extension;
mod failures;
mod lowering;
mod marks;
mod media_type;
mod operation;
mod parameter;
mod patch;
mod reports;
mod response;
mod sample;
mod schema;
mod security;
mod server;
mod show;
mod status;
mod tag;
mod types;
mod usage;
mod values;
mod variants;

use std::collections::BTreeSet;

use crate::Unmarked;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Api, Docs, Server};
use crate::parse::Document;

// For reviews, which decide these questions in the same way.
pub use media_type::is_json;
pub use schema::{Class, classify, read_pattern};

use cycles::Finite;
use draft::{Draft, Roots};
use lowering::Lowering;
use usage::Used;

/// The model, and what lowering found out besides.
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
    let mut cx = Lowering::new(document, unmarked);
    let (root, openapi) = (Pointer::root(), &document.openapi);
    let servers = server::lower(&mut cx, &openapi.servers, &root.key("servers"));
    cx.envelope = extension::envelope(&mut cx.reports, &openapi.extensions, &root);
    cx.webhooks = extension::webhooks(&mut cx.reports, &openapi.extensions, &root);
    cx.schemes = security::schemes(&mut cx);
    marks::check(&mut cx);
    let groups = operation::lower(&mut cx);
    let events = event::lower(&mut cx);
    schema::define_all(&mut cx);
    let mut draft = Draft { types: cx.types.take_found(), roots: Roots { groups, events } };
    patch::make_clearable(&mut cx, &mut draft);
    let api = finish(&mut cx, servers, draft);
    let (diagnostics, untyped) = cx.reports.into_parts();
    Lowered { api, diagnostics, untyped }
}

/// Looks at all of the client at once, in passes that rely on each other.
fn finish(cx: &mut Lowering<'_>, servers: Vec<Server>, draft: Draft) -> Api {
    // First, because all other passes follow aliases and unions, and would not end on a cycle.
    let mut finite = Finite::of(draft, &mut cx.reports);
    // Before the marks of aliases are looked up, because it replaces aliases of raw bytes in fields.
    binary::to_strings(&mut finite, &mut cx.reports, cx.document.version);
    show::through_aliases(&mut finite);
    // After all passes that change the types of fields and variants, which decide what needs a box.
    cycles::add_boxes(&mut finite);
    // Now that no reference to a type changes, drop the unused types and give the others their final identifiers.
    let mut used = usage::used(finite);
    // After `readOnly` and `writeOnly` have made fields optional, because a required tag may become optional as well.
    tag::add_fields(&mut used, schema::leaf_show(cx, None));
    let Used { types, roots: Roots { mut groups, events } } = used;
    // After the fields are complete, because events refer to fields.
    let error_body = response::error_types(cx, &mut groups);
    // After the types of failures' bodies, whose variants repeat the descriptions.
    let failures = failures::shared(&mut groups);
    let events = event::finish(&mut cx.reports, cx.webhooks.take(), events, &types);
    let schemes = security::used(std::mem::take(&mut cx.schemes), &mut groups);
    let info = &cx.document.openapi.info;
    let mut api = Api {
        title: info.title.clone(),
        docs: Docs { summary: String::new(), description: info.description.clone().unwrap_or_default() },
        version: info.version.clone(),
        servers,
        schemes,
        credential_required: security::is_required(&groups),
        envelope: cx.envelope.take(),
        error_codes: std::mem::take(&mut cx.error_codes),
        error_kinds: std::mem::take(&mut cx.error_kinds),
        error_body,
        failures,
        types,
        groups,
        events,
        capabilities: BTreeSet::new(),
    };
    // These only add facts that follow from the types, so all types must be final.
    values::find(&mut api);
    variants::find(&mut api);
    checks::find(&mut api);
    // Last, because an example is a value of a finished type, and the capabilities follow from all facts.
    sample::fill(&mut api, &cx.examples);
    api.capabilities = capability::needed(&api);
    api
}
