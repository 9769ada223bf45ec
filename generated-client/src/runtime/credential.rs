//! By need, where the document has security schemes: `ClientBuilder::credential`.

use super::client_builder::ClientBuilder;
use super::secret::Secret;

impl ClientBuilder {
    /// Sets the credential of the security scheme with this index.
    pub(crate) fn credential(mut self, index: usize, secret: Secret) -> Self {
        if let Some(credential) = self.credentials.get_mut(index) {
            *credential = Some(secret);
        }
        self
    }
}
