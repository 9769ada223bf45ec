//! The example code of an operation. It compiles as a doc test.

use super::super::krate::Crate;
use super::super::sample;
use super::body;
use crate::model::{Answer, AnswerBody, BodyKind, Operation, RequestBody, SchemeKind, Type};
use crate::names::Name;

/// Returns the lines of the example, or nothing if a value can't be written.
pub(super) fn lines(cx: &Crate<'_>, op: &Operation) -> Option<Vec<String>> {
    let statements = statements(cx, op, ".await?")?;
    let mut lines = vec!["# Example".to_owned(), String::new(), "```no_run".to_owned()];
    lines.push(format!("# use {}::{{*, value::*}};", cx.name()));
    lines.push("# async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.extend(statements);
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    Some(lines)
}

/// Returns the lines of the call that is shown first, preferably one that reads and has few arguments.
pub(in super::super) fn first_call(cx: &Crate<'_>) -> Option<Vec<String>> {
    let mut operations: Vec<&Operation> = cx.api.groups.iter().flat_map(|group| &group.operations).collect();
    operations.sort_by_key(|op| (op.deprecated, op.method != "GET", op.body.is_some(), op.required.len()));
    let mut lines = operations.into_iter().find_map(|op| statements(cx, op, ".await?"))?;
    if lines.iter().any(|line| line.starts_with("let answer = ")) {
        lines.push("println!(\"{answer:?}\");".to_owned());
    }
    Some(lines)
}

/// Returns the statement that makes a client, without its last line: the call of `build`.
pub(in super::super) fn building(cx: &Crate<'_>) -> Vec<String> {
    let environment = cx.api.environments().first().map(|(_, environment)| environment.name.as_str());
    let mut lines = vec!["let client = Client::builder()".to_owned()];
    lines.push(match (environment, cx.api.base_urls().first()) {
        (Some(environment), _) => format!("    .environment(Environment::{environment})"),
        (None, Some(server)) => format!("    .base_url({:?})", server.url),
        (None, None) => {
            let path = cx.api.servers.iter().find(|server| !server.url.contains("://"));
            let path = path.map(|server| server.url.trim_matches(['.', '/'])).unwrap_or_default();
            let slash = if path.is_empty() { "" } else { "/" };
            format!("    .base_url({:?})", format!("https://api.example.com{slash}{path}"))
        }
    });
    if let Some(scheme) = cx.api.schemes.first().filter(|_| cx.api.credential_required) {
        lines.push(match scheme.kind {
            SchemeKind::Basic => format!("    .{}(\"user\", \"password\")", scheme.rust),
            _ => format!("    .{}(std::env::var(\"API_KEY\")?)", scheme.rust),
        });
    }
    lines
}

/// Returns the lines of the call. `end` is `.await?` for the async client, and `?` for the blocking one.
pub(super) fn statements(cx: &Crate<'_>, op: &Operation, end: &str) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    for param in &op.required {
        arguments.push(sample::argument(cx, param.sample.as_ref()?, &param.ty, param.value)?);
    }
    let mut statement = None;
    if let Some(body) = &op.body {
        let (before, argument) = body_argument(cx, body)?;
        statement = before;
        arguments.push(argument);
    }
    let binding = match &op.answer {
        Answer::One(AnswerBody::Empty) => String::new(),
        _ => "let answer = ".to_owned(),
    };
    let call = format!("{binding}{};", call(&op.rust, &arguments, end));
    Some(statement.iter().flat_map(|text| text.lines()).chain(call.lines()).map(str::to_owned).collect())
}

/// The call on one line, or with a line for each argument.
fn call(method: &Name, arguments: &[String], end: &str) -> String {
    let line = format!("client.{method}({}){end}", arguments.join(", "));
    if line.len() <= 84 && !line.contains('\n') {
        return line;
    }
    let arguments: String = arguments
        .iter()
        .flat_map(|item| ["        ".to_owned(), item.replace('\n', "\n        "), ",\n".to_owned()])
        .collect();
    let end = end.replacen('.', "\n    .", 1);
    format!("client\n    .{method}(\n{arguments}    ){end}")
}

/// The statement that makes the body, if it needs one, and the argument.
fn body_argument(cx: &Crate<'_>, body: &RequestBody) -> Option<(Option<String>, String)> {
    let name = &body.rust;
    let kind = match &body.kind {
        BodyKind::Several(several) if body.required => match body::converted(several).next() {
            Some(first) if first.kind == several.variants[0].kind => &first.kind,
            _ => return None,
        },
        BodyKind::Several(_) => return None,
        kind => kind,
    };
    match kind {
        BodyKind::Several(_) => None,
        BodyKind::Json { ty, value, .. } | BodyKind::Form { ty, value, .. } => {
            let sample = body.sample.as_ref()?;
            let is_named = matches!(cx.resolved(ty), Type::Named(_) | Type::Json | Type::Map(_));
            if !is_named {
                let argument = sample::argument(cx, sample, ty, *value)?;
                return Some((None, if body.required { argument } else { format!("Some({argument})") }));
            }
            let statement = format!("let {name} = {};", sample::value(cx, sample, ty)?);
            let reference = if value.is_copy() { "" } else { "&" };
            let argument = format!("{reference}{name}");
            Some((Some(statement), if body.required { argument } else { format!("Some({argument})") }))
        }
        BodyKind::Multipart { ty, .. } => {
            let statement = format!("let {name} = {};", sample::value(cx, body.sample.as_ref()?, &Type::Named(*ty))?);
            let argument = if body.required { name.to_string() } else { format!("Some({name})") };
            Some((Some(statement), argument))
        }
        BodyKind::Media { range } => {
            let pair = format!("({:?}, \"…\")", of_range(range));
            Some((None, if body.required { pair } else { format!("Some({pair}.into())") }))
        }
        BodyKind::Text { .. } | BodyKind::Bytes { .. } if body.required => Some((None, "\"…\"".to_owned())),
        BodyKind::Text { .. } | BodyKind::Bytes { .. } => Some((None, "Some(\"…\".into())".to_owned())),
    }
}

/// A media type in the range.
fn of_range(range: &str) -> String {
    let (main, _) = range.split_once('/').unwrap_or((range, ""));
    let sub = match main {
        "image" => "png",
        "audio" => "mpeg",
        "video" => "mp4",
        "font" => "woff2",
        "text" => "plain",
        "*" => return "application/octet-stream".to_owned(),
        _ => "octet-stream",
    };
    format!("{main}/{sub}")
}
