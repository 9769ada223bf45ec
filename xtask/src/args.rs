//! The command line: arguments in, a [`Command`] or a usage failure out.
//!
//! `codegen --check` becomes `Command::Codegen(Codegen { check: true, .. })`. Knows which options
//! exist and which can be combined, but not what they do.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::failure::Failure;

mod help;
mod lint;
mod review;
#[cfg(test)]
mod tests;

pub use lint::{Format as LintFormat, Lint};
pub use review::{Diff, Drift, FailOn, Format};

use help::{BENCH, CI, CODEGEN, ORACLE, POSTGRES, USAGE};

/// A parsed command line.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print this text.
    Help(&'static str),
    /// `codegen`.
    Codegen(Codegen),
    /// `lint`.
    Lint(Lint),
    /// `diff`.
    Diff(Diff),
    /// `drift`.
    Drift(Drift),
    /// `ci`.
    Ci(Ci),
    /// `oracle`.
    Oracle(Oracle),
    /// `bench`.
    Bench(Bench),
    /// `postgres`, with the command to run.
    Postgres(Vec<OsString>),
}

/// The options of `codegen`.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Codegen {
    /// The document, or `None` for the repository's own.
    pub spec: Option<PathBuf>,
    /// The output folder.
    pub out: Option<PathBuf>,
    /// The name of the crate.
    pub name: Option<String>,
    /// Whether to compare the files instead of writing them.
    pub check: bool,
    /// Whether warnings are errors.
    pub deny_warnings: bool,
    /// Whether `Debug` shows unmarked values.
    pub unmarked_shown: bool,
    /// Whether the crate gets the server side, too.
    pub server: bool,
    /// Whether to list warnings that most readers can do nothing about.
    pub verbose: bool,
    /// A file for a copy of the diagnostics.
    pub report: Option<PathBuf>,
}

/// The options of `ci`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ci {
    /// Whether the long steps run too.
    pub full: bool,
    /// Whether to print the steps and run nothing.
    pub list: bool,
    /// Names of steps to leave out.
    pub skip: Vec<String>,
    /// Names of the only steps to run; empty for all.
    pub only: Vec<String>,
}

/// The options of `oracle`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Oracle {
    /// Files, or names in the corpus; none for those of every submission.
    pub documents: Vec<String>,
    /// Whether all documents of the corpus are looked at.
    pub full: bool,
}

/// The options of `bench`.
#[derive(Debug, PartialEq, Eq)]
pub struct Bench {
    /// How often a short measurement is repeated.
    pub runs: usize,
    /// Additional large documents.
    pub large: Vec<PathBuf>,
    /// What is measured, in this order.
    pub parts: Vec<Part>,
}

/// A part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The generators.
    Codegen,
    /// Calls of the clients.
    Calls,
    /// Deliveries that an inbox on SQLite stores.
    Inbox,
    /// Deliveries that an inbox on PostgreSQL stores, and events that are handled.
    Postgres,
    /// Orders that the sandbox takes.
    Sandbox,
    /// Builds of the clients.
    Builds,
    /// Builds of the clients of a large document.
    LargeBuilds,
}

/// The parts of the bench by their names.
const PARTS: [(&str, Part); 7] = [
    ("codegen", Part::Codegen),
    ("calls", Part::Calls),
    ("inbox", Part::Inbox),
    ("postgres", Part::Postgres),
    ("sandbox", Part::Sandbox),
    ("builds", Part::Builds),
    ("large-builds", Part::LargeBuilds),
];

/// The commands by their names.
const COMMANDS: &[&str] = &["codegen", "lint", "diff", "drift", "ci", "oracle", "bench", "postgres", "help"];

/// Parses the arguments after `cargo xtask`.
///
/// # Errors
///
/// Fails on unknown words, options and values, on missing values, on options that are given twice, and
/// on options that can't be combined.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Failure> {
    let mut parser = Parser::from_args(arguments);
    match parser.next().map_err(|error| Failure::usage("", error))? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Help(USAGE)),
        Some(Arg::Value(word)) => match word.to_str() {
            Some("codegen") => codegen(&mut parser),
            Some(lint::NAME) => lint::parse(&mut parser),
            Some("diff") => review::diff(&mut parser),
            Some("drift") => review::drift(&mut parser),
            Some("ci") => ci(&mut parser),
            Some("oracle") => oracle(&mut parser),
            Some("bench") => bench(&mut parser),
            Some("postgres") => postgres(&mut parser),
            Some("help") => Ok(Command::Help(USAGE)),
            _ => {
                let near = nearest(&word.to_string_lossy(), COMMANDS);
                Err(Failure::usage("", format!("unknown command `{}`{near}", word.display())))
            }
        },
        Some(other) => Err(not_known("", &written(&other))),
    }
}

