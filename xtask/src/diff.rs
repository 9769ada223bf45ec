//! `cargo xtask diff`: two states of a document to a report of what the change does.
//!
//! Finds the documents, in the working tree or in a revision, and hands them to the generator's review; prints what
//! comes back. What counts as breaking is decided there.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use generator::diagnostic::Diagnostic;
use generator::{Config, Source, report};
use review::diff::{self, Approved, Class, Finding, Unreadable};
use review::exceptions;

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
/// and with status 2 where one cannot be read or the list of approvals is written wrong.
pub fn run(options: &Diff) -> Result<(), Failure> {
    let (spec, name) = spec(options.spec.as_deref());
    let old = document(&options.old, &spec, &name)?;
    let new = match &options.new {
        Some(new) => document(new, &spec, &name)?,
        None => Document::read(&spec, &name)?,
    };
    let own = is_own(options, &spec);
    let config = if own { codegen::own_config()? } else { Config::new("client") };
    let result = diff::diff(old.source(), new.source(), &config);
    let is_comment = options.format == Format::Markdown && !options.changelog;
    let mut diff = result.map_err(|unreadable| refused(&unreadable, &old, &new, is_comment))?;
    if own {
        versions(options, &mut diff);
    }
    let approvals = approvals(options, &spec, &diff.findings)?;
    let Approvals { approved, stale, comment } = &approvals;
    let text = match options.format {
        _ if options.changelog => diff::changelog(&diff),
        Format::Json => diff::json(&diff, approved),
        Format::Markdown => diff::markdown(&diff, approved),
        Format::Terminal => diff::terminal(&diff, approved, color(&io::stdout())),
    };
    print!("{text}");
    if is_comment && !comment.is_empty() {
        print!("\n{comment}");
    }
    let failing = failing(options.fail_on, &diff, approved);
    if *stale == 0 && failing.is_empty() {
        return Ok(());
    }
    let mut why = Vec::new();
    if *stale > 0 {
        why.push(format!("{} with the approvals", counted(*stale, "problem")));
    }
    if !failing.is_empty() {
        let named = failing.iter().map(|it| format!("\n  {} {}: {}", it.code, it.fingerprint(), it.message));
        why.push(format!("{} by `--fail-on`:{}", counted(failing.len(), "finding"), named.collect::<String>()));
    }
    Err(Failure::problem(why.join(", ")))
}

/// The findings that end the run with status 1.
fn failing<'d>(fail_on: FailOn, diff: &'d diff::Diff<'_>, approved: &Approved) -> Vec<&'d Finding> {
    let class = match fail_on {
        FailOn::Never => return Vec::new(),
        FailOn::Blocking => None,
        FailOn::Breaking => Some(Class::Breaking),
        FailOn::Compatible => Some(Class::Compatible),
        FailOn::Documentation => Some(Class::Documentation),
    };
    diff.failing(class, approved)
}

/// Takes the version that the older revision has of our client: the working tree may have the next one already.
fn versions(options: &Diff, diff: &mut diff::Diff<'_>) {
    let path = crate::root().join(codegen::MANIFEST);
    let text = |word: Option<&String>| match word {
        Some(word) if !Path::new(word).is_file() => git::text(word, &path),
        _ => fs::read_to_string(&path).ok(),
    };
    if let (Some(old), Some(new)) = (text(Some(&options.old)), text(options.new.as_ref())) {
        diff.between(&old, &new);
    }
}

/// What a list of approvals accepts.
#[derive(Default)]
struct Approvals {
    approved: Approved,
    /// How many problems the list has.
    stale: usize,
    /// The problems as part of a comment, or empty if there are none.
    comment: String,
}

