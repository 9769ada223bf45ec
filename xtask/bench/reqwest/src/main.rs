//! Calls written by hand over reqwest, with the limits that the generated client has.

use std::time::Duration;

use calls::typed::{Carriers, Created, Envelope, MedicationRequest};
use calls::{Failure, KEY};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

const DEADLINE: Duration = Duration::from_secs(90);
const ATTEMPT: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
const IDLE: Duration = Duration::from_secs(20);
const MAX_ANSWER: usize = 16 * 1024 * 1024;

struct Api {
    http: Client,
    base: String,
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
        let mut key = HeaderValue::from_static(KEY);
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", key);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let http = Client::builder()
            .default_headers(headers)
            .user_agent("by-hand/0.1.0")
            .timeout(ATTEMPT)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, base: url.to_owned(), request: MedicationRequest::example() })
    }

    async fn create(&self, request: &MedicationRequest) -> Result<Answer<Created>, Failure> {
        let request = self
            .http
            .post(format!("{}/api/external/medication-order", self.base))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(serde_json::to_vec(request)?);
        Self::call(request).await
    }

    async fn carriers(&self) -> Result<Answer<Carriers>, Failure> {
        Self::call(self.http.get(format!("{}/api/external/carriers", self.base))).await
    }

    async fn call<T: DeserializeOwned>(request: RequestBuilder) -> Result<Answer<T>, Failure> {
        timeout(DEADLINE, async {
            let mut answer = request.send().await?;
            let status = answer.status();
            let headers = std::mem::take(answer.headers_mut());
            let mut body = Vec::new();
            while let Some(piece) = answer.chunk().await? {
                if piece.len() > MAX_ANSWER - body.len() {
                    return Err("the answer is too long".into());
                }
                body.extend_from_slice(&piece);
            }
            if !status.is_success() {
                return Err(format!("status {status}").into());
            }
            let envelope: Envelope<T> = serde_json::from_slice(&body)?;
            match envelope.data.filter(|_| envelope.success) {
                Some(data) => Ok(Answer { data, status, headers }),
                None => Err(envelope.message.unwrap_or_default().into()),
            }
        })
        .await?
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
