//! The table of OpenAPI's styles, and percent-encoding.

use http::Method;
use serde::Serialize;

use super::server::{json, serve};
use super::{operation, plain};
use crate::runtime::api::Operation;
use crate::runtime::call::Call;
use crate::runtime::call::node::Node;
use crate::runtime::call::style::percent_encode;
use crate::runtime::call::style::{Style, write};

#[derive(Serialize)]
#[allow(non_snake_case, reason = "the specification's example has these names")]
struct Color {
    R: u8,
    G: u8,
    B: u8,
}

fn written(value: &impl Serialize, style: Style) -> String {
    let node = Node::of(value).expect("the value is JSON");
    write("color", &node, style, percent_encode, true)
}

/// Checks a row of the table: empty text, text, array, object.
#[track_caller]
fn row(style: Style, expected: [&str; 4]) {
    let object = Color { R: 100, G: 200, B: 150 };
    let actual = [
        written(&"", style),
        written(&"blue", style),
        written(&["blue", "black", "brown"], style),
        written(&object, style),
    ];
    assert_eq!(actual, expected, "{style:?}");
}

#[test]
fn the_specifications_table() {
    let (no, yes) = (false, true);
    row(
        Style::Matrix { explode: no },
        [";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
    );
    row(
        Style::Matrix { explode: yes },
        [";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
    );
    row(Style::Label { explode: no }, [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"]);
    row(Style::Label { explode: yes }, [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"]);
    row(Style::Simple { explode: no }, ["", "blue", "blue,black,brown", "R,100,G,200,B,150"]);
    row(Style::Simple { explode: yes }, ["", "blue", "blue,black,brown", "R=100,G=200,B=150"]);
    row(Style::Form { explode: no }, ["color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"]);
    row(
        Style::Form { explode: yes },
        ["color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"],
    );
    row(
        Style::SpaceDelimited,
        ["color=", "color=blue", "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"],
    );
    row(
        Style::PipeDelimited,
        ["color=", "color=blue", "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"],
    );
    let object = Color { R: 100, G: 200, B: 150 };
    assert_eq!(written(&object, Style::DeepObject), "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150");
}

#[test]
fn values_are_encoded_and_their_separators_are_not() {
    let values = ["a,b", "c&d=e", "ü/?#[]@%+ .~"];
    let form = written(&values, Style::Form { explode: false });
    assert_eq!(form, "color=a%2Cb,c%26d%3De,%C3%BC%2F%3F%23%5B%5D%40%25%2B%20.~");
}

#[test]
fn what_is_nothing_is_not_written() {
    for style in [
        Style::Simple { explode: false },
        Style::Form { explode: true },
        Style::Form { explode: false },
        Style::Matrix { explode: true },
        Style::DeepObject,
    ] {
        assert_eq!(written(&Option::<u8>::None, style), "");
        assert_eq!(written(&[(); 0], style), "");
    }
    let items = [Some(1), None, Some(3)];
    assert_eq!(written(&items, Style::Form { explode: true }), "color=1&color=3");
}

#[test]
fn what_the_table_leaves_open() {
    let nested = serde_json::json!({"a": {"b": [1, 2]}, "c": true});
    assert_eq!(written(&nested, Style::DeepObject), "color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=2&color%5Bc%5D=true");
    assert_eq!(written(&serde_json::json!([{"a": 1.5}]), Style::Simple { explode: false }), "%7B%22a%22%3A1.5%7D");
    assert_eq!(written(&serde_json::json!({"a": "\""}), Style::Json), "color=%7B%22a%22%3A%22%5C%22%22%7D");
}

/// The columns of the table: empty text, text, array, object.
fn columns() -> [serde_json::Value; 4] {
    let object = serde_json::json!({"R": 100, "G": 200, "B": 150});
    [serde_json::json!(""), serde_json::json!("blue"), serde_json::json!(["blue", "black", "brown"]), object]
}

static STYLED: Operation = operation("styled", Method::GET, "/p{color}", true, &[]);

/// Sends a call for each column, and returns what of the requests begins with `start`, up to `end`.
async fn sent(fill: impl for<'c> Fn(Call<'c>, &serde_json::Value) -> Call<'c>, start: &str, end: &str) -> Vec<String> {
    let server = serve(json("200 OK", "{}")).await;
    let client = plain(&server.url);
    for column in columns() {
        fill(client.call(&STYLED), &column).empty().await.expect("it answers");
    }
    let part = |request: &String| {
        let (_, rest) = request.split_once(start)?;
        Some(rest.split_once(end)?.0.to_owned())
    };
    server.requests().iter().map(|request| part(request).unwrap_or_default()).collect()
}

#[tokio::test]
async fn the_table_in_a_path() {
    // `serde_json::Value` sorts the properties: B, G, R.
    let rows = [
        (Style::Simple { explode: false }, ["", "blue", "blue,black,brown", "B,150,G,200,R,100"]),
        (Style::Simple { explode: true }, ["", "blue", "blue,black,brown", "B=150,G=200,R=100"]),
        (Style::Label { explode: false }, [".", ".blue", ".blue,black,brown", ".B,150,G,200,R,100"]),
        (Style::Label { explode: true }, [".", ".blue", ".blue.black.brown", ".B=150.G=200.R=100"]),
        (
            Style::Matrix { explode: false },
            [";color", ";color=blue", ";color=blue,black,brown", ";color=B,150,G,200,R,100"],
        ),
        (
            Style::Matrix { explode: true },
            [";color", ";color=blue", ";color=blue;color=black;color=brown", ";B=150;G=200;R=100"],
        ),
    ];
    for (style, expected) in rows {
        assert_eq!(sent(|call, value| call.path("color", value, style), "GET /p", " ").await, expected, "{style:?}");
    }
}

/// Fills in the path, which other locations do not care for.
fn with_path(call: Call<'_>) -> Call<'_> {
    call.path("color", &"", Style::Simple { explode: false })
}

#[tokio::test]
async fn the_table_in_a_query() {
    let form = ["color=", "color=blue", "color=blue&color=black&color=brown", "B=150&G=200&R=100"];
    let flat = ["color=", "color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100"];
    let spaced = ["color=", "color=blue", "color=blue%20black%20brown", "color=B%20150%20G%20200%20R%20100"];
    let piped = ["color=", "color=blue", "color=blue%7Cblack%7Cbrown", "color=B%7C150%7CG%7C200%7CR%7C100"];
    // The table gives no meaning to `deepObject` but for an object; anything else is as in `form`.
    let deep = [form[0], form[1], form[2], "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100"];
    let rows = [
        (Style::Form { explode: true }, form),
        (Style::Form { explode: false }, flat),
        (Style::SpaceDelimited, spaced),
        (Style::PipeDelimited, piped),
        (Style::DeepObject, deep),
    ];
    for (style, expected) in rows {
        let found = sent(|call, value| with_path(call).query("color", value, style), "GET /p?", " ").await;
        assert_eq!(found, expected, "{style:?}");
        let found = sent(|call, value| with_path(call).query_reserved("color", value, style), "GET /p?", " ").await;
        assert_eq!(found, expected, "{style:?} with reserved characters");
    }
}

#[tokio::test]
async fn the_table_in_a_header_and_a_cookie() {
    let flat = ["", "blue", "blue,black,brown", "B,150,G,200,R,100"];
    let spread = ["", "blue", "blue,black,brown", "B=150,G=200,R=100"];
    for (explode, expected) in [(false, flat), (true, spread)] {
        let style = Style::Simple { explode };
        let found = sent(|call, value| with_path(call).header("color", value, style), "\r\ncolor: ", "\r\n").await;
        assert_eq!(found, expected, "{style:?}");
    }
    let flat = ["color=", "color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100"];
    let spread = ["color=", "color=blue", "color=blue; color=black; color=brown", "B=150; G=200; R=100"];
    for (explode, expected) in [(false, flat), (true, spread)] {
        let style = Style::Form { explode };
        let found = sent(|call, value| with_path(call).cookie("color", value, style), "\r\ncookie: ", "\r\n").await;
        assert_eq!(found, expected, "{style:?}");
    }
}
