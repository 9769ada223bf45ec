//! Files that the document refers to, joined to its tree.
//!
//! `$ref: schemas/pet.yaml#/Pet` becomes `#/files:/schemas~1pet.yaml/Pet`: the tree of each file hangs in the
//! document's own under one key, and what a file writes relative to itself is rewritten in the same way. So every later step
//! knows one tree and local references only; [`written`] gives back what a reader of the document would write.
//!
//! A reference that leads out of the document's folder, or to a URL, stays as it is, and leads nowhere.

use std::borrow::Cow;

use crate::diagnostic::{At, Diagnostic, Pointer, Severity, Span};
use crate::source::{Files, Source, Unread};

use super::codes;
use super::naming::names_entries;
use super::node::{Entry, Node, Value};
use super::problems::Problems;

/// Under this key the files hang in the document's tree. No object of `OpenAPI` has it.
pub const KEY: &str = "files:";

/// The most files that are read in addition to the document.
pub const MAX_FILES: usize = 2_000;

/// The most bytes that these files may have in total.
pub const MAX_BYTES: usize = 64 << 20;

/// Reads the files that a document refers to, and those that they refer to in turn. `read` gets a path below the
/// document's folder, with `/` between folders and without `.` and `..`.
pub fn load(source: &Source<'_>, mut read: impl FnMut(&str) -> Result<String, Unread>) -> Files {
    let mut files = Files::default();
    let mut open = wanted(source.text, "", source.file_name());
    open.reverse();
    let mut bytes = 0;
    while let Some(path) = open.pop() {
        if files.found.contains_key(&path) {
            continue;
        }
        let room = files.found.len() < MAX_FILES && bytes <= MAX_BYTES;
        let text = if room { read(&path) } else { Err(Unread::TooMuch) };
        let text = text.and_then(|text| {
            bytes += text.len();
            if bytes > MAX_BYTES { Err(Unread::TooMuch) } else { Ok(text) }
        });
        if let Ok(text) = &text {
            open.extend(wanted(text, &path, source.file_name()).into_iter().rev());
        }
        files.found.insert(path, text);
        if files.found.len() > MAX_FILES {
            break;
        }
    }
    files
}

/// Returns the files that a text refers to, in the order of their first mention.
fn wanted(text: &str, at: &str, document: &str) -> Vec<String> {
    let mut paths = Vec::new();
    if !refers_elsewhere(text) {
        return paths;
    }
    let Some(mut root) = super::read(text, &mut Problems::default()) else { return paths };
    each_reference(&mut root, &mut |reference, _| {
        if let Some((path, _)) = target(reference, at, document)
            && !path.is_empty()
            && !paths.contains(&path)
        {
            paths.push(path);
        }
        None
    });
    paths
}

/// Whether a text may hold a reference to another file. The text alone is looked at, so that a document without one
/// costs no second reading.
fn refers_elsewhere(text: &str) -> bool {
    let mut before = text.match_indices("$ref");
    before.any(|(at, found)| {
        let rest = text[at + found.len()..].trim_start_matches(['"', '\'', ':', ' ', '\t']);
        !rest.starts_with('#')
    }) || text.contains("mapping") && [".yaml", ".yml", ".json"].iter().any(|end| text.contains(end))
}

/// Joins the files to the document's tree, and makes every reference to one a reference into the tree.
pub(super) fn join(root: &mut Node, source: &Source<'_>, problems: &mut Problems) {
    if source.files.found.is_empty() && !refers_elsewhere(source.text) {
        return;
    }
    let document = source.file_name();
    let mut missed: Vec<(String, Span)> = Vec::new();
    let mut note = |path: &str, span: Span| {
        let is_there = source.files.found.get(path).is_some_and(Result::is_ok);
        if !is_there && missed.iter().all(|(other, _)| other != path) {
            missed.push((path.to_owned(), span));
        }
    };
    let mut rewrite = |node: &mut Node, at: &str| {
        each_reference(node, &mut |reference, span| {
            let (path, pointer) = target(reference, at, document)?;
            if path.is_empty() {
                return Some(format!("#{pointer}"));
            }
            note(&path, span);
            let step = path.replace('~', "~0").replace('/', "~1").replace('%', "%25");
            Some(format!("#/{KEY}/{step}{pointer}"))
        });
    };
    rewrite(root, "");
    let mut entries = Vec::new();
    for text in source.texts() {
        let Some(path) = text.path else { continue };
        let mut own = Problems::default();
        if let Some(mut tree) = super::read(text.text, &mut own) {
            shift(&mut tree, text.base);
            rewrite(&mut tree, path);
            entries.push(Entry { key: path.into(), key_span: Span { start: text.base, end: text.base }, value: tree });
        }
        for diagnostic in own.into_diagnostics() {
            adopt(diagnostic, path, text.base, problems);
        }
    }
    for (path, span) in missed {
        let why = match source.files.found.get(&path) {
            Some(Err(why)) => why.to_string(),
            _ => "it was not handed in".to_owned(),
        };
        let message = format!("cannot read `{path}`: {why}");
        problems.push(span.start, codes::UNREAD_FILE.at(&Pointer::root(), message).at_span(span));
    }
    if let Value::Object(own) = &mut root.value
        && !entries.is_empty()
    {
        own.retain(|entry| &*entry.key != KEY);
        let end = Span { start: source.text.len(), end: source.text.len() };
        let value = Node { span: end, value: Value::Object(entries) };
        own.push(Entry { key: KEY.into(), key_span: end, value });
    }
}

