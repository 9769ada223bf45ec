//! `cargo xtask codegen`: a document to an output folder.
//!
//! Reads the document and the hand-written parts, calls the generator, reports its diagnostics, and writes
//! the files or, with `--check`, compares them. It doesn't interpret any of this data.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Instant;

use generator::diagnostic::{Diagnostic, Severity};
use generator::{Config, Generated, Source, Summary, Unmarked};

use crate::args::Codegen;
use crate::document::Document;
use crate::failure::Failure;
use crate::survey::{self, State, Survey};
use crate::{check, templates, write};

/// The repository's own document and client.
pub const SPEC: &str = "spec/novamed.yaml";
const OUT: &str = "generated-client";
const NAME: &str = "novamed";
const PARTS: &str = "templates/novamed";
/// The head of its manifest, which contains its version.
pub const MANIFEST: &str = "templates/novamed/manifest.toml";

/// Valid identifiers that can't be crate names: Cargo refuses keywords and the names of Rust's own crates.
const RESERVED: &str = "\
    abstract alloc as async await become box break const continue core crate do dyn else enum \
    extern false final fn for gen if impl in let loop macro match mod move mut override priv \
    proc-macro proc_macro pub ref return self static std struct super test trait true try type \
    typeof unsafe unsized use virtual where while yield";

/// The input and output of a codegen run.
#[derive(Debug)]
struct Job {
    /// The path of the document.
    spec: PathBuf,
    /// The document's name in messages.
    spec_name: String,
    /// The output folder.
    out: PathBuf,
    /// The output folder's name in messages.
    out_name: String,
    /// The configuration for the generator.
    config: Config,
    /// Whether warnings are errors.
    deny_warnings: bool,
    /// The command that brings the output folder up to date.
    repair: String,
}

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 if the document has problems, if the check fails, or if a file can't be read or
/// written. Fails with status 2 if the document doesn't exist, or if no crate name can be derived.
pub fn run(options: &Codegen) -> Result<(), Failure> {
    let start = Instant::now();
    let job = job(options)?;
    let generated = generate(&job, options)?;
    let survey = survey::survey(&job.out, &generated.files)?;
    if options.check {
        checked(&job, &survey)?;
    } else {
        let steps = write::steps(&survey, &generated.files)?;
        write::perform(&job.out, &steps)?;
        for note in write::notes(&survey) {
            eprintln!("note: {}/{note}", job.out_name);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}: {}; {} in {} ({seconds:.2} s)",
        job.config.name,
        contents(&generated.summary),
        file_counts(&survey, options.check),
        job.out_name,
    );
    Ok(())
}

/// Fails unless the folder is up to date. Lists every file that isn't, and how to fix it.
fn checked(job: &Job, survey: &Survey) -> Result<(), Failure> {
    let problems = check::problems(survey);
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::problem(format!(
        "{} is not what {} generates:\n  {}\nhelp: run `{}`",
        job.out_name,
        job.spec_name,
        problems.join("\n  "),
        job.repair
    )))
}

/// Reads the document, generates the client, and reports the diagnostics on standard error and, if
/// requested, in a file.
fn generate(job: &Job, options: &Codegen) -> Result<Generated, Failure> {
    let document = Document::read(&job.spec, &job.spec_name)?;
    let source = document.source();
    let result = generator::generate(&source, &job.config);
    let mut diagnostics: Vec<Diagnostic> = match &result {
        Ok(generated) => generated.warnings.clone(),
        Err(diagnostics) => diagnostics.clone(),
    };
    let count = diagnostics.len();
    let denied = if job.deny_warnings { deny(&mut diagnostics) } else { 0 };
    tell(&diagnostics, result.as_ref().ok(), &source, options)?;
    match result {
        _ if denied > 0 => Err(Failure::problem(refusal(&job.spec_name, count, denied))),
        Ok(generated) => Ok(generated),
        Err(_) => {
            Err(Failure::problem(format!("{} has {}; nothing was written", job.spec_name, counted(count, "problem"))))
        }
    }
}

/// Explains why nothing was written: of `count` problems, `denied` are denied warnings.
fn refusal(spec: &str, count: usize, denied: usize) -> String {
    let why = if denied == count {
        format!("{}, and warnings are denied", counted(count, "warning"))
    } else {
        format!("{}, including denied warnings", counted(count, "problem"))
    };
    format!("{spec} has {why}; nothing was written")
}

/// Turns denied warnings into errors, and returns their number.
fn deny(diagnostics: &mut [Diagnostic]) -> usize {
    let mut denied = 0;
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| !diagnostic.is_error()) {
        diagnostic.severity = Severity::Error;
        denied += 1;
    }
    denied
}

/// Prints the diagnostics on standard error, and writes the report file if there is one: as JSON if its name ends in
/// `.json`, and otherwise as text. Minor warnings are only counted, unless the options say otherwise; the file has all.
fn tell(
    diagnostics: &[Diagnostic],
    generated: Option<&Generated>,
    source: &Source<'_>,
    options: &Codegen,
) -> Result<(), Failure> {
    let report = options.report.as_deref();
    if diagnostics.is_empty() && report.is_none() {
        return Ok(());
    }
    // Only diagnostics need the positions of a document's parts, so they are parsed again instead of being
    // passed through the stages.
    let root = generator::parse::tree(source);
    let shown = |diagnostics: &[Diagnostic], color| match diagnostics {
        [] => String::new(),
        _ => generator::report::text(diagnostics, source, root.as_ref(), color) + "\n",
    };
    let is_listed = |found: &&Diagnostic| options.verbose || found.is_error() || !found.is_minor;
    let listed: Vec<Diagnostic> = diagnostics.iter().filter(is_listed).cloned().collect();
    eprint!("{}", shown(&listed, color()));
    let counted_only = diagnostics.len() - listed.len();
    if counted_only > 0 {
        let count = counted(counted_only, "minor warning");
        eprintln!("{count} not listed: patterns left to the server, or documentation next to `$ref`; see `--verbose`");
    }
    let Some(file) = report else { return Ok(()) };
    let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let text = if is_json {
        generator::report::json(diagnostics, generated, source, root.as_ref())
    } else {
        shown(diagnostics, false)
    };
    fs::write(file, text).map_err(|error| Failure::io("write", file, &error))
}

