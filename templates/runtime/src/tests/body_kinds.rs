//! Bodies other than JSON: streams, forms, parts.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use serde_json::json as value;

use super::server::{answer, json, serve};
use super::{OPEN, plain};
use crate::runtime::call::body::MediaBody;
use crate::runtime::call::style::Style;
use crate::runtime::error::BoxError;
use crate::runtime::error::Delivery;
use crate::runtime::multipart::PartStyle;
use crate::runtime::multipart::{Form, Part};
use crate::runtime::transport::body::Body;

/// A body that comes in pieces, and may fail at the end.
struct Pieces(VecDeque<Result<&'static str, &'static str>>);

impl Pieces {
    fn new<const N: usize>(pieces: [Result<&'static str, &'static str>; N]) -> Self {
        Self(pieces.into())
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = self.0.pop_front();
        Poll::Ready(next.map(|piece| piece.map(|it| Frame::data(it.into())).map_err(Into::into)))
    }
}

#[tokio::test]
async fn a_body_is_streamed_up() {
    let server = serve(json("200 OK", "{}")).await;
    let body = Body::stream(Pieces::new([Ok("abc"), Ok("de")]));
    assert_eq!(format!("{body:?}"), "Body { .. }");
    let client = plain(&server.url);
    let call = client.call(&OPEN).bytes("application/octet-stream", body);
    call.empty().await.expect("the server answers");
    let request = &server.requests()[0];
    assert!(request.contains("transfer-encoding: chunked"));
    assert!(request.ends_with("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "{request}");
}

#[tokio::test]
async fn a_body_that_fails_before_anything_was_written_was_not_sent() {
    let server = serve(json("200 OK", "{}")).await;
    let body = Body::stream(Pieces::new([Ok("abc"), Err("c4n4ry")]));
    let client = plain(&server.url);
    let call = client.call(&OPEN).bytes("application/octet-stream", body);
    let error = call.empty().await.expect_err("the body fails");
    // hyper gathers what it has before it writes.
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(server.requests().is_empty());
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert!(!format!("{error} {error:?} {source:?}").contains("c4n4ry"));
}

#[tokio::test]
async fn bytes_and_texts_are_sent_whole() {
    let server = serve(json("200 OK", "{}")).await;
    let client = plain(&server.url);
    client.call(&OPEN).bytes("image/png", vec![1_u8, 2]).empty().await.expect("it answers");
    client.call(&OPEN).text("text/csv", "a,b").empty().await.expect("it answers");
    client.call(&OPEN).empty().await.expect("it answers");
    let requests = server.requests();
    assert!(requests[0].contains("content-type: image/png\r\n") && requests[0].contains("content-length: 2"));
    assert!(requests[1].contains("content-type: text/csv\r\n") && requests[1].ends_with("\r\n\r\na,b"));
    assert_eq!(format!("{:?}", Body::from("abc")), "Body { size: 3 }");
}

#[tokio::test]
async fn a_body_of_a_range_is_sent_under_the_media_type_that_the_caller_names() {
    let server = serve(json("200 OK", "{}")).await;
    let client = plain(&server.url);
    client.call(&OPEN).media("image/*", ("Image/PNG", "1")).empty().await.expect("it answers");
    assert!(server.requests()[0].contains("content-type: Image/PNG\r\n"));
    for media_type in ["text/plain", "image", "", "image/\n"] {
        let call = client.call(&OPEN).media("image/*", MediaBody::new(media_type, "1"));
        let error = call.empty().await.expect_err("no image");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert!(error.to_string().contains("`image/*`"), "{error}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn parts_are_written_in_the_styles_that_are_named() {
    let styles = [
        (PartStyle::Joined(","), "colors: blue,black green; place: R,1,G,2; none: -; next: 1; text: a&b"),
        (PartStyle::Joined("|"), "colors: blue|black green; place: R|1|G|2; none: -; next: 1; text: a&b"),
        (PartStyle::Exploded, "colors: blue; colors: black green; R: 1; G: 2; none: -; next: 1; text: a&b"),
        (PartStyle::Deep, "colors: blue; colors: black green; place[R]: 1; place[G]: 2; none: -; next: 1; text: a&b"),
    ];
    for (style, expected) in styles {
        let server = serve(json("200 OK", "{}")).await;
        let names = ["colors", "place", "empty", "text"];
        let form = names.into_iter().fold(Form::new(), |form, name| form.part_style(name, style));
        let place = vec![("H", None), ("R", Some(1)), ("G", Some(2))];
        let form = form
            .value("colors", &[Some("blue"), None, Some("black green")])
            .value("place", &Pairs(place))
            .value("empty", &[0; 0])
            .value("none", &"-")
            .values(&Pairs(vec![("next", Some(1)), ("no", None)]))
            .value("text", &"a&b");
        plain(&server.url).call(&OPEN).multipart("multipart/form-data", form).empty().await.expect("it answers");
        let request = &server.requests()[0];
        let parts = request.split("name=\"").skip(1).map(|part| {
            let (name, rest) = part.split_once('"').expect("the name ends");
            let text = rest.split("\r\n\r\n").nth(1).and_then(|rest| rest.split("\r\n").next());
            assert!(rest.starts_with("\r\ncontent-type: text/plain; charset=utf-8\r\n"), "{part}");
            format!("{name}: {}", text.unwrap_or_default())
        });
        assert_eq!(parts.collect::<Vec<_>>().join("; "), expected);
    }
}

/// An object whose properties keep their order.
struct Pairs(Vec<(&'static str, Option<i32>)>);

impl serde::Serialize for Pairs {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

#[tokio::test]
async fn an_answer_is_streamed_down() {
    let chunked =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let server = serve(chunked).await;
    let client = plain(&server.url).with_options(|it| it.max_answer_bytes(4));
    let mut stream = client.call(&OPEN).bytes_response().await.expect("it answers");
    let mut all = Vec::new();
    while let Some(piece) = stream.chunk().await.expect("nothing is cut") {
        all.extend_from_slice(&piece);
    }
    assert_eq!(all, b"abcde");
    let stream = client.call(&OPEN).bytes_response().await.expect("it answers").into_data();
    let error = stream.collect().await.expect_err("five bytes are too many");
    assert_eq!(error.delivery(), Delivery::Unknown);
    let refused = serve(answer("404 Not Found", "", "{}")).await;
    let error = plain(&refused.url).call(&OPEN).bytes_response().await.expect_err("404");
    assert_eq!((error.delivery(), error.body()), (Delivery::Refused, Some(&b"{}"[..])));
    let cut = serve("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc").await;
    let stream = plain(&cut.url).call(&OPEN).bytes_response().await.expect("the head came");
    assert!(stream.into_data().collect().await.is_err());
}

#[tokio::test]
async fn a_form_is_encoded_as_forms_are() {
    let server = serve(json("200 OK", "{}")).await;
    let form = value!({"a": "x y&z", "b": [1, 2], "c": null, "d": {"e": "f"}, "g": []});
    plain(&server.url).call(&OPEN).form(&form, &[]).empty().await.expect("it answers");
    let request = &server.requests()[0];
    assert!(request.contains("content-type: application/x-www-form-urlencoded\r\n"));
    assert!(request.ends_with("\r\n\r\na=x+y%26z&b=1&b=2&d=%7B%22e%22%3A%22f%22%7D"), "{request}");
    let error = plain(&server.url).call(&OPEN).form(&1, &[]).empty().await.expect_err("no form");
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_form_is_written_in_the_styles_that_are_named() {
    let server = serve(json("200 OK", "{}")).await;
    let form = value!({
        "comma": ["a", "b c"], "space": ["a", "b"], "pipe": ["a", "b"], "deep": {"x": 1, "y": {"z": "ü"}},
        "spread": {"p": 1, "q": "r s"}, "url": "https://x.y/?a=b&c d+", "json": ["a", {"b": null}], "text": "j"
    });
    let styles = [
        ("comma", Style::Form { explode: false }, false),
        ("space", Style::SpaceDelimited, false),
        ("pipe", Style::PipeDelimited, false),
        ("deep", Style::DeepObject, false),
        ("spread", Style::Form { explode: true }, false),
        ("url", Style::Form { explode: true }, true),
        ("json", Style::Json, false),
    ];
    plain(&server.url).call(&OPEN).form(&form, &styles).empty().await.expect("it answers");
    let request = server.requests().remove(0);
    // `serde_json::Value` sorts the names.
    let expected = "comma=a,b+c&deep%5Bx%5D=1&deep%5By%5D%5Bz%5D=%C3%BC&json=%5B%22a%22%2C%7B%22b%22%3Anull%7D%5D\
                    &pipe=a%7Cb&space=a%20b&p=1&q=r+s&text=j&url=https://x.y/?a=b%26c%20d%2B";
    assert_eq!(request.split_once("\r\n\r\n").expect("it is whole").1, expected);
}

#[tokio::test]
async fn a_form_of_parts_in_its_bytes() {
    let server = serve(json("200 OK", "{}")).await;
    let photo = Part::new("\u{1}\u{2}").file_name("x.png").header("x-rate", "5");
    let form = Form::new()
        .part_type("title", "application/json")
        .part_type("photo", "image/png")
        .value("title", &"a \"b\"")
        .value("size", &3)
        .part("photo", photo)
        .part("photo", Part::new("z").media_type("image/jpeg"));
    plain(&server.url).call(&OPEN).multipart("multipart/mixed", form).empty().await.expect("it answers");
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").expect("it is whole");
    let (_, boundary) = head.split_once("content-type: multipart/mixed; boundary=").expect("it is there");
    let boundary = &boundary[..32];
    let expected = [
        "--B\r\ncontent-disposition: form-data; name=\"title\"\r\ncontent-type: application/json\r\n\r\n\"a \\\"b\\\"\"\r\n",
        "--B\r\ncontent-disposition: form-data; name=\"size\"\r\ncontent-type: text/plain; charset=utf-8\r\n\r\n3\r\n",
        "--B\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"x.png\"\r\ncontent-type: image/png\r\n",
        "x-rate: 5\r\n\r\n\u{1}\u{2}\r\n",
        "--B\r\ncontent-disposition: form-data; name=\"photo\"\r\ncontent-type: image/jpeg\r\n\r\nz\r\n",
        "--B--\r\n",
    ];
    assert_eq!(body, expected.concat().replace("--B", &format!("--{boundary}")));
    let broken = Form::new().part("file", Part::new("x").header("x y", "z").media_type("image/png"));
    let error = plain(&server.url).call(&OPEN).multipart("multipart/form-data", broken).empty().await;
    assert_eq!(error.expect_err("no header").delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_form_of_parts() {
    let server = serve(json("200 OK", "{}")).await;
    let file =
        Part::new(Body::stream(Pieces::new([Ok("ab"), Ok("c")]))).file_name("a\"b\r\n.png").media_type("image/png");
    let form = Form::new()
        .value("title", &"x")
        .value("none", &Option::<u8>::None)
        .value("tags", &[1, 2])
        .value("meta", &value!({"k": 1}))
        .part("raw", "bytes")
        .part("file", file);
    plain(&server.url).call(&OPEN).multipart("multipart/form-data", form).empty().await.expect("it answers");
    let request = server.requests().remove(0);
    let (_, boundary) = request.split_once("multipart/form-data; boundary=").expect("it is there");
    let boundary = &boundary[..32];
    let part = |rest: &str| format!("--{boundary}\r\ncontent-disposition: form-data; name={rest}\r\n");
    // The streamed part makes the request chunked; a reader would put the chunks together.
    for expected in [
        part("\"title\"\r\ncontent-type: text/plain; charset=utf-8\r\n"),
        part("\"tags\"\r\ncontent-type: text/plain; charset=utf-8\r\n"),
        part("\"meta\"\r\ncontent-type: application/json\r\n"),
        part("\"raw\"\r\ncontent-type: application/octet-stream\r\n"),
        part("\"file\"; filename=\"a%22b%0D%0A.png\"\r\ncontent-type: image/png\r\n"),
        format!("--{boundary}--\r\n"),
    ] {
        assert!(request.contains(&expected), "{expected} in {request}");
    }
    assert!(!request.contains("none") && request.contains("transfer-encoding: chunked"));
}

#[tokio::test]
async fn a_form_of_known_parts_has_a_length() {
    let server = serve(json("200 OK", "{}")).await;
    let form = Form::new().value("a", &1);
    plain(&server.url).call(&OPEN).multipart("multipart/form-data", form).empty().await.expect("it answers");
    assert!(server.requests()[0].contains("content-length: "));
    let broken = Form::new().part("file", Part::new("x").media_type("a\r\nb"));
    let error = plain(&server.url).call(&OPEN).multipart("multipart/form-data", broken).empty().await;
    assert_eq!(error.expect_err("no header").delivery(), Delivery::NotSent);
}
