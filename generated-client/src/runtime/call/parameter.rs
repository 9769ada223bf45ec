//! The parameters of a call: path, query, header and cookie.

use http::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::runtime::call::node::Node;
use crate::runtime::call::style::Style;
use crate::runtime::call::style::{escape_but_reserved, percent_encode};
use crate::runtime::call::{Call, style};

impl Call<'_> {
    /// Puts a value into the path, wherever `{name}` is.
    ///
    /// A path segment that comes out empty or as a dot segment (`.`, `..`) is a problem of the
    /// call: no encoding keeps servers and proxies from taking it for another path, and with that
    /// for another operation.
    pub(crate) fn path(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        let Ok(value) = Node::of(value) else {
            self.note("the path parameter cannot be written", name);
            return self;
        };
        let written = style::write(name, &value, style, percent_encode, false);
        let Some(mut start) = place(&self.path, 0, name) else {
            self.note("the path has no such parameter", name);
            return self;
        };
        loop {
            let end = start + name.len() + 2;
            let before = self.path[..start].rsplit('/').next().unwrap_or_default();
            let after = self.path[end..].split(['/', '?']).next().unwrap_or_default();
            if matches!([before, &written, after].concat().as_str(), "" | "." | "..") {
                self.note("the path parameter is empty or a dot segment", name);
                return self;
            }
            // An encoded value holds no braces, so it is never taken for another parameter.
            self.path.to_mut().replace_range(start..end, &written);
            match place(&self.path, start + written.len(), name) {
                Some(next) => start = next,
                None => return self,
            }
        }
    }

    /// Adds a query parameter; `None` and null are left out.
    pub(crate) fn query(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        match Node::of(value) {
            Ok(Node::Null) => {}
            Ok(value) => {
                self.push_query(&style::write(name, &value, style, percent_encode, true));
            }
            Err(_) => self.note("the query parameter cannot be written", name),
        }
        self
    }

    /// Adds a query parameter whose reserved characters stay as they are, but for those that would
    /// end or split the query; `None` and null are left out.
    pub(crate) fn query_reserved(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        match Node::of(value) {
            Ok(Node::Null) => {}
            Ok(value) => self.push_query(&style::write(name, &value, style, escape_but_reserved, true)),
            Err(_) => self.note("the query parameter cannot be written", name),
        }
        self
    }

    /// Adds a header parameter, which is marked as sensitive; `None` and null are left out.
    pub(crate) fn header(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        let Ok(value) = Node::of(value) else {
            self.note("the header cannot be written", name);
            return self;
        };
        if style::is_empty(&value) {
            return self;
        }
        if !style::fits_header(&value, style) {
            self.note("a part of the header's value contains a character that separates parts", name);
            return self;
        }
        let text = style::write(name, &value, style, |text, out| out.push_str(text), false);
        // Headers are not percent-encoded. Control characters, line breaks among them, are refused.
        match (HeaderName::try_from(name), HeaderValue::from_bytes(text.as_bytes())) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            _ => self.note("the header cannot be written", name),
        }
        self
    }

    /// Adds a cookie parameter; `None` and null are left out. Exploded parts become cookies of
    /// their own.
    pub(crate) fn cookie(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        match Node::of(value) {
            Ok(Node::Null) => {}
            Ok(value) => {
                let pairs = style::write(name, &value, style, percent_encode, true);
                // A value has no bare `&` in it.
                self.push_cookies(&pairs.replace('&', "; "));
            }
            Err(_) => self.note("the cookie cannot be written", name),
        }
        self
    }
}

/// Returns where `{name}` is in a path, from byte `from` on.
fn place(path: &str, from: usize, name: &str) -> Option<usize> {
    let mut braces = path[from..].match_indices('{').map(|(index, _)| from + index);
    braces.find(|start| path[start + 1..].strip_prefix(name).is_some_and(|rest| rest.starts_with('}')))
}
