//! Our document beside one that somebody else published: what they have, what we have, and what differs.
//!
//! The same comparison as [`diff`], told without a before and an after. Words are ignored, and so are names
//! that only one of the two documents gives: of schemas, of operations, and everything in our extensions.

mod known;
mod report;

use super::diff::wire;
use super::diff::{self, Finding, Unreadable};
use super::reading::Reading;
use generator::diagnostic::Pointer;
use generator::{Config, Source};

pub use report::{json, markdown, terminal};

/// Who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The published document alone.
    Theirs,
    /// Our document alone.
    Ours,
    /// Both, and not the same.
    Differs,
}

impl Whose {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Theirs => "theirs",
            Self::Ours => "ours",
            Self::Differs => "differs",
        }
    }
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Who has it.
    pub whose: Whose,
    /// Short name of what it is about, in kebab-case.
    pub code: &'static str,
    /// What it is about, by names alone: the same in every state of the documents.
    pub subject: String,
    /// The difference in one sentence.
    pub message: String,
    /// The value in the published document, if it is a simple value.
    pub value: Option<String>,
    /// The place in our document; none for what we do not have.
    pub ours: Option<Pointer>,
    /// The place in theirs; none for what they do not have.
    pub theirs: Option<Pointer>,
    /// Why it is known and left as it is.
    pub reason: Option<String>,
}

/// Two documents side by side.
#[derive(Debug)]
pub struct Drift<'s> {
    /// Our document.
    pub ours: Reading<'s>,
    /// The published one.
    pub theirs: Reading<'s>,
    /// Theirs, ours, and what differs, each in the order of the document.
    pub differences: Vec<Difference>,
}

/// Compares our document with a published one.
///
/// # Errors
///
/// One of the documents cannot be read; the published one counts as the newer.
pub fn drift<'s>(ours: Source<'s>, theirs: Source<'s>) -> Result<Drift<'s>, Unreadable> {
    let config = Config::new("client");
    let read = |source: Source<'s>, is_new| {
        Reading::of(source, &config).map_err(|diagnostics| Unreadable { is_new, diagnostics })
    };
    let (ours, theirs) = (read(ours, false)?, read(theirs, true)?);
    let mut findings = wire::compare(&ours, &theirs).findings;
    diff::note_states(&mut findings, &ours, &theirs);
    let mut differences: Vec<Difference> = findings.iter().filter_map(difference).collect();
    differences.extend(servers(&ours, &theirs));
    // The same schema in a request and in an answer is one difference.
    let mut seen = std::collections::BTreeSet::new();
    differences.retain(|it| seen.insert((it.code, it.subject.clone(), it.message.clone())));
    differences.sort_by_cached_key(|it| {
        let start = it.theirs.as_ref().map(|pointer| theirs.document.start(pointer));
        (it.whose, start, it.ours.as_ref().map(|pointer| ours.document.start(pointer)))
    });
    Ok(Drift { ours, theirs, differences })
}

impl Drift<'_> {
    /// The differences that nobody knows of yet.
    #[must_use]
    pub fn unknown(&self) -> Vec<&Difference> {
        self.differences.iter().filter(|difference| difference.reason.is_none()).collect()
    }
}

/// What only our extensions say, or only one document names.
const IGNORED: &[&str] = &[
    "deprecation-changed",
    "enum-closed",
    "enum-opened",
    "envelope-changed",
    "key-prefix-changed",
    "operation-renamed",
    "parameter-renamed",
    "personal-data-changed",
    "rate-limit-changed",
    "schema-exchanged",
    "schema-renamed",
    "server-added",
    "server-moved",
    "server-removed",
    "server-renamed",
    "tags-changed",
];

