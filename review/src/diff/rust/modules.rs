//! The modules of a client, and what each public item is called by who uses it.
//!
//! `pub use crate::types::*` in the root and `pub use pet::Pet` in `types` make `types::pet::Pet` the user's `Pet`.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, UseTree, Visibility};

/// So many re-exports are followed.
const DEPTH: usize = 16;

/// A module.
#[derive(Default)]
pub struct Module {
    /// The file that it is.
    pub file: String,
    /// Whether it is declared as public.
    is_public: bool,
    /// Its content; empty if it wasn't needed.
    pub items: Vec<Item>,
    /// Names that `use` brings, with what they mean, and whether others see them.
    uses: BTreeMap<String, (Vec<String>, bool)>,
    /// What `use …::*` brings.
    globs: Vec<(Vec<String>, bool)>,
}

/// The modules by their paths; the root is empty.
#[derive(Default)]
pub struct Modules(pub BTreeMap<Vec<String>, Module>);

/// What items are called.
#[derive(Debug, Default)]
pub struct Names {
    /// The user's name for each definition: the shortest of several.
    pub by_definition: BTreeMap<Vec<String>, String>,
    /// Every public name.
    pub all: BTreeSet<String>,
}

impl Modules {
    /// Reads the modules of a client. `differs` returns whether the items of a file are needed.
    pub fn of(files: &BTreeMap<String, String>, differs: impl Fn(&str) -> bool) -> Self {
        let mut modules = Self::default();
        modules.load(files, &differs, Vec::new(), "src/lib.rs", true);
        modules
    }

    fn load(
        &mut self,
        files: &BTreeMap<String, String>,
        differs: &impl Fn(&str) -> bool,
        path: Vec<String>,
        file: &str,
        is_public: bool,
    ) {
        let Some(text) = files.get(file) else { return };
        let folder = match file.strip_suffix("/lib.rs").or_else(|| file.strip_suffix("/mod.rs")) {
            Some(folder) => format!("{folder}/"),
            None => format!("{}/", file.trim_end_matches(".rs")),
        };
        let has_children = files.range(folder.clone()..).next().is_some_and(|(path, _)| path.starts_with(&folder));
        let items = if has_children || differs(file) {
            // The generator emits valid Rust, and invalid hand-written Rust isn't a change of the document.
            syn::parse_file(text).map(|file| file.items).unwrap_or_default()
        } else {
            Vec::new()
        };
        let module = Module { file: file.to_owned(), is_public, ..Module::default() };
        self.add(files, differs, path, module, &folder, items);
    }

