//! The changes of the client's items as findings: one for each type, operation or module that they belong to.

use std::collections::BTreeMap;

use super::finding::{Class, Finding, Side};
use super::rust::{Change, Happened, Semver};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::model::Api;

/// So many items are named in a sentence.
const NAMED: usize = 4;

/// Returns a finding for the breaking changes of each owner, and one for the others.
#[must_use]
pub fn findings(old: &Reading<'_>, new: &Reading<'_>, items: &[Change]) -> Vec<Finding> {
    let places = [places(&old.api), places(&new.api)];
    let mut owners: BTreeMap<(&str, bool), Vec<&Change>> = BTreeMap::new();
    for item in items {
        let owner = owner(item, &places);
        owners.entry((owner, item.semver == Semver::Major)).or_default().push(item);
    }
    let finding = |((owner, is_breaking), items): ((&str, bool), Vec<&Change>)| {
        let (code, class) =
            if is_breaking { ("rust-breaking", Class::Breaking) } else { ("rust-compatible", Class::Compatible) };
        let message = message(owner, &items);
        let told = |item: &&Change| {
            let [old, new] = [&item.old, &item.new].map(|text| text.as_deref().unwrap_or_default());
            format!("{} {} {old} {new}", item.path, item.happened.word())
        };
        // Whoever accepts them accepts these, and none that a later commit adds.
        let all: Vec<String> = items.iter().map(told).collect();
        let finding = Finding::new(code, class, Side::Rust, owner, message);
        let finding = finding.detail(&all.join("\n"));
        let at = |places: &BTreeMap<String, Pointer>| place(places, owner);
        Finding { old: at(&places[0]), new: at(&places[1]), ..finding }
    };
    owners.into_iter().map(finding).collect()
}

/// Says what happened to the first items, or to the whole that came or went with all that is inside.
fn message(owner: &str, items: &[&Change]) -> String {
    // A feature is called by a name that is quoted itself.
    let told = |item: &Change| format!("`{}` {}", item.path.replace('`', ""), item.happened.word());
    let whole = items.iter().find(|item| item.path == owner && item.happened != Happened::Changed);
    if let Some(whole) = whole.filter(|whole| items.iter().all(|item| item.happened == whole.happened)) {
        let inside = items.len() - 1;
        let inside = if inside == 0 { String::new() } else { format!(", with {inside} inside") };
        return told(whole) + &inside;
    }
    let named: Vec<String> = items.iter().take(NAMED).map(|item| told(item)).collect();
    let more = items.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", named.join(", "))
}

/// What an item belongs to, as somebody accepts it: the method of the client, which is an operation and has a place of
/// its own, or the type. A builder belongs to its type, and the blocking twin of a method to the method.
fn owner<'i>(item: &'i Change, places: &[BTreeMap<String, Pointer>; 2]) -> &'i str {
    let is_placed = |name: &str| places.iter().any(|places| places.contains_key(name));
    let path = item.path.strip_prefix("blocking::").unwrap_or(&item.path);
    if is_placed(path) {
        return path;
    }
    let name = item.owner.strip_prefix("blocking::").unwrap_or(&item.owner);
    let built = name.strip_suffix("Builder").filter(|built| !is_placed(name) && is_placed(built));
    built.unwrap_or(if is_placed(name) { name } else { &item.owner })
}

/// The place of that.
fn place(places: &BTreeMap<String, Pointer>, owner: &str) -> Option<Pointer> {
    let built = owner.strip_suffix("Builder").or_else(|| owner.strip_suffix("Params"));
    places.get(owner).or_else(|| places.get(built?)).cloned()
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
