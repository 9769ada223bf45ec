//! The client of `tests/wire/api.yaml` and its generated server, over loopback: what arrives is what was sent, for every style
//! and media type.

use std::sync::{Arc, Mutex};

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wire::body::{Body, MediaBody};
use wire::server::{self, Authorize, Call, Failure, Success, untagged};
use wire::{
    AddPetContent, Client, Code, Color, GetReportAnswer, GetReportParams, Pet, PutRuledContent, Ruled, RuledParams,
    Upload, Values, WhereToAnswer,
};

/// Reads a body that is streamed.
async fn text(body: Body) -> String {
    let bytes = axum::body::to_bytes(axum::body::Body::new(body), 1024).await.expect("it arrives");
    String::from_utf8(bytes.into()).expect("it is text")
}

/// Records the arguments of its methods.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<Vec<Value>>>);

type Answer<T> = Result<Success<T>, Failure<()>>;

impl Service {
    #[allow(clippy::unnecessary_wraps, reason = "most methods return what this returns")]
    fn record(&self, arguments: impl Serialize) -> Answer<()> {
        let arguments = serde_json::to_value(arguments).expect("arguments can be written");
        self.0.lock().expect("no test panicked").push(arguments);
        Ok(().into())
    }

    fn received(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().expect("no test panicked"))
    }
}

impl Authorize for Service {}

/// Writes the methods of operations with a parameter of each kind.
macro_rules! styled {
    ($($method:ident)*) => {$(
        async fn $method(&self, call: &Call, text: String, list: Vec<String>, object: Color) -> Answer<()> {
            self.record((call.operation_id(), text, list, object))
        }
    )*};
}

impl untagged::Operations for Service {
    styled! {
        simple simple_exploded label label_exploded matrix matrix_exploded form form_exploded space_delimited
        pipe_delimited deep_object header header_exploded cookie cookie_exploded
    }

    async fn add_pet(&self, call: &Call, body: AddPetContent<'_>) -> Answer<()> {
        let received = match body {
            AddPetContent::Json(pet) | AddPetContent::Form(pet) => json!(pet),
            AddPetContent::Csv(text) => json!(text),
            AddPetContent::Xml(body) => json!(text(body).await),
            _ => return Err(Failure::unimplemented()),
        };
        self.record((call.headers()[header::CONTENT_TYPE].to_str().unwrap_or_default(), received))
    }

    async fn get_report(&self, call: &Call, _: GetReportParams) -> Answer<Body> {
        let image = HeaderValue::from_static("image/png");
        match call.headers()[header::ACCEPT].to_str() {
            Ok("image/png") => Ok(Success::new(Body::from("PNG")).header(header::CONTENT_TYPE, image)),
            _ => Ok(Success::new(Body::empty()).status(StatusCode::NO_CONTENT)),
        }
    }

    async fn ruled(&self, _: &Call, code: Code, page: i64, word: String, params: RuledParams) -> Answer<()> {
        let RuledParams { tags, session, filter, .. } = params;
        self.record((code, page, word, tags, session, filter))
    }

    async fn put_ruled(&self, _: &Call, code: Code, body: PutRuledContent<'_>) -> Answer<()> {
        match body {
            PutRuledContent::Json(texts) => self.record((code, texts)),
            PutRuledContent::Form(form) => self.record((code, form)),
            PutRuledContent::Text(text) => self.record((code, text)),
            _ => Err(Failure::unimplemented()),
        }
    }

    async fn put_count(&self, _: &Call, count: Option<i64>) -> Answer<()> {
        self.record(count)
    }

    async fn put_note(&self, _: &Call, note: String) -> Answer<()> {
        self.record(note)
    }

    async fn put_values(&self, _: &Call, values: Values) -> Answer<Values> {
        Ok(values.into())
    }

    async fn any_success(&self, _: &Call) -> Answer<Option<Pet>> {
        Ok(Some(Pet::builder().name("Rex").build()).into())
    }

    async fn where_to(&self, _: &Call) -> Answer<WhereToAnswer> {
        Ok(Success::new(WhereToAnswer::SeeOther).header(header::LOCATION, HeaderValue::from_static("/pets")))
    }

    async fn put_anything(&self, _: &Call, body: MediaBody) -> Answer<()> {
        let media_type = body.media_type().to_owned();
        self.record((media_type, text(body.into_body()).await))
    }
}

