//! Rules about operations and their answers.

use std::collections::BTreeMap;

use openapiv3::{Operation, StatusCode};

use super::View;
use crate::lint::codes;
use generator::diagnostic::{Code, Diagnostic, Pointer};
use generator::model::{Answer, AnswerVariant, Status};
use generator::parse::{Method, OperationAt};

pub fn ambiguous_path(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let paths = Pointer::root().key("paths");
    for path in view.document.openapi.paths.paths.keys() {
        let parts = path.split('/').map(|part| if part.starts_with('{') && part.ends_with('}') { "{}" } else { part });
        let shape = parts.collect::<Vec<_>>().join("/");
        if let Some(first) = seen.get(&shape) {
            found.push(
                codes::AMBIGUOUS_PATH
                    .at(&paths.key(path), "a request to this path fits another too")
                    .at_key()
                    .label_at(&paths.key(first), generator::diagnostic::At::Key, "the other path")
                    .help("describe the path once, with one set of names"),
            );
        }
        seen.entry(shape).or_insert(path);
    }
}

pub fn answer_with_two_shapes(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for operation in view.lowered.api.groups.iter().flat_map(|group| &group.operations) {
        let Answer::Several(several) = &operation.answer else { continue };
        let Some(first) = several.variants.first() else { continue };
        let Some(other) = several.variants.iter().find(|variant| variant.body != first.body) else { continue };
        let responses = operation.pointer.key("responses");
        let [first, other] = [first, other].map(|variant| variant_place(variant, &responses));
        let message = format!("`{}` gives back one of several shapes", operation.id);
        found.push(
            codes::ANSWER_WITH_TWO_SHAPES
                .at(&other, message)
                .at_key()
                .marked("this answer has another shape")
                .label_at(&first, generator::diagnostic::At::Key, "than this one")
                .help("give all successes one schema, or describe two operations"),
        );
    }
}

fn variant_place(variant: &AnswerVariant, responses: &Pointer) -> Pointer {
    let response = responses.key(&status_key(variant.status));
    match &variant.media_type {
        Some(media_type) => response.key("content").key(media_type),
        None => response,
    }
}

fn status_key(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(range) => format!("{range}XX"),
        Status::Default => "default".to_owned(),
    }
}

pub fn body_of_a_read(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in &view.calls {
        if matches!(call.method, Method::Get | Method::Head | Method::Delete) && call.object.request_body.is_some() {
            let message = format!("the body of a {} means nothing, and may be dropped on the way", call.method.wire());
            found.push(
                codes::BODY_OF_A_READ
                    .at(&call.pointer.key("requestBody"), message)
                    .at_key()
                    .help("write what it holds as parameters"),
            );
        }
    }
}

pub fn missing_4xx(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in view.calls.iter().filter(|call| !refuses(call.object)) {
        found.push(
            without_response(call, &codes::MISSING_4XX, "this operation says nothing of how it refuses")
                .help("add a response for `4XX`, or for each status such as `'400'`"),
        );
    }
}

fn refuses(operation: &Operation) -> bool {
    operation.responses.default.is_some() || statuses(operation).any(|code| in_hundred(code, 4))
}

fn statuses(operation: &Operation) -> impl Iterator<Item = &StatusCode> {
    operation.responses.responses.keys()
}

fn in_hundred(code: &StatusCode, hundred: u16) -> bool {
    match code {
        StatusCode::Code(code) => code / 100 == hundred,
        StatusCode::Range(range) => *range == hundred,
    }
}

fn without_response(call: &OperationAt<'_>, code: &'static Code, message: &str) -> Diagnostic {
    code.at(&call.pointer.key("responses"), message).at_key()
}

pub fn missing_success(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in &view.calls {
        let succeeds = |code| in_hundred(code, 2) || in_hundred(code, 3) || in_hundred(code, 1);
        if call.object.responses.default.is_none() && !statuses(call.object).any(succeeds) {
            found.push(
                without_response(call, &codes::MISSING_SUCCESS, "this operation documents no success")
                    .help("add the response of a success, such as `'200': {description: …}`"),
            );
        }
    }
}

pub fn undeclared_429(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in view.calls.iter().filter(|call| refuses(call.object)) {
        if !statuses(call.object).any(|code| matches!(code, StatusCode::Code(429) | StatusCode::Range(4))) {
            found.push(
                without_response(
                    call,
                    &codes::UNDECLARED_429,
                    "no response says what a caller reads when it is too fast",
                )
                .help("add `'429': {description: …}`"),
            );
        }
    }
}

pub fn undecided_repeat(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in &view.calls {
        let is_decided = call.object.extensions.contains_key("x-client-repeatable");
        if matches!(call.method, Method::Post | Method::Patch) && !is_decided {
            let message = format!("nothing says whether this {} may be sent twice", call.method.wire());
            found.push(
                codes::UNDECIDED_REPEAT
                    .at(&call.pointer, message)
                    .at_key()
                    .help("add `x-client-repeatable: false`, or `true` if sending it twice is harmless"),
            );
        }
    }
}
