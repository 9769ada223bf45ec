//! Calls written by hand over hyper-util's client, with the limits that the generated one has: a
//! deadline, a time for the attempt and for connecting, and a size of the answer. TLS is in, as
//! for any API, and goes unused on loopback.

use std::time::Duration;

use bytes::Bytes;
use calls::typed::{Carriers, Created, Envelope, MedicationRequest};
use calls::{Failure, KEY};
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

const DEADLINE: Duration = Duration::from_secs(90);
const ATTEMPT: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
const IDLE: Duration = Duration::from_secs(20);
const MAX_ANSWER: usize = 16 * 1024 * 1024;

struct Api {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: String,
    key: HeaderValue,
    request: MedicationRequest,
}

/// What a caller gets: the data, and the status and headers that came with it.
struct Answer<T> {
    data: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl Api {
    fn build(url: &str) -> Result<Self, Failure> {
        let mut roots = rustls::RootCertStore::empty();
        // Plain HTTP, on loopback, needs no roots.
        if url.starts_with("https:") {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(CONNECT));
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        let http = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector.wrap_connector(tcp));
        let mut key = HeaderValue::from_static(KEY);
        key.set_sensitive(true);
        Ok(Self { http, base: url.to_owned(), key, request: MedicationRequest::example() })
    }

    async fn create(&self, request: &MedicationRequest) -> Result<Answer<Created>, Failure> {
        let body = Bytes::from(serde_json::to_vec(request)?);
        self.call(Method::POST, "/api/external/medication-order", Some(body)).await
    }

    async fn carriers(&self) -> Result<Answer<Carriers>, Failure> {
        self.call(Method::GET, "/api/external/carriers", None).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<Answer<T>, Failure> {
        timeout(DEADLINE, self.attempt(method, path, body)).await?
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<Answer<T>, Failure> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(HeaderName::from_static("x-api-key"), self.key.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(USER_AGENT, HeaderValue::from_static("by-hand/0.1.0"));
        if body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let request = request.body(Full::new(body.unwrap_or_default()))?;
        let (head, body) = timeout(ATTEMPT, async {
            let (head, body) = self.http.request(request).await?.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await?.to_bytes();
            Ok::<_, Failure>((head, body))
        })
        .await??;
        if !head.status.is_success() {
            return Err(format!("status {}", head.status).into());
        }
        let envelope: Envelope<T> = serde_json::from_slice(&body)?;
        match envelope.data.filter(|_| envelope.success) {
            Some(data) => Ok(Answer { data, status: head.status, headers: head.headers }),
            None => Err(envelope.message.unwrap_or_default().into()),
        }
    }
}

fn main() -> Result<(), Failure> {
    calls::run(
        Api::build,
        async |api: &Api| {
            let created = api.create(&api.request).await?;
            std::hint::black_box((&created.data.medication_request_id, created.status, &created.headers));
            Ok(())
        },
        async |api: &Api| {
            let listed = api.carriers().await?;
            if listed.data.carriers.len() == 4 { Ok(()) } else { Err("four carriers were listed".into()) }
        },
    )
}
