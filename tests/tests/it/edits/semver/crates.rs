//! Builds the clients of documents before and after an edit in one workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use generator::{Config, Source, Texts};

use crate::fixture::has_extension;

/// The features whose items are compared. The others add no items that depend on the document.
const FEATURES: &str = "default = [\"blocking\", \"test-util\"]";

/// Returns the client of a document.
pub fn generated(document: &str) -> Texts {
    let source = Source::alone("novamed.yaml", document);
    generator::generate(&source, &Config::new("novamed")).expect("an edit leaves a document").files
}

/// Returns the part of a client that can affect callers at compile time: its sources without comments, private constants
/// and checks.
pub fn surface(files: &Texts) -> BTreeMap<&str, String> {
    let sources = files.iter().filter(|(path, _)| has_extension(path, "rs") || *path == "Cargo.toml");
    let surface = |text: &str| {
        let mut is_private = false;
        let mut kept = String::new();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            is_private |= ["static ", "const ", "impl Check for "].iter().any(|start| line.starts_with(start));
            if !is_private {
                kept += line;
                kept.push('\n');
            }
            is_private &=
                !(["}", "};"].contains(&line) || line.starts_with(char::is_alphabetic) && line.ends_with(';'));
        }
        kept
    };
    sources.map(|(path, text)| (path.as_str(), surface(text))).collect()
}

/// A workspace of crates, kept between runs.
#[derive(Debug)]
pub struct Crates {
    folder: PathBuf,
    names: Vec<String>,
}

impl Crates {
    /// Returns an empty workspace.
    pub fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edits");
        let mut crates = Self { folder, names: Vec::new() };
        crates.discard();
        crates
    }

    /// Writes a client as the crate `name`.
    pub fn client(&mut self, name: &str, files: &Texts) {
        for (path, text) in files {
            let text = match path.as_str() {
                "Cargo.toml" => {
                    let named = text.replacen("name = \"novamed\"", &format!("name = \"{name}\""), 1);
                    named.replacen("[features]", &format!("[features]\n{FEATURES}"), 1).into()
                }
                _ => text.clone(),
            };
            self.write(name, path, &text);
        }
        self.names.push(name.to_owned());
    }

    /// Writes the crate `name`, which calls the crate `client`.
    pub fn caller(&mut self, name: &str, client: &str, text: &str) {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\n\
             novamed = {{ package = \"{client}\", path = \"../{client}\" }}\n"
        );
        self.write(name, "Cargo.toml", &manifest);
        self.write(name, "src/lib.rs", text);
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }

    fn write(&self, name: &str, path: &str, text: &str) {
        let path = self.folder.join(name).join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Runs Cargo on some of the crates, and returns their errors.
    fn cargo(&self, command: &str, options: &[&str], names: &[String]) -> Output {
        let members: Vec<String> = self.names.iter().map(|name| format!("{name:?}")).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = false\nincremental = false\n",
            members.join(", ")
        );
        fs::write(self.folder.join("Cargo.toml"), manifest).expect("the manifest can be written");
        // Without a network, only the versions in the repository's lock file are available.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, self.folder.join("Cargo.lock")).expect("the repository has a lock file");
        Command::new(env!("CARGO"))
            .args([command, "--offline", "--quiet", "--keep-going"])
            .args(options)
            .args(names.iter().flat_map(|name| ["--package", name]))
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_TERM_COLOR", "never")
            // Only for rustdoc's JSON. Builds without this setting would rebuild all dependencies.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "")
            .env(
                "RUSTDOCFLAGS",
                "-Zunstable-options --output-format json --document-private-items \
                                  --document-hidden-items --cap-lints allow",
            )
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTC_WORKSPACE_WRAPPER")
            .output()
            .expect("Cargo can be run")
    }

    /// Describes crates with rustdoc. Returns the JSON files, in which each crate has the name `novamed`.
    pub fn described(&self, names: &[String]) -> BTreeMap<String, PathBuf> {
        let output = self.cargo("doc", &["--no-deps", "--lib"], names);
        assert!(output.status.success(), "rustdoc failed: {}", String::from_utf8_lossy(&output.stderr));
        let describe = |name: &String| {
            let krate = name.replace('-', "_");
            let path = self.folder.join(format!("target/doc/{krate}.json"));
            let text = fs::read_to_string(&path).expect("rustdoc wrote its file");
            fs::write(&path, text.replace(&format!("\"{krate}\""), "\"novamed\"")).expect("the file can be written");
            (name.clone(), path)
        };
        names.iter().map(describe).collect()
    }

    /// Checks crates. Returns the lines of each crate's `src/lib.rs` that have an error, counted from one.
    pub fn checked(&self, names: &[String]) -> BTreeMap<String, Vec<(usize, String)>> {
        let output = self.cargo("check", &["--lib", "--message-format=json"], names);
        let mut lines: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for message in String::from_utf8_lossy(&output.stdout).lines() {
            let message: serde_json::Value = serde_json::from_str(message).expect("Cargo writes JSON");
            let diagnostic = &message["message"];
            if message["reason"] != "compiler-message" || diagnostic["level"] != "error" {
                continue;
            }
            let name = message["target"]["name"].as_str().expect("a message has a target").replace('_', "-");
            let text = diagnostic["message"].as_str().unwrap_or_default();
            let spans = diagnostic["spans"].as_array().into_iter().flatten();
            for line in spans.filter(|span| span["is_primary"] == true).filter_map(|span| span["line_start"].as_u64()) {
                let line = usize::try_from(line).expect("a line has a number");
                lines.entry(name.clone()).or_default().push((line, text.to_owned()));
            }
        }
        assert!(
            output.status.success() || !lines.is_empty(),
            "Cargo failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        lines
    }

    /// Removes the crates and their build output, but keeps their dependencies.
    pub fn discard(&mut self) {
        self.names.clear();
        let ours = |name: &str| ["old", "new", "call"].iter().any(|prefix| name.contains(&format!("{prefix}-of-")));
        let built = |name: &str| ours(&name.replace('_', "-"));
        for folder in ["", "target/doc", "target/debug/deps", "target/debug/.fingerprint", "target/debug"] {
            let Ok(entries) = fs::read_dir(self.folder.join(folder)) else { continue };
            for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
                if path.file_name().and_then(|name| name.to_str()).is_some_and(built) {
                    let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                }
            }
        }
    }
}
