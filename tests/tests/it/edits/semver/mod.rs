//! Compares `diff` with two other judges: `cargo-semver-checks`, and the compiler with programs that use every item of the
//! client before the edit.
//!
//! The first compares lists of items and overlooks changed types. The second notices every change of a type. `diff` must
//! report everything that they find, and everything that `diff` calls breaking must break a program.
//! `NOVAMED_EDITS=one,other` runs only these edits.

mod checks;
mod compared;
mod compiler;
mod crates;
mod probe;
mod rustdoc;
mod text;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use super::edit::{self, Edit};
use crate::compile::is_long;
use compared::{Disagreement, Said};
use compiler::Caller;
use crates::Crates;
use probe::Probe;
use rustdoc::Docs;

fn chosen() -> Vec<Edit> {
    let names = env::var("NOVAMED_EDITS").unwrap_or_default();
    let wanted = |edit: &Edit| names.is_empty() || names.split(',').any(|name| name == edit.name);
    edit::all().into_iter().filter(wanted).collect()
}

fn krate(which: &str, name: &str) -> String {
    format!("{which}-of-{}", name.replace('_', "-"))
}

/// Crates by their documents. Several edits can start from the same document.
fn crates_by_document(edits: &[Edit]) -> BTreeMap<&str, String> {
    let mut names = BTreeMap::new();
    for edit in edits {
        names.entry(edit.old.as_str()).or_insert_with(|| krate("old", &edit.name));
        names.entry(edit.new.as_str()).or_insert_with(|| krate("new", &edit.name));
    }
    names
}

/// The findings of the two judges for each edit.
struct Judged {
    compiler: BTreeMap<String, BTreeMap<String, String>>,
    checks: BTreeMap<String, BTreeMap<String, String>>,
}

/// Separates the edits that change nothing for the compiler, about which no judge reports anything.
fn with_new_surface(edits: &[Edit]) -> Vec<Edit> {
    let mut clients = BTreeMap::new();
    for document in edits.iter().flat_map(|edit| [edit.old.as_str(), edit.new.as_str()]) {
        clients.entry(document).or_insert_with(|| crates::generated(document));
    }
    let differs = |edit: &&Edit| {
        let (old, new) = (&clients[edit.old.as_str()], &clients[edit.new.as_str()]);
        crates::surface(old) != crates::surface(new)
    };
    edits.iter().filter(differs).cloned().collect()
}

fn judge(edits: &[Edit]) -> Judged {
    let edits = &with_new_surface(edits)[..];
    let names = crates_by_document(edits);
    let mut crates = Crates::new();
    for (document, name) in &names {
        crates.client(name, &crates::generated(document));
    }
    let described = crates.described(&names.values().cloned().collect::<Vec<_>>());
    let file = |document: &str| &described[&names[document]];
    let mut probes: BTreeMap<&str, Vec<Probe>> = BTreeMap::new();
    for edit in edits {
        probes.entry(&edit.old).or_insert_with(|| {
            let text = fs::read_to_string(file(&edit.old)).expect("rustdoc's file can be read");
            probe::all(&Docs::read(&text))
        });
    }
    let program = checks::install();
    let check = |edit: &Edit| (edit.name.clone(), checks::found(&program, file(&edit.old), file(&edit.new)));
    let checks = edits.iter().map(check).collect();
    let caller = |name: String, old: &str, new: &str| Caller { name, client: names[new].clone(), probes: &probes[old] };
    // The programs are correct if they compile with the client that they were generated from.
    let mut callers: Vec<Caller<'_>> =
        probes.keys().map(|old| caller(format!("call-of-{}", names[old]), old, old)).collect();
    callers.extend(edits.iter().map(|edit| caller(krate("call", &edit.name), &edit.old, &edit.new)));
    let mut compiler = compiler::broken(&mut crates, &callers);
    for old in probes.keys() {
        let wrong = compiler.remove(&format!("call-of-{}", names[old])).unwrap_or_default();
        assert!(wrong.is_empty(), "programs that the client itself does not take: {wrong:#?}");
    }
    println!("{} edits, {} clients, {} programs each", edits.len(), names.len(), callers[0].probes.len());
    crates.discard();
    let compiler = edits
        .iter()
        .map(|edit| (edit.name.clone(), compiler.remove(&krate("call", &edit.name)).unwrap_or_default()))
        .collect();
    Judged { compiler, checks }
}

#[test]
fn what_other_judges_find_is_what_diff_says() {
    if !is_long() {
        println!("skipped: NOVAMED_LONG_TESTS is not set");
        return;
    }
    let start = Instant::now();
    let edits = chosen();
    let judged = judge(&edits);
    let found = edits.iter().flat_map(|edit| {
        let none = BTreeMap::new();
        let of = |judge: &BTreeMap<_, _>| judge.get(&edit.name).unwrap_or(&none).clone();
        Said::of(edit).disagreements(edit, &of(&judged.compiler), &of(&judged.checks))
    });
    let found: Vec<Disagreement> = found.collect();
    println!("judged in {} s", start.elapsed().as_secs());
    let accepted = compared::accepted();
    let (open, idle) = compared::unexplained(found, &accepted);
    let mut text = String::new();
    for it in &open {
        writeln!(text, "{}: {} alone: {}: {}", it.edit, it.says_more, it.item, it.why)
            .expect("a string takes any text");
    }
    assert!(open.is_empty(), "disagreements that no entry explains:\n{text}");
    let is_whole = env::var_os("NOVAMED_EDITS").is_none();
    assert!(idle.is_empty() || !is_whole, "entries that are about nothing: {idle:#?}");
}
