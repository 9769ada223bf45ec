//! `cargo xtask bench`: measures the generator and the client next to others, and prints Markdown tables.
//!
//! The client is built in release mode, the generator in the profile `tool`. Both are built in a separate
//! folder under the target folder, which is removed first, so a cold build is really cold. The other
//! generators, and the programs whose calls are counted, are kept next to it. If a value can't be measured,
//! its table gives the reason.

mod builds;
mod calls;
mod inbox;
mod peers;
mod postgres;
mod sandbox;
mod server;
mod speed;
mod table;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::args::{self, Part};
use crate::failure::Failure;
use crate::measure::{self, Job, Measured};
use peers::Peer;

/// The measurements to make, and the folders they use.
struct Bench {
    root: PathBuf,
    /// This program, built with the profile `tool`.
    xtask: PathBuf,
    /// Empty at the start: cold target folders and generated crates.
    scratch: PathBuf,
    /// Kept between runs: programs that take long to build and aren't measured.
    kept: PathBuf,
    /// The programs of the other generators.
    peers: Vec<(Peer, Measured<PathBuf>)>,
    runs: usize,
    large: Vec<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// Fails with status 2 if a large document is missing, and with status 1 if the generator's build fails or the scratch
/// folder can't be created.
pub fn run(options: &args::Bench) -> Result<(), Failure> {
    if let Some(file) = options.large.iter().find(|file| !file.is_file()) {
        return Err(Failure::usage("bench", format!("the file {} doesn't exist", file.display())));
    }
    let root = crate::root();
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let target = root.join(target);
    let (scratch, kept) = (target.join("bench"), target.join("bench-kept"));
    measure::remove(&scratch).map_err(Failure::problem)?;
    for folder in [&scratch, &kept] {
        fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, &error))?;
    }
    let xtask = build(&root, &target)?;
    let peers = peers::install(&kept);
    let bench = Bench { root, xtask, scratch, kept, peers, runs: options.runs, large: options.large.clone() };
    let mut tables = Vec::new();
    for part in &options.parts {
        match part {
            Part::Codegen => tables.extend(speed::tables(&bench)),
            Part::Calls => tables.push(calls::table(&bench)),
            Part::Inbox => tables.push(inbox::table(&bench)),
            Part::Postgres => tables.push(postgres::table(&bench)),
            Part::Sandbox => tables.push(sandbox::table(&bench)),
            Part::Builds => tables.push(builds::table(&bench)),
            Part::LargeBuilds => tables.push(builds::large(&bench)),
        }
    }
    println!("Machine: {}", measure::machine());
    for table in &tables {
        println!("\n{}", table.markdown().trim_end());
    }
    Ok(())
}

impl Bench {
    /// Returns a peer's program.
    fn program(&self, peer: Peer) -> Measured<&Path> {
        let found = self.peers.iter().find(|(it, _)| *it == peer);
        match found {
            Some((_, Ok(program))) => Ok(program),
            Some((_, Err(why))) => Err(why.clone()),
            None => Err("not measured, it is not known".to_owned()),
        }
    }
}

/// Builds this program with the profile `tool`, and returns its path.
fn build(root: &Path, target: &Path) -> Result<PathBuf, Failure> {
    let cargo = Job::new("cargo")
        .args(["build", "--quiet", "--profile", "tool", "--package", "xtask"])
        .env("CARGO_TARGET_DIR", target)
        .folder(root);
    cargo
        .output()
        .map_err(|why| Failure::problem(format!("the build of xtask in the profile `tool` failed: {why}")))?;
    Ok(target.join("tool/xtask"))
}
