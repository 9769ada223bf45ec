//! By need, for query parameters: `Call::query`.

use serde::Serialize;

use super::call::Call;
use super::node::Node;
use super::percent::percent_encode;
use super::style::{self, Style};

impl Call<'_> {
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
}
