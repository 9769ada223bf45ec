//! `cargo xtask drift`: compares our document with a published one, and reports the differences.
//!
//! Finds the documents and the list of known differences, passes them to `review`, and prints the result. `review` decides
//! what counts as a difference.

use std::fs;
use std::io;
use std::path::Path;

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

/// Reads the known differences, and reports their problems. Returns the number of problems, and the text for a comment.
fn know(options: &Drift, spec: &Path, drift: &mut drift::Drift<'_>) -> Result<(usize, String), Failure> {
    let beside = spec.with_file_name("drift.toml");
    let path = match &options.known {
        Some(path) => path.as_path(),
        None if beside.is_file() => &beside,
        None => return Ok((0, String::new())),
    };
    let text = fs::read_to_string(path).map_err(|error| Failure {
        status: failure::USAGE,
        message: format!("cannot read the known differences {}: {error}", path.display()),
    })?;
    let problems = drift.know(&text);
    let name = path.strip_prefix(crate::root()).unwrap_or(path).display().to_string();
    let comment = tell(&name, &text, &problems, options.format == Format::Markdown)?;
    Ok((problems.len(), comment))
}
