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
        // A URL may begin with a variable that holds the scheme and the host.
        let is_absolute = url.contains("://") || server.url.starts_with('{');
        let has_template = !is_named && is_absolute && server.variables.is_some();
        let template = if has_template { template(cx, server, &pointer) } else { None };
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

/// Returns the type that fills in a server's variables, if its URL has any.
fn template(cx: &mut Lowering<'_>, server: &ServerObject, pointer: &Pointer) -> Option<Template> {
    let declared = server.variables.as_ref()?;
    let mut names = Scope::fields();
    // The method that gives the URL.
    names.name("url", pointer);
    let mut used: Vec<&str> = Vec::new();
    let mut variables = Vec::new();
    let mut url = Vec::new();
    let mut type_name = None;
    for part in parts(&server.url) {
        let name = match part {
            Part::Text(text) => {
                url.push(UrlPart::Text(text.to_owned()));
                continue;
            }
            Part::Variable(name) => name,
        };
        let index = used.iter().position(|other| *other == name).unwrap_or(used.len());
        url.push(UrlPart::Variable(index));
        if index < used.len() {
            continue;
        }
        used.push(name);
        let own = type_name.get_or_insert_with(|| cx.synthetic_name("server", pointer)).clone();
        let variable = declared.get(name)?;
        let at = pointer.key("variables").key(name);
        variables.push(ServerVariable {
            rust: names.name(name, &at).name,
            wire: name.to_owned(),
            default: variable.default.clone(),
            docs: Docs { summary: String::new(), description: variable.description.clone().unwrap_or_default() },
            choice: choice(cx, variable, &format!("{own} {name}"), &at),
        });
    }
    Some(Template { name: type_name?, url, variables })
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
