//! The table of OpenAPI's styles, and percent-encoding.

use serde::Serialize;

use crate::node::Node;
use crate::percent::percent_encode;
use crate::style::{Style, write};

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
