//! The section of the client's changelog, in the words of a caller.
//!
//! What belongs to an item that is named already is not named again: the builder of a type, its implementations, the
//! blocking twin of a method.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::super::finding::{Class, Finding};
use super::super::rust::{Change, Happened, Semver};
use super::super::{Approved, Diff};
use super::{Told, told};
use generator::model::{Api, Shape};

/// Returns the section, with its heading.
#[must_use]
pub fn changelog(diff: &Diff<'_>) -> String {
    let mut text = format!("## {}\n", diff.next_version);
    let (before, after) = (&diff.old.api.version, &diff.new.api.version);
    if before != after {
        write!(text, "\nFor the description of {after}; it was that of {before}.\n").expect("a string takes any text");
    }
    let forced = forced(diff);
    let is_told = |item: &&Change| !is_mark(item) && (item.happened != Happened::Added || !forced.contains(&item.path));
    let items: Vec<&Change> = own(&diff.items).into_iter().filter(is_told).collect();
    let breaking: Vec<&Change> = items.iter().copied().filter(|item| item.semver == Semver::Major).collect();
    let others: Vec<&Change> = items.into_iter().filter(|item| item.semver != Semver::Major).collect();
    let heavy = effects(diff, |finding| finding.class == Class::Breaking);
    let light = effects(diff, |finding| finding.class == Class::Compatible);
    let heavy: Vec<String> = forced.iter().map(|path| with_builder(path)).chain(heavy).collect();
    section(&mut text, "Breaking", &breaking, &heavy);
    section(&mut text, "Added and changed", &others, &light);
    if diff.verdict() == Some(Class::Documentation) {
        text.push_str("\n- Documentation: the words of the description changed, and nothing else.\n");
    }
    if diff.verdict().is_none() {
        text.push_str("\nNothing changed.\n");
    }
    text
}

fn section(text: &mut String, title: &str, items: &[&Change], effects: &[String]) {
    if items.is_empty() && effects.is_empty() {
        return;
    }
    write!(text, "\n### {title}\n\n").expect("a string takes any text");
    for item in items {
        writeln!(text, "- {}", sentence(item)).expect("a string takes any text");
    }
    for effect in effects {
        writeln!(text, "- {effect}").expect("a string takes any text");
    }
}

fn sentence(item: &Change) -> String {
    let path = &item.path;
    match (item.happened, &item.old, &item.new) {
        (Happened::Removed, ..) => format!("`{path}` is gone."),
        (Happened::Added, _, Some(new)) if new.contains('(') => format!("`{path}` is new: `{}`.", plain(new)),
        (Happened::Added, ..) => format!("`{path}` is new."),
        (_, Some(old), Some(new)) => format!("`{path}` is `{}` now, and was `{}`.", plain(new), plain(old)),
        _ => format!("`{path}` is another one."),
    }
}

/// Whether nothing but a mark came or went, such as that of a deprecation, which is told as such.
fn is_mark(item: &Change) -> bool {
    matches!((&item.old, &item.new), (Some(old), Some(new)) if plain(old) == plain(new))
}

/// An item without its attributes and without `pub`, and a field without its name.
fn plain(shown: &str) -> &str {
    let mut rest = shown;
    while let Some((_, after)) = rest.strip_prefix("#[").and_then(|rest| rest.split_once("] ")) {
        rest = after;
    }
    let rest = rest.strip_prefix("pub ").unwrap_or(rest);
    match rest.split_once(": ") {
        Some((name, ty)) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => ty,
        _ => rest,
    }
}

/// The items that a caller thinks of.
fn own(items: &[Change]) -> Vec<&Change> {
    let whole: BTreeSet<&str> = items
        .iter()
        .filter(|item| item.path == item.owner && item.happened != Happened::Changed)
        .map(|item| item.path.as_str())
        .collect();
    let fields: BTreeSet<&str> =
        items.iter().filter(|item| item.path.contains('.')).map(|item| item.owner.as_str()).collect();
    let is_own = |item: &&Change| {
        let is_test = ["testing::", "field::", "blocking::"].iter().any(|module| item.owner.starts_with(module));
        let built = item.owner.strip_suffix("Builder");
        // A builder changes with the fields of its type, and is told by them.
        let is_builder = built.is_some_and(|ty| whole.contains(ty) || fields.contains(ty));
        let is_part = item.path != item.owner && whole.contains(item.owner.as_str());
        !is_test && !is_builder && !is_part
    };
    items.iter().filter(is_own).collect()
}

