//! `cargo xtask diff`: two states of a document to a report of what the change does.
//!
//! Finds the documents, in the working tree or in a revision, and hands them to the generator's review; prints what
//! comes back. What counts as breaking is decided there.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use generator::diagnostic::Diagnostic;
use generator::review::diff::{self, Approved, Class, Finding, Unreadable};
use generator::{Config, Source, report};

use crate::args::{Diff, FailOn, Format};
use crate::codegen;
use crate::document::Document;
use crate::failure::{self, Failure};
use crate::git;

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 where a finding does by `--fail-on`, a new approval accepts nothing or a document has problems,
/// and with status 2 where one cannot be read.
pub fn run(options: &Diff) -> Result<(), Failure> {
    let (spec, name) = spec(options.spec.as_deref());
    let old = document(&options.old, &spec, &name)?;
    let new = match &options.new {
        Some(new) => document(new, &spec, &name)?,
        None => Document::read(&spec, &name)?,
    };
    let config = config(options, &spec)?;
    let result = diff::diff(old.source(), new.source(), &config);
    let diff = result.map_err(|unreadable| refused(&unreadable, &old, &new))?;
    let (approved, stale) = approvals(options, &spec, &diff.findings)?;
    let text = match options.format {
        _ if options.changelog => diff::changelog(&diff),
        Format::Json => diff::json(&diff, &approved),
        Format::Markdown => diff::markdown(&diff, &approved),
        Format::Terminal => diff::terminal(&diff, &approved, color(&io::stdout())),
    };
    print!("{text}");
    let failing = failing(options.fail_on, &diff, &approved);
    if stale == 0 && failing == 0 {
        return Ok(());
    }
    let mut why = Vec::new();
    if failing > 0 {
        why.push(format!("{} by `--fail-on`", counted(failing, "finding")));
    }
    if stale > 0 {
        why.push(format!("{} with the approvals", counted(stale, "problem")));
    }
    Err(Failure::problem(why.join(", ")))
}

/// How many findings end the run with status 1.
fn failing(fail_on: FailOn, diff: &diff::Diff<'_>, approved: &Approved) -> usize {
    let class = match fail_on {
        FailOn::Never => return 0,
        FailOn::Blocking => None,
        FailOn::Breaking => Some(Class::Breaking),
        FailOn::Compatible => Some(Class::Compatible),
        FailOn::Documentation => Some(Class::Documentation),
    };
    diff.failing(class, approved).len()
}

/// Reads the approvals, and reports what is wrong with them; how many problems there are stands beside.
fn approvals(options: &Diff, spec: &Path, findings: &[Finding]) -> Result<(Approved, usize), Failure> {
    let beside = spec.with_file_name("approvals.toml");
    let path = match &options.approvals {
        Some(path) => path.as_path(),
        None if beside.is_file() => &beside,
        None => return Ok((Approved::default(), 0)),
    };
    let text = fs::read_to_string(path).map_err(|error| Failure {
        status: failure::USAGE,
        message: format!("cannot read the approvals {}: {error}", path.display()),
    })?;
    // What a revision has of the list was accepted with the changes that it has.
    let merged = if Path::new(&options.old).is_file() { None } else { git::text(&options.old, path) };
    let (approved, problems) = Approved::read(&text, &merged.unwrap_or_default(), findings);
    let name = path.strip_prefix(crate::root()).unwrap_or(path).display().to_string();
    if !problems.is_empty() {
        let source = Source::alone(&name, &text);
        eprintln!("{}", report::text(&problems, &source, None, color(&io::stderr())));
    }
    if approved.idle > 0 {
        let idle = counted(approved.idle, "approval");
        eprintln!("note: {name}: {idle} for changes that {} has already, with no effect here", options.old);
    }
    Ok((approved, problems.iter().filter(|problem| problem.is_error()).count()))
}

/// A number of things in words.
pub fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The document in the working tree: where it is, and what messages call it.
pub fn spec(option: Option<&Path>) -> (PathBuf, String) {
    match option {
        Some(path) => (path.to_owned(), path.display().to_string()),
        None => (crate::root().join(codegen::SPEC), codegen::SPEC.to_owned()),
    }
}

/// Reads a document that is a file or stands in a revision.
fn document(word: &str, spec: &Path, spec_name: &str) -> Result<Document, Failure> {
    let path = Path::new(word);
    if path.is_file() { Document::read(path, word) } else { git::read(word, spec, spec_name) }
}

/// The repository's own client where its document is one of the two, and otherwise a plain one.
fn config(options: &Diff, spec: &Path) -> Result<Config, Failure> {
    let own = crate::root().join(codegen::SPEC).canonicalize().ok();
    let is_own = |path: &Path| own.is_some() && path.canonicalize().ok() == own;
    let words = std::iter::once(&options.old).chain(&options.new);
    if words.map(Path::new).any(is_own) || is_own(spec) { codegen::own_config() } else { Ok(Config::new("client")) }
}

/// Prints what is wrong with a document that cannot be read.
pub fn refused(unreadable: &Unreadable, old: &Document, new: &Document) -> Failure {
    let source = if unreadable.is_new { new.source() } else { old.source() };
    let root = generator::parse::tree(&source);
    let errors: Vec<Diagnostic> =
        unreadable.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
    eprintln!("{}", report::text(&errors, &source, root.as_ref(), color(&io::stderr())));
    Failure::problem(format!("{} cannot be read, so that there is nothing to compare", source.name))
}

/// Tells whether an output takes colors: it is a terminal, and `NO_COLOR` is not set.
pub fn color(output: &impl IsTerminal) -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && output.is_terminal()
}
