//! What a difference is about, and where it is.

use super::*;
use generator::Source;

fn tree(text: &str) -> Node {
    parse::tree(&Source::alone("a.yaml", text)).expect("the text is YAML")
}

/// Returns a line for each node that differs between two schemas.
fn kinds(old: &str, new: &str) -> Vec<(String, Kind)> {
    let tree = |schema: &str| tree(&format!("components: {{schemas: {{A: {schema}}}}}"));
    let differ = Known::new().differences(&tree(old), &tree(new));
    let at = |node: &Differs| node.pointer.to_string().replace("/components/schemas/A", "");
    differ.iter().map(|node| (at(node), node.kind)).collect()
}

#[test]
fn a_key_means_something_by_where_it_stands() {
    for (old, new, at, kind) in [
        ("{description: a}", "{description: b}", "/description", Kind::Words),
        ("{example: {if: a}}", "{example: {if: b}}", "/example/if", Kind::Examples),
        ("{default: {description: a}}", "{default: {description: b}}", "/default/description", Kind::Read),
        ("{enum: [{title: a}]}", "{enum: [{title: b}]}", "/enum/0/title", Kind::Read),
        ("{properties: {title: {}}}", "{properties: {}}", "/properties/title", Kind::Read),
        ("{properties: {if: {type: a}}}", "{properties: {if: {type: b}}}", "/properties/if/type", Kind::Read),
        ("{if: {type: a}}", "{if: {type: b}}", "/if/type", Kind::Unread),
        ("{if: {title: a}}", "{if: {title: b}}", "/if/title", Kind::Words),
        ("{speed: {title: a}}", "{speed: {title: b}}", "/speed/title", Kind::Unread),
        ("{x-team: {title: a}}", "{x-team: {title: b}}", "/x-team/title", Kind::Foreign),
        ("{x-client-enum: open}", "{x-client-enum: closed}", "/x-client-enum", Kind::Read),
    ] {
        assert_eq!(kinds(old, new), [(at.to_owned(), kind)], "{old}");
    }
}

#[test]
fn names_of_scopes_travel_and_their_words_do_not() {
    let scheme = |scopes: &str| tree(&format!("components: {{securitySchemes: {{A: {{scopes: {scopes}}}}}}}"));
    let differ = |old: &str, new: &str| Known::new().differences(&scheme(old), &scheme(new));
    assert_eq!(differ("{a: one}", "{a: two}")[0].kind, Kind::Words);
    assert_eq!(differ("{a: one}", "{b: one}").iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::Read; 2]);
}

#[test]
fn expressions_of_callbacks_and_names_in_files_are_no_unknown_keys() {
    let text = "paths: {/a: {get: {callbacks: {b: {'{$request.body}': {post: {}}}}, parameters: [{speed: 1}]}}}\n\
                'files:': {a.yaml: {Pet: {type: object, speed: 1}}, b.yaml: {type: object, size: 1}}\n";
    let root = tree(text);
    let found = Known::new().unread(&root);
    let found: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(found, ["/files:/a.yaml/Pet", "/files:/b.yaml", "/paths/~1a/get/parameters/0"]);
}

#[test]
fn words_below_a_keyword_do_not_change_it() {
    let known = Known::new();
    let says_the_same = |old: &str, new: &str| {
        let [old, new] = [old, new].map(|text| tree(&format!("contains: {text}")));
        old.get("contains").zip(new.get("contains")).map(|(old, new)| known.says_the_same("contains", old, new))
    };
    assert_eq!(says_the_same("{const: 1, description: a}", "{description: b, const: 1}"), Some(true));
    assert_eq!(says_the_same("{const: 1}", "{const: 2}"), Some(false));
}
