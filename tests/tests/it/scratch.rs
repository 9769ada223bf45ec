//! A workspace under `target/` for generated crates: their dependencies are built once and kept between runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generator::Texts;

/// The files of several crates, by their names.
pub type Crates = BTreeMap<String, Texts>;

/// A workspace of generated crates.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    /// Whether compiler warnings are errors.
    deny_warnings: bool,
}

impl Scratch {
    /// Writes the crates. Unchanged files aren't written, so Cargo rebuilds only what changed.
    pub fn new(name: &str, crates: &Crates, deny_warnings: bool) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let members: Vec<String> = crates.keys().map(|name| format!("{name:?}")).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = false\nincremental = false\n",
            members.join(", ")
        );
        write(&folder.join("Cargo.toml"), &manifest);
        // Without a network, only the versions in the repository's lock file are available.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        let lock = fs::read_to_string(lock).expect("the repository has a lock file");
        let _ = fs::write(folder.join("Cargo.lock"), lock);
        for (name, files) in crates {
            let folder = folder.join(name);
            remove_others(&folder, &folder, files);
            for (path, text) in files {
                write(&folder.join(path), text);
            }
        }
        Self { folder, deny_warnings }
    }

    /// Cargo's target folder.
    pub fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Runs Cargo in the workspace, without a network.
    ///
    /// `behind` comes last: the arguments that Cargo passes to the tool it runs.
    pub fn cargo(&self, command: &str, options: &[&str], behind: &[&str]) -> Output {
        let flags = if self.deny_warnings { "-D warnings" } else { "" };
        Command::new(env!("CARGO"))
            .args([command, "--offline", "--message-format=short"])
            .args(options)
            .args(behind)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.target())
            .env("CARGO_TERM_COLOR", "never")
            .env("RUSTFLAGS", flags)
            .env("RUSTDOCFLAGS", flags)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTC_WORKSPACE_WRAPPER")
            .output()
            .expect("Cargo can be run")
    }
}

/// Returns the crates that didn't compile, from Cargo's output.
pub fn failed(output: &Output) -> BTreeSet<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let failures = said.lines().filter_map(|line| line.strip_prefix("error: could not compile `"));
    failures.filter_map(|rest| rest.split('`').next()).map(str::to_owned).collect()
}

/// Returns the crates with compiler messages, from Cargo's short messages.
pub fn warned(output: &Output) -> BTreeSet<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().filter_map(message).map(|(name, _)| name.to_owned()).collect()
}

/// Returns each distinct problem once, with its crates, from Cargo's short messages.
pub fn problems(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let mut crates_by_problem: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut other = Vec::new();
    for line in said.lines() {
        if let Some((name, problem)) = message(line) {
            crates_by_problem.entry(problem).or_default().insert(name);
        } else if line.starts_with("error") && !line.starts_with("error: could not compile") {
            other.push(line);
        }
    }
    let mut text = String::new();
    for (problem, crates) in &crates_by_problem {
        let crates: Vec<&str> = crates.iter().copied().collect();
        let few = &crates[..crates.len().min(4)];
        writeln!(text, "{problem}\n    in {} crates: {}", crates.len(), few.join(", "))
            .expect("a string takes any text");
    }
    text + &other.join("\n")
}

/// Splits `crate/src/file.rs:1:2: warning: text` after the crate.
fn message(line: &str) -> Option<(&str, &str)> {
    let (name, problem) = line.split_once("/src/")?;
    (problem.contains(": error") || problem.contains(": warning")).then_some((name, problem))
}

fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the scratch folder can be made");
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Removes crates from earlier runs that this one doesn't generate.
fn remove_others(root: &Path, folder: &Path, files: &Texts) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("the scratch folder can be listed").path();
        if path.is_dir() {
            remove_others(root, &path, files);
            continue;
        }
        let relative = path.strip_prefix(root).expect("a file lies in its crate");
        let relative = relative.to_str().expect("generated paths are text").replace('\\', "/");
        if !files.contains_key(&relative) {
            fs::remove_file(&path).expect("a file of the scratch folder can be removed");
        }
    }
}
