//! What becomes of the client's items: both clients as they are emitted, item by item.
//!
//! Only the files that differ are read, and the few that say what items are called. A method is the same one where its
//! signature is, whatever its arguments are called; documentation and bodies do not count.

mod items;
mod macros;
mod modules;
mod signature;
mod text;
mod version;

use std::collections::{BTreeMap, BTreeSet};

pub use items::{Item, Kind};
pub use version::{Semver, next, reaches, version_of};

use items::Items;
use modules::{Modules, Names};

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// It is gone.
    Removed,
    /// It is another one under the same name.
    Changed,
    /// It is new.
    Added,
}

impl Happened {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// An item that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub happened: Happened,
    /// What the item is called, such as `Client::get_pets`.
    pub path: String,
    /// The type that it belongs to, or itself.
    pub owner: String,
    /// As it was.
    pub old: Option<String>,
    /// As it is.
    pub new: Option<String>,
    /// How much that weighs.
    pub semver: Semver,
}

/// Compares two clients. The changes are sorted by owner and path.
#[must_use]
pub fn compare(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let differs = |file: &str| old.get(file) != new.get(file);
    let (was_names, mut was) = read(old, differs);
    let (is_names, mut is) = read(new, differs);
    reexports(&was_names, &is_names, &mut was);
    reexports(&is_names, &was_names, &mut is);
    features(old, &mut was);
    features(new, &mut is);
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let mut changes: Vec<Change> =
        paths.into_iter().filter_map(|path| change(path, was.get(path), is.get(path))).collect();
    changes
        .sort_by(|one, other| (&one.owner, one.happened, &one.path).cmp(&(&other.owner, other.happened, &other.path)));
    changes
}

fn read(files: &BTreeMap<String, String>, differs: impl Fn(&str) -> bool) -> (Names, Items) {
    let modules = Modules::of(files, &differs);
    let names = modules.names();
    let items = items::collect(&modules, &names, differs);
    (names, items)
}

/// Adds the names that the other client lacks and that no file that was read defines: an item that is there in both, and
/// that one of them does not show.
fn reexports(names: &Names, others: &Names, items: &mut Items) {
    for name in names.all.difference(&others.all) {
        if !items.contains_key(name) {
            let shown = format!("pub use {name}");
            items.insert(name.clone(), Item::new(name, shown, Kind::Item));
        }
    }
}

/// Adds the features of the manifest.
fn features(files: &BTreeMap<String, String>, items: &mut Items) {
    let manifest = files.get("Cargo.toml").map_or("", String::as_str);
    let Some((_, table)) = manifest.split_once("\n[features]\n") else { return };
    let table = table.split("\n[").next().unwrap_or_default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, _)) = line.split_once('=') else { continue };
        let shown = format!("feature `{}`", name.trim());
        items.insert(shown.clone(), Item::new(&shown.clone(), shown, Kind::Feature));
    }
}

fn change(path: &str, old: Option<&Item>, new: Option<&Item>) -> Option<Change> {
    let (happened, semver) = match (old, new) {
        (Some(old), Some(new)) if (&old.key, &old.arguments) == (&new.key, &new.arguments) => return None,
        (Some(old), Some(new)) if !signature::takes_all(&new.arguments, &old.arguments) => {
            (Happened::Changed, Semver::Major)
        }
        (Some(old), Some(new)) => (Happened::Changed, changed(&old.key, &new.key)),
        (Some(_), None) => (Happened::Removed, Semver::Major),
        (None, Some(new)) => (Happened::Added, added(new.kind)),
        (None, None) => return None,
    };
    let owner = new.or(old).map(|item| item.owner.clone()).unwrap_or_default();
    let shown = |item: Option<&Item>| item.map(|item| item.shown.clone());
    Some(Change { happened, path: path.to_owned(), owner, old: shown(old), new: shown(new), semver })
}

fn added(kind: Kind) -> Semver {
    match kind {
        Kind::Field { is_literal: true } | Kind::Variant { is_exhaustive: true } => Semver::Major,
        Kind::Field { .. } | Kind::Variant { .. } | Kind::Item | Kind::Member | Kind::Impl | Kind::Feature => {
            Semver::Minor
        }
    }
}

