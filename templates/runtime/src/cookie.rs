//! By need, for cookie parameters: `Call::cookie`.

use serde::Serialize;

use super::call::Call;
use super::node::Node;
use super::percent::percent_encode;
use super::style::{self, Style};

impl Call<'_> {
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
