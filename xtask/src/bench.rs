//! `cargo xtask bench`: measures the generator and the client, prints a Markdown table.
//!
//! All is built in release mode in a folder of its own under the target folder, which is removed
//! first, so that a cold build is cold. A value that cannot be taken stands in the table with the
//! reason.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::args::Bench;
use crate::failure::Failure;
use crate::measure::{self, Measured};

/// The client's crate, and the triple for which its dependencies are counted.
const CLIENT: &str = "novamed";
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The rows of the table, and where to measure.
struct Table {
    root: PathBuf,
    /// Holds the cold target folders and the output of codegen.
    scratch: PathBuf,
    rows: Vec<(String, String)>,
}

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 where the release build fails or the scratch folder cannot be made.
pub fn run(options: &Bench) -> Result<(), Failure> {
    let root = crate::root();
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let target = root.join(target);
    let scratch = target.join("bench");
    match fs::remove_dir_all(&scratch) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Failure::io("remove", &scratch, &error));
        }
        _ => {}
    }
    fs::create_dir_all(&scratch).map_err(|error| Failure::io("create", &scratch, &error))?;
    let xtask = build(&root, &target)?;
    let rows = Vec::new();
    let mut table = Table { root, scratch, rows };
    own_document(&mut table, &xtask, options.runs);
    for document in &options.large {
        large_document(&mut table, &xtask, document, options.runs);
    }
    if options.large.is_empty() {
        table.row("codegen of a large document", Err("left out: no --large FILE".to_owned()));
    }
    dependencies(&mut table);
    if options.no_builds {
        table.row("builds of the client", Err("left out: --no-builds".to_owned()));
    } else {
        builds(&mut table, options.runs.min(5));
        lints(&mut table);
    }
    print(&table);
    Ok(())
}

impl Table {
    fn row(&mut self, what: impl Into<String>, value: Measured<String>) {
        let what = what.into();
        let value = value.unwrap_or_else(|why| why.replace('|', "\\|").replace('\n', " "));
        eprintln!("{what}: {value}");
        self.rows.push((what, value));
    }

    /// Returns a Cargo command at the root, with its target folder in the scratch folder.
    fn cargo(&self, target: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&self.root).env("CARGO_TARGET_DIR", self.scratch.join(target));
        command
    }
}

/// Builds this program in release mode and returns where it is.
fn build(root: &Path, target: &Path) -> Result<PathBuf, Failure> {
    let mut cargo = Command::new("cargo");
    let status = cargo
        .args(["build", "--quiet", "--release", "--package", "xtask"])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(target.join("release/xtask")),
        Ok(_) => Err(Failure::problem("the release build of xtask failed")),
        Err(error) => Err(Failure::problem(format!("cannot run cargo: {error}"))),
    }
}

fn own_document(table: &mut Table, xtask: &Path, runs: usize) {
    let out = table.scratch.join("own");
    let command = codegen(xtask, &out, None);
    codegen_rows(table, "codegen of the NovaMed document", &out, &command, runs);
}

fn large_document(table: &mut Table, xtask: &Path, document: &Path, runs: usize) {
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let name = name.trim_end_matches(".gz");
    let what = format!("codegen of {name}");
    match unpacked(table, document, name) {
        Err(why) => table.row(what, Err(why)),
        Ok(spec) => {
            let out = table.scratch.join("large");
            let command = codegen(xtask, &out, Some(&spec));
            codegen_rows(table, &what, &out, &command, runs.min(5));
        }
    }
}

/// Returns the command that generates into an output folder.
fn codegen(xtask: &Path, out: &Path, spec: Option<&Path>) -> Command {
    let mut command = Command::new(xtask);
    command.arg("codegen").arg("--out").arg(out);
    if let Some(spec) = spec {
        command.arg("--spec").arg(spec).args(["--name", "large"]);
    }
    command
}

fn codegen_rows(table: &mut Table, what: &str, out: &Path, command: &Command, runs: usize) {
    let clear = || match fs::remove_dir_all(out) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.to_string()),
        _ => Ok(()),
    };
    let time = measure::median_wall(runs, clear, || same(command));
    let time = time.map(|time| format!("{:.1} ms (median of {runs})", time.as_secs_f64() * 1e3));
    let failed = time.is_err();
    table.row(format!("{what}, whole process"), time);
    if failed {
        return;
    }
    let measured = clear().and_then(|()| measure::peak_memory(&table.scratch, command));
    let memory = measured.map(|mib| format!("{mib:.1} MiB"));
    table.row(format!("{what}, peak memory"), memory);
    let measured = clear().and_then(|()| measure::instructions(command));
    let count = measured.map(|count| format!("{} million", count.div_ceil(1_000_000)));
    table.row(format!("{what}, instructions"), count);
}

