//! What generated code sends, and how it decodes answers, for every style, media type and stream: the client of
//! `tests/wire/api.yaml` with a server.

use serde_json::{Value, json};
use wire::body::{Body, Part};
use wire::{AddPetContent, Client, Color, Error, GetReportAnswer, GetReportParams, Pet, PetPatch, Response, Upload};

use crate::client::server::{Received, Reply, Server, Then};

/// The columns of the specification's table: empty string, string, array, object.
const TEXTS: [&str; 2] = ["", "blue"];
const LIST: [&str; 3] = ["blue", "black", "brown"];

fn color() -> Color {
    Color::builder().r(100).g(200).b(150).build()
}

fn list() -> Vec<String> {
    LIST.map(str::to_owned).to_vec()
}

fn client(server: &Server) -> Client {
    Client::builder().base_url(&server.url).max_retries(0).build().expect("the configuration is right")
}

async fn done() -> Server {
    Server::start(Reply::whole(204, &[], b"")).await
}

/// Makes one call per text, and returns the requests.
async fn seen(call: impl AsyncFn(&Client, &str, &[String], &Color) -> Result<Response<()>, Error>) -> Vec<Received> {
    let server = done().await;
    let client = client(&server);
    for text in TEXTS {
        call(&client, text, &list(), &color()).await.expect("it answers");
    }
    server.seen()
}

/// The targets of requests, without the common prefix of the document's paths.
fn targets(seen: &[Received]) -> Vec<&str> {
    let target = |request: &'_ Received| -> usize { request.line.find(" HTTP").expect("a request line ends so") };
    seen.iter().map(|request| &request.line["GET /".len()..target(request)]).collect()
}

fn header<'r>(request: &'r Received, name: &str) -> Option<&'r str> {
    request.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn every_style_of_a_path() {
    let found = seen(async |client, t, l, o| client.simple(t, l, o).await).await;
    assert_eq!(
        targets(&found),
        ["simple/p/pblue,black,brown/pR,100,G,200,B,150", "simple/pblue/pblue,black,brown/pR,100,G,200,B,150"]
    );
    let found = seen(async |client, t, l, o| client.simple_exploded(t, l, o).await).await;
    assert_eq!(
        targets(&found),
        [
            "simpleExploded/p/pblue,black,brown/pR=100,G=200,B=150",
            "simpleExploded/pblue/pblue,black,brown/pR=100,G=200,B=150"
        ]
    );
    let found = seen(async |client, t, l, o| client.label(t, l, o).await).await;
    assert_eq!(
        targets(&found),
        ["label/p./p.blue,black,brown/p.R,100,G,200,B,150", "label/p.blue/p.blue,black,brown/p.R,100,G,200,B,150"]
    );
    let found = seen(async |client, t, l, o| client.label_exploded(t, l, o).await).await;
    assert_eq!(
        targets(&found),
        [
            "labelExploded/p./p.blue.black.brown/p.R=100.G=200.B=150",
            "labelExploded/p.blue/p.blue.black.brown/p.R=100.G=200.B=150"
        ]
    );
    let found = seen(async |client, t, l, o| client.matrix(t, l, o).await).await;
    let rest = "/p;list=blue,black,brown/p;object=R,100,G,200,B,150";
    assert_eq!(targets(&found), [format!("matrix/p;text{rest}"), format!("matrix/p;text=blue{rest}")]);
    let found = seen(async |client, t, l, o| client.matrix_exploded(t, l, o).await).await;
    let rest = "/p;list=blue;list=black;list=brown/p;R=100;G=200;B=150";
    assert_eq!(targets(&found), [format!("matrixExploded/p;text{rest}"), format!("matrixExploded/p;text=blue{rest}")]);
}

#[tokio::test]
async fn every_style_of_a_query() {
    let spread = "list=blue&list=black&list=brown&R=100&G=200&B=150";
    let found = seen(async |client, t, l, o| client.form_exploded(t, l, o).await).await;
    assert_eq!(targets(&found), ["", "blue"].map(|text| format!("formExploded?text={text}&{spread}")));
    let flat = "list=blue,black,brown&object=R,100,G,200,B,150";
    let found = seen(async |client, t, l, o| client.form(t, l, o).await).await;
    assert_eq!(targets(&found), ["", "blue"].map(|text| format!("form?text={text}&{flat}")));
    // OpenAPI 3.0.4 encodes the delimiters, because URLs can't contain spaces or bars.
    let spaced = "list=blue%20black%20brown&object=R%20100%20G%20200%20B%20150";
    let found = seen(async |client, t, l, o| client.space_delimited(t, l, o).await).await;
    assert_eq!(targets(&found), ["", "blue"].map(|text| format!("spaceDelimited?text={text}&{spaced}")));
    let piped = "list=blue%7Cblack%7Cbrown&object=R%7C100%7CG%7C200%7CB%7C150";
    let found = seen(async |client, t, l, o| client.pipe_delimited(t, l, o).await).await;
    assert_eq!(targets(&found), ["", "blue"].map(|text| format!("pipeDelimited?text={text}&{piped}")));
    let deep = "list=blue&list=black&list=brown&object%5BR%5D=100&object%5BG%5D=200&object%5BB%5D=150";
    let found = seen(async |client, t, l, o| client.deep_object(t, l, o).await).await;
    assert_eq!(targets(&found), ["", "blue"].map(|text| format!("deepObject?text={text}&{deep}")));
}