/// Reads the approvals, and reports what is wrong with them.
fn approvals(options: &Diff, spec: &Path, findings: &[Finding]) -> Result<Approvals, Failure> {
    let beside = spec.with_file_name("approvals.toml");
    let path = match &options.approvals {
        Some(path) => path.as_path(),
        None if beside.is_file() => &beside,
        None => return Ok(Approvals::default()),
    };
    let text = fs::read_to_string(path).map_err(|error| Failure {
        status: failure::USAGE,
        message: format!("cannot read the approvals {}: {error}", path.display()),
    })?;
    // What a revision has of the list was accepted with the changes that it has.
    let merged = if Path::new(&options.old).is_file() { None } else { git::text(&options.old, path) };
    let (approved, problems) = Approved::read(&text, &merged.unwrap_or_default(), findings);
    let name = path.strip_prefix(crate::root()).unwrap_or(path).display().to_string();
    let is_comment = options.format == Format::Markdown && !options.changelog;
    let comment = tell(&name, &text, &problems, is_comment)?;
    if approved.idle > 0 {
        let idle = counted(approved.idle, "approval");
        eprintln!("note: {name}: {idle} for changes that {} has already, with no effect here", options.old);
    }
    let stale = problems.iter().filter(|problem| problem.is_error()).count();
    Ok(Approvals { approved, stale, comment })
}

/// Prints what is wrong with a list, and returns it as a part of a comment.
///
/// # Errors
///
/// Fails with status 2 where the list is written wrong. What a comment says of it is printed then.
pub fn tell(name: &str, text: &str, problems: &[Diagnostic], is_comment: bool) -> Result<String, Failure> {
    if problems.is_empty() {
        return Ok(String::new());
    }
    let source = Source::alone(name, text);
    eprintln!("{}", report::text(problems, &source, None, color(&io::stderr())));
    let comment = diff::problems(&counted(problems.len(), "problem"), problems, &source, None);
    if !problems.iter().any(exceptions::is_mistake) {
        return Ok(comment);
    }
    if is_comment {
        print!("{comment}");
    }
    Err(Failure { status: failure::USAGE, message: format!("{name} can't be used, so there is no comparison") })
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

/// Reads a document from a file or a revision.
fn document(word: &str, spec: &Path, spec_name: &str) -> Result<Document, Failure> {
    let path = Path::new(word);
    if path.is_file() { Document::read(path, word) } else { git::read(word, spec, spec_name) }
}

/// Returns whether one of the two is the repository's document. A word that isn't a file is a revision of `spec`.
fn is_own(options: &Diff, spec: &Path) -> bool {
    let own = crate::root().join(codegen::SPEC).canonicalize().ok();
    let is_own = |word: Option<&String>| {
        let path = word.map(Path::new).filter(|path| path.is_file()).unwrap_or(spec);
        own.is_some() && path.canonicalize().ok() == own
    };
    is_own(Some(&options.old)) || is_own(options.new.as_ref())
}

/// Prints what is wrong with an unreadable document, also as a comment if one was requested.
pub fn refused(unreadable: &Unreadable, old: &Document, new: &Document, is_comment: bool) -> Failure {
    let source = if unreadable.is_new { new.source() } else { old.source() };
    let root = generator::parse::tree(&source);
    let errors: Vec<Diagnostic> =
        unreadable.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
    eprintln!("{}", report::text(&errors, &source, root.as_ref(), color(&io::stderr())));
    if is_comment {
        let headline = format!("cannot be read, {}", counted(errors.len(), "problem"));
        print!("{}", diff::problems(&headline, &errors, &source, root.as_ref()));
    }
    Failure::problem(format!("{} cannot be read, so that there is nothing to compare", source.name))
}

/// Returns whether an output supports colors: it is a terminal, and `NO_COLOR` isn't set.
pub fn color(output: &impl IsTerminal) -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && output.is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_other_documents_are_not_ours() {
        let spec = crate::root().join(codegen::SPEC);
        let file = |name: &str| crate::root().join(name).display().to_string();
        let is_own = |old: String, new: Option<String>| is_own(&Diff { old, new, ..Diff::default() }, &spec);
        assert!(!is_own(file("README.md"), Some(file("Cargo.toml"))));
        assert!(is_own(file("README.md"), Some(file(codegen::SPEC))));
        assert!(is_own(file("README.md"), None) && is_own("main".to_owned(), Some(file("README.md"))));
    }
}
