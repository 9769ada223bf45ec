//! Server Objects. Those with a name become environments.

use heck::ToKebabCase;
use openapiv3::Server as ServerObject;

use super::extension::{self, EnvironmentFacts};
use super::lowering::Lowering;
use crate::diagnostic::{Pointer, codes};
use crate::model::{Docs, EnumValue, Environment, Server, ServerChoice, ServerVariable, Template, UrlPart, Variant};
use crate::names::Scope;

/// Lowers the document's servers.
pub fn lower(cx: &mut Lowering<'_>, servers: &[ServerObject], pointer: &Pointer) -> Vec<Server> {
    let mut names = Scope::variants();
    let mut lowered = Vec::new();
    let is_named = servers.iter().any(|server| server.extensions.contains_key("x-client-environment"));
    for (index, server) in servers.iter().enumerate() {
        let pointer = pointer.index(index);
        let facts = extension::environment(&mut cx.reports, &server.extensions, &pointer);
        let environment = facts.map(|facts| environment(cx, facts, &mut names, &pointer));
        let docs = Docs { summary: String::new(), description: server.description.clone().unwrap_or_default() };
        let Some(url) = url(cx, server, &pointer) else { continue };
        let start = start(cx, server, &url, &pointer);
        let template = if is_named { None } else { template(cx, server, start, &url, &pointer) };
        let url = match start {
            Start::Host => format!("https://{}", url.trim_start_matches('/')),
            Start::Scheme | Start::Path => url,
        };
        lowered.push(Server { url, docs, environment, template });
    }
    lowered
}

fn environment(cx: &mut Lowering<'_>, facts: EnvironmentFacts, names: &mut Scope, pointer: &Pointer) -> Environment {
    let given = names.name(&facts.name, pointer);
    if let Some(other) = &given.collides_with {
        cx.report(
            codes::BAD_EXTENSION
                .at(&pointer.key("x-client-environment").key("name"), format!("two servers are named `{}`", facts.name))
                .label(other, "the other one")
                .help("give each environment a unique name"),
        );
    }
    Environment {
        name: given.name,
        wire: facts.name.to_kebab_case(),
        key_prefix: facts.key_prefix,
        rate_limit: facts.rate_limit,
        patient_data: facts.patient_data,
    }
}

/// Returns a server's URL with its variables replaced by their defaults; `None`, with a warning, where the URL names a
/// variable that is not declared.
pub fn url(cx: &mut Lowering<'_>, server: &ServerObject, pointer: &Pointer) -> Option<String> {
    let mut url = String::new();
    for part in parts(&server.url) {
        match part {
            Part::Text(text) => url.push_str(text),
            Part::Variable(name) => {
                let variable = server.variables.as_ref().and_then(|variables| variables.get(name));
                let Some(variable) = variable else {
                    let message = format!("the variable `{name}` in this URL is not declared; the server is ignored");
                    let help = format!("declare it under `variables`: `{name}: {{default: …}}`");
                    let place = pointer.key("url");
                    cx.report(codes::UNKNOWN_SERVER_VARIABLE.at(&place, message).help(help));
                    return None;
                };
                url.push_str(&variable.default);
            }
        }
    }
    Some(url)
}

/// What a server's URL starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Scheme,
    /// The host: the scheme is `https`.
    Host,
    /// A path on a host that the caller has to name.
    Path,
}

/// Returns what a URL starts with, and reports a host without a scheme, which a URL can't start with.
fn start(cx: &mut Lowering<'_>, server: &ServerObject, url: &str, pointer: &Pointer) -> Start {
    if url.contains("://") {
        return Start::Scheme;
    }
    if url.starts_with("//") {
        return Start::Host;
    }
    let first = url.split(['/', '?']).next().unwrap_or_default();
    let is_host = first.trim_matches('.').contains('.') || first.contains(':') || first == "localhost";
    if !is_host {
        return Start::Path;
    }
    if !server.url.starts_with('{') {
        let message = "this URL starts with a host, but has no scheme; `https` is assumed";
        let help = format!("write `https://{}`", server.url);
        cx.report(codes::SERVER_WITHOUT_SCHEME.at(&pointer.key("url"), message).help(help));
    }
    Start::Host
}

