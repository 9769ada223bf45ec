//! Programs beside generated clients: a binary in each crate of a scratch workspace, built together. All tests share the
//! workspace, so that a client is built once.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use generator::Generated;

use crate::scratch::{self, Crates, Scratch};

/// What the programs need, and a client may do without.
const DEPENDENCIES: &[(&str, &str)] = &[
    ("serde", "{ version = \"1\", features = [\"derive\"] }"),
    ("serde_json", "\"1\""),
    ("tokio", "{ version = \"1.38\", default-features = false, features = [\"net\", \"rt\", \"time\"] }"),
];

/// One test at a time writes the workspace and builds it.
static WORKSPACE: Mutex<()> = Mutex::new(());

/// Clients, each with a program.
pub struct Programs {
    /// What the programs are for, as their names say it.
    kind: &'static str,
    crates: Crates,
}

impl Programs {
    pub fn new(kind: &'static str) -> Self {
        Self { kind, crates: Crates::new() }
    }

    /// Adds a client and its program, which knows it as `api`.
    pub fn add(&mut self, crate_name: String, generated: Generated, program: &str) {
        let mut files = generated.files;
        let manifest = files.get_mut("Cargo.toml").expect("a crate has a manifest");
        for (name, requirement) in DEPENDENCIES {
            if !manifest.contains(&format!("\n{name} = ")) {
                let with = format!("[dependencies]\n{name} = {requirement}\n");
                *manifest = manifest.replace("[dependencies]\n", &with).into();
            }
        }
        let program = format!(
            "//! Calls the client.\n#![allow(deprecated, unused_imports)]\nuse {} as api;\n{program}",
            crate_name.replace('-', "_")
        );
        files.insert(format!("src/bin/{crate_name}-{}.rs", self.kind), program.into());
        self.crates.insert(crate_name, files);
    }

    /// Builds all programs, says what the compiler has to say about them, and returns where they lie.
    pub fn build(&self) -> Built {
        let _alone = WORKSPACE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let scratch = Scratch::new("programs", &self.crates, false);
        let output = scratch.cargo("build", &["--workspace", "--keep-going"], &[]);
        assert!(
            output.status.success(),
            "programs do not compile:\n{}\n{}",
            scratch::problems(&output),
            String::from_utf8_lossy(&output.stderr).lines().rev().take(5).collect::<Vec<_>>().join("\n")
        );
        println!("{}", scratch::problems(&output));
        Built { kind: self.kind, folder: scratch.target().join("debug") }
    }
}

/// Programs that are built.
pub struct Built {
    kind: &'static str,
    folder: PathBuf,
}

impl Built {
    pub fn command(&self, crate_name: &str) -> Command {
        Command::new(self.folder.join(format!("{crate_name}-{}", self.kind)))
    }
}
