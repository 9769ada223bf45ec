//! The public items of a client, one by one, each as its user writes it.

use std::collections::BTreeMap;

use quote::{ToTokens, quote};
use syn::{Attribute, Fields, ImplItem, Item as SynItem, ItemEnum, ItemImpl, ItemStruct, Type};

use super::modules::{Module, Modules, Names, is_public_item};
use super::{macros, signature, text};

/// The kind of an item, if the effect of a change depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A type, a constant, a function.
    Item,
    /// A field: where users may write the struct out, another one breaks them.
    Field {
        /// Whether users may write the struct out.
        is_literal: bool,
    },
    /// A variant: where users may list all of them, another one breaks them.
    Variant {
        /// Whether users may list all of them.
        is_exhaustive: bool,
    },
    /// A method or an associated constant.
    Member,
    /// That a type implements a trait.
    Impl,
    /// A feature of the crate.
    Feature,
}

/// A public item.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it belongs to: the user's name of a type, or itself.
    pub owner: String,
    /// As its user sees it.
    pub shown: String,
    /// What has to be the same for it to be the same item: without the names of arguments.
    pub key: String,
    /// What a method takes, in its order; these have to be the same as well.
    pub arguments: Vec<String>,
    /// What kind it is.
    pub kind: Kind,
}

impl Item {
    /// Returns an item that is the same one where its text is.
    #[must_use]
    pub fn new(owner: &str, shown: String, kind: Kind) -> Self {
        Self { owner: owner.to_owned(), key: shown.clone(), shown, arguments: Vec::new(), kind }
    }
}

/// Items by their paths, such as `Client::get_pets`, `Pet.name` and `impl Clone for Pet`.
pub type Items = BTreeMap<String, Item>;

/// Collects the items of the modules that somebody looked at.
pub fn collect(modules: &Modules, names: &Names, wanted: impl Fn(&str) -> bool) -> Items {
    let mut all = Collector { modules, names, items: Items::new(), path: Vec::new(), first: None };
    for (path, module) in modules.0.iter().filter(|(_, module)| wanted(&module.file)) {
        all.module(path, module);
    }
    all.items
}

struct Collector<'m> {
    modules: &'m Modules,
    names: &'m Names,
    items: Items,
    /// The module.
    path: Vec<String>,
    /// The first public type of the module, which implementations for foreign types belong to.
    first: Option<String>,
}