/// Takes over a problem of a file's text. What cannot be read costs the file, and not the document.
fn adopt(mut diagnostic: Diagnostic, path: &str, base: usize, problems: &mut Problems) {
    let moved = |pointer: &Pointer| {
        pointer.steps().iter().fold(Pointer::root().key(KEY).key(path), |pointer, step| pointer.key(step))
    };
    let mut start = base;
    diagnostic.severity = Severity::Warning;
    diagnostic.pointer = moved(&diagnostic.pointer);
    for label in &mut diagnostic.labels {
        label.pointer = moved(&label.pointer);
        if let At::Span(span) = &mut label.at {
            *span = Span { start: span.start + base, end: span.end + base };
            start = span.start;
        }
    }
    problems.push(start, diagnostic);
}

fn shift(node: &mut Node, base: usize) {
    let moved = |span: Span| Span { start: span.start + base, end: span.end + base };
    node.span = moved(node.span);
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, base)),
        Value::Object(entries) => {
            for entry in entries {
                entry.key_span = moved(entry.key_span);
                shift(&mut entry.value, base);
            }
        }
        _ => {}
    }
}

/// Keys whose values are data, even if they look like something else.
const DATA: &[&str] = &["example", "default", "enum", "const", "value"];

/// Calls `visit` with every reference of a tree and its place, and puts what it returns in place of the reference.
fn each_reference(node: &mut Node, visit: &mut impl FnMut(&str, Span) -> Option<String>) {
    fn put(value: &mut Node, visit: &mut impl FnMut(&str, Span) -> Option<String>) {
        if let Value::String(text) = &mut value.value
            && let Some(new) = visit(text, value.span)
        {
            *text = new.into();
        }
    }
    fn walk(node: &mut Node, names: bool, visit: &mut impl FnMut(&str, Span) -> Option<String>) {
        match &mut node.value {
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, false, visit)),
            Value::Object(entries) if names => {
                for entry in entries {
                    walk(&mut entry.value, false, visit);
                }
            }
            Value::Object(entries) => {
                for entry in entries {
                    match &*entry.key {
                        "$ref" => put(&mut entry.value, visit),
                        "discriminator" => mapping(&mut entry.value, visit),
                        key if DATA.contains(&key) || key.starts_with("x-") => {}
                        key => walk(&mut entry.value, names_entries(key) || key == "examples", visit),
                    }
                }
            }
            _ => {}
        }
    }
    /// A mapping's value is a reference, or the bare name of a component.
    fn mapping(node: &mut Node, visit: &mut impl FnMut(&str, Span) -> Option<String>) {
        let Value::Object(entries) = &mut node.value else { return };
        let Some(entry) = entries.iter_mut().find(|entry| &*entry.key == "mapping") else { return };
        let Value::Object(tags) = &mut entry.value.value else { return };
        for tag in tags {
            let text = tag.value.as_str().unwrap_or_default();
            if text.contains(['#', '/']) || [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end)) {
                put(&mut tag.value, visit);
            }
        }
    }
    walk(node, false, visit);
}

/// Returns the file that a reference leads to, as a path below the document's folder, and the pointer inside of it with
/// its escapes; the path is empty for the document itself. `at` is the path of the file that contains the reference.
/// Returns `None` for a URL, for a file outside of the folder, and for an anchor.
fn target(reference: &str, at: &str, document: &str) -> Option<(String, String)> {
    let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    if !(pointer.is_empty() || pointer.starts_with('/')) || is_url(file) {
        return None;
    }
    if file.is_empty() {
        return Some((at.to_owned(), pointer.to_owned()));
    }
    let file = crate::diagnostic::percent_decoded(file)?;
    if file.starts_with('/') || file.contains(['\\', '\0', ':']) {
        return None;
    }
    let folder = at.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let path = if path == document { String::new() } else { path };
    Some((path, pointer.to_owned()))
}

fn is_url(file: &str) -> bool {
    let scheme = file.split_once(':').map_or("", |(scheme, _)| scheme);
    file.starts_with("//")
        || scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Returns a reference as a reader of the document would write it: `schemas/pet.yaml#/Pet`.
#[must_use]
pub fn written(reference: &str) -> Cow<'_, str> {
    let Some((path, pointer)) = inside(reference) else { return Cow::Borrowed(reference) };
    Cow::Owned(if pointer == "/" { path } else { format!("{path}#{pointer}") })
}

