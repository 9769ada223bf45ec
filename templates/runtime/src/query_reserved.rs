//! By need, for query parameters with `allowReserved`: `Call::query_reserved`.

use serde::Serialize;

use super::call::Call;
use super::node::Node;
use super::percent::{is_unreserved, percent_encode};
use super::style::{self, Style};

impl Call<'_> {
    /// Adds a query parameter whose reserved characters stay as they are, but for those that would
    /// end or split the query (`#`, `[`, `]`, `&`, `+`); `None` and null are left out.
    pub(crate) fn query_reserved(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        match Node::of(value) {
            Ok(Node::Null) => {}
            Ok(value) => self.push_query(&style::write(name, &value, style, escape, true)),
            Err(_) => self.note("the query parameter cannot be written", name),
        }
        self
    }
}

fn escape(text: &str, out: &mut String) {
    for piece in text.split_inclusive(|_| true) {
        match piece.as_bytes() {
            [byte] if is_unreserved(*byte) || b":/?@!$'()*,;=".contains(byte) => out.push_str(piece),
            _ => percent_encode(piece, out),
        }
    }
}
