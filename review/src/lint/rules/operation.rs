//! Rules about operations and their answers.

use std::collections::BTreeMap;

use openapiv3::{Operation, StatusCode};

use super::{Level, Rule, View};
use generator::diagnostic::{Diagnostic, Pointer};
use generator::model::{Answer, AnswerVariant, Status};
use generator::parse::{Method, OperationAt};

pub const AMBIGUOUS_PATH: Rule = Rule {
    code: "ambiguous-path",
    level: Level::Deny,
    is_fixed: false,
    summary: "two paths differ in the names of their parameters alone",
    explanation: "A request fits both paths, and nothing says which of the two descriptions it follows. OpenAPI \
        forbids it. Describe the path once, with one set of names.",
    wrong: "\
paths:
  /pets/{id}: {}
  /pets/{petId}: {}
",
    right: "\
paths:
  /pets/{id}: {}
  /pets/{id}/toys: {}
",
    check: Some(ambiguous_path),
};

fn ambiguous_path(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let paths = Pointer::root().key("paths");
    for path in view.document.openapi.paths.paths.keys() {
        let parts = path.split('/').map(|part| if part.starts_with('{') && part.ends_with('}') { "{}" } else { part });
        let shape = parts.collect::<Vec<_>>().join("/");
        if let Some(first) = seen.get(&shape) {
            found.push(
                Diagnostic::warning(AMBIGUOUS_PATH.code, &paths.key(path), "a request to this path fits another too")
                    .at_key()
                    .label_at(&paths.key(first), generator::diagnostic::At::Key, "the other path")
                    .help("describe the path once, with one set of names"),
            );
        }
        seen.entry(shape).or_insert(path);
    }
}

pub const ANSWER_WITH_TWO_SHAPES: Rule = Rule {
    code: "answer-with-two-shapes",
    level: Level::Warn,
    is_fixed: false,
    summary: "an operation's successes have different shapes",
    explanation: "The method cannot return one type: it returns an enum, and every caller has to match on it. Give all \
        successes one schema, or make two operations of it.",
    wrong: "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '200':
          description: All of them
          content: {application/json: {schema: {type: string, x-client-privacy: safe}}}
        '202':
          description: A ticket
          content: {application/json: {schema: {type: integer, x-client-privacy: safe}}}
        '429': {description: Too many requests}
",
    right: "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '200':
          description: All of them
          content: {application/json: {schema: {type: string, x-client-privacy: safe}}}
        '202':
          description: Those known so far
          content: {application/json: {schema: {type: string, x-client-privacy: safe}}}
        '429': {description: Too many requests}
",
    check: Some(answer_with_two_shapes),
};

