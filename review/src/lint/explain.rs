//! The rules in words.

use std::fmt::Write as _;

use super::rules::{RULES, Rule, rule};

/// Returns the explanation of a code with its examples; `None` where there is no such code.
///
/// Of a document that the examples are parts of, what they leave out is there and right.
#[must_use]
pub fn explain(code: &str) -> Option<String> {
    let Rule { code, level, is_fixed, summary, explanation, wrong, right, check } = rule(code)?;
    let level = if *is_fixed { "always an error" } else { level.word() };
    let by = if check.is_some() { "" } else { "; reported by the generator as well" };
    let mut text = format!("{code} ({level}{by}): {summary}\n\n");
    text += &wrapped(explanation);
    for (word, example) in [("Wrong", wrong), ("Right", right)].into_iter().filter(|(_, example)| !example.is_empty()) {
        write!(text, "\n{word}:\n\n").expect("a string takes any text");
        for line in example.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            writeln!(text, "{indent}{line}").expect("a string takes any text");
        }
    }
    Some(text)
}

/// Returns a line for each rule: its code, its level and what it finds.
#[must_use]
pub fn list() -> String {
    let width = RULES.iter().map(|rule| rule.code.len()).max().unwrap_or_default();
    let mut text = String::new();
    for rule in RULES {
        let level = if rule.is_fixed { "error" } else { rule.level.word() };
        writeln!(text, "{:width$}  {level:5}  {}", rule.code, rule.summary).expect("a string takes any text");
    }
    text
}

/// Returns a whole document from the part that an example shows: what it leaves out is there and right, and what it
/// declares is used. An example that is no part of a document is returned as it is.
#[must_use]
pub fn example(rule: &Rule, part: &str) -> String {
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
        // Without `security` nothing speaks for an operation, which is what one rule is about.
        let is_there = part.lines().any(|line| line.starts_with(&format!("{key}:")));
        let is_subject = key == "security" && part.contains("security");
        if !is_there && !is_subject {
            writeln!(text, "{key}: {value}").expect("a string takes any text");
        }
    }
    text += part;
    if rule.code != "unused-component" {
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

/// Breaks a text into lines of at most 100 characters.
fn wrapped(text: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > 100 {
            lines += &line;
            lines.push('\n');
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    lines + &line + "\n"
}
