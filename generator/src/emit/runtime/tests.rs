//! The table of the parts agrees with the files of the runtime.

use std::path::Path;

use syn::visit::{self, Visit};

use super::*;
use crate::diagnostic::Pointer;
use crate::names::Scope;

fn rust_files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let entry = entry.expect("the entry can be read");
        let name = entry.file_name().into_string().expect("the name is Unicode");
        if entry.path().is_dir() {
            rust_files(&entry.path(), &format!("{below}{name}/"), found);
        } else {
            found.insert(format!("{below}{name}"));
        }
    }
}

#[test]
fn every_file_of_the_runtime_belongs_to_a_part() {
    let mut found = BTreeSet::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/runtime/src/runtime"), "", &mut found);
    // A client has its own list.
    found.remove("mod.rs");
    let listed: BTreeSet<String> =
        PARTS.iter().flat_map(|part| part.files).map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(listed, found);
}

/// The files of the runtime that a source names, as `crate::runtime::room::file`.
#[derive(Default)]
struct Named(BTreeSet<String>);

impl Named {
    fn add(&mut self, segments: &[String]) {
        if let [krate, runtime, room, rest @ ..] = segments
            && (krate.as_str(), runtime.as_str()) == ("crate", "runtime")
        {
            let file = rest.first().map(|file| format!("{room}/{file}.rs"));
            let candidates = file.into_iter().chain([format!("{room}/mod.rs"), format!("{room}.rs")]);
            let exists = |path: &String| PARTS.iter().flat_map(|part| part.files).any(|(other, _)| other == path);
            self.0.extend(candidates.filter(exists).take(1));
        }
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &proc_macro2::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.add(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
        }
    }
}

impl Visit<'_> for Named {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        visit::visit_path(self, path);
    }
}

#[test]
fn a_part_names_only_files_that_come_with_it() {
    // A document with deliveries has events, and one with streamed responses has operations.
    let implied = |part: &Part| match part.capability {
        Some(Capability::Receiver) => Some(Capability::Events),
        Some(Capability::Streams) => Some(Capability::Blocking),
        Some(Capability::Server) => Some(Capability::Checks),
        _ => None,
    };
    for part in PARTS {
        let present = |other: &&Part| {
            [None, part.capability].contains(&other.capability)
                || implied(part).is_some_and(|implied| other.capability == Some(implied))
        };
        let present: BTreeSet<&str> =
            PARTS.iter().filter(present).flat_map(|part| part.files).map(|(path, _)| *path).collect();
        for (path, text) in part.files {
            let mut named = Named::default();
            named.visit_file(&syn::parse_file(text).expect("the runtime is Rust"));
            let missing: Vec<_> = named.0.iter().filter(|name| !present.contains(name.as_str())).collect();
            assert!(missing.is_empty(), "{path} names {missing:?}");
        }
    }
}

#[test]
fn every_dependency_of_the_runtime_belongs_to_a_part() {
    let listed: BTreeSet<&str> = PARTS.iter().flat_map(|part| part.crates).copied().collect();
    let found = super::super::manifest::dependency_names();
    assert_eq!(listed.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), found);
}

#[test]
fn each_module_is_documented() {
    let places = PARTS.iter().flat_map(|part| part.shown).map(|shown| shown.place);
    let used: BTreeSet<&str> =
        places.filter_map(|place| if let Place::Module(name) = place { Some(name) } else { None }).collect();
    assert_eq!(MODULES.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), used);
}

#[test]
fn no_type_of_an_api_hides_one_of_the_runtime() {
    let is_free = |name: &&str| Scope::types().name(name, &Pointer::root()).name.as_str() == *name;
    let shown = PARTS.iter().filter(|part| part.capability != Some(Capability::Receiver));
    let shown =
        shown.flat_map(|part| part.shown).filter(|shown| !matches!(shown.place, Place::Testing | Place::Server));
    let free: Vec<&str> = shown.flat_map(|shown| shown.names).copied().filter(is_free).collect();
    assert!(free.is_empty(), "to be reserved in names/reserved.rs: {free:?}");
}
