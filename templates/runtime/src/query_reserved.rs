//! By need, for query parameters with `allowReserved`: `Call::query_reserved`.

use serde::Serialize;

use super::call::Call;
use super::node::Node;
use super::reserved::escape_but_reserved;
use super::style::{self, Style};

impl Call<'_> {
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
}
