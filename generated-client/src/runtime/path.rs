//! By need, for path parameters: `Call::path`.

use serde::Serialize;

use super::call::Call;
use super::node::Node;
use super::percent::percent_encode;
use super::style::{self, Style};

impl Call<'_> {
    /// Puts a value into the path, in the place of `{name}`.
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
        let template = format!("{{{name}}}");
        let Some(start) = self.path.find(&template) else {
            self.note("the path has no such parameter", name);
            return self;
        };
        let end = start + template.len();
        let before = self.path[..start].rsplit('/').next().unwrap_or_default();
        let after = self.path[end..].split(['/', '?']).next().unwrap_or_default();
        if matches!([before, &written, after].concat().as_str(), "" | "." | "..") {
            self.note("the path parameter is empty or a dot segment", name);
            return self;
        }
        // An encoded value holds no braces, so it is never taken for another parameter.
        self.path.to_mut().replace_range(start..end, &written);
        self
    }
}
