//! Failures that several operations document in the same words, so that the client's docs can describe each once.

use std::collections::BTreeMap;

use super::status;
use crate::model::{Docs, Group, SharedFailure, Status};

/// A description of up to so many bytes takes no more room than a link to it.
const SHORT: usize = 72;

/// Moves the failures that at least two operations describe alike out of the operations. Returns them sorted by status.
pub fn shared(groups: &mut [Group]) -> Vec<SharedFailure> {
    let mut found: BTreeMap<Status, Vec<(&Docs, usize)>> = BTreeMap::new();
    for failure in groups.iter().flat_map(|group| &group.operations).flat_map(|op| &op.failures) {
        let described = found.entry(failure.status).or_default();
        match described.iter_mut().find(|(docs, _)| **docs == failure.docs) {
            Some((_, count)) => *count += 1,
            None => described.push((&failure.docs, 1)),
        }
    }
    let mut shared = Vec::new();
    for (status, described) in found {
        let described = described.into_iter().filter(|(docs, count)| *count > 1 && docs.description.len() > SHORT);
        shared.extend(described.enumerate().map(|(before, (docs, _))| SharedFailure {
            title: title(status, before),
            status,
            docs: docs.clone(),
        }));
    }
    for op in groups.iter_mut().flat_map(|group| &mut group.operations) {
        for failure in &mut op.failures {
            let is_same = |shared: &SharedFailure| shared.status == failure.status && shared.docs == failure.docs;
            let Some(index) = shared.iter().position(is_same) else { continue };
            let bodies = op.error_type.iter_mut().flat_map(|error| &mut error.variants);
            bodies.filter(|body| body.status == failure.status).for_each(|body| body.docs = Docs::default());
            (failure.shared, failure.docs) = (Some(index), Docs::default());
        }
    }
    shared
}

/// `401 Unauthorized`; a second description of that status is `401 Unauthorized (2)`.
fn title(status: Status, before: usize) -> String {
    let title = match status {
        Status::Code(code) => format!("{code} {}", words(status::word(status))),
        Status::Range(hundreds) => format!("{hundreds}XX {}", words(status::word(status))),
        Status::Default => "Any other status".to_owned(),
    };
    if before == 0 { title } else { format!("{title} ({})", before + 1) }
}

/// `BadRequest` as `Bad request`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.extend([' ', c.to_ascii_lowercase()]);
        } else {
            words.push(c);
        }
    }
    words
}
