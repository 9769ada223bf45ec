//! Servers, and what of their URLs the caller fills in.

use super::{Docs, Environment, Variant};
use crate::names::Name;

/// A server of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// The URL, with `{variables}` replaced by their defaults.
    pub url: String,
    /// Documentation, from the document.
    pub docs: Docs,
    /// What `x-client-environment` says of it.
    pub environment: Option<Environment>,
    /// The type that fills in the URL's variables, where it has some and the server has no name.
    pub template: Option<Template>,
}

impl Server {
    /// Whether a URL has a scheme and a host.
    #[must_use]
    pub fn has_host(url: &str) -> bool {
        url.split_once("://").is_some_and(|(_, rest)| !rest.is_empty() && !rest.starts_with(['/', ':']))
    }
}

/// A URL with variables. If it starts with one, that variable may hold the scheme as well.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The name of the type.
    pub name: Name,
    /// The URL's parts in their order.
    pub url: Vec<UrlPart>,
    /// The variables, each once, in the order of the URL.
    pub variables: Vec<ServerVariable>,
}

/// A part of a URL with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlPart {
    /// As it is.
    Text(String),
    /// Index into [`Template::variables`].
    Variable(usize),
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// The field and the method that sets it.
    pub rust: Name,
    /// The name in the document.
    pub wire: String,
    /// Whether it is the scheme and the host, which the document doesn't have.
    pub is_origin: bool,
    /// The value that it has where nobody sets it; `None` if the caller has to.
    pub default: Option<String>,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The values that it may have, where the document lists them.
    pub choice: Option<ServerChoice>,
}

/// The values of a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerChoice {
    /// The name of the enum.
    pub name: Name,
    /// The values, in the document's order.
    pub variants: Vec<Variant>,
    /// The place of the default.
    pub default: usize,
}
