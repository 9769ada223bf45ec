//! By need, where the document has HTTP Basic: `ClientBuilder::basic_credential`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::client_builder::ClientBuilder;
use super::secret::Secret;

impl ClientBuilder {
    /// Sets user name and password of the security scheme with this index (RFC 7617).
    pub(crate) fn basic_credential(self, index: usize, user: &str, password: &Secret) -> Self {
        let pair = Secret::from([user, ":", password.expose()].concat());
        self.credential(index, Secret::from(STANDARD.encode(pair.expose())))
    }
}
