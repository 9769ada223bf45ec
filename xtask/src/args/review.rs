//! The command lines of `diff` and `drift`.

use std::path::PathBuf;

use lexopt::Parser;

use super::{Command, flag, next_word, not_known, once, path, text};
use crate::failure::Failure;

/// The help of `diff`.
pub const DIFF: &str = "\
Usage: cargo xtask diff OLD [NEW] [OPTIONS]

Says what a change of the OpenAPI document does to every caller: on the wire, in Rust, to
privacy, to what is repeated, and to receivers of webhooks.

OLD and NEW are documents or revisions of git, such as main, HEAD~1 or v0.1.0; what is a file is
taken as one. Of a revision, the document of --spec is read, with the files beside it. NEW is the
document in the working tree where it is left out.

Options:
  --spec FILE        The document (default spec/novamed.yaml)
  --format FORMAT    terminal (default), json, or markdown for a comment on a pull request
  --fail-on CLASS    End with status 1 on a finding of this class or a heavier one that is not
                     approved: documentation, compatible, breaking, or blocking, which needs a
                     second person and fails with each of the others too; never (default)
  --approvals FILE   Accepted findings with their reasons (default: approvals.toml beside the
                     document, if it is there). A new one that accepts nothing is an error; one that
                     the revision OLD has as well is idle
  --changelog        Print the section for the client's changelog instead, in a caller's words;
                     nothing is written
  -h, --help         Print this help

Exit status: 0 compared; 1 a finding that --fail-on names, a new approval that accepts nothing, or
a document with problems; 2 the command line is wrong or names what cannot be read, or the list of
approvals is written wrong. With --format markdown, problems are printed as a comment too.
";

/// The help of `drift`.
pub const DRIFT: &str = "\
Usage: cargo xtask drift PUBLISHED [OPTIONS]

Compares our OpenAPI document with one that the vendor published, 3.0 or 3.1, and reports what only
one of them has and what differs. Descriptions, names of schemas and operations, and our extensions
are ignored.

Options:
  --spec FILE        Our document (default spec/novamed.yaml)
  --known FILE       Known differences with their reasons (default: drift.toml next to our document,
                     if it exists). An entry is an error if it no longer applies, or if the
                     published value has changed
  --accept           Add the unknown differences to the list of known ones, instead of reporting
                     them. Everything in the list stays as it is. Needs --reason
  --reason TEXT      The reason to write into each new entry
  --format FORMAT    terminal (default), json, or markdown for a comment on a pull request
  -h, --help         Print this help

Exit status: 0 all differences are known; 1 there is an unknown difference, a known one that no
longer applies, or a document with problems; 2 the command line is wrong, a file can't be read, or
the list of known differences has a mistake.
";

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Terminal,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// Which findings fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FailOn {
    /// All.
    Documentation,
    /// What changes anything.
    Compatible,
    /// What breaks callers.
    Breaking,
    /// What a second person has to accept.
    Blocking,
    /// None.
    #[default]
    Never,
}

/// The options of `diff`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// A document or a revision.
    pub old: String,
    /// The same; none for the working tree.
    pub new: Option<String>,
    /// The document; none for the repository's own.
    pub spec: Option<PathBuf>,
    /// How the report is written.
    pub format: Format,
    /// What ends with status 1.
    pub fail_on: FailOn,
    /// The list of accepted findings.
    pub approvals: Option<PathBuf>,
    /// Whether the changelog's section is printed instead.
    pub changelog: bool,
}

/// The options of `drift`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// The published document.
    pub published: PathBuf,
    /// Our document; none for the repository's own.
    pub spec: Option<PathBuf>,
    /// The list of known differences.
    pub known: Option<PathBuf>,
    /// The reason to accept the unknown differences, if they are to be accepted.
    pub accept: Option<String>,
    /// How the report is written.
    pub format: Format,
}

