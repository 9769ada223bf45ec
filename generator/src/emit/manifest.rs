//! `Cargo.toml`, and `clippy.toml` where the title holds words that are written like identifiers.
//!
//! The lines of the dependencies are copied from the runtime's own manifest, the only place with versions.

use std::fmt::Write as _;

use super::file::File;
use super::krate::Crate;
use super::runtime;
use crate::model::Capability;

/// The manifest of the runtime's crate.
const TEMPLATE: &str = include_str!("../../../templates/runtime/Cargo.toml");

const LINTS: &str = "[lints.rust]
unsafe_code = \"forbid\"
missing_docs = \"warn\"

[lints.clippy]
pedantic = { level = \"warn\", priority = -1 }
";

/// Returns the files.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let head = match &cx.config.manifest_head {
        Some(head) => head.trim_end().to_owned(),
        None => head(cx),
    };
    let header = format!("# Written by `{}`; do not edit.", cx.config.command);
    let features = features(cx);
    let dependencies = dependencies(cx);
    let manifest = format!("{header}\n\n{head}\n{features}\n[dependencies]\n{dependencies}\n{LINTS}");
    let mut files = vec![File::text("Cargo.toml", manifest)];
    if !cx.proper_names.is_empty() {
        let names: Vec<_> = cx.proper_names.iter().map(|name| format!("{name:?}")).collect();
        let text =
            format!("{header}\n\n# Names that aren't code.\ndoc-valid-idents = [{}, \"..\"]\n", names.join(", "));
        files.push(File::text("clippy.toml", text));
    }
    files
}

fn head(cx: &Crate<'_>) -> String {
    let title: String = cx.api.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut head = String::from("[package]\n");
    for (key, value) in [
        ("name", cx.config.name.as_str()),
        ("version", "0.1.0"),
        ("edition", "2024"),
        ("rust-version", "1.88"),
        ("description", &format!("A client of {title}")),
        ("readme", "README.md"),
    ] {
        writeln!(head, "{key} = {}", quoted(value)).expect("a string takes any text");
    }
    head.push_str("publish = false");
    head
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => write!(quoted, "\\u{:04X}", u32::from(c)).expect("a string takes any text"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The section of the features that are more than a dependency; one that blocks is for a client that
/// has calls.
fn features(cx: &Crate<'_>) -> String {
    let is_needed = |name: &str| match name {
        "default" => false,
        "blocking" => cx.api.capabilities.contains(&Capability::Blocking),
        "server" => cx.api.capabilities.contains(&Capability::Server),
        _ => true,
    };
    let lines: String =
        entries("[features]").into_iter().filter(|(name, _)| is_needed(name)).map(|(_, lines)| lines).collect();
    format!("\n[features]\n{lines}")
}

/// The lines of the dependencies that are needed.
fn dependencies(cx: &Crate<'_>) -> String {
    let needed = runtime::crates(cx);
    entries("[dependencies]").into_iter().filter(|(name, _)| needed.contains(&**name)).map(|(_, lines)| lines).collect()
}

/// The keys of a section, each with its line and the comment before it.
fn entries(title: &'static str) -> Vec<(String, String)> {
    let mut entries = Vec::new();
    let mut lines = String::new();
    for line in section(title) {
        if line.is_empty() {
            lines.clear();
            continue;
        }
        lines.push_str(line);
        lines.push('\n');
        if let Some((name, _)) = line.split_once([' ', '=', '.']).filter(|_| !line.starts_with('#')) {
            entries.push((name.to_owned(), std::mem::take(&mut lines)));
        }
    }
    entries
}

fn section(title: &'static str) -> impl Iterator<Item = &'static str> {
    TEMPLATE.lines().skip_while(move |line| *line != title).skip(1).take_while(|line| !line.starts_with('['))
}

/// The dependencies in the runtime's manifest.
#[cfg(test)]
pub(super) fn dependency_names() -> std::collections::BTreeSet<String> {
    entries("[dependencies]").into_iter().map(|(name, _)| name).collect()
}