/// Part of a URL with `{variables}`.
enum Part<'u> {
    Text(&'u str),
    Variable(&'u str),
}

fn parts(url: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((name, behind)) = after.split_once('}')
    {
        parts.extend([Part::Text(before), Part::Variable(name)]);
        rest = behind;
    }
    parts.push(Part::Text(rest));
    parts.retain(|part| !matches!(part, Part::Text("")));
    parts
}

/// Returns the type that fills in what a server's URL lacks: its variables, and the host if there is only a path.
fn template(
    cx: &mut Lowering<'_>,
    server: &ServerObject,
    start: Start,
    default_url: &str,
    pointer: &Pointer,
) -> Option<Template> {
    let parts = parts(&server.url);
    let declared = |name: &str| server.variables.as_ref()?.get(name);
    // A first variable without a default stands for the host, which has none.
    let lacks_host = start != Start::Host && !Server::has_host(default_url);
    let first = parts.iter().find_map(|part| if let Part::Variable(name) = part { Some(*name) } else { None });
    let host = first.filter(|name| lacks_host && declared(name).is_some_and(|variable| variable.default.is_empty()));
    let needs_origin = start == Start::Path && host.is_none();
    let has_path = !default_url.trim_matches(['.', '/']).is_empty();
    if first.is_none() && !(needs_origin && has_path) {
        return None;
    }
    let own = cx.synthetic_name("server", pointer);
    let mut names = Scope::fields();
    // The method that gives the URL.
    names.name("url", pointer);
    let (mut url, mut variables) = (Vec::new(), Vec::new());
    if needs_origin {
        variables.push(origin(&mut names, pointer));
        url.push(UrlPart::Variable(0));
        if !default_url.starts_with('/') {
            url.push(UrlPart::Text("/".to_owned()));
        }
    } else if start == Start::Host && !server.url.starts_with('{') {
        let scheme = if server.url.starts_with("//") { "https:" } else { "https://" };
        url.push(UrlPart::Text(scheme.to_owned()));
    }
    for part in parts {
        let name = match part {
            Part::Text(text) => {
                url.push(UrlPart::Text(text.to_owned()));
                continue;
            }
            Part::Variable(name) => name,
        };
        let is_known = |variable: &ServerVariable| variable.wire == name && !variable.is_origin;
        if let Some(index) = variables.iter().position(is_known) {
            url.push(UrlPart::Variable(index));
            continue;
        }
        url.push(UrlPart::Variable(variables.len()));
        let variable = declared(name)?;
        let at = pointer.key("variables").key(name);
        variables.push(ServerVariable {
            rust: names.name(name, &at).name,
            wire: name.to_owned(),
            is_origin: false,
            default: (host != Some(name)).then(|| variable.default.clone()),
            docs: Docs { summary: String::new(), description: variable.description.clone().unwrap_or_default() },
            choice: choice(cx, variable, &format!("{own} {name}"), &at),
        });
    }
    Some(Template { name: own, url, variables })
}

/// Returns the variable for the scheme and the host of a server whose URL is only a path.
fn origin(names: &mut Scope, pointer: &Pointer) -> ServerVariable {
    ServerVariable {
        rust: names.name("origin", pointer).name,
        wire: "origin".to_owned(),
        is_origin: true,
        default: None,
        docs: Docs::default(),
        choice: None,
    }
}

/// Returns the values of a variable that lists them; `None` if they don't include the default, because then any string may
/// be meant.
fn choice(
    cx: &mut Lowering<'_>,
    variable: &openapiv3::ServerVariable,
    hint: &str,
    pointer: &Pointer,
) -> Option<ServerChoice> {
    let default = variable.enumeration.iter().position(|value| *value == variable.default)?;
    let mut names = Scope::variants();
    let variants = variable.enumeration.iter().map(|value| Variant {
        wire: EnumValue::String(value.clone()),
        rust: names.name(value, pointer).name,
        docs: Docs::default(),
    });
    let variants = variants.collect();
    Some(ServerChoice { name: cx.synthetic_name(hint, pointer), variants, default })
}
