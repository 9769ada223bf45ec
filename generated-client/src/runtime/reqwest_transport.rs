//! By need, behind the feature `reqwest`: requests go through a client of reqwest's, whose builder
//! is the caller's and is finished here.
#![cfg(feature = "reqwest")]

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Client, redirect, retry, tls};

use super::body::{Body, BoxError};
use super::client_builder::ClientBuilder;
use super::config::ConfigError;
use super::transport::{Exchange, Transport, Unsent};

impl ClientBuilder {
    /// Sends requests through a client that reqwest builds, for what its builder can set and this
    /// one cannot (feature `reqwest`).
    ///
    /// Whatever was set on `builder`, it follows no redirect, repeats nothing, sends no `referer`,
    /// decompresses nothing and takes TLS 1.2 or newer. Connections, certificates and proxies are
    /// as `builder` has them, and so are its own timeouts; what is set of them here does not apply.
    /// The limits of [`Options`](super::options::Options) hold. A failure to connect was not sent;
    /// of any other, reqwest does not tell whether something was written, so the delivery is
    /// `Unknown`, also where a kept connection was closed.
    /// What reqwest cannot build comes out of [`build`](Self::build) as
    /// [`ConfigError::InvalidTransport`].
    ///
    /// # Panics
    ///
    /// reqwest panics where it cannot tell which TLS is meant: give the builder one, as here,
    /// install a provider of rustls for the process, or have reqwest bring one by its features.
    ///
    /// ```text
    /// let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    /// let http = reqwest::Client::builder().tls_backend_preconfigured(tls).local_address(address);
    /// let client = Client::builder().environment(Environment::Production).reqwest(http).build()?;
    /// ```
    pub fn reqwest(mut self, builder: reqwest::ClientBuilder) -> Self {
        let client = builder
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .tls_version_min(tls::Version::TLS_1_2)
            .build();
        self.transport = Some(match client {
            Ok(client) => Ok(Box::new(Reqwest(client))),
            Err(_) => Err(ConfigError::InvalidTransport),
        });
        self
    }
}

struct Reqwest(Client);

impl Transport for Reqwest {
    fn send(&self, request: Request<Body>) -> Exchange {
        let client = self.0.clone();
        Exchange {
            pending: Box::pin(async move {
                let request = request.map(|body| reqwest::Body::wrap(Shareable(Mutex::new(body))));
                let request = reqwest::Request::try_from(request).map_err(|error| Unsent::new(error.without_url()))?;
                match client.execute(request).await {
                    Ok(response) => Ok(Response::<reqwest::Body>::from(response).map(Body::stream)),
                    Err(error) if error.is_connect() => Err(Unsent::new(error.without_url()).into()),
                    Err(error) => Err(error.without_url().into()),
                }
            }),
            sending: None,
        }
    }
}

/// A body that may be shared among threads, as reqwest asks; it never is.
struct Shareable(Mutex<Body>);

impl Shareable {
    fn body(&mut self) -> &mut Body {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn look<T>(&self, look: impl FnOnce(&Body) -> T) -> T {
        look(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HttpBody for Shareable {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(self.get_mut().body()).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.look(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.look(Body::size_hint)
    }
}
