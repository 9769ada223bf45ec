//! Snapshots of the code that is emitted for each accepted fixture.
//!
//! A snapshot contains the warnings and the files that depend on the fixture's feature. Files that every client shares
//! (the runtime, most of the manifest) are only in the snapshot of `minimal`, and blocking methods only in that of
//! `blocking`.

use std::fmt::Write as _;

use generator::{Config, Generated, Texts};

use crate::fixture::{self, Fixture};

/// The fixture for files that every client has.
const MINIMAL: &str = "minimal";

/// The fixture for blocking methods.
const BLOCKING: &str = "blocking";

/// The fixture for the server side. All others are generated without it.
const SERVER: &str = "server_side";

/// Files in every client that consist of lists, of dependencies or modules.
const LISTS: &[&str] = &["Cargo.toml", "README.md", "src/lib.rs", "src/runtime/mod.rs"];

#[test]
fn every_accepted_fixture_gives_its_snapshot() {
    let fixtures = fixture::all("accepted");
    fixture::assert_short(&fixtures);
    let minimal = fixtures.iter().find(|fixture| fixture.name == MINIMAL).expect("the fixture `minimal` is there");
    let common = generate(minimal).files;
    let texts: Vec<(String, String)> =
        fixtures.iter().map(|fixture| (fixture.name.clone(), text(fixture, &common))).collect();
    fixture::assert_snapshots("accepted", &texts);
}

fn generate(fixture: &Fixture) -> Generated {
    let config = Config { server: fixture.name == SERVER, ..Config::new("fixture") };
    let generated = fixture.generate(&config);
    generated.unwrap_or_else(|problems| panic!("{} is not accepted:\n{problems}", fixture.file))
}

/// Returns the warnings, and the parts that differ from other clients.
fn text(fixture: &Fixture, common: &Texts) -> String {
    let generated = generate(fixture);
    let mut text = fixture::shown(&generated.warnings, &fixture.source());
    let shows_blocking = [MINIMAL, BLOCKING].contains(&fixture.name.as_str());
    let shown = |path: &str| match path.strip_prefix("src/").and_then(|path| path.split_once('/')) {
        Some(("runtime", file)) => file == "mod.rs",
        Some(("blocking", _)) => shows_blocking,
        _ => true,
    };
    for (path, content) in generated.files.iter().filter(|(path, _)| shown(path)) {
        match common.get(path) {
            Some(same) if same == content && fixture.name != MINIMAL => {}
            Some(other) if LISTS.contains(&path.as_str()) && fixture.name != MINIMAL => {
                let _ = write!(text, "\n=== {path}: other lines than in `{MINIMAL}`\n\n{}", changes(other, content));
            }
            _ => {
                let _ = write!(text, "\n=== {path}\n\n{content}");
            }
        }
    }
    text
}

/// Returns the lines that are missing from one of the texts, in order.
fn changes(old: &str, new: &str) -> String {
    let has = |text: &str, line: &str| text.lines().any(|other| other == line);
    let removed = old.lines().filter(|line| !has(new, line)).map(|line| format!("-{line}\n"));
    let added = new.lines().filter(|line| !has(old, line)).map(|line| format!("+{line}\n"));
    removed.chain(added).collect()
}