/// What a difference is about: the code here, whether they, we or both have it, and what is said of the subject.
const TOLD: &[(&str, &str, Whose, &str)] = &[
    ("alternative-added", "alternative", Whose::Theirs, ""),
    ("alternative-removed", "alternative", Whose::Ours, ""),
    ("alternatives-came", "alternatives", Whose::Differs, "has other alternatives"),
    ("alternatives-went", "alternatives", Whose::Differs, "has other alternatives"),
    ("answer-body", "body", Whose::Differs, "has a body in one of the two alone"),
    ("became-not-nullable", "nullable", Whose::Differs, "may be null in ours, and may not in theirs"),
    ("became-nullable", "nullable", Whose::Differs, "may be null in theirs, and may not in ours"),
    ("body-added", "body", Whose::Theirs, ""),
    ("required-body-added", "body", Whose::Theirs, ""),
    ("body-removed", "body", Whose::Ours, ""),
    ("body-schema", "schema", Whose::Differs, "has a schema in one of the two alone"),
    ("body-became-optional", "required", Whose::Differs, "is required in ours, and optional in theirs"),
    ("body-became-required", "required", Whose::Differs, "is required in theirs, and optional in ours"),
    ("constant-changed", "constant", Whose::Differs, ""),
    ("default-changed", "default", Whose::Differs, "has another default"),
    ("discriminator-changed", "discriminator", Whose::Differs, "is told apart in another way"),
    ("encoding-changed", "encoding", Whose::Differs, "is written in another way"),
    ("enum-added", "enum", Whose::Differs, "lists its values in theirs, and may be anything in ours"),
    ("enum-dropped", "enum", Whose::Differs, "lists its values in ours, and may be anything in theirs"),
    ("enum-value-added", "enum-value", Whose::Theirs, ""),
    ("enum-value-removed", "enum-value", Whose::Ours, ""),
    ("event-added", "event", Whose::Theirs, ""),
    ("event-removed", "event", Whose::Ours, ""),
    ("format-changed", "format", Whose::Differs, ""),
    ("further-properties", "further-properties", Whose::Differs, "holds other further properties"),
    ("header-added", "header", Whose::Theirs, ""),
    ("header-removed", "header", Whose::Ours, ""),
    ("header-style", "header", Whose::Differs, "is written in another way"),
    ("header-became-optional", "required", Whose::Differs, "is required in ours, and optional in theirs"),
    ("header-became-required", "required", Whose::Differs, "is required in theirs, and optional in ours"),
    ("items-changed", "items", Whose::Differs, "says of its items what they are in one of the two alone"),
    ("keyword-changed", "keyword", Whose::Differs, "is another one, or in one of the two alone"),
    ("limit-loosened", "limit", Whose::Differs, ""),
    ("limit-tightened", "limit", Whose::Differs, ""),
    ("media-type-added", "media-type", Whose::Theirs, ""),
    ("media-type-removed", "media-type", Whose::Ours, ""),
    ("operation-added", "operation", Whose::Theirs, ""),
    ("operation-removed", "operation", Whose::Ours, ""),
    ("operation-moved", "operation", Whose::Differs, "has another method or path"),
    ("parameter-added", "parameter", Whose::Theirs, ""),
    ("required-parameter-added", "parameter", Whose::Theirs, ""),
    ("parameter-removed", "parameter", Whose::Ours, ""),
    ("parameter-moved", "parameter", Whose::Differs, "goes in another place"),
    ("parameter-style", "parameter", Whose::Differs, "is written in another way"),
    ("parameter-became-optional", "required", Whose::Differs, "is required in ours, and optional in theirs"),
    ("parameter-became-required", "required", Whose::Differs, "is required in theirs, and optional in ours"),
    ("property-added", "property", Whose::Theirs, ""),
    ("required-property-added", "property", Whose::Theirs, ""),
    ("property-removed", "property", Whose::Ours, ""),
    ("property-became-optional", "required", Whose::Differs, "is required in ours, and optional in theirs"),
    ("property-became-required", "required", Whose::Differs, "is required in theirs, and optional in ours"),
    ("property-became-read-only", "access", Whose::Differs, "is read-only in theirs, and is not in ours"),
    ("property-became-readable", "access", Whose::Differs, "is write-only in ours, and is not in theirs"),
    ("property-became-writable", "access", Whose::Differs, "is read-only in ours, and is not in theirs"),
    ("property-became-write-only", "access", Whose::Differs, "is write-only in theirs, and is not in ours"),
    ("security-added", "security", Whose::Theirs, ""),
    ("security-removed", "security", Whose::Ours, ""),
    ("security-scheme", "security", Whose::Differs, "travels in another way"),
    ("status-added", "status", Whose::Theirs, ""),
    ("status-removed", "status", Whose::Ours, ""),
    ("type-changed", "type", Whose::Differs, ""),
];

fn difference(finding: &Finding) -> Option<Difference> {
    // They do not have our extensions.
    let is_mark = |pointer: &Pointer| pointer.last().is_some_and(|key| key.starts_with("x-client-"));
    if IGNORED.contains(&finding.code) || finding.old.iter().chain(&finding.new).any(is_mark) {
        return None;
    }
    let told = TOLD.iter().find(|(code, ..)| *code == finding.code);
    let (code, whose, words) =
        told.map_or((finding.code, Whose::Differs, ""), |(_, code, whose, words)| (*code, *whose, *words));
    let mut subject = finding.subject.clone();
    if !finding.detail.is_empty() {
        subject = format!("{subject}: {}", finding.detail);
    }
    let message = match (whose, &finding.values) {
        (Whose::Theirs, _) => format!("the {} `{subject}` is in theirs alone", code.replace('-', " ")),
        (Whose::Ours, _) => format!("the {} `{subject}` is in ours alone", code.replace('-', " ")),
        (Whose::Differs, Some((ours, theirs))) => {
            format!("the {code} of `{subject}` is {theirs} in theirs, and {ours} in ours")
        }
        (Whose::Differs, None) if words.is_empty() => format!("`{subject}` is another one"),
        (Whose::Differs, None) => format!("`{subject}` {words}"),
    };
    let value = match (&finding.values, &finding.state) {
        _ if whose != Whose::Differs => None,
        (Some((_, theirs)), _) => Some(theirs.replace('`', "")),
        (None, state) => state.as_ref().map(|[_, theirs]| theirs.clone()),
    };
    Some(Difference {
        whose,
        code,
        subject,
        message,
        value,
        ours: finding.old.clone().filter(|_| whose != Whose::Theirs),
        theirs: finding.new.clone().filter(|_| whose != Whose::Ours),
        reason: None,
    })
}

