//! The rooms of the runtime: which may use which.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

use crate::rejected::rust_files;

/// The rooms in the order of the runtime's own documentation. A room uses only those before it.
const ORDER: &[&str] = &[
    "api",
    "value",
    "error",
    "transport",
    "audit",
    "response",
    "call",
    "client",
    "checks",
    "multipart",
    "blocking",
    "streams",
    "webhook",
    "receiver",
    "testing",
    "server",
];

/// The core of the runtime, whose two rooms use each other.
const CORE: [&str; 2] = ["call", "client"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/runtime/src/runtime")
}

/// The rooms that a file names, as `crate::runtime::ROOM`.
#[derive(Default)]
struct Rooms(Vec<String>);

impl Rooms {
    fn path(&mut self, segments: &[String]) {
        if let [first, second, room, ..] = segments
            && first == "crate"
            && second == "runtime"
        {
            self.0.push(room.clone());
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.path(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.path(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.path(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }
}

impl Visit<'_> for Rooms {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&segments);
        visit::visit_path(self, path);
    }
}

#[test]
fn a_room_of_the_runtime_uses_only_rooms_above_it() {
    let place = |room: &str| ORDER.iter().position(|other| *other == room);
    let mut wrong = Vec::new();
    for path in rust_files(&folder()) {
        let relative = path.strip_prefix(folder()).expect("the file is in the folder").display().to_string();
        let own = relative.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if own == "mod" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("the source can be read");
        let mut rooms = Rooms::default();
        rooms.visit_file(&syn::parse_file(&text).expect("the source is Rust"));
        let is_core = |room: &str| CORE.contains(&room);
        let is_wrong = |room: &&String| place(room) > place(own) && !(is_core(own) && is_core(room));
        assert!(place(own).is_some(), "`{own}` has no place in the order");
        wrong.extend(rooms.0.iter().filter(is_wrong).map(|room| format!("{relative} uses `{room}`")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_is_that_of_the_documentation() {
    let text = fs::read_to_string(folder().join("mod.rs")).expect("the source can be read");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), ORDER);
}
