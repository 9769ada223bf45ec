//! Responses: what a call gives back, and how it fails.

use openapiv3::{ReferenceOr, Response, StatusCode};

use super::context::{Context, SchemaRef};
use super::extension::{self, ErrorFact};
use super::media_type::{self, Family, choose, family};
use super::operation::Site;
use super::{answer, schema};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{
    Answer, AnswerBody, AnswerEnum, AnswerVariant, Api, Docs, ErrorKind, ErrorMatch, ErrorRule, ErrorType, Failure,
    Show, Status, Type,
};
use crate::names::Scope;

/// An operation's answers and failures.
pub struct Lowered {
    pub answer: Answer,
    /// The media types that are asked for, where they are not those of how the answer is read.
    pub accept: Option<String>,
    /// Whether one status comes with several media types.
    pub has_choice: bool,
    pub failures: Vec<Failure>,
}

/// A response in the document.
pub struct Found<'a> {
    pub status: Status,
    pub response: &'a Response,
    pub pointer: Pointer,
}

/// Lowers an operation's responses.
pub fn lower<'a>(cx: &mut Context<'a>, site: &Site<'a>, id: &str) -> Lowered {
    let found = found(cx, site);
    let documents_success = found.iter().any(|found| is_success(found.status));
    let mut variants: Vec<AnswerVariant> = Vec::new();
    let mut failures = Vec::new();
    let mut asked = Vec::new();
    let mut has_choice = false;
    for found in found {
        let docs = Docs { summary: String::new(), description: found.response.description.clone() };
        // `default` alone describes the success as well.
        let success = is_success(found.status) || !documents_success && found.status == Status::Default;
        if success {
            let bodies = answer::bodies(cx, &found, id, site.method);
            has_choice |= bodies.len() > 1;
            asked.extend(bodies.iter().filter_map(|(media_type, _)| media_type.clone()));
            variants.extend(answer::of_status(found.status, bodies, &docs, &found.pointer));
        } else {
            failures.push(failure(cx, &found, docs, id));
        }
    }
    let answer = one_or_several(cx, variants, id, &site.pointer);
    Lowered { accept: answer::accept(&answer, &asked), has_choice, answer, failures }
}

fn is_success(status: Status) -> bool {
    matches!(status, Status::Code(200..=299) | Status::Range(2))
}

fn found<'a>(cx: &mut Context<'a>, site: &Site<'a>) -> Vec<Found<'a>> {
    let responses = &site.operation.responses;
    let pointer = site.pointer.key("responses");
    let mut found = Vec::new();
    for (code, response) in &responses.responses {
        let (status, key) = match code {
            StatusCode::Code(code) => (Status::Code(*code), code.to_string()),
            StatusCode::Range(range) => (Status::Range(u8::try_from(*range).unwrap_or_default()), format!("{range}XX")),
        };
        found.extend(resolve(cx, response, &pointer.key(&key)).map(|(response, pointer)| Found {
            status,
            response,
            pointer,
        }));
    }
    if let Some(response) = &responses.default {
        let status = Status::Default;
        found.extend(resolve(cx, response, &pointer.key("default")).map(|(response, pointer)| Found {
            status,
            response,
            pointer,
        }));
    }
    found
}

fn resolve<'a>(
    cx: &mut Context<'a>,
    response: &'a ReferenceOr<Response>,
    at: &Pointer,
) -> Option<(&'a Response, Pointer)> {
    let (mut response, mut pointer) = (response, at.clone());
    let document = cx.document;
    let declared = document.openapi.components.as_ref().map(|components| &components.responses);
    for _ in 0..8 {
        match response {
            ReferenceOr::Item(response) => return Some((response, pointer)),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/responses/");
                let Some((name, target)) =
                    name.and_then(|name| declared.and_then(|declared| declared.get_key_value(name)))
                else {
                    break;
                };
                response = target;
                pointer = Pointer::root().key("components").key("responses").key(name);
            }
        }
    }
    let message = "this response's reference leads nowhere, and the response is left out";
    cx.report(Diagnostic::warning("unresolved-reference", at, message).help("declare it under `components.responses`"));
    None
}

/// One type where all successes agree, and otherwise an enum by status.
fn one_or_several(cx: &mut Context<'_>, mut variants: Vec<AnswerVariant>, id: &str, pointer: &Pointer) -> Answer {
    let Some(first) = variants.first() else { return Answer::One(AnswerBody::Empty) };
    if variants.iter().all(|variant| variant.body == first.body) {
        return Answer::One(variants.swap_remove(0).body);
    }
    let mut statuses = variants.iter().filter(|variant| variant.media_type.is_some()).map(|variant| variant.status);
    let first = statuses.next();
    let one_status = statuses.all(|status| Some(status) == first);
    let mut names = Scope::variants();
    for variant in &mut variants {
        let media_type = variant.media_type.as_deref().map(media_type::word);
        let wanted = match media_type {
            Some(media_type) if one_status => media_type,
            Some(media_type) => format!("{} {media_type}", word(variant.status)),
            None => word(variant.status).to_owned(),
        };
        variant.rust = names.name(&wanted, pointer).name;
    }
    let name = cx.synthetic_name(&format!("{id} answer"), pointer);
    Answer::Several(AnswerEnum { name, variants, last_resort: 0 })
}

