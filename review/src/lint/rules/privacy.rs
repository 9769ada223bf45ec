//! Rules about what may be shown.

use openapiv3::{Parameter, ParameterSchemaOrContent, ReferenceOr, SecurityScheme};

use super::View;
use crate::lint::codes;
use crate::lint::view::{Cover, Role, Visited, chain, privacy};
use generator::diagnostic::{At, Diagnostic, Pointer};
use generator::lower::{Class, classify};
use generator::model::Scalar;

const KEY: &str = "x-client-privacy";

pub fn unmarked_privacy(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let unmarked: Vec<&Visited<'_>> = view.schemas.iter().filter(|schema| is_unmarked(schema)).collect();
    let is_marked = |visited: &Visited<'_>| visited.schema.inline().is_some_and(|schema| privacy(&schema).is_some());
    let has_marks = view.schemas.iter().any(is_marked)
        || view.parameters.iter().any(|parameter| parameter.object.parameter_data_ref().extensions.contains_key(KEY));
    if !has_marks {
        if !unmarked.is_empty() {
            let message = format!("nothing says which of {} values are safe to show", unmarked.len());
            found.push(
                codes::UNMARKED_PRIVACY
                    .at(&Pointer::root().key("openapi"), message)
                    .at_key()
                    .help("add `x-client-privacy: safe` or `sensitive` to properties, parameters and named schemas"),
            );
        }
        return;
    }
    for schema in unmarked {
        let what = match schema.role {
            Role::Component(name) => format!("the schema `{name}`"),
            Role::Property(name) => format!("the property `{name}`"),
            Role::Parameter => "this parameter".to_owned(),
            _ => "this value".to_owned(),
        };
        let message = format!("{what} is neither safe to show nor sensitive");
        found.push(
            codes::UNMARKED_PRIVACY
                .at(&schema.schema.pointer, message)
                .at_key()
                .help("add `x-client-privacy: sensitive`, or `safe` if it reveals nothing about a person"),
        );
    }
}

/// Whether a schema is a single value without a mark. The target of a reference is checked where it is defined.
fn is_unmarked(at: &Visited<'_>) -> bool {
    let Some(schema) = at.schema.inline() else { return false };
    if at.cover != Cover::Nothing || matches!(at.role, Role::Header | Role::Body) || privacy(&schema).is_some() {
        return false;
    }
    match classify(&schema) {
        Class::Scalar(scalar) => scalar != Scalar::Binary,
        Class::Enum => true,
        _ => false,
    }
}

pub fn sensitive_in_url(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for parameter in &view.parameters {
        let place = match parameter.object {
            Parameter::Path { .. } => "path",
            Parameter::Query { .. } => "query",
            Parameter::Header { .. } | Parameter::Cookie { .. } => continue,
        };
        let Some(mark) = sensitive_mark(view, parameter.object, &parameter.pointer) else { continue };
        let message =
            format!("`{}` is sensitive, and travels in the {place}", parameter.object.parameter_data_ref().name);
        let diagnostic = codes::SENSITIVE_IN_URL
            .at(&parameter.pointer, message)
            .help("send it in a header or in a body: URLs are logged on their way");
        let diagnostic = Diagnostic { labels: labels(&diagnostic, &parameter.pointer), ..diagnostic };
        found.push(diagnostic.label(&mark, "marked here"));
    }
}

/// An item of a list has no key to mark: marks where the parameter says in which part of the URL it travels.
fn labels(diagnostic: &Diagnostic, pointer: &Pointer) -> Vec<generator::diagnostic::Label> {
    let mut labels = diagnostic.labels.clone();
    labels[0].pointer = pointer.key("in");
    labels[0].at = At::Value;
    labels
}

/// Returns where a parameter, or what it refers to, is marked as sensitive. The nearest mark wins.
fn sensitive_mark<'a>(view: &View<'a>, parameter: &'a Parameter, pointer: &Pointer) -> Option<Pointer> {
    let data = parameter.parameter_data_ref();
    if let Some(mark) = data.extensions.get(KEY) {
        return (mark.as_str() == Some("sensitive")).then(|| pointer.key(KEY));
    }
    let ParameterSchemaOrContent::Schema(schema) = &data.format else { return None };
    let mut open = vec![view.document.schema(schema, pointer.key("schema"))];
    for _ in 0..8 {
        for schema in chain(&open.pop()?) {
            match privacy(&schema) {
                Some("sensitive") => return Some(schema.pointer.key(KEY)),
                Some(_) => return None,
                None => {}
            }
            // The mark of a list is on its items.
            open.extend(schema.items());
        }
    }
    None
}

pub fn credential_in_query(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let schemes = Pointer::root().key("components").key("securitySchemes");
    for (name, scheme) in view.document.openapi.components.iter().flat_map(|components| &components.security_schemes) {
        let ReferenceOr::Item(SecurityScheme::APIKey { location: openapiv3::APIKeyLocation::Query, .. }) = scheme
        else {
            continue;
        };
        let message = format!("the key of `{name}` travels in the query, and so into every log of URLs");
        found.push(
            codes::CREDENTIAL_IN_QUERY
                .at(&schemes.key(name).key("in"), message)
                .help("take the key in a header: `in: header`"),
        );
    }
}

pub fn undeclared_security(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let openapi = &view.document.openapi;
    let schemes = openapi.components.iter().flat_map(|components| components.security_schemes.keys());
    let Some(scheme) = schemes.map(String::as_str).next().filter(|_| openapi.security.is_none()) else { return };
    for call in view.calls.iter().filter(|call| call.object.security.is_none()) {
        found.push(
            codes::UNDECLARED_SECURITY
                .at(&call.pointer, "nothing says whether this operation needs a credential")
                .at_key()
                .help(format!("add `security: [{{{scheme}: []}}]`, or `security: []` if it needs none")),
        );
    }
}
