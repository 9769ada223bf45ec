//! The feature `reqwest`: requests go through a reqwest client, whose builder comes from the caller.
#![cfg(feature = "reqwest")]

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Client, ClientBuilder, redirect, retry, tls};

use crate::runtime::error::BoxError;
use crate::runtime::error::config::ConfigError;
use crate::runtime::transport::body::Body;
use crate::runtime::transport::{Exchange, Transport, Unsent};

/// Builds the client with the settings that this transport needs.
pub(crate) fn finish(builder: ClientBuilder) -> Result<Box<dyn Transport>, ConfigError> {
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
    match client {
        Ok(client) => Ok(Box::new(Reqwest(client))),
        Err(_) => Err(ConfigError::InvalidTransport),
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
