//! Which modules of a stage import which, read from their source.
//!
//! A module imports what its paths name, in `use` lines and elsewhere, and the modules that it declares.

use std::collections::{BTreeMap, BTreeSet};

/// The modules of a stage, and for each the modules that it imports.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Returns the sets of modules that import each other, directly or through others. `files` are paths and texts.
pub fn circles(files: &[(String, String)], room: &str) -> Vec<BTreeSet<String>> {
    let modules: BTreeMap<String, &str> = files
        .iter()
        .filter(|(path, _)| !path.contains("tests"))
        .map(|(path, text)| (module(path), text.split("\nmod tests {").next().unwrap_or_default()))
        .collect();
    assert!(modules.keys().any(|name| name == room), "there is no `{room}` any more");
    let imported = |name: &String, text: &&str| {
        let paths = paths(text).into_iter().filter_map(|path| resolved(&modules, name, &path));
        (name.clone(), paths.filter(|found| found != name).collect())
    };
    let graph: Graph = modules.iter().map(|(name, text)| imported(name, text)).collect();
    let reached: Graph = graph.keys().map(|name| (name.clone(), reach(&graph, name))).collect();
    let circle = |name: &String| -> BTreeSet<String> {
        reached[name].iter().filter(|other| reached[*other].contains(name)).cloned().collect()
    };
    let circles: BTreeSet<BTreeSet<String>> = graph.keys().map(circle).filter(|circle| !circle.is_empty()).collect();
    circles.into_iter().collect()
}

/// `emit/docs/mod.rs` is the module `emit/docs`.
fn module(path: &str) -> String {
    let path = path.trim_end_matches(".rs");
    path.strip_suffix("/mod").unwrap_or(path).to_owned()
}

/// The modules that a module leads to.
fn reach(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        for next in graph.get(name).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    reached
}

/// The paths in a text, and `self::name` for each module that it declares.
fn paths(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join(" ").replace("pub(in super::super)", "").replace("pub(super)", "");
    let mut paths = Vec::new();
    for statement in code.split(';').map(str::trim) {
        if let Some((_, name)) = statement.rsplit_once("mod ").filter(|(_, name)| is_name(name)) {
            paths.push(format!("self::{name}"));
        }
        if let Some((_, tree)) = statement.rsplit_once("use ").filter(|(_, tree)| is_tree(tree)) {
            expand("", tree, &mut paths);
            continue;
        }
        for start in ["super::", "crate::"] {
            for (at, _) in statement.match_indices(start).filter(|(at, _)| !statement[..*at].ends_with("super::")) {
                let rest = &statement[at..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
                paths.push(rest[..end].trim_end_matches(':').to_owned());
            }
        }
    }
    paths
}

fn is_tree(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "_:{},*".contains(c))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Writes out the paths of a `use` tree: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(before: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((start, list)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        paths.push(format!("{before}{path}").replace(' ', ""));
        return;
    };
    let before = format!("{before}{start}");
    let list = list.strip_suffix('}').unwrap_or(list);
    let mut depth = 0;
    let is_end = |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    };
    list.split(is_end).filter(|item| !item.trim().is_empty()).for_each(|item| expand(&before, item, paths));
}

/// The module that a path leads to or into: `super::docs::Text` in `emit/client` is in `emit/docs`.
fn resolved(modules: &BTreeMap<String, &str>, from: &str, path: &str) -> Option<String> {
    let mut steps: Vec<&str> = path.split("::").collect();
    let mut at: Vec<&str> = match steps.first().copied()? {
        "crate" => Vec::new(),
        "self" | "super" => from.split('/').collect(),
        first if modules.contains_key(&format!("{from}/{first}")) => from.split('/').chain(["self"]).collect(),
        _ => return None,
    };
    if at.last() == Some(&"self") {
        at.pop();
    } else {
        while steps.first() == Some(&"super") {
            at.pop();
            steps.remove(0);
        }
        if matches!(steps.first(), Some(&("crate" | "self"))) {
            steps.remove(0);
        }
    }
    at.extend(steps);
    (1..=at.len()).rev().map(|length| at[..length].join("/")).find(|name| modules.contains_key(name))
}

#[test]
fn a_circle_is_found_and_a_parent_counts_as_an_importer_of_its_children() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = [
        file("room/mod.rs", "mod a;\nmod b;\nmod c;\npub struct Shared;\n"),
        file("room/a.rs", "use super::b::{self, B};\n"),
        file("room/b.rs", "use crate::room::{a::A, c};\npub(super) struct B;\n"),
        file("room/c.rs", "//! Not super::a.\nuse std::fmt;\n"),
    ];
    assert_eq!(circles(&files, "room"), [["room/a", "room/b"].map(str::to_owned).into()]);
    let files = [file("room/mod.rs", "mod a;\npub struct Shared;\n"), file("room/a.rs", "use super::Shared;\n")];
    assert_eq!(circles(&files, "room"), [["room", "room/a"].map(str::to_owned).into()]);
}
