//! Snapshots of the reports for each rejected fixture. Every diagnostic has such a fixture.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use generator::Config;
use generator::diagnostic::{Code, Diagnostic, codes};

use crate::fixture::{self, Fixture};

/// Longer reports are shortened in the middle.
const LINES: usize = 200;

#[test]
fn every_rejected_fixture_gives_its_snapshot() {
    let fixtures = fixture::all("rejected");
    fixture::assert_short(&fixtures);
    let mut silent = Vec::new();
    let mut texts = Vec::new();
    for fixture in &fixtures {
        let problems = problems(fixture);
        if problems.is_empty() {
            silent.push(fixture.file.as_str());
        }
        texts.push((fixture.name.clone(), cut(&fixture::shown(&problems, &fixture.source()))));
    }
    fixture::assert_snapshots("rejected", &texts);
    assert!(silent.is_empty(), "nothing is reported for {silent:?}");
}

#[test]
fn every_diagnostic_has_a_rejected_fixture() {
    let found: BTreeSet<&Code> =
        fixture::all("rejected").iter().flat_map(problems).map(|problem| problem.code).collect();
    let missing: Vec<&&Code> = codes::CODES.iter().filter(|code| !found.contains(*code)).collect();
    assert!(missing.is_empty(), "no rejected fixture shows {missing:?}");
}

#[test]
fn a_circle_of_unions_is_cut_in_one_place() {
    let fixtures = fixture::all("rejected");
    let fixture = fixtures.iter().find(|fixture| fixture.name == "union_circle").expect("the fixture is there");
    let files = fixture.generate(&Config::new("fixture")).unwrap_or_else(|problems| panic!("{problems}")).files;
    // One direction remains: every alternative is still one of the other's.
    assert!(files["src/types/a.rs"].contains("    Also(Also),"), "{}", files["src/types/a.rs"]);
    assert!(!files["src/types/b.rs"].contains("    A("), "{}", files["src/types/b.rs"]);
}

fn problems(fixture: &Fixture) -> Vec<Diagnostic> {
    match generator::generate(&fixture.source(), &Config::new("fixture")) {
        Ok(generated) => generated.warnings,
        Err(problems) => problems,
    }
}

/// Returns the Rust files below a folder.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the generator's source can be listed") {
            let path = entry.expect("the generator's source can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn cut(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= LINES {
        return text.to_owned();
    }
    let (head, tail) = (&lines[..20], &lines[lines.len() - 20..]);
    format!("{}\n[{} lines are left out here]\n{}\n", head.join("\n"), lines.len() - 40, tail.join("\n"))
}