fn answer_with_two_shapes(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for operation in view.lowered.api.groups.iter().flat_map(|group| &group.operations) {
        let Answer::Several(several) = &operation.answer else { continue };
        let Some(first) = several.variants.first() else { continue };
        let Some(other) = several.variants.iter().find(|variant| variant.body != first.body) else { continue };
        let responses = operation.pointer.key("responses");
        let [first, other] = [first, other].map(|variant| variant_place(variant, &responses));
        let message = format!("`{}` gives back one of several shapes", operation.id);
        found.push(
            Diagnostic::warning(ANSWER_WITH_TWO_SHAPES.code, &other, message)
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

pub const BODY_OF_A_READ: Rule = Rule {
    code: "body-of-a-read",
    level: Level::Warn,
    is_fixed: false,
    summary: "a GET, HEAD or DELETE has a request body",
    explanation: "Such a body means nothing (RFC 9110, sections 9.3.1, 9.3.2 and 9.3.5): proxies may drop it, and \
        servers may refuse it. Write what it holds as parameters.",
    wrong: "\
paths:
  /pets:
    delete:
      operationId: deletePets
      summary: Deletes pets
      tags: [pets]
      requestBody:
        content: {application/json: {schema: {type: string, x-client-privacy: safe}}}
      responses:
        '204': {description: Gone}
        '429': {description: Too many requests}
",
    right: "\
paths:
  /pets:
    delete:
      operationId: deletePets
      summary: Deletes pets
      tags: [pets]
      parameters:
        - {name: kind, in: query, description: Which ones, schema: {type: string, x-client-privacy: safe}}
      responses:
        '204': {description: Gone}
        '429': {description: Too many requests}
",
    check: Some(body_of_a_read),
};

fn body_of_a_read(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in &view.calls {
        if matches!(call.method, Method::Get | Method::Head | Method::Delete) && call.object.request_body.is_some() {
            let message = format!("the body of a {} means nothing, and may be dropped on the way", call.method.wire());
            found.push(
                Diagnostic::warning(BODY_OF_A_READ.code, &call.pointer.key("requestBody"), message)
                    .at_key()
                    .help("write what it holds as parameters"),
            );
        }
    }
}

pub const MISSING_4XX: Rule = Rule {
    code: "missing-4xx",
    level: Level::Warn,
    is_fixed: false,
    summary: "an operation says nothing of how it refuses",
    explanation: "Without a response for `4XX`, for one of its statuses, or for `default`, the client cannot tell a \
        refusal from an answer that some proxy wrote, and so cannot say that nothing was done.",
    wrong: "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '200': {description: All of them}
",
    right: OPERATION,
    check: Some(missing_4xx),
};

/// An operation in which no rule finds anything.
pub(super) const OPERATION: &str = "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '200': {description: All of them}
        '429': {description: Too many requests}
";

fn missing_4xx(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in view.calls.iter().filter(|call| !refuses(call.object)) {
        found.push(
            without_response(call, MISSING_4XX.code, "this operation says nothing of how it refuses")
                .help("add a response for `4XX`, or for each status such as `'400'`"),
        );
    }
}

fn refuses(operation: &Operation) -> bool {
    operation.responses.default.is_some() || codes(operation).any(|code| in_hundred(code, 4))
}

fn codes(operation: &Operation) -> impl Iterator<Item = &StatusCode> {
    operation.responses.responses.keys()
}

fn in_hundred(code: &StatusCode, hundred: u16) -> bool {
    match code {
        StatusCode::Code(code) => code / 100 == hundred,
        StatusCode::Range(range) => *range == hundred,
    }
}

fn without_response(call: &OperationAt<'_>, code: &'static str, message: &str) -> Diagnostic {
    Diagnostic::warning(code, &call.pointer.key("responses"), message).at_key()
}

pub const MISSING_SUCCESS: Rule = Rule {
    code: "missing-success",
    level: Level::Warn,
    is_fixed: false,
    summary: "an operation documents no success",
    explanation: "Without a response for `2XX`, for one of its statuses, or for `default`, the client cannot read what a \
        call gives back: its method returns nothing.",
    wrong: "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '429': {description: Too many requests}
",
    right: OPERATION,
    check: Some(missing_success),
};

fn missing_success(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in &view.calls {
        let succeeds = |code| in_hundred(code, 2) || in_hundred(code, 3) || in_hundred(code, 1);
        if call.object.responses.default.is_none() && !codes(call.object).any(succeeds) {
            found.push(
                without_response(call, MISSING_SUCCESS.code, "this operation documents no success")
                    .help("add the response of a success, such as `'200': {description: …}`"),
            );
        }
    }
}

pub const UNDECLARED_429: Rule = Rule {
    code: "undeclared-429",
    level: Level::Warn,
    is_fixed: false,
    summary: "an operation says nothing of a rate limit",
    explanation: "A client is told to slow down by a 429. Where that response is declared, as `'429'` or within `4XX`, \
        its body can be read, and `x-client-refused-before-acting` on it allows a call to be repeated that otherwise \
        must not be.",
    wrong: "\
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets
      tags: [pets]
      responses:
        '200': {description: All of them}
        '400': {description: Not understood}
",
    right: OPERATION,
    check: Some(undeclared_429),
};

fn undeclared_429(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in view.calls.iter().filter(|call| refuses(call.object)) {
        if !codes(call.object).any(|code| matches!(code, StatusCode::Code(429) | StatusCode::Range(4))) {
            found.push(
                without_response(call, UNDECLARED_429.code, "no response says what a caller reads when it is too fast")
                    .help("add `'429': {description: …}`"),
            );
        }
    }
}

pub const UNDECIDED_REPEAT: Rule = Rule {
    code: "undecided-repeat",
    level: Level::Warn,
    is_fixed: false,
    summary: "nothing says whether a create may be sent twice",
    explanation: "When the answer to a POST or a PATCH is lost, nobody knows whether it was done. The client repeats it \
        only where the document says that this is harmless. Say so, or say that it is not: `x-client-repeatable: \
        false` shows the reader that somebody thought of it.",
    wrong: "\
paths:
  /pets:
    post:
      operationId: createPet
      summary: Creates a pet
      tags: [pets]
      responses:
        '201': {description: It is there}
        '429': {description: Too many requests}
",
    right: "\
paths:
  /pets:
    post:
      operationId: createPet
      summary: Creates a pet
      tags: [pets]
      x-client-repeatable: false
      responses:
        '201': {description: It is there}
        '429': {description: Too many requests}
",
    check: Some(undecided_repeat),
};

fn undecided_repeat(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for call in &view.calls {
        let is_decided = call.object.extensions.contains_key("x-client-repeatable");
        if matches!(call.method, Method::Post | Method::Patch) && !is_decided {
            let message = format!("nothing says whether this {} may be sent twice", call.method.wire());
            found.push(
                Diagnostic::warning(UNDECIDED_REPEAT.code, &call.pointer, message)
                    .at_key()
                    .help("add `x-client-repeatable: false`, or `true` if sending it twice is harmless"),
            );
        }
    }
}
