//! Responses: what a call returns, and how it fails.

use super::extension::{self, ErrorFact};
use super::lowering::Lowering;
use super::media_type::{self, Family, choose, family};
use super::status::{ResponseAt, is_answer, is_redirect, responses, word};
use super::{answer, schema};
use crate::diagnostic::Pointer;
use crate::model::{
    Answer, AnswerBody, AnswerEnum, AnswerVariant, Docs, ErrorKind, ErrorMatch, ErrorRule, ErrorType, Failure,
    FailureBody, Group, Operation, Show, Status, Success, Type,
};
use crate::names::Scope;
use crate::parse::{OperationAt, SchemaUse};

/// An operation's answers and failures.
pub struct Lowered {
    pub answer: Answer,
    pub success: Success,
    /// The `Accept` header, if it differs from the default for how the answer is read.
    pub accept: Option<String>,
    /// Whether one status has several media types.
    pub has_choice: bool,
    /// The statuses from 300 to 399 among the answers.
    pub redirects: Vec<Status>,
    pub failures: Vec<Failure>,
}

/// Lowers an operation's responses.
pub fn lower<'a>(cx: &mut Lowering<'a>, operation: &OperationAt<'a>, id: &str) -> Lowered {
    let found = responses(cx, operation);
    // A 304 says that the document didn't change; what else there is to return, `default` may describe.
    let documents_success = found.iter().any(|it| is_answer(it.status) && it.status != Status::Code(304));
    let mut variants: Vec<AnswerVariant> = Vec::new();
    let mut failures = Vec::new();
    let mut asked = Vec::new();
    let mut has_choice = false;
    let mut redirects = Vec::new();
    let mut statuses = Vec::new();
    for found in found {
        let docs = Docs { summary: String::new(), description: found.object.description.clone() };
        // `default` alone describes the success as well.
        let success = is_answer(found.status) || !documents_success && found.status == Status::Default;
        if success {
            redirects.extend(Some(found.status).filter(|status| is_redirect(*status)));
            statuses.push(found.status);
            let bodies = answer::bodies(cx, &found, id, operation.method);
            has_choice |= bodies.len() > 1;
            asked.extend(bodies.iter().filter_map(|(media_type, _)| media_type.clone()));
            variants.extend(answer::of_status(found.status, bodies, &docs, &found.pointer));
        } else {
            failures.push(failure(cx, &found, docs, id));
        }
    }
    let answer = one_or_several(cx, variants, id, &operation.pointer);
    let success = Success {
        status: success_status(&statuses),
        media_type: asked.first().filter(|media_type| !media_type::is_range(media_type)).cloned(),
    };
    Lowered { accept: answer::accept(&answer, &asked), has_choice, redirects, answer, success, failures }
}

/// Returns the status of a success if nothing else is asked for: the first that is documented, rather than a redirect.
fn success_status(statuses: &[Status]) -> u16 {
    match statuses.iter().min_by_key(|status| is_redirect(**status)) {
        Some(Status::Code(code)) => *code,
        Some(Status::Range(hundreds)) => u16::from(*hundreds) * 100,
        Some(Status::Default) | None => 200,
    }
}

/// Returns one type if all successes agree, or else an enum by status.
fn one_or_several(cx: &mut Lowering<'_>, mut variants: Vec<AnswerVariant>, id: &str, pointer: &Pointer) -> Answer {
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

fn failure<'a>(cx: &mut Lowering<'a>, found: &ResponseAt<'a>, docs: Docs, id: &str) -> Failure {
    let extensions = &found.object.extensions;
    let refused_before_acting = extension::refused_before_acting(&mut cx.reports, extensions, &found.pointer);
    let rules =
        extension::errors(&mut cx.reports, extensions, &found.pointer).into_iter().map(|fact| rule(cx, fact)).collect();
    let bodies = failure_bodies(cx, found, id);
    Failure { status: found.status, docs, bodies, rules, refused_before_acting, shared: None }
}