fn codegen(parser: &mut Parser) -> Result<Command, Failure> {
    const NAME: &str = "codegen";
    let mut options = Codegen::default();
    let mut unmarked = None;
    while let Some(argument) = next(parser, NAME)? {
        match argument.as_str() {
            "--spec" => once(NAME, "--spec", &mut options.spec, path(parser, NAME)?)?,
            "--out" => once(NAME, "--out", &mut options.out, path(parser, NAME)?)?,
            "--name" => once(NAME, "--name", &mut options.name, text(parser, NAME)?)?,
            "--report" => once(NAME, "--report", &mut options.report, path(parser, NAME)?)?,
            "--unmarked" => once(NAME, "--unmarked", &mut unmarked, text(parser, NAME)?)?,
            "--check" => flag(NAME, "--check", &mut options.check)?,
            "--deny-warnings" => flag(NAME, "--deny-warnings", &mut options.deny_warnings)?,
            "--server" => flag(NAME, "--server", &mut options.server)?,
            "--verbose" => flag(NAME, "--verbose", &mut options.verbose)?,
            "--help" => return Ok(Command::Help(CODEGEN)),
            other => return Err(not_known(NAME, other)),
        }
    }
    options.unmarked_shown = match unmarked.as_deref() {
        None | Some("redacted") => false,
        Some("shown") => true,
        Some(other) => {
            let message = format!("`--unmarked {other}`: the value is `shown` or `redacted`");
            return Err(Failure::usage(NAME, message));
        }
    };
    if options.spec.is_some() && options.out.is_none() {
        let message = "--spec needs --out DIR, the folder of the crate that it makes";
        return Err(Failure::usage(NAME, message));
    }
    if options.name.is_some() && options.spec.is_none() {
        let message = "--name goes with --spec; the repository's own client is called novamed";
        return Err(Failure::usage(NAME, message));
    }
    if options.unmarked_shown && options.spec.is_none() {
        let message = "--unmarked goes with --spec; the repository's own document marks everything";
        return Err(Failure::usage(NAME, message));
    }
    if options.server && options.spec.is_none() {
        let message = "--server goes with --spec; the repository's own client always has its server";
        return Err(Failure::usage(NAME, message));
    }
    Ok(Command::Codegen(options))
}

fn ci(parser: &mut Parser) -> Result<Command, Failure> {
    const NAME: &str = "ci";
    let mut options = Ci::default();
    while let Some(argument) = next(parser, NAME)? {
        match argument.as_str() {
            "--full" => flag(NAME, "--full", &mut options.full)?,
            "--list" => flag(NAME, "--list", &mut options.list)?,
            "--skip" => options.skip.push(text(parser, NAME)?),
            "--only" => options.only.push(text(parser, NAME)?),
            "--help" => return Ok(Command::Help(CI)),
            other => return Err(not_known(NAME, other)),
        }
    }
    Ok(Command::Ci(options))
}

fn oracle(parser: &mut Parser) -> Result<Command, Failure> {
    const NAME: &str = "oracle";
    let mut options = Oracle::default();
    while let Some(argument) = next(parser, NAME)? {
        match argument.as_str() {
            "--full" => flag(NAME, "--full", &mut options.full)?,
            "--help" => return Ok(Command::Help(ORACLE)),
            "" => return Err(Failure::usage(NAME, "a path is empty")),
            option if option.starts_with('-') => return Err(not_known(NAME, option)),
            document => options.documents.push(document.to_owned()),
        }
    }
    if options.full && !options.documents.is_empty() {
        return Err(Failure::usage(NAME, "--full checks every document of the corpus; leave out the names"));
    }
    Ok(Command::Oracle(options))
}

/// Everything that follows belongs to the command, including options.
fn postgres(parser: &mut Parser) -> Result<Command, Failure> {
    let command: Vec<OsString> = parser.raw_args().map_err(|error| Failure::usage("postgres", error))?.collect();
    match command.first().and_then(|word| word.to_str()) {
        Some("-h" | "--help") => Ok(Command::Help(POSTGRES)),
        Some(option) if option.starts_with('-') => Err(not_known("postgres", option)),
        _ => Ok(Command::Postgres(command)),
    }
}