/// Reads the options of `drift`.
pub fn drift(parser: &mut Parser) -> Result<Command, Failure> {
    const NAME: &str = "drift";
    let (mut options, mut format, mut published) = (Drift::default(), None, None);
    let (mut accept, mut reason) = (false, None);
    while let Some((argument, is_word)) = next_word(parser, NAME)? {
        match argument.as_str() {
            _ if is_word && published.is_none() => published = Some(PathBuf::from(argument)),
            _ if is_word => return Err(not_known(NAME, &argument)),
            "--spec" => once(NAME, "--spec", &mut options.spec, path(parser, NAME)?)?,
            "--known" => once(NAME, "--known", &mut options.known, path(parser, NAME)?)?,
            "--format" => once(NAME, "--format", &mut format, self::format(NAME, &text(parser, NAME)?)?)?,
            "--accept" => flag(NAME, "--accept", &mut accept)?,
            "--reason" => once(NAME, "--reason", &mut reason, text(parser, NAME)?)?,
            "--help" => return Ok(Command::Help(DRIFT)),
            other => return Err(not_known(NAME, other)),
        }
    }
    options.published =
        published.ok_or_else(|| Failure::usage(NAME, "PUBLISHED is missing: the document to compare with"))?;
    options.accept = match (accept, reason) {
        (true, Some(reason)) if !reason.trim().is_empty() => Some(reason),
        (true, _) => return Err(Failure::usage(NAME, "--accept needs --reason TEXT, why the differences stay")),
        (false, Some(_)) => return Err(Failure::usage(NAME, "--reason goes with --accept")),
        (false, None) => None,
    };
    if accept && format.is_some() {
        return Err(Failure::usage(NAME, "--accept prints no report, so it takes no --format"));
    }
    options.format = format.unwrap_or_default();
    Ok(Command::Drift(options))
}

/// Reads the options of `diff`.
pub fn diff(parser: &mut Parser) -> Result<Command, Failure> {
    const NAME: &str = "diff";
    let (mut options, mut words) = (Diff::default(), Vec::new());
    let (mut format, mut fail_on) = (None, None);
    while let Some((argument, is_word)) = next_word(parser, NAME)? {
        match argument.as_str() {
            _ if is_word => words.push(argument),
            "--spec" => once(NAME, "--spec", &mut options.spec, path(parser, NAME)?)?,
            "--approvals" => once(NAME, "--approvals", &mut options.approvals, path(parser, NAME)?)?,
            "--format" => once(NAME, "--format", &mut format, self::format(NAME, &text(parser, NAME)?)?)?,
            "--fail-on" => once(NAME, "--fail-on", &mut fail_on, self::fail_on(&text(parser, NAME)?)?)?,
            "--changelog" => flag(NAME, "--changelog", &mut options.changelog)?,
            "--help" => return Ok(Command::Help(DIFF)),
            other => return Err(not_known(NAME, other)),
        }
    }
    if options.changelog && format.is_some() {
        return Err(Failure::usage(NAME, "--changelog is Markdown, and goes with no --format"));
    }
    let mut words = words.into_iter();
    options.old = words.next().ok_or_else(|| Failure::usage(NAME, "OLD is missing: a document or a revision"))?;
    options.new = words.next();
    if let Some(word) = words.next() {
        return Err(not_known(NAME, &word));
    }
    options.format = format.unwrap_or_default();
    options.fail_on = fail_on.unwrap_or_default();
    Ok(Command::Diff(options))
}

fn format(command: &str, word: &str) -> Result<Format, Failure> {
    match word {
        "terminal" => Ok(Format::Terminal),
        "json" => Ok(Format::Json),
        "markdown" => Ok(Format::Markdown),
        other => {
            let message = format!("`--format {other}`: the formats are terminal, json and markdown");
            Err(Failure::usage(command, message))
        }
    }
}

fn fail_on(word: &str) -> Result<FailOn, Failure> {
    match word {
        "documentation" => Ok(FailOn::Documentation),
        "compatible" => Ok(FailOn::Compatible),
        "breaking" => Ok(FailOn::Breaking),
        "blocking" => Ok(FailOn::Blocking),
        "never" => Ok(FailOn::Never),
        other => {
            let known = "documentation, compatible, breaking, blocking and never";
            Err(Failure::usage("diff", format!("`--fail-on {other}`: the classes are {known}")))
        }
    }
}
