//! Replays CONTRIBUTING.md in a copy of the repository: makes its edits, runs its commands, and compares the output with
//! the page. `NOVAMED_WRITE_TRANSCRIPTS=1` updates the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::compile::is_long;
use crate::edits::edit;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a shell command, and returns its output, including errors.
fn shell(folder: &Path, line: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {line}; }} 2>&1")])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_TERM_QUIET", "true")
        .env("NO_COLOR", "1")
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("there is a shell");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("contributing-target")
}

/// Copies the repository's files, and commits them to `main` in the copy.
fn copy() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contributing");
    let _ = fs::remove_dir_all(&folder);
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git can be run");
    for path in String::from_utf8(listed.stdout).expect("paths are text").lines() {
        let (from, to) = (root().join(path), folder.join(path));
        fs::create_dir_all(to.parent().expect("a file has a folder")).expect("the folder can be made");
        if from.is_file() {
            fs::copy(&from, &to).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
    let commit = "git -c user.name=Example -c user.email=example@example.com commit --quiet --message main";
    shell(&folder, &format!("git init --quiet --initial-branch main && git add --all && {commit}"));
    folder
}

/// Makes the edit in a block: the file after `---`, and hunks as in `tests/edits`.
fn make(folder: &Path, block: &[&str]) {
    let path = block[0].strip_prefix("--- ").expect("an edit names its file");
    let path = folder.join(path);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let edited = edit::edited(&text, &block[1..]).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    fs::write(&path, edited).expect("the file can be written");
}

/// Replaces durations, which differ in every run, by 0.
fn timeless(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(" (") {
        Some((head, tail)) if tail.ends_with(" s)") => format!("{head} (0.00 s)"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the page with the actual output of its commands.
fn played(page: &str, folder: &Path) -> String {
    let mut played: Vec<String> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        played.push(line.to_owned());
        let is_console = line == "```console";
        if !is_console && line != "```diff" {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if is_console {
            for line in block.iter().filter(|line| line.starts_with("$ ")) {
                played.push((*line).to_owned());
                played.extend(timeless(&shell(folder, &line[2..])).lines().map(|line| line.trim_end().to_owned()));
            }
        } else {
            make(folder, &block);
            played.extend(block.iter().map(|line| (*line).to_owned()));
        }
        played.push("```".to_owned());
    }
    played.join("\n") + "\n"
}

#[test]
fn transcripts_are_what_the_commands_print() {
    if !is_long() {
        println!("skipped: NOVAMED_LONG_TESTS is not set");
        return;
    }
    let path = root().join("CONTRIBUTING.md");
    let page = fs::read_to_string(&path).expect("the page can be read");
    let folder = copy();
    // Build first, to keep Cargo's own output out of the transcripts.
    shell(&folder, "cargo build --quiet --package xtask");
    let played = played(&page, &folder);
    let _ = fs::remove_dir_all(&folder);
    let _ = fs::remove_dir_all(target());
    if std::env::var_os("NOVAMED_WRITE_TRANSCRIPTS").is_some() {
        fs::write(&path, &played).expect("the page can be written");
    }
    let (were, are) = (page.lines().collect::<Vec<_>>(), played.lines().collect::<Vec<_>>());
    let other: Vec<_> = are.iter().filter(|line| !were.contains(line)).collect();
    assert_eq!(were, are, "the page shows something else than {other:#?}; NOVAMED_WRITE_TRANSCRIPTS=1 writes it anew");
}
