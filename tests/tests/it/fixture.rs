//! Fixtures: small documents, each named after the one feature it shows.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use generator::diagnostic::Diagnostic;
use generator::source::{Files, Unread};
use generator::{Config, Generated, Source, parse, report};

/// The folder of fixtures and their snapshots.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

/// A document under test.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The feature.
    pub name: String,
    /// The document's name in diagnostics.
    pub file: String,
    /// YAML or JSON.
    pub text: String,
    /// The files in the folder with the fixture's name.
    pub files: Files,
    /// A test of the client, from the same folder.
    pub behavior: Option<String>,
}

impl Fixture {
    pub fn source(&self) -> Source<'_> {
        Source { name: &self.file, text: &self.text, files: &self.files }
    }

    pub fn is_json(&self) -> bool {
        has_extension(&self.file, "json")
    }

    /// Returns the client, or the diagnostics as text.
    pub fn generate(&self, config: &Config) -> Result<Generated, String> {
        generator::generate(&self.source(), config).map_err(|problems| shown(&problems, &self.source()))
    }

    /// The name in the form of a crate name.
    pub fn crate_name(&self) -> String {
        format!("fixture-{}", self.name.replace('_', "-"))
    }
}

/// Returns the fixtures of a kind, `accepted` or `rejected`, by name.
pub fn all(kind: &str) -> Vec<Fixture> {
    documents(&Path::new(FOLDER).join(kind))
}

/// Returns the documents of a folder, by name.
pub fn documents(folder: &Path) -> Vec<Fixture> {
    let mut found: Vec<Fixture> =
        files(folder).iter().filter(|path| is_document(path)).map(|path| read(path)).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Returns the files directly in a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("a folder can be listed").path()).filter(|path| path.is_file()).collect()
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "json")
}

/// Reads a document and the files that it refers to.
pub fn read(path: &Path) -> Fixture {
    let text =
        |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).expect("the name is text").to_owned();
    let content = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let folder = path.parent().expect("a fixture lies in a folder");
    let beside = |file: &str| fs::read_to_string(folder.join(file)).map_err(|_| Unread::Missing);
    let file = text(path.file_name());
    let files = parse::load(&Source::alone(&file, &content), beside);
    let name = text(path.file_stem());
    let behavior = fs::read_to_string(folder.join(&name).join("behavior.rs")).ok();
    Fixture { name, file, text: content, files, behavior }
}

/// Returns whether a path ends in a dot and `extension`.
pub fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Formats diagnostics like rustc.
pub fn shown(problems: &[Diagnostic], source: &Source<'_>) -> String {
    let (document, _) = parse::parse(source);
    report::text(problems, source, document.as_ref().map(|document| &document.root), false)
}

/// Compares each text with the snapshot `<folder>/<name>.snap`, and fails once for all differences. Also fails for a
/// snapshot without a fixture.
pub fn assert_snapshots(kind: &str, texts: &[(String, String)]) {
    let folder = Path::new(FOLDER).join(kind);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_input_file();
    let differ: Vec<&str> = texts
        .iter()
        .filter(|(name, text)| {
            let compare = || settings.bind(|| insta::assert_snapshot!(name.as_str(), text));
            // insta panics at the first difference, but a change of the generator often causes many.
            catch_unwind(AssertUnwindSafe(compare)).is_err()
        })
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        differ.is_empty(),
        "{} snapshots differ: {}; `cargo insta review` shows them",
        differ.len(),
        differ.join(", ")
    );
    let orphans: Vec<PathBuf> = files(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .filter(|path| texts.iter().all(|(name, _)| path.file_stem().is_none_or(|stem| stem != name.as_str())))
        .collect();
    assert!(orphans.is_empty(), "snapshots without a fixture: {orphans:?}");
}

/// Fails if a fixture is too long to read comfortably.
pub fn assert_short(fixtures: &[Fixture]) {
    let long: Vec<&str> = fixtures
        .iter()
        .filter(|fixture| fixture.text.lines().count() > 40)
        .map(|fixture| fixture.file.as_str())
        .collect();
    assert!(long.is_empty(), "a fixture has at most 40 lines: {long:?}");
}
