//! The cost of a call: instructions and allocations, compared with hand-written calls and a peer's client;
//! and the memory of an idle client.
//!
//! The programs are in `xtask/bench/`. Each number is the difference of two runs of a program, one with
//! three times as many calls as the other. That removes the cost of starting the program.

use std::fs;
use std::path::{Path, PathBuf};

use super::Bench;
use super::peers::Peer;
use super::server::{self, Answers};
use super::speed::as_float;
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{Heap, Job, Measured};

/// The number of calls in the shorter run.
const CALLS: u64 = 1000;

/// The tasks of the programs, and the operations they call.
const TASKS: [(&str, &str); 2] = [("create", "createMedicationRequest"), ("list", "getCarriers")];

/// A base URL that makes a client prepare TLS; nothing is sent to it.
const SECURE: &str = "https://novamed-feapidev.stackmod.info";

/// The hand-written programs, and their names in the tables.
const BY_HAND: [(&str, &str); 3] = [("novamed", "novamed"), ("hyper", "hyper by hand"), ("reqwest", "reqwest by hand")];

/// Returns the table with the cost of calls.
pub fn table(bench: &Bench) -> Table {
    let titles = BY_HAND.iter().map(|(_, title)| (*title).to_owned());
    let mut table = Table::new("Calls", titles.chain([Peer::Progenitor.title()]));
    let folder = bench.root.join("xtask/bench");
    let read = |name: &str| fs::read_to_string(folder.join("answers").join(name)).map_err(|error| error.to_string());
    let started = read("create.json")
        .and_then(|create| Ok(Answers::new(&create, &read("list.json")?)))
        .and_then(|answers| server::start(answers).map_err(|error| error.to_string()));
    let url = match started {
        Ok(url) => url,
        Err(why) => {
            table.missing("calls", format!("not measured, the server does not start: {why}"));
            return table;
        }
    };
    let mut programs: Vec<Measured<PathBuf>> = BY_HAND.iter().map(|(name, _)| by_hand(bench, &folder, name)).collect();
    programs.push(progenitor(bench, &folder));
    for (task, operation) in TASKS {
        rows_of_call(&mut table, &programs, task, operation, &url);
    }
    rows_of_idle(&mut table, &programs, &url);
    table
}

fn rows_of_call(table: &mut Table, programs: &[Measured<PathBuf>], task: &str, operation: &str, url: &str) {
    let count = |program: &Measured<PathBuf>| {
        let program = program.as_ref().map_err(Clone::clone)?;
        let count = |calls| job(program, task, calls, url).instructions();
        Ok(Samples::one(per_call(count(CALLS)?, count(3 * CALLS)?)))
    };
    table.row(format!("{operation}: instructions"), Unit::Count, programs.iter().map(count).collect());
    let heaps = |program: &Measured<PathBuf>| -> Measured<(Heap, Heap)> {
        let program = program.as_ref().map_err(Clone::clone)?;
        let heap = |calls| job(program, task, calls, url).heap();
        Ok((heap(CALLS)?, heap(3 * CALLS)?))
    };
    let heaps: Vec<Measured<(Heap, Heap)>> = programs.iter().map(heaps).collect();
    let cells = |part: fn(&Heap) -> u64| {
        let cell = |heaps: &Measured<(Heap, Heap)>| {
            heaps.as_ref().map(|(one, three)| Samples::one(per_call(part(one), part(three)))).map_err(Clone::clone)
        };
        heaps.iter().map(cell).collect()
    };
    table.row(format!("{operation}: allocations"), Unit::Count, cells(|heap| heap.blocks));
    table.row(format!("{operation}: bytes allocated"), Unit::Bytes, cells(|heap| heap.bytes));
}

fn rows_of_idle(table: &mut Table, programs: &[Measured<PathBuf>], url: &str) {
    for (what, task, calls, url) in [
        ("idle client for `https`, after it was built", "list", 0, SECURE),
        ("idle client for loopback, after one call", "list", 1, url),
    ] {
        let held = |program: &Measured<PathBuf>| {
            let program = program.as_ref().map_err(Clone::clone)?;
            let without = job(program, "none", 0, url).heap()?.at_end;
            let with = job(program, task, calls, url).heap()?.at_end;
            Ok(Samples::one(as_float(with.saturating_sub(without))))
        };
        table.row(format!("{what}: heap"), Unit::Bytes, programs.iter().map(held).collect());
    }
}

fn job(program: &Path, task: &str, calls: u64, url: &str) -> Job {
    Job::new(program).args([task, &calls.to_string(), url])
}

/// Returns the cost of a call, from a run and one with three times as many calls.
fn per_call(one: u64, three: u64) -> f64 {
    as_float(three.saturating_sub(one)) / as_float(2 * CALLS)
}

/// Builds a program of the workspace in `xtask/bench/`.
///
/// Each is built separately: together they would share the features of their dependencies.
fn by_hand(bench: &Bench, folder: &Path, name: &str) -> Measured<PathBuf> {
    build(bench, &folder.join("Cargo.toml"), &format!("calls-{name}"))
}

/// Generates progenitor's client, and builds the program that calls it.
fn progenitor(bench: &Bench, folder: &Path) -> Measured<PathBuf> {
    const NAME: &str = "calls-progenitor";
    let program = bench.program(Peer::Progenitor)?;
    let home = bench.scratch.join(NAME);
    // Next to it, not below: a crate below a workspace would be a member.
    let client = bench.scratch.join("calls-progenitor-client");
    let document = bench.root.join("spec/novamed.yaml");
    fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    Peer::Progenitor.job(program, &document, &client, "client").output()?;
    Peer::Progenitor.complete(&client, "client")?;
    let manifest = home.join("Cargo.toml");
    fs::write(&manifest, manifest_of(NAME, folder)).map_err(|error| error.to_string())?;
    // The same versions as the other programs, for crates that both use.
    fs::copy(folder.join("Cargo.lock"), home.join("Cargo.lock")).map_err(|error| error.to_string())?;
    build(bench, &manifest, NAME)
}

/// Returns the manifest of the program that calls progenitor's client, which is in the next folder.
fn manifest_of(name: &str, folder: &Path) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [[bin]]\nname = \"{name}\"\npath = {program:?}\n\n\
         [dependencies]\ncalls = {{ path = {calls:?} }}\nclient = {{ path = \"../calls-progenitor-client\" }}\n\
         reqwest = {{ version = \"0.13\", default-features = false }}\n\
         serde_json = \"1\"\n\n[workspace]\n",
        program = folder.join("progenitor/src/main.rs").display().to_string(),
        calls = folder.join("calls").display().to_string(),
    )
}

fn build(bench: &Bench, manifest: &Path, package: &str) -> Measured<PathBuf> {
    let target = bench.kept.join("calls");
    let job = Job::new("cargo")
        .args(["build", "--quiet", "--release", "--package", package, "--manifest-path"])
        .arg(manifest)
        .env("CARGO_TARGET_DIR", &target);
    job.output().map(|_| target.join("release").join(package))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_once_falls_out() {
        let (once, each) = (5_000_000, 40_000);
        assert!((per_call(once + CALLS * each, once + 3 * CALLS * each) - as_float(each)).abs() < 1e-9);
    }

    #[test]
    fn manifest_names_where_the_program_stands() {
        let manifest = manifest_of("calls-x", Path::new("/a"));
        assert!(manifest.contains("path = \"/a/progenitor/src/main.rs\"\n"), "{manifest}");
        assert!(manifest.contains("calls = { path = \"/a/calls\" }\n"), "{manifest}");
    }
}