/// Serves the router for as long as the test runs.
async fn start() -> (Service, Client) {
    let service = Service::default();
    let router = server::router(service.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::builder().base_url(url).max_retries(0).build().expect("the configuration is right");
    (service, client)
}

fn color() -> Color {
    Color::builder().r(100).g(200).b(150).build()
}

fn list() -> Vec<String> {
    ["blue", "black", "brown"].map(str::to_owned).to_vec()
}

#[tokio::test]
async fn every_style_arrives_as_it_was_sent() {
    let (service, client) = start().await;
    let (list, color) = (list(), color());
    macro_rules! call {
        ($($method:ident)*) => {$(
            for text in ["blue", "12", "true"] {
                client.$method(text, &list, &color).await.expect(stringify!($method));
                let received = service.received();
                let [Value::Array(arguments)] = received.as_slice() else { panic!("one call, not {received:?}") };
                assert_eq!(arguments[1..], [json!(text), json!(list), json!(color)], "{}", arguments[0]);
            }
        )*};
    }
    call! {
        simple simple_exploded label label_exploded matrix matrix_exploded form form_exploded space_delimited
        pipe_delimited deep_object header header_exploded cookie cookie_exploded
    }
}

#[tokio::test]
async fn every_media_type_of_a_body_arrives_as_it_was_sent() {
    let (service, client) = start().await;
    let pet = Pet::builder().name("Re x").tags(list()).coat(color()).home("https://a.b/?c=d&e").build();
    client.add_pet(&pet).await.expect("JSON");
    client.add_pet(AddPetContent::Form(&pet)).await.expect("a form");
    client.add_pet(AddPetContent::Csv("a,b".to_owned())).await.expect("text");
    client.add_pet(AddPetContent::Xml(Body::from("<pet/>"))).await.expect("bytes");
    let expected = json!([
        ["application/json", pet],
        ["application/x-www-form-urlencoded", pet],
        ["text/csv", "a,b"],
        ["application/xml", "<pet/>"],
    ]);
    assert_eq!(Value::from(service.received()), expected);
    let upload = Upload::builder().title("A").photo("1").build();
    let error = client.add_pet(upload).await.expect_err("the server doesn't decode parts");
    assert_eq!(error.status(), Some(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    client.put_anything(("image/png", "PNG")).await.expect("any media type");
    client.put_note("note").await.expect("text");
    client.put_count(None).await.expect("nothing");
    client.put_count(Some(3)).await.expect("JSON");
    assert_eq!(Value::from(service.received()), json!([["image/png", "PNG"], "note", null, 3]));
}

#[tokio::test]
async fn ruled_parameters_and_bodies_arrive() {
    let (service, client) = start().await;
    let code = Code::from("ab");
    let params = RuledParams::new().tags(vec!["xx".to_owned(), "y z".to_owned()]).session("abc");
    client.ruled_with(&code, 1, "word", &params).await.expect("it follows the rules");
    client.ruled(&code, 1, "word").await.expect("it follows the rules");
    let ruled = Ruled::builder().name("Rex").build();
    client.put_ruled(&code, PutRuledContent::Form(&ruled)).await.expect("it follows the rules");
    client.put_ruled(&code, PutRuledContent::Text("text".to_owned())).await.expect("it follows the rules");
    let expected = json!([
        ["ab", 1, "word", ["xx", "y z"], "abc", null],
        ["ab", 1, "word", null, null, null],
        ["ab", ruled],
        ["ab", "text"],
    ]);
    assert_eq!(Value::from(service.received()), expected);
}

#[tokio::test]
async fn every_answer_comes_back_as_it_was_given() {
    let (_, client) = start().await;
    let values = json!({
        "link": { "secure": true, "host": "h", "key": "k" },
        "block": { "type": 2, "words": "w" },
        "thing": { "petType": "angry", "name": "Rex", "bark": 1, "bites": 2 },
        "keys": ["a", 1],
        "number": 1.5,
        "labels": { "id": "1", "other": "2" },
    });
    let values: Values = serde_json::from_value(values).expect("they are values");
    assert!(*client.put_values(&values).await.expect("it answers") == values, "other values came back");
    let pet = client.any_success().await.expect("it answers").into_data();
    assert_eq!(pet.map(|pet| pet.name).as_deref(), Some("Rex"));
    let found = client.where_to().await.expect("it answers");
    assert!(matches!(*found, WhereToAnswer::SeeOther));
    assert_eq!(found.meta().status(), StatusCode::SEE_OTHER);
    assert_eq!(found.meta().headers()[header::LOCATION], "/pets");
    let image = client.get_report_with(&GetReportParams::new().accept("image/png")).await.expect("it answers");
    let GetReportAnswer::Image(bytes) = image.into_data() else { panic!("another answer") };
    assert_eq!(bytes.collect().await.expect("it arrives"), b"PNG");
    let nothing = client.get_report().await.expect("it answers");
    assert!(matches!(*nothing, GetReportAnswer::NoContent));
    let error = client.get_lines().await.expect_err("it isn't implemented");
    assert_eq!(error.status(), Some(StatusCode::NOT_IMPLEMENTED));
}
