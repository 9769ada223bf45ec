//! `cargo xtask lint`: what is wrong with a document.
//!
//! Reads the document and its configuration, lints it, and prints the report. Exit status 1 where there is
//! something to correct.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use generator::Source;
use generator::diagnostic::{Code, Diagnostic, Severity};
use review::lint::{self, Config, Lint as Found, Report, Sheet};

use crate::args::{Lint, LintFormat};
use crate::document::Document;
use crate::failure::{Failure, USAGE};

/// The repository's own document.
const SPEC: &str = "spec/novamed.yaml";

/// The configuration, beside the document.
const CONFIG: &str = "lint.toml";

/// A configuration file.
struct Settings {
    name: String,
    text: String,
}

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 where something is found that is an error, and with status 2 where the document or the
/// configuration cannot be read, or the configuration has mistakes.
pub fn run(options: &Lint) -> Result<(), Failure> {
    if options.list {
        print!("{}", lint::list());
        return Ok(());
    }
    if let Some(code) = &options.explain {
        return explain(code);
    }
    let path = options.document.clone().unwrap_or_else(|| crate::root().join(SPEC));
    let name = options.document.as_ref().map_or_else(|| SPEC.to_owned(), |path| path.display().to_string());
    let document = Document::read(&path, &name)?;
    let settings = settings(options, &path, &name)?;
    let mut config = read(settings.as_ref())?;
    let mut found = lint::lint(&document.source(), &mut config);
    if options.deny_warnings {
        found.findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }
    let errors = print(options.format, options.all, &found, &document.source(), settings.as_ref());
    if errors > 0 { Err(Failure::problem("")) } else { Ok(()) }
}

fn explain(code: &str) -> Result<(), Failure> {
    let Some(text) = lint::explain(code) else {
        let near = generator::parse::nearest(code, lint::all_codes().into_iter().map(Code::name));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("unknown rule `{code}`{near}\nhelp: `cargo xtask lint --list` shows the rules");
        return Err(Failure { status: USAGE, message });
    };
    print!("{text}");
    Ok(())
}

/// Reads the configuration: the one that is named, and otherwise that beside the document if there is one.
fn settings(options: &Lint, document: &Path, name: &str) -> Result<Option<Settings>, Failure> {
    let beside = |path: &Path| path.parent().unwrap_or(Path::new("")).join(CONFIG);
    let path = options.config.clone().unwrap_or_else(|| beside(document));
    let name = options.config.as_ref().map_or_else(|| beside(Path::new(name)), PathBuf::clone);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Settings { name: name.display().to_string(), text })),
        Err(error) if error.kind() == io::ErrorKind::NotFound && options.config.is_none() => Ok(None),
        Err(error) => Err(Failure {
            status: USAGE,
            message: format!(
                "cannot read the configuration {}: {error}\nhelp: --config takes the path of a TOML file",
                path.display()
            ),
        }),
    }
}

/// Understands the configuration, or shows what is wrong with it.
fn read(settings: Option<&Settings>) -> Result<Config, Failure> {
    let Some(Settings { name, text }) = settings else { return Ok(Config::default()) };
    let (config, problems) = Config::read(text);
    if problems.is_empty() {
        return Ok(config);
    }
    let color = color(&io::stderr());
    eprintln!("{}", generator::report::text(&problems, &Source::alone(name, text), None, color));
    Err(Failure { status: USAGE, message: format!("{name} cannot be used; nothing was looked at") })
}

/// Prints the findings, and returns how many are errors.
fn print(format: LintFormat, all: bool, found: &Found, source: &Source<'_>, settings: Option<&Settings>) -> usize {
    let (name, text) = settings.map_or(("", ""), |settings| (settings.name.as_str(), settings.text.as_str()));
    let sheets = [
        sheet(&found.findings, *source, found),
        Sheet { findings: &found.unused, source: Source::alone(name, text), root: None },
    ];
    let report = Report { document: source.name, sheets: &sheets, accepted: &found.accepted };
    let color = color(&io::stdout());
    let text = match format {
        LintFormat::Terminal => lint::terminal(&report, color, all),
        LintFormat::Json => lint::json(&report),
        LintFormat::Sarif => lint::sarif(&report),
        LintFormat::Github => lint::github(&report),
    };
    print!("{text}");
    report.counts().0
}

fn sheet<'a>(findings: &'a [Diagnostic], source: Source<'a>, found: &'a Found) -> Sheet<'a> {
    Sheet { findings, source, root: found.root.as_ref() }
}

fn color(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && stream.is_terminal()
}
