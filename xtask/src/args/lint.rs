//! The command line of `lint`.

use std::path::PathBuf;

use lexopt::Parser;

use super::{Command, flag, next, not_known, once, path, text};
use crate::failure::Failure;

/// The name of the command.
pub const NAME: &str = "lint";

/// Its help.
pub const HELP: &str = "\
Usage: cargo xtask lint [FILE] [OPTIONS]

Says what is wrong with an OpenAPI document, or will be for who calls its client: the rules of
`--list`, and what the generator reports. FILE is spec/novamed.yaml unless another is named.

Levels of rules, and exceptions with their reasons, stand in lint.toml beside the document. An
exception that no longer applies is an error.

Options:
  --config FILE     Another configuration than lint.toml beside the document
  --format FORMAT   terminal (with code frames, the default), json, sarif (2.1.0), or github
                    (annotations of a pull request)
  --all             Draw every finding in the terminal, also those of a code found very often
  --deny-warnings   Take warnings as errors
  --explain CODE    Explain a rule, with a wrong and a right example, and lint nothing
  --list            Print the rules with their levels, and lint nothing
  -h, --help        Print this help

Exit status: 0 no error was found; 1 there are errors, or warnings with --deny-warnings; 2 the
command line or the configuration is wrong, or a file cannot be read.
";

/// The options of `lint`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lint {
    /// The document; none for the repository's own.
    pub document: Option<PathBuf>,
    /// The configuration; none for the one beside the document.
    pub config: Option<PathBuf>,
    /// How findings are printed.
    pub format: Format,
    /// Whether every finding is drawn.
    pub all: bool,
    /// Whether a warning is an error.
    pub deny_warnings: bool,
    /// The rule to explain.
    pub explain: Option<String>,
    /// Whether to print the rules only.
    pub list: bool,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Terminal,
    /// For programs.
    Json,
    /// For code scanners.
    Sarif,
    /// For workflows of GitHub.
    Github,
}

/// Reads the arguments that follow `cargo xtask lint`.
pub fn parse(parser: &mut Parser) -> Result<Command, Failure> {
    let mut options = Lint::default();
    let mut format = None;
    while let Some(argument) = next(parser, NAME)? {
        match argument.as_str() {
            "--config" => once(NAME, "--config", &mut options.config, path(parser, NAME)?)?,
            "--format" => once(NAME, "--format", &mut format, text(parser, NAME)?)?,
            "--explain" => once(NAME, "--explain", &mut options.explain, text(parser, NAME)?)?,
            "--all" => flag(NAME, "--all", &mut options.all)?,
            "--deny-warnings" => flag(NAME, "--deny-warnings", &mut options.deny_warnings)?,
            "--list" => flag(NAME, "--list", &mut options.list)?,
            "--help" => return Ok(Command::Help(HELP)),
            "" => return Err(Failure::usage(NAME, "a path is empty")),
            word if !word.starts_with('-') && options.document.is_none() => options.document = Some(word.into()),
            other => return Err(not_known(NAME, other)),
        }
    }
    options.format = match format.as_deref() {
        None | Some("terminal") => Format::Terminal,
        Some("json") => Format::Json,
        Some("sarif") => Format::Sarif,
        Some("github") => Format::Github,
        Some(other) => {
            let message = format!("`--format {other}`: the formats are terminal, json, sarif, github");
            return Err(Failure::usage(NAME, message));
        }
    };
    Ok(Command::Lint(options))
}
