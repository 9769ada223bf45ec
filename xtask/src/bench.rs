//! `cargo xtask bench`: measures the generator and the client beside others, prints Markdown tables.
//!
//! The client is built in release mode, the generator in the profile `tool`, all in a folder of its
//! own under the target folder, which is removed first, so that a cold build is cold. The other generators, and the programs whose calls are
//! counted, are kept beside it. A value that cannot be taken stands in its table with the reason.

mod builds;
mod calls;
mod inbox;
mod peers;
mod postgres;
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

/// What is measured, and where.
struct Bench {
    root: PathBuf,
    /// This program in the profile `tool`.
    xtask: PathBuf,
    /// Empty at first: cold target folders and what is generated.
    scratch: PathBuf,
    /// Kept from run to run: what takes long to build and is not measured.
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
/// Fails with status 2 where a large document is not there, with status 1 where the build of the generator fails or the scratch folder cannot be made.
pub fn run(options: &args::Bench) -> Result<(), Failure> {
    if let Some(file) = options.large.iter().find(|file| !file.is_file()) {
        return Err(Failure::usage("bench", format!("there is no file {}", file.display())));
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
    /// Returns the program of a peer.
    fn program(&self, peer: Peer) -> Measured<&Path> {
        let found = self.peers.iter().find(|(it, _)| *it == peer);
        match found {
            Some((_, Ok(program))) => Ok(program),
            Some((_, Err(why))) => Err(why.clone()),
            None => Err("not measured, it is not known".to_owned()),
        }
    }
}

/// Builds this program in the profile `tool` and returns where it is.
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