impl Collector<'_> {
    fn module(&mut self, path: &[String], module: &Module) {
        path.clone_into(&mut self.path);
        self.first = module.items.iter().find_map(|item| match item {
            SynItem::Struct(item) if is_public_item(&item.vis) => self.public(&item.ident.to_string()),
            SynItem::Enum(item) if is_public_item(&item.vis) => self.public(&item.ident.to_string()),
            _ => None,
        });
        for item in &module.items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &SynItem) {
        match item {
            SynItem::Struct(item) if is_public_item(&item.vis) => self.structure(item),
            SynItem::Enum(item) if is_public_item(&item.vis) => self.enumeration(item),
            SynItem::Type(item) if is_public_item(&item.vis) => {
                let (name, generics, ty) = (&item.ident, &item.generics, &item.ty);
                let shown = text::of(&quote!(pub type #name #generics = #ty));
                self.named(&name.to_string(), &item.attrs, &shown);
            }
            SynItem::Const(item) if is_public_item(&item.vis) => {
                let (name, ty) = (&item.ident, &item.ty);
                let shown = text::of(&quote!(pub const #name: #ty));
                self.named(&name.to_string(), &item.attrs, &shown);
            }
            SynItem::Fn(item) if is_public_item(&item.vis) => {
                let signature = &item.sig;
                let shown = text::of(&quote!(pub #signature));
                self.named(&item.sig.ident.to_string(), &item.attrs, &shown);
            }
            SynItem::Trait(item) if is_public_item(&item.vis) => {
                let (name, generics) = (&item.ident, &item.generics);
                let members = item.items.iter().filter_map(|member| match member {
                    syn::TraitItem::Fn(member) => Some(member.sig.to_token_stream()),
                    syn::TraitItem::Type(member) => Some(member.ident.to_token_stream()),
                    _ => None,
                });
                let shown = text::of(&quote!(pub trait #name #generics { #(#members;)* }));
                self.named(&name.to_string(), &item.attrs, &shown);
            }
            SynItem::Impl(item) => self.implementation(item),
            SynItem::Macro(item) => {
                let items = macros::items(&item.mac, |name| self.public(name));
                self.items.extend(items);
            }
            _ => {}
        }
    }

    /// The user's name for what a name means here.
    fn public(&self, name: &str) -> Option<String> {
        self.named_by(&[name.to_owned()])
    }

    /// The user's name for what a path means here.
    fn named_by(&self, path: &[String]) -> Option<String> {
        self.names.by_definition.get(&self.modules.meaning(&self.path, path)).cloned()
    }

    /// Whether a path means an item of the client that no user can name.
    fn is_hidden(&self, path: &syn::Path) -> bool {
        let definition = self.modules.meaning(&self.path, &steps(path));
        !self.names.by_definition.contains_key(&definition) && self.modules.is_own(&definition, &self.path)
    }

    /// Adds an item that has a name, and returns that name.
    fn named(&mut self, name: &str, attributes: &[Attribute], shown: &str) -> Option<String> {
        let path = self.public(name)?;
        let shown = format!("{}{shown}", told(attributes));
        self.items.insert(path.clone(), Item::new(&path, shown, Kind::Item));
        for derived in derives(attributes) {
            self.implements(&path, &derived, &path, "");
        }
        Some(path)
    }

    /// Adds that a type implements a trait.
    fn implements(&mut self, owner: &str, name: &str, ty: &str, inside: &str) {
        let path = format!("impl {name} for {ty}");
        let shown = format!("{path}{inside}");
        self.items.insert(path, Item::new(owner, shown, Kind::Impl));
    }

    fn structure(&mut self, item: &ItemStruct) {
        let (name, generics) = (&item.ident, &item.generics);
        let shown = text::of(&quote!(pub struct #name #generics));
        let Some(path) = self.named(&name.to_string(), &item.attrs, &shown) else { return };
        let is_open = item.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
        let is_literal = !is_open && item.fields.iter().all(|field| is_public_item(&field.vis));
        for (index, field) in item.fields.iter().enumerate().filter(|(_, field)| is_public_item(&field.vis)) {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            let shown = format!("{}pub {name}: {}", told(&field.attrs), text::of(&field.ty));
            let kind = Kind::Field { is_literal };
            self.items.insert(format!("{path}.{name}"), Item::new(&path, shown, kind));
        }
    }

    fn enumeration(&mut self, item: &ItemEnum) {
        let (name, generics) = (&item.ident, &item.generics);
        let shown = text::of(&quote!(pub enum #name #generics));
        let Some(path) = self.named(&name.to_string(), &item.attrs, &shown) else { return };
        let is_exhaustive = !item.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
        for variant in &item.variants {
            let fields: Vec<&Type> = variant.fields.iter().map(|field| &field.ty).collect();
            let inside = if matches!(variant.fields, Fields::Unit) { quote!() } else { quote!((#(#fields),*)) };
            let name = &variant.ident;
            let shown = format!("{}{}", told(&variant.attrs), text::of(&quote!(#name #inside)));
            let kind = Kind::Variant { is_exhaustive };
            self.items.insert(format!("{path}::{name}"), Item::new(&path, shown, kind));
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let owner = self.owner(&item.self_ty);
        if let Some((path, _)) = &item.trait_ {
            return self.implemented(item, path, owner);
        }
        let Some(owner) = owner else { return };
        for member in &item.items {
            let (name, attributes, shown, (key, arguments)) = match member {
                ImplItem::Fn(member) if is_public_item(&member.vis) => {
                    let signature = &member.sig;
                    let shown = text::of(&quote!(pub #signature));
                    (&member.sig.ident, &member.attrs, shown, signature::key(signature, &item.self_ty))
                }
                ImplItem::Const(member) if is_public_item(&member.vis) => {
                    let (name, ty) = (&member.ident, &member.ty);
                    let shown = text::of(&quote!(pub const #name: #ty));
                    (name, &member.attrs, shown.clone(), (shown, Vec::new()))
                }
                _ => continue,
            };
            let attributes = format!("{}{}", conditions(&item.attrs), told(attributes));
            let (shown, key) = (format!("{attributes}{shown}"), format!("{attributes}{key}"));
            let path = format!("{owner}::{name}");
            self.items.insert(path, Item { key, arguments, ..Item::new(&owner, shown, Kind::Member) });
        }
    }

    /// Adds a trait that is implemented. What a type of another crate implements belongs to the type that the trait is
    /// about: `From<PetId>` of `Uuid` to `PetId`.
    fn implemented(&mut self, item: &ItemImpl, path: &syn::Path, owner: Option<String>) {
        let is_hidden = |ty: &Type| matches!(ty, Type::Path(ty) if self.is_hidden(&ty.path));
        if self.is_hidden(path) || is_hidden(&item.self_ty) {
            return;
        }
        let ty = owner.clone().unwrap_or_else(|| text::of(&item.self_ty));
        let about = || types(path).find_map(|ty| self.owner(ty));
        let Some(owner) = owner.or_else(about).or_else(|| self.first.clone()) else { return };
        let inside = item.items.iter().filter_map(|item| match item {
            ImplItem::Type(item) => Some(format!(" ({} = {})", item.ident, text::of(&item.ty))),
            _ => None,
        });
        let inside = inside.collect::<String>();
        self.implements(&owner, &trait_name(path), &ty, &inside);
    }

    /// The user's name for the type that is implemented.
    fn owner(&self, ty: &Type) -> Option<String> {
        let Type::Path(path) = ty else { return None };
        self.named_by(&steps(&path.path))
    }
}

fn steps(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

/// The attributes that belong to what an item promises.
fn told(attributes: &[Attribute]) -> String {
    const TOLD: &[&str] = &["cfg", "deprecated", "must_use", "non_exhaustive", "repr"];
    let told = attributes.iter().filter(|attribute| TOLD.iter().any(|name| attribute.path().is_ident(name)));
    told.fold(String::new(), |told, attribute| {
        let meta = &attribute.meta;
        // The text of a deprecation or of `must_use` is for people.
        let is_read = meta.path().is_ident("cfg") || meta.path().is_ident("repr");
        let shown = if is_read { text::of(meta) } else { text::of(meta.path()) };
        format!("{told}#[{shown}] ")
    })
}

/// The features that an item needs.
fn conditions(attributes: &[Attribute]) -> String {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.fold(String::new(), |told, attribute| format!("{told}#[{}] ", text::of(&attribute.meta)))
}

fn derives(attributes: &[Attribute]) -> Vec<String> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let mut names = Vec::new();
    for list in lists {
        // What a derive lists are paths, and anything else would not compile.
        let _ = list.parse_nested_meta(|meta| {
            names.push(trait_name(&meta.path));
            Ok(())
        });
    }
    names
}

/// The trait without its module and its lifetimes: derived or written out, it is the same one.
fn trait_name(path: &syn::Path) -> String {
    let Some(last) = path.segments.last() else { return String::new() };
    let types: Vec<String> = types(path).map(text::of).collect();
    if types.is_empty() { last.ident.to_string() } else { format!("{}<{}>", last.ident, types.join(", ")) }
}

/// The types that a trait is given.
fn types(path: &syn::Path) -> impl Iterator<Item = &Type> {
    let arguments = path.segments.last().map(|last| &last.arguments);
    let arguments = match arguments {
        Some(syn::PathArguments::AngleBracketed(arguments)) => Some(arguments.args.iter()),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
