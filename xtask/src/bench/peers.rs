//! The other generators: their versions, how they are installed, and how each is run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::measure::{Job, Measured};

/// A generator to compare ours with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    Ploidy,
    OpenapiToRust,
    Progenitor,
}

/// The peers, in the order of the tables.
pub const ALL: [Peer; 3] = [Peer::Ploidy, Peer::OpenapiToRust, Peer::Progenitor];

impl Peer {
    /// Returns the crate and its installed version.
    fn release(self) -> (&'static str, &'static str) {
        match self {
            Self::Ploidy => ("ploidy", "0.15.0"),
            Self::OpenapiToRust => ("openapi-to-rust", "0.23.0"),
            Self::Progenitor => ("cargo-progenitor", "0.15.1"),
        }
    }

    /// Returns its name in tables.
    pub fn title(self) -> String {
        let (name, version) = self.release();
        format!("{} {version}", name.trim_start_matches("cargo-"))
    }

    /// Returns the job that generates the crate `name` into `out`.
    pub fn job(self, program: &Path, document: &Path, out: &Path, name: &str) -> Job {
        let job = Job::new(program).fresh(out);
        match self {
            Self::Ploidy => {
                job.args(["generate", "rust"]).arg(document).arg("--output").arg(out).args(["--name", name])
            }
            Self::OpenapiToRust => job
                .args(["generate", "--quiet", "--module-name", "generated", "--output-dir"])
                .arg(out.join("src/generated"))
                .arg(document),
            Self::Progenitor => job
                .args(["progenitor", "--version", "0.1.0", "--name", name, "--input"])
                .arg(document)
                .arg("--output")
                .arg(out),
        }
    }

    /// Completes the peer's output to a separate crate that can reach `https` servers.
    pub fn complete(self, out: &Path, name: &str) -> Measured<()> {
        match self {
            Self::Ploidy => {}
            Self::OpenapiToRust => {
                let dependencies = read(&out.join("src/generated/REQUIRED_DEPS.toml"))?;
                write(&out.join("Cargo.toml"), &manifest(name, &dependencies))?;
                write(&out.join("src/lib.rs"), "pub mod generated;\n")?;
            }
            Self::Progenitor => {
                let path = out.join("Cargo.toml");
                let manifest = with_tls(&read(&path)?).ok_or("its manifest has no reqwest without TLS")?;
                write(&path, &manifest)?;
            }
        }
        stand_alone(out)
    }
}

/// Installs the peers below `folder`, unless they are already installed, and returns their programs.
pub fn install(folder: &Path) -> Vec<(Peer, Measured<PathBuf>)> {
    let build = folder.join("build");
    let programs = ALL.iter().map(|peer| (*peer, install_one(*peer, folder, &build))).collect();
    // It is large and no longer needed.
    let _ = fs::remove_dir_all(&build);
    programs
}

fn install_one(peer: Peer, folder: &Path, build: &Path) -> Measured<PathBuf> {
    let (name, version) = peer.release();
    let root = folder.join(format!("{name}-{version}"));
    let program = root.join("bin").join(name);
    if program.is_file() {
        return Ok(program);
    }
    eprintln!("installing {name} {version}; this is done once");
    let job = Job::new("cargo")
        .args(["install", name, "--version", version, "--locked", "--quiet", "--root"])
        .arg(root)
        .env("CARGO_TARGET_DIR", build);
    job.output().map(|_| program).map_err(|why| format!("{why}; offline, it cannot be installed"))
}

/// Keeps a crate out of an enclosing workspace.
pub fn stand_alone(out: &Path) -> Measured<()> {
    let path = out.join("Cargo.toml");
    let manifest = read(&path)?;
    if manifest.contains("[workspace]") { Ok(()) } else { write(&path, &format!("{manifest}\n[workspace]\n")) }
}

/// Returns the manifest of a crate with these dependencies.
fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}")
}

/// Enables TLS in progenitor's manifest, which omits it.
fn with_tls(manifest: &str) -> Option<String> {
    const WITHOUT: &str = "default-features=false, features = [\"json\"";
    const WITH: &str = "default-features=false, features = [\"rustls\", \"json\"";
    manifest.contains(WITHOUT).then(|| manifest.replacen(WITHOUT, WITH, 1))
}

fn read(path: &Path) -> Measured<String> {
    let name = path.file_name().unwrap_or_default().display();
    fs::read_to_string(path).map_err(|error| format!("not measured, cannot read its {name}: {error}"))
}

fn write(path: &Path, text: &str) -> Measured<()> {
    fs::write(path, text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_turned_on_in_a_manifest_without_it() {
        let manifest = "reqwest = { version = \"0.13\", default-features=false, features = [\"json\", \"query\"] }";
        assert_eq!(
            with_tls(manifest).unwrap(),
            "reqwest = { version = \"0.13\", default-features=false, features = [\"rustls\", \"json\", \"query\"] }"
        );
        assert_eq!(with_tls("reqwest = \"0.13\""), None);
    }

    #[test]
    fn crate_without_a_manifest_gets_one() {
        let out = tempfile::tempdir().unwrap();
        let generated = out.path().join("src/generated");
        fs::create_dir_all(&generated).unwrap();
        let complete = || Peer::OpenapiToRust.complete(out.path(), "client");
        assert!(complete().unwrap_err().contains("REQUIRED_DEPS.toml"));
        fs::write(generated.join("REQUIRED_DEPS.toml"), "[dependencies]\nbytes = \"1\"\n").unwrap();
        complete().unwrap();
        let manifest = fs::read_to_string(out.path().join("Cargo.toml")).unwrap();
        assert!(manifest.ends_with("\n\n[dependencies]\nbytes = \"1\"\n\n[workspace]\n"), "{manifest}");
    }

    #[test]
    fn titles_name_the_version() {
        assert_eq!(ALL.map(Peer::title), ["ploidy 0.15.0", "openapi-to-rust 0.23.0", "progenitor 0.15.1"]);
    }
}