/// The variant's name for a status: its reason phrase (RFC 9110, 15).
pub fn word(status: Status) -> &'static str {
    match status {
        Status::Code(code) => match code {
            200 => "Ok",
            201 => "Created",
            202 => "Accepted",
            203 => "NonAuthoritative",
            204 => "NoContent",
            205 => "ResetContent",
            206 => "PartialContent",
            207 => "MultiStatus",
            301 => "MovedPermanently",
            302 => "Found",
            303 => "SeeOther",
            304 => "NotModified",
            307 => "TemporaryRedirect",
            308 => "PermanentRedirect",
            400 => "BadRequest",
            401 => "Unauthorized",
            402 => "PaymentRequired",
            403 => "Forbidden",
            404 => "NotFound",
            405 => "MethodNotAllowed",
            406 => "NotAcceptable",
            408 => "RequestTimeout",
            409 => "Conflict",
            410 => "Gone",
            411 => "LengthRequired",
            412 => "PreconditionFailed",
            413 => "ContentTooLarge",
            415 => "UnsupportedMediaType",
            416 => "RangeNotSatisfiable",
            422 => "UnprocessableContent",
            423 => "Locked",
            424 => "FailedDependency",
            428 => "PreconditionRequired",
            429 => "TooManyRequests",
            500 => "InternalServerError",
            501 => "NotImplemented",
            502 => "BadGateway",
            503 => "ServiceUnavailable",
            504 => "GatewayTimeout",
            507 => "InsufficientStorage",
            _ => "Status",
        },
        Status::Range(1) => "Informational",
        Status::Range(2) => "Success",
        Status::Range(3) => "Redirection",
        Status::Range(4) => "ClientError",
        Status::Range(_) => "ServerError",
        Status::Default => "Default",
    }
}

fn failure<'a>(cx: &mut Context<'a>, found: &Found<'a>, docs: Docs, id: &str) -> Failure {
    let extensions = &found.response.extensions;
    let refused_before_acting = extension::refused_before_acting(cx, extensions, &found.pointer);
    let rules = extension::errors(cx, extensions, &found.pointer).into_iter().map(|fact| rule(cx, fact)).collect();
    let mut body = None;
    if let Some((media_type, object)) = choose(&found.response.content)
        && family(media_type) == Family::Json
        && let Some(schema) = &object.schema
    {
        let at = found.pointer.key("content").key(media_type).key("schema");
        find_codes(cx, schema.into(), &at);
        let value = schema::value(cx, schema.into(), &at, &format!("{id} {} body", word(found.status)));
        body = (value.ty != Type::Json).then_some(AnswerBody::Json(value.ty));
    }
    Failure { status: found.status, docs, body, rules, refused_before_acting }
}

fn rule(cx: &mut Context<'_>, fact: ErrorFact) -> ErrorRule {
    let kind = if let Some(kind) = cx.kinds_by_name.get(&fact.kind) {
        *kind
    } else {
        let name = cx.kind_names.name(&fact.kind, &fact.pointer).name;
        let (ErrorMatch::Message(text) | ErrorMatch::MessagePrefix(text) | ErrorMatch::Code(text)) = &fact.matches;
        let docs = Docs { summary: String::new(), description: fact.description };
        cx.error_kinds.push(ErrorKind { name, docs, text: text.clone() });
        cx.kinds_by_name.insert(fact.kind, cx.error_kinds.len() - 1);
        cx.error_kinds.len() - 1
    };
    ErrorRule { kind, matches: fact.matches }
}

/// Collects the codes that the document lists for the error object of its envelope.
fn find_codes<'a>(cx: &mut Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) {
    let Some(error) = cx.envelope.as_ref().and_then(|envelope| envelope.error.clone()) else { return };
    let Some(code) = error.code else { return };
    let Some(object) = property(cx, schema, pointer, &error.property) else { return };
    let Some((code, at)) = property(cx, object.0, &object.1, &code) else { return };
    let Some(values) = schema::enum_values(cx, code, &at) else { return };
    for value in values {
        if !cx.error_codes.contains(&value) {
            cx.error_codes.push(value);
        }
    }
}

fn property<'a>(
    cx: &mut Context<'a>,
    schema: SchemaRef<'a>,
    pointer: &Pointer,
    wire: &str,
) -> Option<(SchemaRef<'a>, Pointer)> {
    let (schema, at) = cx.resolve(schema, pointer)?;
    let properties = schema::properties(cx, schema, &at);
    properties.into_iter().find(|(name, ..)| *name == wire).map(|(_, schema, at)| (schema, at))
}

/// Settles whether all failures of the document share one type, or each operation has its own.
pub fn share_error_body(cx: &mut Context<'_>, api: &mut Api) {
    let bodies = api.groups.iter().flat_map(|group| &group.operations).flat_map(|op| &op.failures);
    let mut types = bodies.filter_map(|failure| failure.body.as_ref());
    let Some(AnswerBody::Json(first)) = types.next().cloned() else { return };
    if types.all(|body| matches!(body, AnswerBody::Json(ty) if *ty == first)) {
        api.error_body = Some(first);
        return;
    }
    for op in api.groups.iter_mut().flat_map(|group| &mut group.operations) {
        let mut names = Scope::variants();
        let mut variants = Vec::new();
        for failure in &op.failures {
            let Some(body) = failure.body.clone() else { continue };
            let rust = names.name(word(failure.status), &op.pointer).name;
            let docs = failure.docs.clone();
            variants.push(AnswerVariant {
                rust,
                status: failure.status,
                media_type: None,
                is_otherwise: true,
                body,
                show: Show::Delegate,
                docs,
            });
        }
        if !variants.is_empty() {
            let name = cx.synthetic_name(&format!("{} error", op.id), &op.pointer);
            op.error_type = Some(ErrorType { name, variants });
        }
    }
}