    /// Adds a module with its items, and the modules inside of it: inline ones, and files in the folder.
    fn add(
        &mut self,
        files: &BTreeMap<String, String>,
        differs: &impl Fn(&str) -> bool,
        path: Vec<String>,
        mut module: Module,
        folder: &str,
        mut items: Vec<Item>,
    ) {
        for item in &mut items {
            match item {
                Item::Use(item) => {
                    let is_public = is_public_item(&item.vis);
                    module.brings(&path, &item.tree, Vec::new(), is_public);
                }
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let inner = joined(&path, &name);
                    let is_public = is_public_item(&item.vis);
                    if let Some((_, items)) = item.content.take() {
                        let module = Module { file: module.file.clone(), is_public, ..Module::default() };
                        self.add(files, differs, inner, module, &format!("{folder}{name}/"), items);
                        continue;
                    }
                    let file = format!("{folder}{name}.rs");
                    let file = if files.contains_key(&file) { file } else { format!("{folder}{name}/mod.rs") };
                    self.load(files, differs, inner, &file, is_public);
                }
                _ => {}
            }
        }
        module.items = items;
        self.0.insert(path, module);
    }

    /// Returns the public names.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        self.collect(&[], "", &mut names, DEPTH);
        names
    }

    fn collect(&self, path: &[String], prefix: &str, names: &mut Names, depth: usize) {
        let Some(module) = self.0.get(path) else { return };
        if depth == 0 {
            return;
        }
        let mut add = |name: &str, definition: Vec<String>| {
            let name = format!("{prefix}{name}");
            let shorter = |known: &String| (known.matches("::").count(), known) > (name.matches("::").count(), &name);
            if names.by_definition.get(&definition).is_none_or(shorter) {
                names.by_definition.insert(definition, name.clone());
            }
            names.all.insert(name);
        };
        for name in module.items.iter().filter_map(defined) {
            add(&name, joined(path, &name));
        }
        let mut inner = Vec::new();
        for (name, (target, _)) in module.uses.iter().filter(|(_, (_, is_public))| *is_public) {
            let definition = self.definition(target, DEPTH);
            if self.0.contains_key(&definition) {
                inner.push((definition, format!("{prefix}{name}::")));
            } else {
                add(name, definition);
            }
        }
        for (child, module) in self.0.iter().filter(|(child, _)| child.split_last().is_some_and(|it| it.1 == path)) {
            if module.is_public {
                let name = child.last().map_or("", String::as_str);
                inner.push((child.clone(), format!("{prefix}{name}::")));
            }
        }
        for (target, _) in module.globs.iter().filter(|(_, is_public)| *is_public) {
            inner.push((self.definition(target, DEPTH), prefix.to_owned()));
        }
        for (path, prefix) in inner {
            self.collect(&path, &prefix, names, depth - 1);
        }
    }

    /// Returns where what a path means in a module is defined.
    pub fn meaning(&self, module: &[String], path: &[String]) -> Vec<String> {
        self.definition(&absolute(module, path), DEPTH)
    }

    /// Whether the client defines this name. For a name that every module may have, only definitions in the module that
    /// uses it (`here`) count.
    pub fn is_own(&self, definition: &[String], here: &[String]) -> bool {
        let Some((name, module)) = definition.split_last() else { return false };
        let Some(found) = self.0.get(module) else { return false };
        module != here || found.items.iter().filter_map(defined_anyhow).any(|it| it == *name)
    }

    /// Follows re-exports.
    fn definition(&self, path: &[String], depth: usize) -> Vec<String> {
        let mut at: Vec<String> = Vec::new();
        for (index, step) in path.iter().enumerate() {
            let next = joined(&at, step);
            if self.0.contains_key(&next) {
                at = next;
                continue;
            }
            let rest = &path[index + 1..];
            let Some(module) = self.0.get(&at).filter(|_| depth > 0) else { break };
            if let Some((target, _)) = module.uses.get(step) {
                let target: Vec<String> = target.iter().chain(rest).cloned().collect();
                return self.definition(&target, depth - 1);
            }
            if module.items.iter().filter_map(defined_anyhow).any(|name| name == *step) {
                break;
            }
            for (target, _) in &module.globs {
                let target: Vec<String> = target.iter().chain(&path[index..]).cloned().collect();
                let found = self.definition(&target, depth - 1);
                if found != target {
                    return found;
                }
            }
            break;
        }
        path.to_vec()
    }
}

impl Module {
    fn brings(&mut self, module: &[String], tree: &UseTree, mut before: Vec<String>, is_public: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.brings(module, &path.tree, before, is_public);
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.brings(module, tree, before.clone(), is_public));
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                before.push(name.clone());
                self.uses.insert(name, (absolute(module, &before), is_public));
            }
            UseTree::Rename(rename) => {
                before.push(rename.ident.to_string());
                self.uses.insert(rename.rename.to_string(), (absolute(module, &before), is_public));
            }
            UseTree::Glob(_) => self.globs.push((absolute(module, &before), is_public)),
        }
    }
}

/// Reads `crate`, `self` and `super`; another first step is a module of this one, or another crate.
fn absolute(module: &[String], path: &[String]) -> Vec<String> {
    match path.first().map(String::as_str) {
        Some("crate") => path[1..].to_vec(),
        Some("self") => module.iter().chain(&path[1..]).cloned().collect(),
        Some("super") => {
            let above = &module[..module.len().saturating_sub(1)];
            let rest: Vec<String> = std::iter::once("self".to_owned()).chain(path[1..].iter().cloned()).collect();
            absolute(above, &rest)
        }
        _ => module.iter().chain(path).cloned().collect(),
    }
}

fn joined(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// Whether everybody sees it: `pub(crate)` is for the client itself.
pub fn is_public_item(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The name of a public item.
fn defined(item: &Item) -> Option<String> {
    let (visibility, name) = named(item)?;
    is_public_item(visibility).then(|| name.to_string())
}

fn defined_anyhow(item: &Item) -> Option<String> {
    named(item).map(|(_, name)| name.to_string())
}

fn named(item: &Item) -> Option<(&Visibility, &syn::Ident)> {
    Some(match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Static(item) => (&item.vis, &item.ident),
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        _ => return None,
    })
}