/// A mark that comes or goes may be no change of what compiles.
fn changed(old: &str, new: &str) -> Semver {
    let without = |text: &str, mark: &str| text.replace(mark, "");
    let harmless = |mark: &str| without(old, mark) == without(new, mark);
    if old == new
        || harmless("#[deprecated] ")
        || harmless("#[must_use] ")
        || old.replace("#[non_exhaustive] ", "") == new
    {
        return Semver::Minor;
    }
    Semver::Major
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client of one module that shows all that it has, and an inner one that shows what it is asked for.
    fn client(types: &str, inner: &str) -> BTreeMap<String, String> {
        let root = "mod types;\nmod inner;\npub mod open;\npub use crate::types::*;\npub use inner::Shown;\n";
        let files = [("src/lib.rs", root), ("src/types.rs", types), ("src/inner.rs", inner), ("src/open.rs", "")];
        files.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
    }

    fn told(old: &str, new: &str) -> Vec<String> {
        let inner = "pub struct Shown; pub struct Hidden;";
        let changes = compare(&client(old, inner), &client(new, inner));
        changes.iter().map(|it| format!("{} {} {}", it.semver.word(), it.happened.word(), it.path)).collect()
    }

    #[test]
    fn an_inline_module_holds_items_and_files() {
        let client = |target: &str| -> BTreeMap<String, String> {
            let root = format!("mod runtime;\npub mod value {{ pub use crate::runtime::value::date::{target}; }}\n");
            let files = [
                ("src/lib.rs", root.as_str()),
                ("src/runtime/mod.rs", "pub(crate) mod value { pub(crate) mod date; }"),
                ("src/runtime/value/date.rs", "pub struct Date; impl Date { pub fn day(&self) {} } pub struct Time;"),
            ];
            files.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
        };
        let changes = compare(&client("Date"), &client("{Date, Time}"));
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["value::Time"]);
        let changes = compare(&BTreeMap::new(), &client("Date"));
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["value::Date", "value::Date::day"]);
    }

    #[test]
    fn items_weigh_what_they_do_to_code_that_compiled() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("pub struct A;", "pub struct A; pub struct B;", &["minor added B"]),
            ("pub struct A; struct P;", "struct P;", &["major removed A"]),
            (
                "#[non_exhaustive] pub struct A { pub a: u8 }",
                "#[non_exhaustive] pub struct A { pub a: u8, pub b: u8 }",
                &["minor added A.b"],
            ),
            ("pub struct A { pub a: u8 }", "pub struct A { pub a: u8, pub b: u8 }", &["major added A.b"]),
            ("pub struct A { pub a: u8 }", "pub struct A { pub a: u16 }", &["major changed A.a"]),
            ("pub enum A { B }", "pub enum A { B, C(u8) }", &["major added A::C"]),
            ("#[non_exhaustive] pub enum A { B }", "#[non_exhaustive] pub enum A { B, C }", &["minor added A::C"]),
            (
                "#[derive(Clone, Copy)] pub struct A;",
                "#[derive(Clone)] pub struct A;",
                &["major removed impl Copy for A"],
            ),
            ("#[derive(Debug)] pub struct A;", "pub struct A; impl fmt::Debug for A { fn fmt(&self) {} }", &[]),
            (
                "pub struct A; impl A { pub fn a(&self, b: u8) {} }",
                "pub struct A; impl A { pub fn a(&self, other: u8) { body() } fn p() {} }",
                &[],
            ),
            ("pub struct A; impl A { pub fn a(self) {} }", "pub struct A; impl A { pub fn a(mut self) {} }", &[]),
            (
                "pub struct A; impl A { pub fn a() {} }",
                "pub struct A; impl A { pub async fn a() {} }",
                &["major changed A::a"],
            ),
            (
                "pub struct A; impl A { pub fn a() {} }",
                "pub struct A; impl A { #[deprecated = \"soon\"] pub fn a() {} }",
                &["minor changed A::a"],
            ),
            ("/// One.\npub struct A;", "/// Two.\npub struct A;", &[]),
            ("pub type A = u8;", "pub type A = u16;", &["major changed A"]),
            ("pub(crate) struct A;", "pub(crate) struct B;", &[]),
        ];
        for (old, new, expected) in cases {
            assert_eq!(told(old, new), *expected, "{old} to {new}");
        }
    }

    #[test]
    fn what_is_not_shown_is_no_item() {
        let types = "use crate::inner::{Hidden, Shown}; impl Shown { pub fn a() {} } impl Hidden { pub fn b() {} }";
        assert_eq!(told("", types), ["minor added Shown::a"]);
        let (old, new) = (client("", "pub struct Shown;"), client("", "pub struct Shown; pub struct Other;"));
        assert_eq!(compare(&old, &new), []);
    }

    #[test]
    fn a_name_that_is_no_longer_shown_is_gone() {
        let mut new = client("", "pub struct Shown;");
        let old = new.clone();
        let root = new["src/lib.rs"].replace("pub use inner::Shown;", "");
        new.insert("src/lib.rs".to_owned(), root);
        let changes = compare(&old, &new);
        assert_eq!(changes.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["Shown"]);
        assert_eq!(changes[0].semver, Semver::Major);
    }

    #[test]
    fn what_macros_declare_counts() {
        let old =
            "x::operations! { get: GET() -> expected::Data<A>; } x::builders! { a: A { b: B, } { c: Option<C>, } }";
        let new = "x::operations! { get: GET(D) -> expected::Data<A>; } x::builders! { a: A { c: Option<C>, } { } }";
        assert_eq!(
            told(old, new),
            ["major changed testing::Fake::get", "major removed testing::answers::a::Fields::b",]
        );
    }

    #[test]
    fn builder_of_an_answer_goes_with_all_that_its_module_has() {
        let builders = |other: &str| format!("pub struct A; x::builders! {{ a: A {{ c: C, }} {{}} {other} }}");
        let (old, new) = (builders("b: B {} { d: Option<D>, }"), builders(""));
        let removed = [
            "B::builder",
            "impl Clone for testing::answers::b::Fields",
            "impl Debug for testing::answers::b::Fields",
            "impl Default for testing::answers::b::Fields",
            "testing::answers::b",
            "testing::answers::b::Fields",
            "testing::answers::b::Fields::build",
            "testing::answers::b::Fields::d",
        ];
        assert_eq!(told(&old, &new), removed.map(|path| format!("major removed {path}")));
        assert_eq!(told(&new, &old), removed.map(|path| format!("minor added {path}")));
    }

    #[test]
    fn what_is_implemented_for_a_foreign_type_belongs_to_the_type_that_it_is_about() {
        let types = "pub struct A; pub struct B; ";
        let new = format!("{types} impl From<B> for Uuid {{}} impl<'a> From<&'a B> for Option<&'a str> {{}}");
        let changes = compare(&client(types, ""), &client(&new, ""));
        let told: Vec<_> = changes.iter().map(|it| (it.path.as_str(), it.owner.as_str())).collect();
        assert_eq!(told, [("impl From<&'a B> for Option<&'a str>", "A"), ("impl From<B> for Uuid", "B")]);
    }

    #[test]
    fn traits_and_types_that_nobody_can_name_are_no_items() {
        let types = "use crate::inner::{Checked, Shown}; use std::fmt; pub struct A; struct P; trait Own {} \
                     impl Checked for A {} impl crate::inner::Checked for A {} impl Own for A {} impl Own for u8 {} \
                     impl fmt::Debug for P {} impl crate::inner::Shown for A {} impl fmt::Debug for A {} impl Clone for A {}";
        let inner = "pub trait Checked {} pub trait Shown {}";
        let changes = compare(&client("", inner), &client(types, inner));
        let told: Vec<_> = changes.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(told, ["A", "impl Clone for A", "impl Debug for A", "impl Shown for A"]);
    }

    #[test]
    fn setters_are_the_same_whatever_the_states_of_their_builder_are_called() {
        let one = "pub struct ABuilder<F0 = Missing<field::A>>; impl<F0> ABuilder<F0> { \
                   pub fn a(mut self, a: u8) -> ABuilder<Set> {} pub fn b(mut self, b: impl Into<Option<u8>>) -> Self {} \
                   pub fn build(self) -> A where F0: Provided {} }";
        let two = "pub struct ABuilder<F0 = Missing<field::A>, F1 = Missing<field::B>>; impl<F0, F1> ABuilder<F0, F1> { \
                   pub fn a(mut self, a: u8) -> ABuilder<Set, F1> {} pub fn b(mut self, b: u8) -> ABuilder<F0, Set> {} \
                   pub fn build(self) -> A where F0: Provided, F1: Provided {} }";
        let whole = ["major changed ABuilder", "major changed ABuilder::build"];
        assert_eq!(told(one, two), [whole[0], "major changed ABuilder::b", whole[1]]);
        // What took a value takes one still.
        assert_eq!(told(two, one), [whole[0], "minor changed ABuilder::b", whole[1]]);
        let none = "pub struct ABuilder; impl ABuilder { pub fn a(self, a: impl Into<Option<u8>>) -> Self {} \
                    pub fn b(self, b: impl Into<Option<u8>>) -> Self {} pub fn build(self) -> A {} }";
        assert_eq!(told(one, none), [whole[0], "minor changed ABuilder::a", whole[1]]);
        let other = one.replace("a: u8", "a: impl Into<Option<u16>>");
        assert_eq!(told(one, &other), ["major changed ABuilder::a"]);
    }

    #[test]
    fn features_are_items() {
        let with = |features: &str| {
            let mut files = client("", "");
            files.insert(
                "Cargo.toml".to_owned(),
                format!("[package]\n\n[features]\n# words\n{features}\n[dependencies]\n"),
            );
            files
        };
        let changes = compare(&with("a = []\nb = []\n"), &with("b = []\nc = [\"b\"]\n"));
        let told: Vec<_> = changes.iter().map(|it| (it.path.as_str(), it.semver)).collect();
        assert_eq!(told, [("feature `a`", Semver::Major), ("feature `c`", Semver::Minor)]);
    }
}
