//! Behind the feature `test-util`, by need, where the document names kinds of errors:
//! `Expected::fails_by_kind`.
#![cfg(feature = "test-util")]

use super::api::KindMatch;
use super::expected::{Expected, failure};
use super::failure::documented;

impl<Q, A> Expected<'_, Q, A> {
    /// Fails as the document says that this kind of error is told.
    #[track_caller]
    pub(crate) fn fails_by_kind(&self, kind: &str) -> &Self {
        let found = self.operation.failures.iter().find_map(|failure| {
            let rule = failure.kinds.iter().find(|rule| rule.kind == kind)?;
            // A range may hold a status that another failure documents more closely.
            let is_own = |status: &u16| documented(self.operation, *status).is_some_and(|it| std::ptr::eq(it, failure));
            let status = failure.statuses.clone().filter(|status| *status >= 400).find(is_own)?;
            Some((status, rule))
        });
        let Some((status, rule)) = found else {
            panic!("`{}` documents no error of the kind `{kind}`", self.operation.id);
        };
        let (message, code) = match rule.matches {
            KindMatch::Message(text) | KindMatch::MessagePrefix(text) => (text, None),
            KindMatch::Code(code) => (rule.text, Some(code)),
        };
        let body = failure(&self.fake.state.api.envelope, message, code, None);
        self.json(status, body)
    }
}