/// Says why a reference that is none into the tree leads nowhere.
#[must_use]
pub fn elsewhere(reference: &str) -> (String, &'static str) {
    if is_url(reference) {
        let help = "save it below the document's folder, and refer to the file";
        (format!("`{reference}` is a URL; documents are not downloaded"), help)
    } else if reference.starts_with('#') {
        let help = "write a pointer, such as `#/components/schemas/…`";
        (format!("`{reference}` is an anchor; anchors are not supported"), help)
    } else {
        let help = "move the file below the document's folder";
        (format!("`{reference}` is outside of the document's folder"), help)
    }
}

/// Returns the file that a reference into the tree leads to, and the pointer inside of it.
fn inside(reference: &str) -> Option<(String, String)> {
    let pointer = Pointer::from_reference(reference.strip_prefix('#').map(|_| reference)?)?;
    let (path, pointer) = of_file(&pointer)?;
    Some((path, if pointer == Pointer::root() { "/".to_owned() } else { pointer.to_string() }))
}

/// Splits a pointer into a joined file into the file's path and the pointer inside of the file.
#[must_use]
pub fn of_file(pointer: &Pointer) -> Option<(String, Pointer)> {
    let steps = pointer.steps();
    let [key, path, rest @ ..] = steps.as_slice() else { return None };
    let inside = rest.iter().fold(Pointer::root(), |pointer, step| pointer.key(step));
    (key == KEY).then(|| (path.to_string(), inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target_of(reference: &str, at: &str) -> Option<String> {
        target(reference, at, "api.yaml").map(|(path, pointer)| format!("{path}|{pointer}"))
    }

    #[test]
    fn references_are_taken_from_the_file_that_they_stand_in() {
        for (reference, at, expected) in [
            ("#/a", "", "|/a"),
            ("#/a", "s/b.yaml", "s/b.yaml|/a"),
            ("./c.yaml", "s/b.yaml", "s/c.yaml|"),
            ("../c.yaml#", "s/b.yaml", "c.yaml|"),
            ("../api.yaml#/a~1b", "s/b.yaml", "|/a~1b"),
            ("a%20b.json#/x", "", "a b.json|/x"),
            (".//t/../c.yaml", "", "c.yaml|"),
        ] {
            assert_eq!(target_of(reference, at).as_deref(), Some(expected), "{reference} in {at}");
        }
        for reference in
            ["../a.yaml", "s/../../a.yaml", "/a.yaml", "//h/a", "https://h/a.yaml#/x", "C:\\a", "..\\a", "urn:a", "#b"]
        {
            assert_eq!(target_of(reference, ""), None, "{reference}");
        }
    }

    #[test]
    fn a_reference_is_shown_as_it_would_be_written() {
        assert_eq!(written("#/files:/s~1a%2520b.yaml/A~1B"), "s/a%20b.yaml#/A~1B");
        assert_eq!(written("#/files:/s~1a.yaml"), "s/a.yaml");
        assert_eq!(written("#/components/schemas/A"), "#/components/schemas/A");
    }

    #[test]
    fn files_are_read_once_each_and_no_more_than_the_limits_say() {
        let text = "a: {$ref: a.yaml}\nb: {$ref: 'a.yaml#/x'}\nexample: {$ref: no.yaml}\nc: {$ref: c.yaml}";
        let mut asked = Vec::new();
        let files = load(&Source::alone("spec/api.yaml", text), |path| {
            asked.push(path.to_owned());
            match path {
                "a.yaml" => Ok("x: {$ref: b/b.yaml}\ny: {$ref: api.yaml}".to_owned()),
                "b/b.yaml" => Ok("{$ref: ../a.yaml}".to_owned()),
                _ => Err(Unread::Missing),
            }
        });
        assert_eq!(asked, ["a.yaml", "b/b.yaml", "c.yaml"]);
        assert_eq!(files.found["c.yaml"], Err(Unread::Missing));

        let endless = |path: &str| Ok(format!("a: {{$ref: {path}x}}"));
        let files = load(&Source::alone("api.yaml", "a: {$ref: x}"), endless);
        assert_eq!(files.found.values().filter(|text| text.is_ok()).count(), MAX_FILES);
        let large = |_: &str| Ok("a".repeat(MAX_BYTES / 4));
        let text = "a: {$ref: a.x}\nb: {$ref: b.x}\nc: {$ref: c.x}\nd: {$ref: d.x}\ne: {$ref: e.x}\n";
        let files = load(&Source::alone("api.yaml", text), large);
        assert_eq!(files.found.values().filter(|text| text.is_ok()).count(), 4);
    }

    #[test]
    fn a_text_with_local_references_alone_is_not_read_twice() {
        assert!(!refers_elsewhere("a: {$ref: '#/a'}\n\"$ref\" : \"#/b\"\n$ref:  \"#/c\""));
        assert!(refers_elsewhere("a: {$ref: 'b.yaml'}"));
        assert!(refers_elsewhere("$ref: >-\n  b.yaml"));
        assert!(refers_elsewhere("mapping: {a: b.json}"));
    }
}
