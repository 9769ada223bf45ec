//! What a document's keeper decides: the level of each rule, and exceptions with their reasons.
//!
//! ```toml
//! [levels]
//! missing-summary = "deny"     # or "warn", or "allow"
//!
//! [[except]]
//! code = "sensitive-in-url"
//! pointer = "/paths/~1pets/get/parameters/0"
//! reason = "so it is published"
//! ```

use std::collections::BTreeMap;

use super::codes;
use super::explain::{all_codes, code};
use crate::exceptions::{self, Accepted, Form, Setting, codes as of_lists};
use generator::diagnostic::{Code, Diagnostic, Pointer, Severity, Span};
use generator::parse::nearest;

/// What a configuration may hold.
const FORM: Form = Form { list: "except", keys: &["code", "pointer"], optional: &[], tables: &["levels"] };

/// How much the findings of a rule weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// They are not reported.
    Allow,
    /// They are reported.
    Warn,
    /// They are reported as errors.
    Deny,
}

impl Level {
    /// Returns the level of a code if the configuration sets none.
    #[must_use]
    pub fn of(code: &Code) -> Self {
        match code.severity() {
            Severity::Error => Self::Deny,
            Severity::Warning => Self::Warn,
        }
    }

    /// Returns the level's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// Levels and exceptions. The default one has none: each rule has its own level.
#[derive(Debug, Clone, Default)]
pub struct Config {
    levels: BTreeMap<String, Level>,
    accepted: Accepted,
}

impl Config {
    /// Reads a configuration, and what is wrong with it: errors whose places are spans of the text.
    #[must_use]
    pub fn read(text: &str) -> (Self, Vec<Diagnostic>) {
        let (accepted, mut problems) = exceptions::read(text, &FORM);
        let mut levels = BTreeMap::new();
        for setting in &accepted.settings {
            match level(setting) {
                Ok(level) => {
                    levels.insert(setting.key.clone(), level);
                }
                Err(problem) => problems.push(problem),
            }
        }
        for entry in &accepted.entries {
            let place = |key: &str| entry.places.get(key).copied().unwrap_or(entry.span);
            if code(&entry.key[0]).is_none() {
                problems.push(unknown_code(&entry.key[0], place("code")));
            }
            if !is_place(&entry.key[1]) {
                let message = "this isn't a place in a document";
                let help = "write a JSON pointer as findings show it, such as `/paths/~1pets/get`";
                problems.push(error(&of_lists::EXCEPTION_VALUE, place("pointer"), message).help(help));
            }
        }
        (Self { levels, accepted }, problems)
    }

    /// Returns the level of a code.
    #[must_use]
    pub fn level(&self, code: &Code) -> Level {
        self.levels.get(code.name()).copied().unwrap_or_else(|| Level::of(code))
    }

    /// Returns why a finding is accepted, where it is, and counts the use.
    pub(super) fn accept(&mut self, code: &str, pointer: &str) -> Option<String> {
        self.accepted.accept(&[code, pointer]).map(|entry| entry.reason.clone())
    }

    /// Returns an error for each exception that nothing came to.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        self.accepted.unused()
    }
}

fn level(setting: &Setting) -> Result<Level, Diagnostic> {
    let Some(code) = code(&setting.key) else { return Err(unknown_code(&setting.key, setting.key_span)) };
    let levels = [Level::Allow, Level::Warn, Level::Deny];
    let level = levels.into_iter().find(|level| level.word() == setting.value).ok_or_else(|| {
        let message = format!("`{}` isn't a level", setting.value);
        error(&of_lists::EXCEPTION_VALUE, setting.value_span, message).help("write `deny`, `warn` or `allow`")
    })?;
    if is_fixed(code) && level != Level::Deny {
        let message = format!("`{code}` is always an error");
        let help = "remove the line: what is wrong there has to be corrected";
        return Err(error(&of_lists::EXCEPTION_VALUE, setting.value_span, message).help(help));
    }
    Ok(level)
}

fn unknown_code(code: &str, span: Span) -> Diagnostic {
    let help = match nearest(code, all_codes().into_iter().map(Code::name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`cargo xtask lint --list` shows the rules".to_owned(),
    };
    error(&of_lists::EXCEPTION_KEY, span, format!("unknown rule `{code}`")).help(help)
}

fn is_place(pointer: &str) -> bool {
    let inside = pointer.split_once('#').map_or(pointer, |(_, inside)| inside);
    inside.is_empty() || inside.starts_with('/')
}

/// Returns whether the configuration can neither turn the code off nor except it: nothing is generated because of it.
pub(super) fn is_fixed(code: &'static Code) -> bool {
    code.severity() == Severity::Error && !codes::CODES.contains(&code)
}

fn error(code: &'static Code, span: Span, message: impl Into<String>) -> Diagnostic {
    code.at(&Pointer::root(), message).at_span(span)
}
