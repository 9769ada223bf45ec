//! The list of the files that codegen owns in an output folder.
//!
//! The list is a file in the folder, and is committed together with it:
//! ```text
//! # Owned by `cargo xtask codegen` and rewritten by it: do not edit. A line is a hash and a path.
//! 7fdf1e1ddf1a4ee3 Cargo.toml
//! 0a4f0e09f3c1b2d7 src/lib.rs
//! ```
//! The hash of the content distinguishes a file that was edited by hand from one that is just out of date.
//! During a run, the list can contain a path twice, with the hashes of the old and the new content. This
//! module doesn't access the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use generator::Texts;
use xxhash_rust::xxh3::xxh3_64;

/// The name of the list in the output folder.
pub const FILE: &str = ".generated-files";
/// The suffix of a file that isn't completely written yet.
const PARTIAL: &str = ".codegen-partial";
const HEAD: &str = "# Owned by `cargo xtask codegen` and rewritten by it: do not edit. A line is a hash and a path.";

/// Paths, each with the hashes of the contents that codegen may have given it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    entries: BTreeMap<String, BTreeSet<String>>,
}

impl List {
    /// Returns the list of these files.
    pub fn of(files: &Texts) -> Self {
        let entries =
            files.iter().map(|(path, text)| (path.clone(), BTreeSet::from([hash(text.as_bytes())]))).collect();
        Self { entries }
    }

    /// Parses a list. Ignores the markers of a merge conflict, so both sides count.
    ///
    /// # Errors
    ///
    /// Fails with the first line that isn't an entry, or whose path would leave the folder.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut list = Self::default();
        for (index, line) in text.lines().enumerate() {
            let conflict = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
            if line.starts_with('#') || conflict.iter().any(|mark| line.starts_with(mark)) {
                continue;
            }
            let entry = line
                .split_once(' ')
                .filter(|(hash, _)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
                .ok_or_else(|| format!("line {}: not a hash and a path", index + 1))?;
            check_path(entry.1).map_err(|why| format!("line {}: {why}", index + 1))?;
            let hashes = list.entries.entry(entry.1.to_owned()).or_default();
            hashes.insert(entry.0.to_owned());
        }
        Ok(list)
    }

    /// Returns the text of the list: sorted, one path per line.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for (path, hashes) in &self.entries {
            for hash in hashes {
                writeln!(text, "{hash} {path}").expect("a string takes any text");
            }
        }
        text
    }

    /// Returns a list with the entries of both.
    pub fn union(mut self, other: &Self) -> Self {
        for (path, hashes) in &other.entries {
            let all = self.entries.entry(path.clone()).or_default();
            all.extend(hashes.iter().cloned());
        }
        self
    }

    /// Returns the paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Returns whether the path is on the list.
    pub fn holds(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Returns whether codegen wrote this content to this path.
    pub fn wrote(&self, path: &str, content: &[u8]) -> bool {
        self.entries.get(path).is_some_and(|hashes| hashes.contains(&hash(content)))
    }
}

/// Returns the temporary path of a file that is being written.
pub fn partial(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/.{name}{PARTIAL}"),
        None => format!(".{path}{PARTIAL}"),
    }
}

/// Checks that a path stays in the folder and isn't one of codegen's own files.
///
/// # Errors
///
/// Fails with a description of the problem.
pub fn check_path(path: &str) -> Result<(), String> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    if !path.split('/').all(plain) || path.contains(['\\', ':']) || path.contains(|c: char| c.is_control()) {
        return Err(format!("`{path}` is not a plain path inside the folder"));
    }
    if path == FILE || path.ends_with(PARTIAL) {
        return Err(format!("`{path}` is a name that codegen keeps for itself"));
    }
    Ok(())
}

/// Returns the 64-bit XXH3 hash as 16 hexadecimal digits. It must not change with new Rust releases, which the
/// standard library's hashers don't guarantee.
fn hash(content: &[u8]) -> String {
    format!("{:016x}", xxh3_64(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_xxh3() {
        // Computed with Python's `xxhash`.
        assert_eq!(hash(b""), "2d06800538d394c2");
        assert_eq!(hash(b"foobar"), "d78fda63144c5c84");
    }

    #[test]
    fn text_comes_back() {
        let files = [("src/lib.rs", "a"), ("Cargo.toml", "b")];
        let files = files.map(|(path, text)| (path.to_owned(), text.into()));
        let list = List::of(&files.into());
        assert_eq!(List::parse(&list.text()).unwrap(), list);
        assert_eq!(list.paths().collect::<Vec<_>>(), ["Cargo.toml", "src/lib.rs"]);
        assert!(list.wrote("Cargo.toml", b"b"));
        assert!(!list.wrote("Cargo.toml", b"c"));
        assert!(!list.wrote("other", b"b"));
        assert!(list.text().starts_with("# Owned by `cargo xtask codegen`"));
    }

    #[test]
    fn merge_conflict_keeps_both_sides() {
        let text = "# head\n<<<<<<< ours\n0000000000000001 a\n||||||| base\n=======\n\
                    0000000000000002 a\n>>>>>>> theirs\n";
        let list = List::parse(text).unwrap();
        assert_eq!(list.text().lines().skip(1).collect::<Vec<_>>(), ["0000000000000001 a", "0000000000000002 a"]);
    }

    #[test]
    fn lines_that_are_no_entry_are_named() {
        for line in ["src/lib.rs", "xyz src/lib.rs", "0000000000000001", ""] {
            let error = List::parse(&format!("# head\n{line}\n")).unwrap_err();
            assert_eq!(error, "line 2: not a hash and a path", "{line}");
        }
    }

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        for path in [
            "../a",
            "a/../../b",
            "/etc/passwd",
            "a//b",
            "./a",
            "a/",
            "a\\b",
            "C:a",
            "a\tb",
            "",
            FILE,
            ".a.codegen-partial",
        ] {
            assert!(check_path(path).is_err(), "{path}");
            assert!(List::parse(&format!("0000000000000001 {path}")).is_err());
        }
        for path in ["a", "a/b.rs", ".cargo/config.toml", "a b", "...", "a..b"] {
            assert!(check_path(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn partial_stands_in_the_same_folder() {
        assert_eq!(partial("lib.rs"), ".lib.rs.codegen-partial");
        assert_eq!(partial("src/a/b.rs"), "src/a/.b.rs.codegen-partial");
    }
}