#[tokio::test]
async fn every_style_of_a_header_and_a_cookie() {
    let found = seen(async |client, t, l, o| client.header(t, l, o).await).await;
    let names = ["text", "list", "object"];
    assert_eq!(
        names.map(|name| header(&found[1], name)),
        [Some("blue"), Some("blue,black,brown"), Some("R,100,G,200,B,150")]
    );
    assert_eq!(header(&found[0], "text").map(str::trim), Some(""));
    let found = seen(async |client, t, l, o| client.header_exploded(t, l, o).await).await;
    assert_eq!(header(&found[1], "object"), Some("R=100,G=200,B=150"));
    assert_eq!(header(&found[1], "list"), Some("blue,black,brown"));
    let found = seen(async |client, t, l, o| client.cookie(t, l, o).await).await;
    let rest = "list=blue,black,brown; object=R,100,G,200,B,150";
    let cookies = |found: &[Received]| {
        found.iter().map(|request| header(request, "cookie").unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(cookies(&found), [format!("text=; {rest}"), format!("text=blue; {rest}")]);
    let found = seen(async |client, t, l, o| client.cookie_exploded(t, l, o).await).await;
    let rest = "list=blue; list=black; list=brown; R=100; G=200; B=150";
    assert_eq!(cookies(&found), [format!("text=; {rest}"), format!("text=blue; {rest}")]);
}

#[tokio::test]
async fn a_cookie_carries_its_separators_encoded() {
    let server = done().await;
    let values = ["a,b; c".to_owned(), "d".to_owned()];
    client(&server).cookie("e=f;", &values, &color()).await.expect("it answers");
    let cookie = "text=e%3Df%3B; list=a%2Cb%3B%20c,d; object=R,100,G,200,B,150";
    assert_eq!(header(&server.only(), "cookie"), Some(cookie));
}

fn pet() -> Pet {
    Pet::builder().name("Re x").tags(list()).coat(color()).home("https://a.b/?c=d&e").build()
}

/// Sends a body, and returns its media type and its text.
async fn sent(content: AddPetContent<'_>) -> (String, String) {
    let server = done().await;
    client(&server).add_pet(content).await.expect("it answers");
    let request = server.only();
    let media_type = header(&request, "content-type").unwrap_or_default().to_owned();
    (media_type, String::from_utf8(request.body).expect("it is text"))
}

#[tokio::test]
async fn every_media_type_of_a_body() {
    let (media_type, body) = sent((&pet()).into()).await;
    let expected = json!({
        "name": "Re x", "tags": LIST, "coat": {"R": 100, "G": 200, "B": 150}, "home": "https://a.b/?c=d&e"
    });
    assert_eq!(media_type, "application/json");
    assert_eq!(serde_json::from_str::<Value>(&body).expect("it is JSON"), expected);
    let (media_type, body) = sent(AddPetContent::Form(&pet())).await;
    assert_eq!(media_type, "application/x-www-form-urlencoded");
    assert_eq!(
        body,
        "name=Re+x&tags=blue%7Cblack%7Cbrown&coat%5BR%5D=100&coat%5BG%5D=200&coat%5BB%5D=150&home=https://a.b/?c=d%26e"
    );
    let expected = ("application/xml".to_owned(), "<pet/>".to_owned());
    assert_eq!(sent(AddPetContent::Xml(Body::from("<pet/>"))).await, expected);
    assert_eq!(sent(AddPetContent::Csv("a,b".to_owned())).await, ("text/csv".to_owned(), "a,b".to_owned()));
    assert!(!format!("{:?} {:?}", AddPetContent::Form(&pet()), AddPetContent::Csv("Rex".to_owned())).contains("Re"));
}

#[tokio::test]
async fn the_parts_of_a_body() {
    let more = vec![Part::new("2").media_type("image/gif").header("x-page", "2"), Part::new("3").file_name("3.bin")];
    let upload = Upload::builder().title("A \"b\"").photo("1").more(more).build();
    let (media_type, body) = sent(upload.into()).await;
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").expect("it has a boundary");
    let part =
        |head: &str, text: &str| format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let expected = [
        part("name=\"title\"\r\ncontent-type: application/json", "\"A \\\"b\\\"\""),
        part("name=\"photo\"\r\ncontent-type: image/png", "1"),
        part("name=\"more\"\r\ncontent-type: image/gif\r\nx-page: 2", "2"),
        part("name=\"more\"; filename=\"3.bin\"\r\ncontent-type: application/octet-stream", "3"),
        format!("--{boundary}--\r\n"),
    ];
    assert_eq!(body, expected.concat());
}

/// Answers a request for the report, and returns the decoded report and the request.
async fn report(media_type: &str, body: &str, params: &GetReportParams) -> (GetReportAnswer, String) {
    let status = if body.is_empty() { 204 } else { 200 };
    let server = Server::start(Reply::whole(status, &[("content-type", media_type)], body.as_bytes())).await;
    let answer = client(&server).get_report_with(params).await.expect("it is an answer").into_data();
    (answer, header(&server.only(), "accept").unwrap_or_default().to_owned())
}

#[tokio::test]
async fn every_media_type_of_an_answer() {
    let (all, pet) = (GetReportParams::new(), r#"{"name":"Rex"}"#);
    let (answer, asked) = report("text/csv; charset=utf-8", "a,b", &all).await;
    assert!(matches!(&answer, GetReportAnswer::Csv(text) if text == "a,b"), "{answer:?}");
    assert_eq!(asked, "text/csv, application/vnd.report+json, image/*, text/event-stream, application/x-ndjson");
    // JSON is decoded even if the document doesn't list the answer's media type.
    for media_type in ["application/vnd.report+json", "application/json", "odd"] {
        let (answer, _) = report(media_type, pet, &all).await;
        assert!(matches!(&answer, GetReportAnswer::ReportJson(pet) if pet.name == "Rex"), "{answer:?}");
    }
    let (answer, asked) = report("image/png", "PNG", &GetReportParams::new().accept("image/png")).await;
    assert_eq!(asked, "image/png");
    let GetReportAnswer::Image(bytes) = answer else { panic!("{answer:?}") };
    assert_eq!(bytes.collect().await.expect("it comes"), b"PNG");
    let (answer, _) = report("text/event-stream", &format!("event: new\ndata: {pet}\n\n"), &all).await;
    let GetReportAnswer::Events(mut events) = answer else { panic!("{answer:?}") };
    let event = events.next().await.expect("there is one").expect("it is a pet");
    assert_eq!((event.name(), event.data().name.as_str()), (Some("new"), "Rex"));
    assert!(events.next().await.is_none());
    let (answer, _) = report("application/x-ndjson", &format!("{pet}\n{pet}\n"), &all).await;
    let GetReportAnswer::Lines(mut lines) = answer else { panic!("{answer:?}") };
    assert_eq!(lines.next().await.expect("there are two").expect("it is a pet").name, "Rex");
    assert!(lines.next().await.is_some() && lines.next().await.is_none());
    let (answer, _) = report("text/plain", "", &all).await;
    assert!(matches!(answer, GetReportAnswer::NoContent), "{answer:?}");
}

#[tokio::test]
async fn an_endless_stream_is_read_as_long_as_it_is_wanted() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let server = Server::start(Reply::new(head, Then::Again(b"9\r\ndata: 1\n\n\r\n"))).await;
    let client = client(&server).with_options(|options| options.max_answer_bytes(64));
    let mut ticks = client.watch_ticks().await.expect("the head comes").into_data();
    for _ in 0..1000 {
        assert_eq!(ticks.next().await.expect("it is endless").expect("it is text").data(), "1");
    }
}

#[tokio::test]
async fn a_merge_patch_keeps_clears_or_sets() {
    let server = done().await;
    let patch = PetPatch::builder().name("Rex").home_null().coat(color()).build();
    client(&server).patch_pet(&patch).await.expect("it answers");
    let request = server.only();
    assert_eq!(header(&request, "content-type"), Some("application/merge-patch+json"));
    let body: Value = serde_json::from_slice(&request.body).expect("it is JSON");
    assert_eq!(body, json!({"name": "Rex", "home": null, "coat": {"R": 100, "G": 200, "B": 150}}));
}

#[test]
fn a_server_that_is_a_path_takes_an_origin() {
    for origin in ["https://api.example.com", "https://api.example.com/", "api.example.com"] {
        assert_eq!(wire::Server::new(origin).url(), "https://api.example.com/v1");
    }
}