/// Compares the addresses alone: names of environments are ours.
fn servers(ours: &Reading<'_>, theirs: &Reading<'_>) -> Vec<Difference> {
    let addresses = |reading: &Reading<'_>| -> Vec<String> {
        reading.document.openapi.servers.iter().map(|server| server.url.trim_end_matches('/').to_owned()).collect()
    };
    let (here, there) = (addresses(ours), addresses(theirs));
    let alone = |mine: &[String], others: &[String], whose: Whose| -> Vec<Difference> {
        let alone = mine.iter().enumerate().filter(|(_, url)| !others.contains(url));
        let difference = |(index, url): (usize, &String)| {
            let place = Some(Pointer::root().key("servers").index(index));
            let (ours, theirs) = if whose == Whose::Ours { (place, None) } else { (None, place) };
            let message = format!("the server `{url}` is in {} alone", whose.word());
            let subject = url.clone();
            Difference { whose, code: "server", subject, message, value: None, ours, theirs, reason: None }
        };
        alone.map(difference).collect()
    };
    let mut all = alone(&there, &here, Whose::Theirs);
    all.extend(alone(&here, &there, Whose::Ours));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The comparison's own source: its codes are the words in quotes that have a dash.
    const SOURCES: [&str; 11] = [
        include_str!("diff/wire/access.rs"),
        include_str!("diff/wire/body.rs"),
        include_str!("diff/wire/choice.rs"),
        include_str!("diff/wire/keywords.rs"),
        include_str!("diff/wire/limits.rs"),
        include_str!("diff/wire/mod.rs"),
        include_str!("diff/wire/operation.rs"),
        include_str!("diff/wire/parameter.rs"),
        include_str!("diff/wire/root.rs"),
        include_str!("diff/wire/schema.rs"),
        include_str!("diff/wire/security.rs"),
    ];

    #[test]
    fn every_code_of_the_comparison_is_told_or_ignored() {
        let is_code = |word: &&str| word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let keys = ["key-prefix", "patient-data", "rate-limit", "read-only", "write-only"];
        let words = SOURCES.iter().flat_map(|text| text.split('"')).filter(is_code);
        let codes = words.filter(|word| !word.starts_with("x-client") && !keys.contains(word));
        let missing: Vec<&str> =
            codes.filter(|code| !IGNORED.contains(code) && !TOLD.iter().any(|(told, ..)| told == code)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    fn document(age: &str, more: &str) -> String {
        format!(
            "openapi: 3.0.3\ninfo: {{title: Pets, version: '1'}}\npaths:\n  /pet:\n    get:\n      operationId: getPet\n      \
             responses:\n        '200':\n          description: The pet\n          content: {{application/json: {{schema: \
             {{$ref: '#/components/schemas/Pet'}}}}}}\ncomponents:\n  schemas:\n    Pet: {{type: object, properties: {{age: \
             {{type: {age}}}{more}}}}}\n"
        )
    }

    #[test]
    fn a_known_difference_repeats_their_value() {
        let (ours, theirs) = (document("integer", ""), document("string", ""));
        let problems = |list: &str| {
            let drift = drift(Source::alone("ours.yaml", &ours), Source::alone("theirs.yaml", &theirs));
            drift.expect("both can be read").know(list)
        };
        let code = &crate::exceptions::codes::KNOWN_VALUE;
        assert_eq!(problems(code.wrong()).iter().map(|problem| problem.code).collect::<Vec<_>>(), [code]);
        assert_eq!(problems(code.right()), []);
    }

    #[test]
    fn accepted_differences_are_added_to_the_list() {
        let (ours, theirs) = (document("integer", ", b: {type: string}"), document("string", ""));
        let compared = || {
            let drift = drift(Source::alone("ours.yaml", &ours), Source::alone("theirs.yaml", &theirs));
            drift.expect("both can be read")
        };
        let (list, count) = compared().accept("", "first \"state\"");
        assert_eq!(count, 2);
        let mut drift = compared();
        assert_eq!(drift.know(&list), []);
        assert!(drift.unknown().is_empty());
        assert_eq!(drift.accept(&list, "again"), (list, 0));

        // Comments and entries stay, also those that no longer apply.
        let old = "# Ours is right.\n[[known]]\ncode = 'property'\nsubject = 'Pet.gone'\nreason = 'so'";
        let mut drift = compared();
        assert_eq!(drift.know(old).len(), 1);
        let (list, count) = drift.accept(old, "now");
        assert!(list.starts_with(&format!("{old}\n\n[[known]]\n")) && count == 2, "{list}");
        assert_eq!(compared().know(&list).len(), 1);
    }

    #[test]
    fn every_code_is_told_once_or_ignored() {
        for (index, (code, ..)) in TOLD.iter().enumerate() {
            assert!(TOLD[..index].iter().all(|(other, ..)| other != code), "{code} is told twice");
            assert!(!IGNORED.contains(code), "{code} is told and ignored");
        }
    }
}
