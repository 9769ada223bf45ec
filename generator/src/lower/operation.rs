//! Operation Objects to methods.

use indexmap::IndexMap;

use super::lowering::Lowering;
use super::{body, extension, parameter, response, security, server};
use crate::diagnostic::codes;
use crate::model::{Docs, Group, Operation};
use crate::parse::{OperationAt, elsewhere, written};

/// Lowers every operation, a group for each first tag.
pub fn lower(cx: &mut Lowering<'_>) -> Vec<Group> {
    let mut groups: IndexMap<String, Vec<Operation>> = IndexMap::new();
    report_missing(cx);
    for operation in cx.document.operations() {
        let tag = operation.object.tags.first().cloned().unwrap_or_default();
        let op = lower_one(cx, &operation);
        groups.entry(tag).or_default().push(op);
    }
    groups.into_iter().map(|(tag, operations)| group(cx, &tag, operations)).collect()
}

fn report_missing(cx: &mut Lowering<'_>) {
    for (pointer, reference) in cx.document.missing_path_items() {
        let message = if reference.starts_with("#/") {
            format!("cannot find the path item `{}`", written(reference))
        } else {
            elsewhere(reference).0
        };
        cx.report(codes::UNRESOLVED_REFERENCE.at(&pointer, message).help("write the path item here"));
    }
}

fn group(cx: &mut Lowering<'_>, tag: &str, operations: Vec<Operation>) -> Group {
    let hint = if tag.is_empty() { "untagged" } else { tag };
    let given = cx.modules.name(hint, &operations[0].pointer.key("tags"));
    cx.reports.collision(&given, tag, &operations[0].pointer.key("tags"));
    let module = given.name;
    let tags = &cx.document.openapi.tags;
    let description = tags.iter().find(|candidate| candidate.name == tag).and_then(|tag| tag.description.clone());
    Group { module, docs: Docs { summary: tag.to_owned(), description: description.unwrap_or_default() }, operations }
}

fn lower_one<'a>(cx: &mut Lowering<'a>, operation: &OperationAt<'a>) -> Operation {
    let object = operation.object;
    let id = id(operation);
    if operation.object.operation_id.is_none() {
        let message = "an operation without `operationId` is named by its method and path";
        let help = format!("add `operationId`; a path that changes renames the method (`{id}`)");
        cx.report(codes::MISSING_OPERATION_ID.at(&operation.pointer, message).at_key().help(help));
    }
    let given = cx.methods.name_with(&id, &["_with"], &operation.pointer);
    if let Some(other) = &given.collides_with {
        let message = format!("`{id}` clashes with an existing method; renamed to `{}`", given.name);
        cx.report(
            codes::NAME_COLLISION
                .at(&operation.pointer, message)
                .at_key()
                .label(other, "this has the name")
                .help("give each operation a unique `operationId`"),
        );
    }
    let extensions = &object.extensions;
    let repeatable = extension::repeatable(&mut cx.reports, extensions, &operation.pointer);
    let mut parameters = parameter::lower(cx, operation, &id);
    let body = body::lower(cx, operation, &id, &mut parameters.arguments);
    let responses = response::lower(cx, operation, &id);
    if let Some(media_types) = responses.accept.as_ref().filter(|_| responses.has_choice) {
        parameter::add_accept(cx, operation, &id, &mut parameters, media_types);
    }
    let (servers, at) = match object.servers.as_slice() {
        [] => (&operation.item.servers, &operation.item_pointer),
        _ => (&object.servers, &operation.pointer),
    };
    let server = servers.first().and_then(|first| server::url(cx, first, &at.key("servers").index(0)));
    Operation {
        rust: given.name,
        method: operation.method.wire().to_owned(),
        path: encoded(operation.path),
        docs: Docs {
            summary: object.summary.clone().or_else(|| operation.item.summary.clone()).unwrap_or_default(),
            description: object.description.clone().or_else(|| operation.item.description.clone()).unwrap_or_default(),
        },
        deprecated: object.deprecated,
        // RFC 9110, 9.2.1: safe methods only read.
        repeatable: repeatable.unwrap_or(operation.method.is_safe()),
        required: parameters.required,
        optional: parameters.optional,
        body,
        answer: responses.answer,
        success: responses.success,
        accept: responses.accept,
        redirects: responses.redirects,
        failures: responses.failures,
        security: security::requirements(cx, object.security.as_deref(), &operation.pointer),
        server,
        error_type: None,
        pointer: operation.pointer.clone(),
        id,
    }
}

/// Returns a path template as it is sent: without a fragment, which distinguishes operations only, and with every
/// character percent-encoded that a URL can't contain (RFC 3986, 3.3 and 3.4). What is encoded already stays so.
fn encoded(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let mut sent = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let length = match first {
            '{' => after.find(['{', '}']).filter(|end| after[*end..].starts_with('}')).map_or(0, |end| end + 2),
            '%' if after.len() > 1 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()) => 3,
            _ if first.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(first) => 1,
            _ => 0,
        };
        let (literal, others) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
        if length == 0 {
            sent.extend(literal.bytes().map(|byte| format!("%{byte:02X}")));
        } else {
            sent.push_str(literal);
        }
        rest = others;
    }
    sent
}

/// The `operationId`, or the method and the path in words.
fn id(operation: &OperationAt<'_>) -> String {
    let own = operation.object.operation_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    own.map_or_else(|| words(operation.method.key(), operation.path), str::to_owned)
}

/// `GET /pets/{petId}/toys` is `get pets by petId toys`.
fn words(method: &str, path: &str) -> String {
    let mut words = vec![method.to_owned()];
    for segment in path.split(['/', '#', '?', '&', '=']).filter(|segment| !segment.is_empty()) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            words.extend([before.to_owned(), "by".to_owned(), name.to_owned()]);
            rest = tail;
        }
        words.push(rest.to_owned());
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn literals_of_a_path_are_encoded_once() {
        let cases = [
            ("/pets/{petId}/toys", "/pets/{petId}/toys"),
            ("/docs('{key}')", "/docs('{key}')"),
            ("/\u{fc}nits/a b", "/%C3%BCnits/a%20b"),
            ("/a|b^c/\"x\"", "/a%7Cb%5Ec/%22x%22"),
            ("/pct/%7Bx%7D/{y}", "/pct/%7Bx%7D/{y}"),
            ("/100%/%4", "/100%25/%254"),
            ("/{a b}/{ f }", "/{a b}/{ f }"),
            ("/q/{x}?fixed=1#part", "/q/{x}?fixed=1"),
            ("/a{b/c}d{e}}", "/a{b/c}d{e}%7D"),
            ("/a{b", "/a%7Bb"),
        ];
        for (path, sent) in cases {
            assert_eq!(encoded(path), sent, "{path}");
        }
    }
}