/// Returns the bodies of a failure: that of the media type that the client supports best, then those with another schema.
fn failure_bodies<'a>(cx: &mut Lowering<'a>, found: &ResponseAt<'a>, id: &str) -> Vec<FailureBody> {
    let content = &found.object.content;
    let Some((best, _)) = choose(content) else { return Vec::new() };
    let mut bodies: Vec<FailureBody> = Vec::new();
    let others = content.keys().filter(|media_type| *media_type != best);
    for media_type in std::iter::once(best).chain(others) {
        let Some(schema) = content[media_type].schema.as_ref().filter(|_| family(media_type) == Family::Json) else {
            continue;
        };
        let at = found.pointer.key("content").key(media_type).key("schema");
        let schema = cx.document.schema(schema, at);
        let word = word(found.status);
        let hint = match media_type::word(media_type) {
            which if bodies.is_empty() || which.is_empty() => format!("{id} {word} body"),
            which => format!("{id} {word} {which} body"),
        };
        find_codes(cx, &schema);
        let value = schema::value(cx, &schema, &hint);
        let body = AnswerBody::Json(value.ty.clone());
        if value.ty != Type::Json && bodies.iter().all(|known| known.body != body) {
            bodies.push(FailureBody {
                media_type: Some(media_type::essence(media_type)),
                written: media_type::asked(media_type),
                body,
            });
        }
    }
    if let [only] = bodies.as_mut_slice() {
        only.media_type = None;
    }
    bodies
}

fn rule(cx: &mut Lowering<'_>, fact: ErrorFact) -> ErrorRule {
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
fn find_codes<'a>(cx: &mut Lowering<'a>, body: &SchemaUse<'a>) {
    let Some(error) = cx.envelope.as_ref().and_then(|envelope| envelope.error.clone()) else { return };
    let Some(code) = error.code else { return };
    let Some(object) = property(cx, body, &error.property) else { return };
    let Some(code) = property(cx, &object, &code) else { return };
    for value in schema::enum_values(&code).unwrap_or_default() {
        if !cx.error_codes.contains(&value) {
            cx.error_codes.push(value);
        }
    }
}

fn property<'a>(cx: &mut Lowering<'a>, object: &SchemaUse<'a>, wire: &str) -> Option<SchemaUse<'a>> {
    let object = object.follow()?;
    schema::properties(cx, &object).shift_remove(wire)
}

/// Returns the type that all failures of the document share. Otherwise each operation gets a type for its failures.
pub fn error_types(cx: &mut Lowering<'_>, groups: &mut [Group]) -> Option<Type> {
    let failures = groups.iter().flat_map(|group| &group.operations).flat_map(|op| &op.failures);
    let mut bodies = failures.flat_map(|failure| &failure.bodies).map(|found| &found.body);
    let first = bodies.next()?;
    if let AnswerBody::Json(shared) = first
        && bodies.all(|body| body == first)
    {
        return Some(shared.clone());
    }
    for op in groups.iter_mut().flat_map(|group| &mut group.operations) {
        op.error_type = error_type(cx, op);
    }
    None
}

fn error_type(cx: &mut Lowering<'_>, op: &Operation) -> Option<ErrorType> {
    let mut names = Scope::variants();
    let mut variants = Vec::new();
    for failure in &op.failures {
        let is_any = |body: &FailureBody| body.media_type.as_deref() == Some("*/*");
        let otherwise = failure.bodies.iter().position(is_any).unwrap_or(0);
        for (index, FailureBody { media_type, body, .. }) in failure.bodies.iter().enumerate() {
            let word = word(failure.status);
            let wanted = match media_type {
                Some(media_type) => format!("{word} {}", media_type::word(media_type)),
                None => word.to_owned(),
            };
            variants.push(AnswerVariant {
                rust: names.name(&wanted, &op.pointer).name,
                status: failure.status,
                media_type: media_type.clone(),
                is_otherwise: index == otherwise,
                body: body.clone(),
                show: Show::Delegate,
                docs: failure.docs.clone(),
            });
        }
    }
    if variants.is_empty() {
        return None;
    }
    Some(ErrorType { name: cx.synthetic_name(&format!("{} error", op.id), &op.pointer), variants })
}
