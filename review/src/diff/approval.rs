//! Findings that somebody accepted, with the reason.
//!
//! ```toml
//! [[approve]]
//! code = "property-removed"
//! fingerprint = "0123456789ab"
//! reason = "nobody sent it: the field was published by mistake"
//! ```
//!
//! An approval is for one change, to what it is now: where the same edit makes another value of it, the fingerprint is
//! another one. Once that is merged, the older state has the approval as well, word for word: it is
//! idle then, and accepts nothing. So a list may keep what it has, for a comparison with a state before the change; and
//! the same change made a second time needs a new reason in the entry.

use std::collections::BTreeMap;

use super::finding::Finding;
use crate::exceptions::{self, Entry, Form, codes};
use generator::diagnostic::{Diagnostic, Pointer};

const FORM: Form = Form { list: "approve", keys: &["code", "fingerprint"], optional: &[], tables: &[] };

/// What a list of approvals accepts of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Approved {
    /// Reasons, by code and fingerprint.
    reasons: BTreeMap<(String, String), String>,
    /// So many approvals are for changes that the older state has already.
    pub idle: usize,
}

impl Approved {
    /// Reads a list; `merged` is the same list as the older state has it, empty where it has none. The diagnostics have
    /// places in `text`. Errors are what is wrong with the list, and each new approval that accepts none of the
    /// findings; a warning is an idle one whose change was made again.
    #[must_use]
    pub fn read(text: &str, merged: &str, findings: &[Finding]) -> (Self, Vec<Diagnostic>) {
        let (mut accepted, mut problems) = exceptions::read(text, &FORM);
        let merged = exceptions::read(merged, &FORM).0.entries;
        let is_merged = |entry: &Entry| merged.iter().any(|it| (&it.key, &it.reason) == (&entry.key, &entry.reason));
        let (idle, fresh): (Vec<Entry>, Vec<Entry>) = accepted.entries.into_iter().partition(is_merged);
        accepted.entries = fresh;
        for finding in findings {
            accepted.accepts(&[finding.code, &finding.fingerprint()]);
        }
        let found: Vec<Vec<String>> =
            findings.iter().map(|finding| vec![finding.code.to_owned(), finding.fingerprint()]).collect();
        problems.extend(accepted.unused_beside(&found, |entry| instead(&entry.key[0], findings)));
        let is_found = |entry: &&Entry| {
            findings.iter().any(|finding| entry.key[0] == finding.code && entry.key[1] == finding.fingerprint())
        };
        problems.extend(idle.iter().filter(is_found).map(made_again));
        let reasons = accepted.entries.into_iter().filter_map(|entry| {
            let [code, fingerprint] = <[String; 2]>::try_from(entry.key).ok()?;
            Some(((code, fingerprint), entry.reason))
        });
        (Self { reasons: reasons.collect(), idle: idle.len() }, problems)
    }

    /// Returns why a finding was accepted, where it was.
    #[must_use]
    pub fn reason(&self, finding: &Finding) -> Option<&str> {
        if self.reasons.is_empty() {
            return None;
        }
        self.reasons.get(&(finding.code.to_owned(), finding.fingerprint())).map(String::as_str)
    }
}

/// So many findings are named instead of one that is not there.
const NAMED: usize = 3;

/// What is found of the code of an approval, where that is something else than it names: the edit became another one.
fn instead(code: &str, findings: &[Finding]) -> Option<String> {
    let found: Vec<&Finding> = findings.iter().filter(|finding| finding.code == code).collect();
    let named = found.iter().take(NAMED).map(|it| format!("`{}` of `{}`", it.fingerprint(), it.subject));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = if found.len() > NAMED { format!(" and {} more", found.len() - NAMED) } else { String::new() };
    (!found.is_empty()).then(|| format!("remove it, or accept what is found: {named}{more}"))
}

fn made_again(entry: &Entry) -> Diagnostic {
    let message = "this approval was merged with an earlier change, and does not accept the same change made again";
    codes::APPROVAL_MERGED
        .at(&Pointer::root(), message)
        .at_span(entry.span)
        .help("write into its `reason` why this change is accepted")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use generator::{Config, Source};

    #[test]
    fn the_examples_of_a_merged_approval_show_it() {
        let document = |properties: &str| {
            format!(
                "openapi: 3.0.3\ninfo: {{title: Pets, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    Pet: {{type: \
                 object, properties: {{{properties}}}}}\n"
            )
            .replace("paths: {}", "paths: {/pet: {get: {operationId: getPet, responses: {'200': {description: The pet, \
                 content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}}")
        };
        let (old, new) = (document("name: {type: string}, age: {type: integer}"), document("name: {type: string}"));
        let (old, new) = (Source::alone("old.yaml", &old), Source::alone("new.yaml", &new));
        let diff = diff(old, new, &Config::new("pets")).expect("both can be read");
        let removed = diff.findings.iter().find(|finding| finding.code == "property-removed").expect("one is gone");
        let code = &codes::APPROVAL_MERGED;
        let [wrong, right] =
            [code.wrong(), code.right()].map(|list| list.replace("9bc1f8d344e9", &removed.fingerprint()));
        let reported = |list| Approved::read(list, &wrong, &diff.findings).1;
        assert_eq!(reported(&wrong).iter().map(|problem| problem.code).collect::<Vec<_>>(), [code]);
        assert_eq!(reported(&right), []);
    }
}
