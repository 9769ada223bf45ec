//! Finds programs for the old client that don't compile with the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::crates::Crates;
use super::probe::Probe;

/// A caller, and the client to compile it with.
pub struct Caller<'a> {
    /// The crate of the caller.
    pub name: String,
    /// The crate of the client.
    pub client: String,
    pub probes: &'a [Probe],
}

/// Returns, by caller, the items whose programs do not compile, and why.
///
/// An unresolved name prevents the compiler from checking types. So the programs that failed are removed and the rest is
/// checked again, until nothing fails.
pub fn broken(crates: &mut Crates, callers: &[Caller<'_>]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut broken: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut open: Vec<&Caller<'_>> = callers.iter().collect();
    let mut failed: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    while !open.is_empty() {
        for caller in &open {
            let out = failed.get(caller.name.as_str());
            let line = |(index, probe): (usize, &Probe)| {
                if out.is_some_and(|out| out.contains(&index)) { String::new() } else { probe.code(index) }
            };
            let text: Vec<String> = caller.probes.iter().enumerate().map(line).collect();
            let head = "#![allow(dead_code, deprecated, unused_must_use)] ";
            crates.caller(&caller.name, &caller.client, &(head.to_owned() + &text.join("\n")));
        }
        let names: Vec<String> = open.iter().map(|caller| caller.name.clone()).collect();
        let mut lines = crates.checked(&names);
        open.retain(|caller| lines.contains_key(&caller.name));
        for caller in &open {
            for (line, why) in lines.remove(&caller.name).unwrap_or_default() {
                let index = line - 1;
                let item = caller.probes[index].item.clone();
                let is_new = failed.entry(&caller.name).or_default().insert(index);
                if is_new {
                    broken.entry(caller.name.clone()).or_default().insert(item, why);
                }
            }
        }
        assert!(lines.is_empty(), "the clients themselves do not compile: {lines:?}");
    }
    broken
}