fn bench(parser: &mut Parser) -> Result<Command, Failure> {
    const NAME: &str = "bench";
    let mut runs = None;
    let mut large = Vec::new();
    let mut only = Vec::new();
    while let Some(argument) = next(parser, NAME)? {
        match argument.as_str() {
            "--runs" => once(NAME, "--runs", &mut runs, text(parser, NAME)?)?,
            "--large" => large.push(path(parser, NAME)?),
            "--only" => only.push(part(&text(parser, NAME)?)?),
            "--help" => return Ok(Command::Help(BENCH)),
            other => return Err(not_known(NAME, other)),
        }
    }
    let runs = match runs {
        None => 21,
        Some(text) => match text.parse() {
            Ok(runs) if runs > 0 => runs,
            _ => {
                let message = format!("`--runs {text}`: the value is a number from 1 on");
                return Err(Failure::usage(NAME, message));
            }
        },
    };
    let asked = |part: &Part| only.is_empty() || only.contains(part);
    let parts = PARTS.iter().map(|(_, part)| *part).filter(asked).collect();
    Ok(Command::Bench(Bench { runs, large, parts }))
}

fn part(name: &str) -> Result<Part, Failure> {
    PARTS.iter().find(|(it, _)| *it == name).map(|(_, part)| *part).ok_or_else(|| {
        let names = PARTS.map(|(name, _)| name).join(", ");
        Failure::usage("bench", format!("`--only {name}`: the parts are {names}"))
    })
}

/// Returns the next argument as it is written, `-h` as `--help`.
fn next(parser: &mut Parser, command: &str) -> Result<Option<String>, Failure> {
    let argument = parser.next().map_err(|error| Failure::usage(command, error))?;
    Ok(argument.map(|argument| match argument {
        Arg::Short('h') => "--help".to_owned(),
        other => written(&other),
    }))
}

/// Returns the next argument, and whether it is a word rather than an option.
fn next_word(parser: &mut Parser, command: &str) -> Result<Option<(String, bool)>, Failure> {
    let argument = parser.next().map_err(|error| Failure::usage(command, error))?;
    Ok(argument.map(|argument| match argument {
        Arg::Short('h') => ("--help".to_owned(), false),
        Arg::Value(word) => (word.to_string_lossy().into_owned(), true),
        other => (written(&other), false),
    }))
}

/// Returns the value of the option that was just read, as a path.
fn path(parser: &mut Parser, command: &str) -> Result<PathBuf, Failure> {
    let value = parser.value().map_err(|error| Failure::usage(command, error))?;
    if value.is_empty() {
        return Err(Failure::usage(command, "a path is empty"));
    }
    Ok(PathBuf::from(value))
}

/// Returns the value of the option that was just read, as text.
fn text(parser: &mut Parser, command: &str) -> Result<String, Failure> {
    parser.value().and_then(ValueExt::string).map_err(|error| Failure::usage(command, error))
}

/// Sets an option that may be given once.
fn once<T>(command: &str, option: &str, slot: &mut Option<T>, value: T) -> Result<(), Failure> {
    if slot.replace(value).is_some() {
        return Err(Failure::usage(command, format!("{option} is given twice")));
    }
    Ok(())
}

/// Sets a switch that may be given once.
fn flag(command: &str, option: &str, slot: &mut bool) -> Result<(), Failure> {
    if std::mem::replace(slot, true) {
        return Err(Failure::usage(command, format!("{option} is given twice")));
    }
    Ok(())
}

/// Returns the options of a command, from its help.
fn not_known(command: &str, argument: &str) -> Failure {
    let help = match command {
        "codegen" => CODEGEN,
        lint::NAME => lint::HELP,
        "diff" => review::DIFF,
        "drift" => review::DRIFT,
        "ci" => CI,
        "oracle" => ORACLE,
        "bench" => BENCH,
        "postgres" => POSTGRES,
        _ => "  -h, --help",
    };
    let words = help.lines().filter(|line| line.starts_with("  -")).flat_map(str::split_whitespace);
    let options: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    let message = if argument.starts_with('-') {
        format!("unknown option `{argument}`{}", nearest(argument, &options))
    } else {
        format!("`{argument}` is one word too many")
    };
    Failure::usage(command, message)
}

/// Suggests a known word that is similar.
fn nearest(word: &str, words: &[&str]) -> String {
    let near = generator::parse::nearest(word, words.iter().copied());
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn written(argument: &Arg<'_>) -> String {
    match argument {
        Arg::Short(letter) => format!("-{letter}"),
        Arg::Long(name) => format!("--{name}"),
        Arg::Value(word) => word.to_string_lossy().into_owned(),
    }
}
