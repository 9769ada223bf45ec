//! Server Objects, as environments where the document names them so.

use heck::ToKebabCase;
use openapiv3::Server as ServerObject;

use super::context::Context;
use super::extension::{self, EnvironmentFacts};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Docs, Environment, Server};
use crate::names::Scope;

/// Lowers the document's servers.
pub fn lower(cx: &mut Context<'_>, servers: &[ServerObject], pointer: &Pointer) -> Vec<Server> {
    let mut names = Scope::variants();
    let mut lowered = Vec::new();
    for (index, server) in servers.iter().enumerate() {
        let pointer = pointer.index(index);
        let facts = extension::environment(cx, &server.extensions, &pointer);
        let environment = facts.map(|facts| environment(cx, facts, &mut names, &pointer));
        let docs = Docs { summary: String::new(), description: server.description.clone().unwrap_or_default() };
        lowered.push(Server { url: url(server), docs, environment });
    }
    lowered
}

fn environment(cx: &mut Context<'_>, facts: EnvironmentFacts, names: &mut Scope, pointer: &Pointer) -> Environment {
    let given = names.name(&facts.name, pointer);
    if let Some(other) = &given.collides_with {
        cx.report(
            Diagnostic::error(
                "bad-extension",
                &pointer.key("x-client-environment").key("name"),
                format!("two servers are named `{}`", facts.name),
            )
            .label(other, "the other one")
            .help("give each environment a name of its own"),
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

/// Returns a server's URL with its variables replaced by their defaults.
pub fn url(server: &ServerObject) -> String {
    let mut url = server.url.clone();
    for (name, variable) in server.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    url
}
