//! By need, for answers whose media type is not the usual one: `Call::accept`.

use super::call::Call;

impl Call<'_> {
    /// Asks for these media types, as they stand in the header `accept`. Without it, an operation
    /// asks for `application/json`, `text/plain` or anything, by the way its answer is read.
    pub(crate) fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }
}
