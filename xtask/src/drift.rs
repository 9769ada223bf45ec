//! `cargo xtask drift`: compares our document with a published one, and reports the differences.
//!
//! Finds the documents and the list of known differences, passes them to `review`, and prints the result. `review` decides
//! what counts as a difference.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use review::drift;

use crate::args::{Drift, Format};
use crate::diff::{color, counted, refused, spec, tell};
use crate::document::Document;
use crate::failure::{self, Failure};

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 if there is an unknown difference, if a known one no longer applies, or if a document has problems.
/// Fails with status 2 if a document can't be read, or if the list of known differences is malformed.
pub fn run(options: &Drift) -> Result<(), Failure> {
    let (path, name) = spec(options.spec.as_deref());
    let ours = Document::read(&path, &name)?;
    let theirs = Document::read(&options.published, &options.published.display().to_string())?;
    let result = drift::drift(ours.source(), theirs.source());
    let is_comment = options.format == Format::Markdown;
    let mut drift = result.map_err(|unreadable| refused(&unreadable, &ours, &theirs, is_comment))?;
    if let Some(reason) = &options.accept {
        return accept(options, &path, &mut drift, reason);
    }
    let (stale, comment) = know(options, &path, &mut drift)?;
    let text = match options.format {
        Format::Json => drift::json(&drift),
        Format::Markdown => drift::markdown(&drift),
        Format::Terminal => drift::terminal(&drift, color(&io::stdout())),
    };
    print!("{text}");
    if is_comment && !comment.is_empty() {
        print!("\n{comment}");
    }
    let unknown = drift.unknown().len();
    match (unknown, stale) {
        (0, 0) => Ok(()),
        (0, stale) => Err(Failure::problem(format!("{} with the known differences", counted(stale, "problem")))),
        (unknown, 0) => Err(Failure::problem(format!("{} that nobody knows of", counted(unknown, "difference")))),
        (unknown, stale) => Err(Failure::problem(format!(
            "{} that nobody knows of, and {} with the known ones",
            counted(unknown, "difference"),
            counted(stale, "problem")
        ))),
    }
}

/// Adds the unknown differences to the list of known ones, and reports the entries that no longer apply.
fn accept(options: &Drift, spec: &Path, drift: &mut drift::Drift<'_>, reason: &str) -> Result<(), Failure> {
    let path = list(options, spec);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(&path, &error)),
    };
    let name = path.strip_prefix(crate::root()).unwrap_or(&path).display().to_string();
    // A list with a mistake ends the command here, before anything is written.
    tell(&name, &text, &drift.know(&text), false)?;
    let (accepted, count) = drift.accept(&text, reason);
    let problems = drift.know(&accepted).len();
    if count > 0 {
        fs::write(&path, &accepted)
            .map_err(|error| Failure::problem(format!("cannot write the known differences {name}: {error}")))?;
    }
    println!("{name}: {} added", counted(count, "known difference"));
    match problems {
        0 => Ok(()),
        _ => Err(Failure::problem(format!("{} with the known differences", counted(problems, "problem")))),
    }
}

/// Returns the path of the list of known differences.
fn list(options: &Drift, spec: &Path) -> PathBuf {
    options.known.clone().unwrap_or_else(|| spec.with_file_name("drift.toml"))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot read the known differences {}: {error}", path.display());
    Failure { status: failure::USAGE, message }
}

/// Reads the known differences, and reports their problems. Returns the number of problems, and the text for a comment.
fn know(options: &Drift, spec: &Path, drift: &mut drift::Drift<'_>) -> Result<(usize, String), Failure> {
    let path = list(options, spec);
    if options.known.is_none() && !path.is_file() {
        return Ok((0, String::new()));
    }
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    let problems = drift.know(&text);
    let name = path.strip_prefix(crate::root()).unwrap_or(&path).display().to_string();
    let comment = tell(&name, &text, &problems, options.format == Format::Markdown)?;
    Ok((problems.len(), comment))
}
