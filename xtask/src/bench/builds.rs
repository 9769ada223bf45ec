//! The cost of building a client: its crates, cold builds, the crate alone, and lints. Compares ours with
//! the peers' clients of the same document.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Bench;
use super::peers::{self, Peer};
use super::speed;
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{self, Job, Measured};

/// The client's crate, and the triple for which dependencies are counted.
const CLIENT: &str = "novamed";
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The large document for the check of clients.
const LARGE: &str = "../shared/corpus-large/github-rest.json.gz";

/// The maximum number of rounds for a large crate's check, which takes minutes.
const LARGE_ROUNDS: usize = 3;

/// A crate to build.
struct Crate {
    /// The folder with its manifest.
    folder: PathBuf,
    /// Its name.
    name: String,
    /// Its target folder.
    target: PathBuf,
}

impl Crate {
    fn new(bench: &Bench, folder: PathBuf, name: &str, target: &str) -> Self {
        Self { folder, name: name.to_owned(), target: bench.scratch.join(target) }
    }

    /// Returns the Cargo command for this crate alone.
    fn cargo(&self, arguments: &[&str]) -> Job {
        let (command, rest) = arguments.split_first().expect("a Cargo command has a name");
        let package = ["--quiet", "--package", self.name.as_str()];
        Job::new("cargo")
            .arg(*command)
            .args(package)
            .args(rest)
            .folder(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
    }

    fn alone(&self, arguments: &[&str]) -> Job {
        self.cargo(arguments).touched(&self.folder.join("src/lib.rs"))
    }
}

/// Returns the table of the builds of the document's clients.
pub fn table(bench: &Bench) -> Table {
    let mut table = Table::new("Builds of the client", ["ours".to_owned()].into_iter().chain(titles()));
    let document = bench.root.join("spec/novamed.yaml");
    let ours = Crate::new(bench, bench.root.join("generated-client"), CLIENT, "build-ours");
    let of_peer = |(peer, _): &(Peer, Measured<PathBuf>)| {
        let name = format!("build-{}", peer.title().split(' ').next().unwrap_or_default());
        generated(bench, *peer, &document, &name)
    };
    let crates: Vec<Measured<Crate>> = std::iter::once(Ok(ours)).chain(bench.peers.iter().map(of_peer)).collect();
    each(&mut table, "crates in the tree, itself included", Unit::Count, &crates, |it| {
        // This writes the lock file and downloads everything, so the cold build doesn't wait for the network.
        it.fetch()?;
        it.count().map(Samples::one)
    });
    let seconds = |job: &Job| job.wall().map(|time| Samples::one(time.as_secs_f64()));
    each(&mut table, "cold `cargo check`", Unit::Seconds, &crates, |it| {
        let taken = seconds(&it.cargo(&["check"]).fresh(&it.target));
        measure::remove(&it.target)?;
        taken
    });
    each(&mut table, "cold `cargo build --release`", Unit::Seconds, &crates, |it| {
        seconds(&it.cargo(&["build", "--release"]).fresh(&it.target))
    });
    let jobs: Vec<Measured<Job>> =
        crates.iter().map(|it| it.as_ref().map(|it| it.alone(&["build", "--release"])).map_err(Clone::clone)).collect();
    let runs = bench.runs.min(3);
    let what = format!("the crate alone, release (median of {runs})");
    table.row(what, Unit::Seconds, measure::paired(runs, &jobs));
    for it in crates.iter().flatten() {
        let _ = measure::remove(&it.target);
    }
    clone(bench, &mut table);
    lints(bench, &mut table);
    table
}

/// Returns the table of `cargo check` of the clients of a large document.
pub fn large(bench: &Bench) -> Table {
    let peers = [Peer::OpenapiToRust, Peer::Ploidy];
    let titles = peers.iter().map(|peer| peer.title());
    let mut table = Table::new("`cargo check` of GitHub REST", ["ours".to_owned()].into_iter().chain(titles));
    let document = bench.root.join(LARGE);
    if !document.is_file() {
        table.missing("cold `cargo check`", format!("left out, there is no {LARGE} beside the repository"));
        return table;
    }
    let document = match speed::unpacked(&bench.scratch, &document) {
        Ok(document) => document,
        Err(why) => {
            table.missing("cold `cargo check`", why);
            return table;
        }
    };
    let of_peer = |peer: &Peer| {
        let name = format!("large-{}", peer.title().split(' ').next().unwrap_or_default());
        generated(bench, *peer, &document, &name)
    };
    let crates: Vec<Measured<Crate>> =
        std::iter::once(large_ours(bench, &document)).chain(peers.iter().map(of_peer)).collect();
    for it in crates.iter().flatten() {
        if let Err(why) = it.fetch() {
            table.note(why);
        }
    }
    checked(bench, &mut table, &crates, "with its dependencies, cold", 1, |it| it.cargo(&["check"]).fresh(&it.target));
    let rounds = bench.runs.min(LARGE_ROUNDS);
    checked(bench, &mut table, &crates, "the crate alone", rounds, |it| it.alone(&["check"]));
    // The dependencies of the features are built first, so only the crate itself is measured.
    for it in crates.iter().flatten() {
        if let Err(why) = it.cargo(&["check", "--all-features"]).time_and_peak(&bench.scratch) {
            table.note(why);
        }
    }
    checked(bench, &mut table, &crates, "the crate alone, all features", rounds, |it| {
        it.alone(&["check", "--all-features"])
    });
    for it in crates.iter().flatten() {
        let _ = measure::remove(&it.target);
    }
    table
}

/// Adds the rows for a check of each crate: time, and rustc's peak memory. The crates take turns in each round.
fn checked(
    bench: &Bench,
    table: &mut Table,
    crates: &[Measured<Crate>],
    what: &str,
    rounds: usize,
    check: impl Fn(&Crate) -> Job,
) {
    let mut times: Vec<Measured<Samples>> =
        crates.iter().map(|it| it.as_ref().map(|_| Samples::default()).map_err(Clone::clone)).collect();
    let mut peaks = times.clone();
    for _ in 0..rounds {
        for (index, it) in crates.iter().enumerate() {
            let Ok(it) = it else { continue };
            match (check(it).time_and_peak(&bench.scratch), &mut times[index], &mut peaks[index]) {
                (Ok((time, peak)), Ok(times), Ok(peaks)) => {
                    times.push(time);
                    peaks.push(peak);
                }
                (Err(why), time, peak) => (*time, *peak) = (Err(why.clone()), Err(why)),
                _ => {}
            }
        }
    }
    let median = if rounds > 1 { format!(" (median of {rounds})") } else { String::new() };
    table.row(format!("{what}: time{median}"), Unit::Seconds, times);
    table.row(format!("{what}: peak memory of rustc"), Unit::Mebibytes, peaks);
}

fn large_ours(bench: &Bench, document: &Path) -> Measured<Crate> {
    const NAME: &str = "large-ours";
    let out = bench.scratch.join("crates").join(NAME);
    let job = Job::new(&bench.xtask).arg("codegen").arg("--spec").arg(document);
    job.arg("--out").arg(&out).args(["--name", NAME]).fresh(&out).output()?;
    peers::stand_alone(&out)?;
    Ok(Crate::new(bench, out, NAME, "target-large-ours"))
}

/// Generates a peer's crate and completes it.
fn generated(bench: &Bench, peer: Peer, document: &Path, name: &str) -> Measured<Crate> {
    let out = bench.scratch.join("crates").join(name);
    peer.job(bench.program(peer)?, document, &out, name).output()?;
    peer.complete(&out, name)?;
    Ok(Crate::new(bench, out, name, &format!("target-{name}")))
}

fn titles() -> impl Iterator<Item = String> {
    peers::ALL.iter().map(|peer| peer.title())
}

fn each(
    table: &mut Table,
    what: &str,
    unit: Unit,
    crates: &[Measured<Crate>],
    taken: impl Fn(&Crate) -> Measured<Samples>,
) {
    let cells = crates.iter().map(|it| taken(it.as_ref().map_err(Clone::clone)?));
    table.row(what, unit, cells.collect());
}

impl Crate {
    /// Downloads the dependencies of the builds.
    fn fetch(&self) -> Measured<()> {
        let job = Job::new("cargo").args(["fetch", "--quiet"]).folder(&self.folder);
        job.output().map(drop).map_err(|why| format!("{why}; offline, what is missing cannot be downloaded"))
    }

