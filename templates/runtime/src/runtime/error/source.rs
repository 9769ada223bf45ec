//! The printable part of a transport's error: fixed text only, never a URL, a header or a body.

use std::error::Error as StdError;
use std::{fmt, io};

use crate::runtime::error::connection::ConnectTimeout;

/// The printable part of an error and its sources, as one line, such as
/// `invalid peer certificate: UnknownIssuer`.
pub(crate) struct Source(String);

impl Source {
    /// Reads the chain of `error`, or nothing where no part of it is known to be safe to print.
    ///
    /// A transport of the caller's may say anything in its errors (reqwest's hold the URL), and so
    /// may the source of a streamed body. Only types whose texts are known are therefore printed:
    /// hyper's and rustls's hold no data of a request, and of an I/O error its kind is told.
    pub(crate) fn read(error: &(dyn StdError + 'static)) -> Option<Self> {
        let texts: Vec<String> = chain(error).filter_map(text).collect();
        (!texts.is_empty()).then(|| Self(texts.join(": ")))
    }
}

/// Returns the text of an error whose type is known to be safe to print.
fn text(error: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // An I/O error that wraps another one leaves it out of its sources.
        let wrapped = error.get_ref().and_then(|wrapped| text(wrapped));
        return Some(wrapped.unwrap_or_else(|| io_text(error)));
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(tls_text(error));
    }
    let is_safe = error.is::<hyper::Error>() || error.is::<ConnectTimeout>();
    is_safe.then(|| error.to_string())
}

/// Returns the text of an error of TLS, without the host's name, which one of them holds.
fn tls_text(error: &rustls::Error) -> String {
    use rustls::CertificateError::{NotValidForName, NotValidForNameContext};
    match error {
        rustls::Error::InvalidCertificate(NotValidForNameContext { .. }) => {
            rustls::Error::InvalidCertificate(NotValidForName).to_string()
        }
        _ => error.to_string(),
    }
}

/// Returns the system's text for its own errors, and the kind of any other.
fn io_text(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(_) => error.to_string(),
        None => error.kind().to_string(),
    }
}

/// Returns `error` and its sources.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Returns whether `error` or one of its sources is of the type `E`.
pub(crate) fn holds<E: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(<dyn StdError>::is::<E>)
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Source {}
