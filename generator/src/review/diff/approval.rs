//! Findings that somebody accepted, with the reason.
//!
//! ```toml
//! [[approve]]
//! code = "property-removed"
//! fingerprint = "0123456789ab"
//! reason = "nobody sent it: the field was published by mistake"
//! ```

use std::collections::BTreeMap;

use super::finding::Finding;
use crate::diagnostic::Diagnostic;
use crate::review::exceptions::{self, Form};

const FORM: Form = Form { list: "approve", keys: &["code", "fingerprint"], optional: &[], tables: &[] };

/// What a list of approvals accepts of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Approved {
    /// Reasons, by code and fingerprint.
    reasons: BTreeMap<(String, String), String>,
}

impl Approved {
    /// Reads a list. The diagnostics are errors with places in `text`: what is wrong with the list, and each approval
    /// that accepts none of the findings.
    #[must_use]
    pub fn read(text: &str, findings: &[Finding]) -> (Self, Vec<Diagnostic>) {
        let (mut accepted, mut problems) = exceptions::read(text, &FORM);
        for finding in findings {
            accepted.accepts(&[finding.code, &finding.fingerprint()]);
        }
        problems.extend(accepted.unused());
        let reasons = accepted.entries.into_iter().filter_map(|entry| {
            let [code, fingerprint] = <[String; 2]>::try_from(entry.key).ok()?;
            Some(((code, fingerprint), entry.reason))
        });
        (Self { reasons: reasons.collect() }, problems)
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
