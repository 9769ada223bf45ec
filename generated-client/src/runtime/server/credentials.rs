//! The credentials of a request, and the trait that checks them: [`Credentials`], [`Authorize`].

use std::fmt;
use std::future::{Future, ready};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{StatusCode, header};

use crate::runtime::api::{Api, Operation, SchemeKind};
use crate::runtime::server::call::Call;
use crate::runtime::server::failure::Failure;
use crate::runtime::server::styled::{decoded, pairs};
use crate::runtime::value::secret::Secret;

/// Checks the credentials of requests.
///
/// It's called before the request is decoded. A request that lacks a credential which the document demands has already
/// been refused with status 401.
pub trait Authorize: Send + Sync + 'static {
    /// Returns whether the request may go on. What the operation has to know of the caller goes into the extensions of
    /// `call`.
    ///
    /// By default, operations for which the document demands a credential are refused with status 401, since nothing
    /// knows which credentials are valid. All other operations are open to everybody.
    ///
    /// # Errors
    ///
    /// The failure becomes the response. Usually it has status 401 or 403.
    fn authorize(
        &self,
        call: &mut Call,
        credentials: &Credentials,
    ) -> impl Future<Output = Result<(), Failure<()>>> + Send {
        let _ = credentials;
        ready(if call.needs_credentials() {
            Err(Failure::message(StatusCode::UNAUTHORIZED, "Unauthorized: this server accepts no credentials"))
        } else {
            Ok(())
        })
    }
}

/// The credentials in a request, by the names of the document's security schemes. `Debug` prints only the names.
pub struct Credentials {
    found: Vec<(&'static str, Secret)>,
    is_complete: bool,
}

impl Credentials {
    /// Reads the credentials of the schemes that the operation names.
    pub(crate) fn of(api: &'static Api, operation: &'static Operation, head: &Parts) -> Self {
        let has = |index: &usize| api.schemes.get(*index).and_then(|scheme| read(&scheme.kind, head));
        let alternatives = operation.security;
        let is_complete = alternatives.is_empty()
            || alternatives.iter().any(|indices| indices.iter().all(|index| has(index).is_some()));
        let mut indices: Vec<usize> = alternatives.iter().flat_map(|indices| indices.iter().copied()).collect();
        indices.sort_unstable();
        indices.dedup();
        let found = indices.iter().filter_map(|index| Some((api.schemes[*index].name, has(index)?))).collect();
        Self { found, is_complete }
    }

    /// Whether all credentials of one of the document's alternatives are there, valid or not.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Returns the key or token for the security scheme with this name in the document. For HTTP Basic it is the user name
    /// and the password, with a colon in between.
    #[must_use]
    pub fn get(&self, scheme: &str) -> Option<&Secret> {
        self.found.iter().find(|(name, _)| *name == scheme).map(|(_, secret)| secret)
    }

    /// Returns the credentials with the names of their schemes.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        self.found.iter().map(|(name, secret)| (*name, secret))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.found.iter().map(|(name, _)| name)).finish()
    }
}

/// Reads the credential of a scheme. An empty one counts as missing.
fn read(kind: &SchemeKind, head: &Parts) -> Option<Secret> {
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let pair = |pairs: Vec<(String, String)>, name: &str| {
        pairs.into_iter().find(|(key, _)| decoded(key, true) == name).map(|(_, value)| decoded(&value, true))
    };
    let authorization = |scheme: &str| {
        let value = header(header::AUTHORIZATION.as_str())?;
        let (found, rest) = value.split_once(' ')?;
        found.eq_ignore_ascii_case(scheme).then(|| rest.trim().to_owned())
    };
    let text = match kind {
        SchemeKind::HeaderKey(name) => header(name),
        SchemeKind::QueryKey(name) => pair(pairs(head.uri.query().unwrap_or_default(), '&'), name),
        SchemeKind::CookieKey(name) => pair(pairs(&header(header::COOKIE.as_str())?, ';'), name),
        SchemeKind::Bearer => authorization("Bearer"),
        SchemeKind::Http(scheme) => authorization(scheme),
        SchemeKind::Basic => {
            let bytes = STANDARD.decode(authorization("Basic")?).ok()?;
            String::from_utf8(bytes).ok()
        }
    };
    text.filter(|text| !text.is_empty()).map(Secret::from)
}