/// Returns a command with the same program and arguments.
fn same(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    copy.args(command.get_args());
    copy
}

/// Returns where the document stands uncompressed.
fn unpacked(table: &Table, document: &Path, name: &str) -> Measured<PathBuf> {
    if document.extension().is_none_or(|extension| extension != "gz") {
        return Ok(document.to_owned());
    }
    let place = table.scratch.join(name);
    let file = File::create(&place).map_err(|error| error.to_string())?;
    let status = Command::new("gzip")
        .arg("-dc")
        .arg(document)
        .stdout(file)
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("not measured, gzip did not run ({error})"))?;
    if !status.success() {
        return Err(format!("not measured, gzip cannot unpack {}", document.display()));
    }
    Ok(place)
}

/// Counts the crates in the client's tree, itself among them, as `cargo tree` names them.
fn dependencies(table: &mut Table) {
    let arguments = ["tree", "--package", CLIENT, "--prefix", "none", "--edges", "normal,build", "--target", TARGET];
    let tree = measure::output(&mut table.cargo("tree", &arguments));
    let count = tree.map(|tree| {
        let lines = tree.lines().map(|line| line.trim_end_matches(" (*)"));
        let crates: BTreeSet<&str> = lines.filter(|line| !line.is_empty()).collect();
        crates.len().to_string()
    });
    table.row("crates in the tree of the client, itself included", count);
}

fn builds(table: &mut Table, runs: usize) {
    let fetched = measure::wall(&mut table.cargo("fetch", &["fetch"]));
    if let Err(why) = fetched {
        eprintln!("note: {why}; downloads may count below");
    }
    let whole = ["run", "--package", "xtask", "--", "codegen", "--check"];
    cold(table, "from a fresh clone to the compared client", "clone", &whole);
    cold(table, "cold `cargo check` of the client", "check", &["check", "--package", CLIENT]);
    let release = ["build", "--release", "--package", CLIENT];
    cold(table, "cold `cargo build --release` of the client", "release", &release);
    let clean = ["clean", "--release", "--package", CLIENT];
    let alone = measure::median_wall(
        runs,
        || measure::wall(&mut table.cargo("release", &clean)).map(drop),
        || table.cargo("release", &release),
    );
    table.row("the client alone, release", alone.map(seconds));
}

/// Measures a Cargo command once, in a target folder that does not exist yet.
fn cold(table: &mut Table, what: &str, target: &str, arguments: &[&str]) {
    let time = measure::wall(&mut table.cargo(target, arguments));
    table.row(what, time.map(seconds));
}

fn lints(table: &mut Table) {
    for (what, lints) in [
        ("warnings of clippy in the client", "clippy::all"),
        ("warnings of clippy's pedantic lints in the client", "clippy::pedantic"),
    ] {
        let arguments = ["clippy", "--package", CLIENT, "--message-format", "json", "--", "--warn", lints];
        let messages = measure::output(&mut table.cargo("clippy", &arguments));
        table.row(what, messages.map(|messages| findings(&messages).to_string()));
    }
}

/// Counts the messages of Cargo's JSON lines that a lint or the compiler stands behind.
fn findings(messages: &str) -> usize {
    let lines = messages.lines();
    lines.filter(|line| line.contains(r#""reason":"compiler-message""#) && line.contains(r#""code":{"code":"#)).count()
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn print(table: &Table) {
    println!("Machine: {}\n", measure::machine());
    println!("| what | measured |\n|---|---|");
    for (what, value) in &table.rows {
        println!("| {what} | {value} |");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_messages_with_a_code() {
        let lines = [
            r#"{"reason":"compiler-artifact","code":{"code":"x"}}"#,
            r#"{"reason":"compiler-message","message":{"code":{"code":"clippy::x"}}}"#,
            r#"{"reason":"compiler-message","message":{"code":null}}"#,
        ];
        assert_eq!(findings(&lines.join("\n")), 1);
    }
}
