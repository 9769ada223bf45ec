//! The codes that lint reports, and their explanations.

use std::fmt::Write as _;

use super::codes;
use super::config::{Level, is_fixed};
use generator::diagnostic::{self, Code};

/// Returns every code that lint reports, in alphabetical order: those of the rules, of parse and lower, and of the list of
/// levels and exceptions.
#[must_use]
pub fn all_codes() -> Vec<&'static Code> {
    let tables = [codes::CODES, diagnostic::codes::CODES, crate::exceptions::codes::CODES];
    let mut all = tables.concat();
    all.sort();
    all
}

/// Returns the code of this name.
#[must_use]
pub fn code(name: &str) -> Option<&'static Code> {
    all_codes().into_iter().find(|code| *code == name)
}

/// Returns the explanation of a code with its examples, as Markdown; `None` if there is no such code.
#[must_use]
pub fn explain(name: &str) -> Option<String> {
    let code = code(name)?;
    let level = if is_fixed(code) { "always an error" } else { Level::of(code).word() };
    let by = if diagnostic::codes::CODES.contains(&code) { ", also reported by codegen" } else { "" };
    Some(format!("{code} ({level}{by})\n\n{}\n", code.section().trim_end()))
}

/// Returns a line for each code: its name, its level and its summary.
#[must_use]
pub fn list() -> String {
    let all = all_codes();
    let width = all.iter().map(|code| code.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for code in all {
        let level = if is_fixed(code) { "error" } else { Level::of(code).word() };
        writeln!(text, "{code:width$}  {level:5}  {}", code.summary()).expect("a string takes any text");
    }
    text
}

/// Returns a whole document for an example, which shows a part of one: adds correct values for the parts that aren't
/// shown, and uses the schemas that the example declares. Returns text that isn't a part of a document unchanged.
#[must_use]
pub fn complete(code: &Code, part: &str) -> String {
    if part.starts_with(['{', '#', '-']) || !part.contains(":\n") && !part.contains(": ") {
        return part.to_owned();
    }
    let mut text = String::new();
    for (key, value) in [
        ("openapi", "3.0.3"),
        ("info", "{title: Pets, version: '1'}"),
        ("servers", "[{url: 'https://pets.example'}]"),
        ("security", "[]"),
        ("tags", "[{name: pets, description: Everything about pets}]"),
        ("paths", "{}"),
    ] {
        // One rule is about operations to which no `security` applies.
        let is_there = part.lines().any(|line| line.starts_with(&format!("{key}:")));
        let is_subject = key == "security" && part.contains("security");
        if !is_there && !is_subject {
            writeln!(text, "{key}: {value}").expect("a string takes any text");
        }
    }
    text += part;
    if *code != codes::UNUSED_COMPONENT {
        let declared = part.lines().scan("", |kind, line| {
            let name = line.trim_start().split(':').next().unwrap_or_default();
            match line.len() - line.trim_start().len() {
                0 => *kind = "",
                2 => *kind = name,
                4 if *kind == "schemas" => return Some(Some(name)),
                _ => {}
            }
            Some(None)
        });
        let declared: Vec<String> =
            declared.flatten().map(|name| format!("{{$ref: '#/components/schemas/{name}'}}")).collect();
        if !declared.is_empty() {
            writeln!(text, "x-used: [{}]", declared.join(", ")).expect("a string takes any text");
        }
    }
    text
}
