//! By need, where the document names kinds of errors: `Error::kind_name`.

use super::error::Error;

impl Error {
    /// Returns the name of the error's kind, as the document has it.
    pub(crate) fn kind_name(&self) -> Option<&'static str> {
        Some(self.rule()?.kind)
    }
}
