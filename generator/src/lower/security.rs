//! Security Schemes and Security Requirements.

use std::collections::BTreeSet;

use openapiv3::{APIKeyLocation, ReferenceOr, SecurityRequirement, SecurityScheme};

use super::lowering::Lowering;
use crate::diagnostic::{Pointer, codes};
use crate::model::{Docs, Group, Scheme, SchemeKind};
use crate::names::Scope;

/// Lowers `components.securitySchemes`.
pub fn schemes(cx: &mut Lowering<'_>) -> Vec<Scheme> {
    let Some(components) = &cx.document.openapi.components else { return Vec::new() };
    let pointer = Pointer::root().key("components").key("securitySchemes");
    let mut names = Scope::methods();
    let mut taken = BTreeSet::new();
    let mut schemes = Vec::new();
    for (wire, scheme) in &components.security_schemes {
        let pointer = pointer.key(wire);
        let ReferenceOr::Item(scheme) = scheme else {
            cx.report(
                codes::UNRESOLVED_REFERENCE
                    .at(&pointer, format!("the security scheme `{wire}` is a reference"))
                    .help("write the scheme here"),
            );
            continue;
        };
        let Some((kind, description)) = kind(scheme) else {
            cx.report(
                codes::UNSUPPORTED_SECURITY
                    .at(&pointer, format!("the `scheme` of `{wire}` is not the name of an HTTP scheme"))
                    .help("write one name, such as `bearer`; calls are sent without this credential"),
            );
            continue;
        };
        // The first keeps its name if another one is added.
        let word = method(&kind, wire);
        let rust = names.name(if taken.insert(word) { word } else { wire }, &pointer).name;
        let docs = Docs { summary: String::new(), description: description.clone().unwrap_or_default() };
        schemes.push(Scheme { wire: wire.clone(), rust, kind, docs });
    }
    schemes
}

fn kind(scheme: &SecurityScheme) -> Option<(SchemeKind, &Option<String>)> {
    Some(match scheme {
        SecurityScheme::APIKey { location, name, description, .. } => {
            let kind = match location {
                APIKeyLocation::Header => SchemeKind::HeaderKey(name.clone()),
                APIKeyLocation::Query => SchemeKind::QueryKey(name.clone()),
                APIKeyLocation::Cookie => SchemeKind::CookieKey(name.clone()),
            };
            (kind, description)
        }
        SecurityScheme::HTTP { scheme, description, .. } => match scheme.to_ascii_lowercase().as_str() {
            "basic" => (SchemeKind::Basic, description),
            "bearer" => (SchemeKind::Bearer, description),
            // A token, by RFC 9110, 11.1.
            _ if scheme.is_empty() || scheme.contains(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)) => {
                return None;
            }
            _ => (SchemeKind::Http(scheme.clone()), description),
        },
        SecurityScheme::OAuth2 { description, .. } | SecurityScheme::OpenIDConnect { description, .. } => {
            (SchemeKind::Bearer, description)
        }
    })
}

/// Returns the builder's method: the kind of credential, which tells a caller more than the scheme's name. HTTP schemes
/// other than basic and bearer are called by their name. A second scheme
/// of the same kind is called by its name.
fn method<'a>(kind: &SchemeKind, wire: &'a str) -> &'a str {
    match kind {
        SchemeKind::HeaderKey(_) | SchemeKind::QueryKey(_) | SchemeKind::CookieKey(_) => {
            if wire.to_ascii_lowercase().contains("key") { "api_key" } else { wire }
        }
        SchemeKind::Basic => "basic_auth",
        SchemeKind::Bearer => "bearer_token",
        SchemeKind::Http(_) => wire,
    }
}

/// Lowers an operation's requirements, or the document's if it lists none.
pub fn requirements(cx: &mut Lowering<'_>, own: Option<&[SecurityRequirement]>, pointer: &Pointer) -> Vec<Vec<usize>> {
    let (requirements, pointer) = match own {
        Some(own) => (own, pointer.key("security")),
        None => (cx.document.openapi.security.as_deref().unwrap_or_default(), Pointer::root().key("security")),
    };
    let mut alternatives = Vec::new();
    for (index, requirement) in requirements.iter().enumerate() {
        let mut schemes = Vec::new();
        for wire in requirement.keys() {
            if let Some(scheme) = cx.schemes.iter().position(|scheme| scheme.wire == *wire) {
                schemes.push(scheme);
            } else if !is_declared(cx, wire) {
                let known: Vec<_> = cx.schemes.iter().map(|scheme| format!("`{}`", scheme.wire)).collect();
                let help = if known.is_empty() {
                    "declare it under `components.securitySchemes`".to_owned()
                } else {
                    format!("declared schemes: {}", known.join(", "))
                };
                let message = format!("the security scheme `{wire}` is not declared");
                cx.report(codes::UNKNOWN_SECURITY.at(&pointer.index(index).key(wire), message).at_key().help(help));
            }
        }
        if !alternatives.contains(&schemes) {
            alternatives.push(schemes);
        }
    }
    alternatives
}

fn is_declared(cx: &Lowering<'_>, wire: &str) -> bool {
    cx.document.openapi.components.as_ref().is_some_and(|components| components.security_schemes.contains_key(wire))
}

/// Returns the schemes that operations use, and makes the requirements refer to these.
pub fn used(schemes: Vec<Scheme>, groups: &mut [Group]) -> Vec<Scheme> {
    let operations = || groups.iter().flat_map(|group| &group.operations);
    let used: BTreeSet<usize> = operations().flat_map(|op| op.security.iter().flatten().copied()).collect();
    let places: Vec<usize> = used.iter().copied().collect();
    for op in groups.iter_mut().flat_map(|group| &mut group.operations) {
        for scheme in op.security.iter_mut().flatten() {
            *scheme = places.binary_search(scheme).expect("every used scheme has its place");
        }
    }
    schemes.into_iter().enumerate().filter(|(index, _)| used.contains(index)).map(|(_, scheme)| scheme).collect()
}

/// Whether every operation needs a credential. A client without one would be useless.
pub fn is_required(groups: &[Group]) -> bool {
    let mut operations = groups.iter().flat_map(|group| &group.operations).peekable();
    operations.peek().is_some()
        && operations.all(|op| !op.security.is_empty() && op.security.iter().all(|schemes| !schemes.is_empty()))
}
