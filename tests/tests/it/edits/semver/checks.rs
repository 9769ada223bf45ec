//! Runs `cargo-semver-checks`, which finds items of the old client that are missing from the new one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A version that understands the rustdoc JSON of this repository's Rust version.
const VERSION: &str = "0.51.0";

/// Returns the program. The first call installs it, which takes minutes.
pub fn install() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tools");
    let root = folder.join(format!("cargo-semver-checks-{VERSION}"));
    let program = root.join("bin/cargo-semver-checks");
    if program.is_file() {
        return program;
    }
    let build = folder.join("build");
    let output = Command::new(env!("CARGO"))
        .args(["install", "cargo-semver-checks", "--version", VERSION, "--locked", "--quiet", "--root"])
        .arg(&root)
        .env("CARGO_TARGET_DIR", &build)
        // The repository's toolchain settings apply to its own crates, not to this program.
        .current_dir(std::env::temp_dir())
        .output()
        .expect("Cargo can be run");
    // It is large and no longer needed.
    let _ = fs::remove_dir_all(&build);
    assert!(output.status.success(), "it cannot be installed: {}", String::from_utf8_lossy(&output.stderr));
    program
}

/// Returns the items with findings, and the names of the lints.
pub fn found(program: &Path, old: &Path, new: &Path) -> BTreeMap<String, String> {
    let output = Command::new(program)
        .args(["semver-checks", "--release-type", "patch", "--color", "never", "--baseline-rustdoc"])
        .arg(old)
        .arg("--current-rustdoc")
        .arg(new)
        .output()
        .expect("cargo-semver-checks can be run");
    // One stream has the list, the other the progress.
    let (said, went) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(went.contains("Summary "), "cargo-semver-checks failed: {went}");
    let found = read(&said);
    assert!(output.status.success() || !found.is_empty(), "nothing was read of what it says: {said}");
    found
}

/// Parses its report: `--- failure LINT: …` and `--- warning LINT: …`, and the lines below `Failed in:`.
fn read(said: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let (mut lint, mut is_list) = ("", false);
    for line in said.lines() {
        if let Some(rest) = line.strip_prefix("--- ") {
            lint = rest.split([' ', ':']).nth(1).unwrap_or_default();
            is_list = false;
        } else if line == "Failed in:" {
            is_list = true;
        } else if let Some(place) = line.strip_prefix("  ").filter(|_| is_list) {
            found.insert(item(place), lint.to_owned());
        } else {
            is_list = false;
        }
    }
    found
}

/// Returns the item that a line is about.
fn item(line: &str) -> String {
    let line = line.split([',', '(']).next().unwrap_or(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let name = match words.as_slice() {
        ["field", field, "of", _, owner, ..] => return format!("{}::{field}", plain(owner)),
        words => words.iter().find(|word| is_name(word)),
    };
    plain(name.unwrap_or(&line)).to_owned()
}

/// Whether a word is a name, and not part of a sentence that may start with `Struct`.
fn is_name(word: &str) -> bool {
    let is_kind = ["Struct", "Enum", "Trait", "Type"].contains(&word);
    !is_kind && (word.contains("::") || word.starts_with(char::is_uppercase))
}

fn plain(path: &str) -> &str {
    path.trim_start_matches("novamed::")
}

#[test]
fn report_is_read() {
    let said = "    Checking x\n--- failure struct_pub_field_missing: field gone ---\n\nDescription:\nA\n\n\
                Failed in:\n  field dob of struct PatientRequest, previously in file a.rs:1\n\n\
                --- warning enum_variant_missing: gone ---\n\nFailed in:\n  variant Gender::Male, in file b.rs:2\n\
                \x20 struct novamed::Carrier, previously in file c.rs:3\n\x20 Struct Pet allows 2 -> 1 types\n";
    let expected = [
        ("Carrier", "enum_variant_missing"),
        ("Gender::Male", "enum_variant_missing"),
        ("PatientRequest::dob", "struct_pub_field_missing"),
        ("Pet", "enum_variant_missing"),
    ];
    let expected = expected.map(|(item, lint)| (item.to_owned(), lint.to_owned()));
    assert_eq!(read(said), BTreeMap::from(expected));
}
