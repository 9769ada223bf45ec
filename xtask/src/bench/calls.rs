//! What a call costs: instructions and allocations, ours beside calls by hand and a peer's, and
//! what an idle client holds.
//!
//! The programs stand in `xtask/bench/`. Each number of a call is the difference of two runs of a program,
//! by which what it does once falls out: runs with so many calls and with three times as many.

use std::fs;
use std::path::{Path, PathBuf};

use super::Bench;
use super::peers::Peer;
use super::server::{self, Answers};
use super::speed::as_float;
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{Heap, Job, Measured};

/// Calls in the shorter of two runs.
const CALLS: u64 = 1000;

/// The tasks of the programs, and what they call.
const TASKS: [(&str, &str); 2] = [("create", "createMedicationRequest"), ("list", "getCarriers")];

/// A base URL for which a client prepares TLS; nothing is sent to it.
const SECURE: &str = "https://novamed-feapidev.stackmod.info";

/// The programs that are written by hand, and what the tables call them.
const BY_HAND: [(&str, &str); 3] = [("novamed", "novamed"), ("hyper", "hyper by hand"), ("reqwest", "reqwest by hand")];

/// Returns the table of what a call costs.
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

/// Returns what a call costs, of a run of so many calls and one of three times as many.
fn per_call(one: u64, three: u64) -> f64 {
    as_float(three.saturating_sub(one)) / as_float(2 * CALLS)
}

/// Builds a program of the workspace in `xtask/bench/`.
///
/// Each is built alone: together they would share the features of their dependencies.
fn by_hand(bench: &Bench, folder: &Path, name: &str) -> Measured<PathBuf> {
    build(bench, &folder.join("Cargo.toml"), &format!("calls-{name}"))
}

/// Generates progenitor's client, and builds the program that calls it.
fn progenitor(bench: &Bench, folder: &Path) -> Measured<PathBuf> {
    const NAME: &str = "calls-progenitor";
    let program = bench.program(Peer::Progenitor)?;
    let home = bench.scratch.join(NAME);
    // Beside it, not below: a crate below a workspace would be a member.
    let client = bench.scratch.join("calls-progenitor-client");
    let document = bench.root.join("spec/novamed.yaml");
    fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    Peer::Progenitor.job(program, &document, &client, "client").output()?;
    Peer::Progenitor.complete(&client, "client")?;
    let manifest = home.join("Cargo.toml");
    fs::write(&manifest, manifest_of(NAME, folder)).map_err(|error| error.to_string())?;
    // The same versions as beside it, as far as both have them.
    fs::copy(folder.join("Cargo.lock"), home.join("Cargo.lock")).map_err(|error| error.to_string())?;
    build(bench, &manifest, NAME)
}

/// Returns the manifest of the program that calls progenitor's client, which stands beside it.
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
