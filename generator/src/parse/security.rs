//! Security schemes, and which of them an operation asks for.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, AuthorizationCodeOAuth2Flow, ClientCredentialsOAuth2Flow, ImplicitOAuth2Flow, OAuth2Flows,
    PasswordOAuth2Flow, SecurityRequirement, SecurityScheme,
};

use super::codes;
use super::node::{Node, Value};
use super::object::{self, Extensions, Object};
use super::reader::Reader;
use super::shape::Shape;
use super::trail::Trail;

/// OpenAPI 3.0.3, Security Scheme Object.
pub(super) const SCHEME: Shape = Shape::new(
    "a security scheme",
    &["type", "description", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl"],
);

/// OpenAPI 3.0.3, OAuth Flows Object.
pub(super) const FLOWS: Shape =
    Shape::new("the flows of OAuth", &["implicit", "password", "clientCredentials", "authorizationCode"]);

/// OpenAPI 3.0.3, OAuth Flow Object.
pub(super) const FLOW: Shape = Shape::new("a flow of OAuth", &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"]);

const TYPES: &[&str] = &["apiKey", "http", "oauth2", "openIdConnect"];
const LOCATIONS: &[&str] = &["query", "header", "cookie"];

/// Reads one alternative of `security`: schemes that all have to be satisfied, each with its scopes.
pub(super) fn requirement(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<SecurityRequirement> {
    let Value::Object(entries) = &node.value else {
        reader.wrong_type(node, trail, "an object of security schemes");
        return None;
    };
    let mut schemes = SecurityRequirement::new();
    for entry in entries {
        let trail = trail.key(&entry.key);
        let scopes = match &entry.value.value {
            Value::Null => Vec::new(),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.filter_map(|(index, item)| object::text(reader, item, &trail.index(index))).collect()
            }
            _ => {
                reader.wrong_type(&entry.value, &trail, "a list of scopes");
                Vec::new()
            }
        };
        schemes.insert(entry.key.to_string(), scopes);
    }
    Some(schemes)
}

/// Reads a security scheme; one that cannot work is left out.
pub(super) fn scheme(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<SecurityScheme> {
    let mut object = Object::open(reader, node, trail, &SCHEME)?;
    let Some(entry) = object.take("type") else {
        object.missing("type");
        return None;
    };
    let kind_trail = trail.key("type");
    let kind = object::text(reader, &entry.value, &kind_trail)?;
    let description = object.text("description");
    match kind.as_str() {
        "apiKey" => {
            let name = object.required_text("name");
            let location = location(&mut object);
            let extensions = object.finish();
            Some(SecurityScheme::APIKey { location: location?, name: name?, description, extensions })
        }
        "http" => {
            let scheme = object.required_text("scheme");
            let bearer_format = object.text("bearerFormat");
            let extensions = object.finish();
            Some(SecurityScheme::HTTP { scheme: scheme?, bearer_format, description, extensions })
        }
        "oauth2" => {
            let flows = object.one("flows", flows);
            if flows.is_none() && node.get("flows").is_none() {
                object.missing("flows");
            }
            let flows = flows.unwrap_or_default();
            Some(SecurityScheme::OAuth2 { flows, description, extensions: object.finish() })
        }
        "openIdConnect" => {
            let url = object.required_text("openIdConnectUrl");
            let extensions = object.finish();
            Some(SecurityScheme::OpenIDConnect { open_id_connect_url: url?, description, extensions })
        }
        "mutualTLS" => {
            let message = "`mutualTLS` is not supported; it is ignored";
            let problem = codes::NOT_CARRIED.at(&kind_trail.pointer(), message);
            reader.push(entry.value.span, problem.help("configure the client certificate in the HTTP client"));
            None
        }
        _ => {
            reader.unknown_value(&entry.value, &kind_trail, "a type of security scheme", TYPES);
            None
        }
    }
}

fn location(object: &mut Object<'_>) -> Option<APIKeyLocation> {
    let Some(entry) = object.take("in") else {
        object.missing("in");
        return None;
    };
    match entry.value.as_str() {
        Some("query") => Some(APIKeyLocation::Query),
        Some("header") => Some(APIKeyLocation::Header),
        Some("cookie") => Some(APIKeyLocation::Cookie),
        _ => {
            let trail = object.trail.key("in");
            object.reader.unknown_value(&entry.value, &trail, "a place for a key", LOCATIONS);
            None
        }
    }
}

fn flows(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>) -> Option<OAuth2Flows> {
    let mut object = Object::open(reader, node, trail, &FLOWS)?;
    Some(OAuth2Flows {
        implicit: object.one("implicit", |reader, node, trail| {
            let flow = flow(reader, node, trail, true, false)?;
            let (refresh_url, scopes, extensions) = (flow.refresh_url, flow.scopes, flow.extensions);
            Some(ImplicitOAuth2Flow { authorization_url: flow.authorization_url?, refresh_url, scopes, extensions })
        }),
        password: object.one("password", |reader, node, trail| {
            let flow = flow(reader, node, trail, false, true)?;
            let (refresh_url, scopes, extensions) = (flow.refresh_url, flow.scopes, flow.extensions);
            Some(PasswordOAuth2Flow { refresh_url, token_url: flow.token_url?, scopes, extensions })
        }),
        client_credentials: object.one("clientCredentials", |reader, node, trail| {
            let flow = flow(reader, node, trail, false, true)?;
            let (refresh_url, scopes, extensions) = (flow.refresh_url, flow.scopes, flow.extensions);
            Some(ClientCredentialsOAuth2Flow { refresh_url, token_url: flow.token_url?, scopes, extensions })
        }),
        authorization_code: object.one("authorizationCode", |reader, node, trail| {
            let flow = flow(reader, node, trail, true, true)?;
            Some(AuthorizationCodeOAuth2Flow {
                authorization_url: flow.authorization_url?,
                token_url: flow.token_url?,
                refresh_url: flow.refresh_url,
                scopes: flow.scopes,
                extensions: flow.extensions,
            })
        }),
        extensions: object.finish(),
    })
}

struct Flow {
    authorization_url: Option<String>,
    token_url: Option<String>,
    refresh_url: Option<String>,
    scopes: IndexMap<String, String>,
    extensions: Extensions,
}

/// Reads a flow, and reports the addresses that this kind of flow needs and has not.
fn flow(reader: &Reader<'_>, node: &Node, trail: &Trail<'_>, authorization: bool, token: bool) -> Option<Flow> {
    let mut object = Object::open(reader, node, trail, &FLOW)?;
    let mut url = |key, needed| if needed { object.required_text(key) } else { object.text(key) };
    let authorization_url = url("authorizationUrl", authorization);
    let token_url = url("tokenUrl", token);
    let refresh_url = object.text("refreshUrl");
    let scopes =
        object.map("scopes", |reader, node, trail| Some(object::text(reader, node, trail).unwrap_or_default()));
    if node.get("scopes").is_none() {
        object.missing("scopes");
    }
    Some(Flow { authorization_url, token_url, refresh_url, scopes, extensions: object.finish() })
}
