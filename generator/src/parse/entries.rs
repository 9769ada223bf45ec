//! Objects of the marked tree without duplicate keys.

use crate::diagnostic::{At, Pointer};

use super::codes;
use super::node::Entry;
use super::problems::Problems;

/// The most entries that are compared pair by pair, which needs no memory.
const FEW: usize = 12;

/// Keeps the last of several entries with one key, as every other reader does, and reports the lost ones. `pointer`
/// gives the place of the object.
pub(super) fn make_unique(entries: &mut Vec<Entry>, pointer: impl Fn() -> Pointer, problems: &mut Problems) {
    if !has_duplicates(entries) {
        return;
    }
    let mut sorted: Vec<usize> = (0..entries.len()).collect();
    sorted.sort_by(|&a, &b| entries[a].key.cmp(&entries[b].key));
    let mut lost = vec![false; entries.len()];
    for pair in sorted.windows(2) {
        let (former, latter) = (&entries[pair[0]], &entries[pair[1]]);
        if former.key == latter.key {
            lost[pair[0]] = true;
            let place = pointer().key(&latter.key);
            let problem = codes::DUPLICATE_KEY
                .at(&place, format!("duplicate key `{}`", latter.key))
                .at_span(latter.key_span)
                .marked("this one counts")
                .label_at(&place, At::Span(former.key_span), "this one is lost")
                .help("remove one of the two, or give it another name");
            problems.push(latter.key_span.start, problem);
        }
    }
    let mut index = 0;
    entries.retain(|_| {
        index += 1;
        !lost[index - 1]
    });
}

fn has_duplicates(entries: &[Entry]) -> bool {
    if entries.len() <= FEW {
        let mut rest = entries;
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|other| other.key == first.key) {
                return true;
            }
            rest = others;
        }
        return false;
    }
    let mut keys: Vec<&str> = entries.iter().map(|entry| &*entry.key).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