/// Returns whether standard error supports colors: it is a terminal, and `NO_COLOR` isn't set.
fn color() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && io::stderr().is_terminal()
}

fn job(options: &Codegen) -> Result<Job, Failure> {
    match (&options.spec, &options.out) {
        (Some(spec), Some(out)) => stand_alone(options, spec, out),
        (_, out) => own(options, out.as_deref()),
    }
}

/// Returns the job of the repository's own client, in its own folder or another.
fn own(options: &Codegen, out: Option<&Path>) -> Result<Job, Failure> {
    let root = crate::root();
    let mut repair = "cargo xtask codegen".to_owned();
    if let Some(out) = out {
        repair = format!("{repair} --out {}", quoted(out));
    }
    Ok(Job {
        spec: root.join(SPEC),
        spec_name: SPEC.to_owned(),
        out: out.map_or_else(|| root.join(OUT), Path::to_owned),
        out_name: out.map_or_else(|| OUT.to_owned(), |out| out.display().to_string()),
        config: Config { unmarked: unmarked(options), ..own_config()? },
        deny_warnings: true,
        repair,
    })
}

/// Returns the generator's configuration for the repository's own client.
///
/// # Errors
///
/// Fails if a hand-written part can't be read.
pub fn own_config() -> Result<Config, Failure> {
    let parts = templates::read(&crate::root().join(PARTS))?;
    Ok(Config {
        includes: parts.includes,
        manifest_head: parts.manifest_head,
        command: "cargo xtask codegen".to_owned(),
        server: true,
        ..Config::new(NAME)
    })
}

/// Returns the job for a stand-alone crate from any document.
fn stand_alone(options: &Codegen, spec: &Path, out: &Path) -> Result<Job, Failure> {
    let name = match &options.name {
        Some(name) => name.clone(),
        None => folder_name(out)?,
    };
    check_name(&name)?;
    let command = |spec: &Path, out: &Path| {
        let unmarked = if options.unmarked_shown { " --unmarked shown" } else { "" };
        let (spec, out) = (quoted(spec), quoted(out));
        let server = if options.server { " --server" } else { "" };
        format!("cargo xtask codegen --spec {spec} --out {out} --name {name}{unmarked}{server}")
    };
    // The files name the command without the folders of this machine, so they are the same everywhere.
    let spec_file = spec.file_name().map_or(spec, Path::new);
    Ok(Job {
        spec: spec.to_owned(),
        spec_name: spec.display().to_string(),
        out: out.to_owned(),
        out_name: out.display().to_string(),
        config: Config {
            name: name.clone(),
            includes: templates::Parts::default().includes,
            manifest_head: None,
            command: command(spec_file, Path::new(&name)),
            unmarked: unmarked(options),
            server: options.server,
        },
        deny_warnings: options.deny_warnings,
        repair: command(spec, out),
    })
}

fn unmarked(options: &Codegen) -> Unmarked {
    if options.unmarked_shown { Unmarked::Shown } else { Unmarked::Redacted }
}

fn folder_name(out: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(out).ok();
    let name = absolute.as_deref().and_then(Path::file_name);
    let name = name.and_then(|name| name.to_str()).map(str::to_owned);
    name.ok_or_else(|| {
        let message = format!("{} gives the crate no name: add --name CRATE", out.display());
        Failure::usage("codegen", message)
    })
}

/// Checks that Cargo accepts the name.
fn check_name(name: &str) -> Result<(), Failure> {
    let rest = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let letters = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(rest);
    if letters && name.len() <= 64 && !RESERVED.split(' ').any(|word| word == name) {
        return Ok(());
    }
    Err(Failure::usage(
        "codegen",
        format!(
            "a crate cannot be called `{name}`: use --name with a letter, then letters, digits, \
             `-` and `_`, 64 at most, and no word of Rust's own"
        ),
    ))
}

/// Quotes a path for a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+@:\\".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns a summary of the document, for the last line of output.
fn contents(summary: &Summary) -> String {
    let mut parts = vec![counted(summary.operations, "operation"), counted(summary.types, "type")];
    if summary.events > 0 {
        parts.push(counted(summary.events, "event"));
    }
    for (count, what, how) in [
        (summary.left_out_operations, "operation", "left out"),
        (summary.left_out_schemas, "schema", "left out"),
        (summary.unused_schemas, "schema", "unused and not generated"),
        (summary.untyped, "place", "untyped"),
    ] {
        if count > 0 {
            parts.push(format!("{} {how}", counted(count, what)));
        }
    }
    parts.join(", ")
}

/// Returns what was done with the files, for the closing line.
fn file_counts(survey: &Survey, check: bool) -> String {
    let fresh = survey.paths(&[State::Fresh]).len();
    if check {
        return format!("{} up to date", counted(fresh, "file"));
    }
    let written = survey.paths(&[State::Missing, State::Stale, State::Edited]);
    let removed = survey.paths(&[State::Orphan]).len();
    let written = counted(written.len(), "file");
    format!("{written} written, {fresh} unchanged, {removed} removed")
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests;
