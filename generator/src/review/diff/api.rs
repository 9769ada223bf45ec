//! The changes of the client's items as findings: one for each type, operation or module that they belong to.

use std::collections::BTreeMap;

use super::finding::{Class, Finding, Side};
use super::rust::{Change, Semver};
use crate::diagnostic::Pointer;
use crate::model::Api;
use crate::review::reading::Reading;

/// So many items are named in a sentence.
const NAMED: usize = 4;

/// Returns a finding for the breaking changes of each owner, and one for the others.
#[must_use]
pub fn findings(old: &Reading<'_>, new: &Reading<'_>, items: &[Change]) -> Vec<Finding> {
    let places = [places(&old.api), places(&new.api)];
    let mut owners: BTreeMap<(&str, bool), Vec<&Change>> = BTreeMap::new();
    for item in items {
        // A method of the client is an operation, which has a place of its own.
        let is_method = places.iter().any(|places| places.contains_key(item.path.as_str()));
        let owner = if is_method { &item.path } else { &item.owner };
        owners.entry((owner, item.semver == Semver::Major)).or_default().push(item);
    }
    let finding = |((owner, is_breaking), items): ((&str, bool), Vec<&Change>)| {
        let (code, class) =
            if is_breaking { ("rust-breaking", Class::Breaking) } else { ("rust-compatible", Class::Compatible) };
        let named: Vec<String> =
            items.iter().take(NAMED).map(|item| format!("`{}` {}", item.path, item.happened.word())).collect();
        let more = items.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let finding = Finding::new(code, class, Side::Rust, owner, format!("{}{more}", named.join(", ")));
        let at = |places: &BTreeMap<String, Pointer>| place(places, owner);
        Finding { old: at(&places[0]), new: at(&places[1]), ..finding }
    };
    owners.into_iter().map(finding).collect()
}

/// Where the type stands that an item belongs to; a builder belongs to its type.
fn place(places: &BTreeMap<String, Pointer>, owner: &str) -> Option<Pointer> {
    let name = owner.strip_prefix("blocking::").unwrap_or(owner);
    let built = name.strip_suffix("Builder").or_else(|| name.strip_suffix("Params"));
    places.get(name).or_else(|| places.get(built?)).cloned()
}

/// Places of types and methods by the user's names.
fn places(api: &Api) -> BTreeMap<String, Pointer> {
    let types = api.types.iter().map(|def| (def.name.as_str().to_owned(), def.pointer.clone()));
    let operations = api.groups.iter().flat_map(|group| &group.operations).flat_map(|op| {
        let name = op.rust.as_str();
        let names = [format!("Client::{name}"), format!("Client::{name}_with"), format!("testing::Fake::{name}")];
        let params = op.optional.as_ref().map(|params| params.name.as_str().to_owned());
        names.into_iter().chain(params).map(|name| (name, op.pointer.clone()))
    });
    types.chain(operations).collect()
}