    /// Counts the crates in the tree, including the crate itself, as listed by `cargo tree`.
    fn count(&self) -> Measured<f64> {
        let tree = self.cargo(&["tree", "--prefix", "none", "--edges", "normal,build", "--target", TARGET]).output()?;
        let crates = u32::try_from(crates(&tree)).map_err(|error| error.to_string())?;
        Ok(f64::from(crates))
    }
}

fn crates(tree: &str) -> usize {
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    let crates: BTreeSet<&str> = lines.filter(|line| !line.is_empty()).collect();
    crates.len()
}

/// Measures from a fresh clone to the client that was compared with the document.
fn clone(bench: &Bench, table: &mut Table) {
    let target = bench.scratch.join("clone");
    let job = Job::new("cargo")
        .args(["run", "--package", "xtask", "--", "codegen", "--check"])
        .folder(&bench.root)
        .env("CARGO_TARGET_DIR", &target)
        .fresh(&target);
    let time = job.wall().map(|time| Samples::one(time.as_secs_f64()));
    table.row("from a fresh clone to the compared client", Unit::Seconds, vec![time]);
    let _ = measure::remove(&target);
}

fn lints(bench: &Bench, table: &mut Table) {
    let ours = Crate::new(bench, bench.root.join("generated-client"), CLIENT, "clippy");
    for (what, lints) in [("warnings of clippy", "clippy::all"), ("warnings of its pedantic lints", "clippy::pedantic")]
    {
        let messages = ours.cargo(&["clippy", "--message-format", "json", "--", "--warn", lints]).output();
        let count = messages.map(|messages| Samples::one(f64::from(findings(&messages))));
        table.row(what, Unit::Count, vec![count]);
    }
    let _ = fs::remove_dir_all(&ours.target);
}

/// Counts the messages in Cargo's JSON lines that come from a lint or the compiler.
fn findings(messages: &str) -> u32 {
    let is_finding =
        |line: &&str| line.contains(r#""reason":"compiler-message""#) && line.contains(r#""code":{"code":"#);
    messages.lines().filter(is_finding).map(|_| 1).sum()
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

    #[test]
    fn crate_counts_once() {
        assert_eq!(crates("a v1.0.0 (/a)\nb v1.0.0\nc v2.0.0\nb v1.0.0 (*)\n\n"), 3);
    }
}
