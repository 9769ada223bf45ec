//! What an implementation learns of a request besides its arguments: [`Call`].

use std::fmt;

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Uri};

use crate::runtime::api::Operation;

/// The request that an operation serves, apart from its parameters and its body.
///
/// [`Authorize::authorize`](crate::runtime::server::credentials::Authorize::authorize) can put what it learned about the
/// caller into the [extensions](Self::extensions_mut), where the operation finds it. `Debug` prints only the operation.
pub struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) head: Parts,
}

impl Call {
    /// Returns the operation's `operationId`.
    #[must_use]
    pub const fn operation_id(&self) -> &'static str {
        self.operation.id
    }

    /// Returns the path's template, such as `/pets/{petId}`, which is safe to log.
    #[must_use]
    pub const fn path_template(&self) -> &'static str {
        self.operation.path
    }

    /// Whether the document demands a credential for the operation.
    #[must_use]
    pub fn needs_credentials(&self) -> bool {
        let alternatives = self.operation.security;
        !alternatives.is_empty() && alternatives.iter().all(|schemes| !schemes.is_empty())
    }

    /// Returns the method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.head.method
    }

    /// Returns the target. It may hold personal data and keys.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// Returns the headers. They may hold personal data and keys.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns what layers and `authorize` added to the request.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.head.extensions
    }

    /// Returns the same, to add to it.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.head.extensions
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}