fn with_builder(path: &str) -> String {
    format!("`{path}` is new and required: builders have to set it.")
}

/// The fields that are new in requests and required there: an item that came, and code that no longer compiles.
fn forced(diff: &Diff<'_>) -> BTreeSet<String> {
    let forced = diff.findings.iter().filter(|finding| finding.code == "required-property-added");
    let is_new = |path: &String| diff.items.iter().any(|item| item.path == *path && item.happened == Happened::Added);
    forced.filter_map(|finding| field(&diff.new.api, &finding.subject)).filter(is_new).collect()
}

/// The path of the field that a property became, by the property's subject.
fn field(api: &Api, subject: &str) -> Option<String> {
    let (schema, wire) = subject.trim_end_matches("[]").rsplit_once('.')?;
    api.types.iter().find_map(|def| {
        let is_named = def.pointer.last().as_deref() == Some(schema) || def.name.as_str() == schema;
        if !is_named {
            return None;
        }
        let Shape::Struct(it) = &def.shape else { return None };
        let field = it.fields.iter().find(|field| field.wire == wire)?;
        Some(format!("{}.{}", def.name.as_str(), field.rust.as_str()))
    })
}

/// Whether an item of the client tells of a finding, where that is about a property. It has to be gone with a property that
/// is gone: an item may keep its name where the property gets another one.
fn is_told_by_item(diff: &Diff<'_>, finding: &Finding) -> bool {
    let (api, happened) = match finding.code {
        "required-property-added" => {
            return field(&diff.new.api, &finding.subject).is_some_and(|path| forced(diff).contains(&path));
        }
        "property-removed" => (&diff.old.api, Some(Happened::Removed)),
        "property-added" => (&diff.new.api, Some(Happened::Added)),
        "became-not-nullable"
        | "became-nullable"
        | "property-became-optional"
        | "property-became-required"
        | "type-changed" => (&diff.new.api, None),
        _ => return true,
    };
    let Some(path) = field(api, &finding.subject) else { return finding.class != Class::Breaking };
    let mut items = diff.items.iter().filter(|item| item.path == path);
    items.any(|item| happened.is_none_or(|happened| item.happened == happened) && weighs(item, finding))
}

/// Whether an item is listed as breaking together with its finding.
fn weighs(item: &Change, finding: &Finding) -> bool {
    item.semver == Semver::Major || finding.class != Class::Breaking
}

/// What changes without an item of the client doing so.
fn effects(diff: &Diff<'_>, wanted: impl Fn(&Finding) -> bool) -> Vec<String> {
    // These show in the items.
    const IN_ITEMS: &[&str] = &[
        "became-not-nullable",
        "became-nullable",
        "body-added",
        "body-removed",
        "enum-value-added",
        "enum-value-removed",
        "event-added",
        "event-removed",
        "operation-added",
        "operation-removed",
        "operation-renamed",
        "parameter-added",
        "parameter-became-optional",
        "parameter-became-required",
        "parameter-removed",
        "property-added",
        "property-became-optional",
        "property-became-required",
        "property-removed",
        "required-body-added",
        "required-parameter-added",
        "required-property-added",
        "schema-exchanged",
        "schema-renamed",
        "type-changed",
        "unclassified",
    ];
    let has_items = !diff.items.is_empty();
    let is_in_items =
        |finding: &Finding| has_items && IN_ITEMS.contains(&finding.code) && is_told_by_item(diff, finding);
    let is_effect = |told: &Told<'_>| wanted(told.finding) && !is_in_items(told.finding);
    let approved = Approved::default();
    let all = told(diff, &approved);
    let mut seen = BTreeSet::new();
    let told = all.iter().filter(|told| is_effect(told) && seen.insert(&told.finding.message));
    told.map(|told| {
        let others: Vec<String> = told.others.iter().map(|it| format!("`{}`", it.finding.subject)).collect();
        let others = if others.is_empty() { String::new() } else { format!(" The same for {}.", others.join(", ")) };
        capitalized(&told.finding.message) + &others
    })
    .collect()
}

fn capitalized(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if message.ends_with('?') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
