//! Compares an output folder with the generated files.
//!
//! Determines a [`State`] for every path that was generated or is on the list, and writes nothing. `check`
//! reports the states, and `write` brings each to [`State::Fresh`].

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use generator::Texts;

use crate::failure::Failure;
use crate::owned::{self, List};

/// How a path on disk compares with the generated files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Generated, and identical on disk.
    Fresh,
    /// Generated, but different on disk, where codegen wrote it.
    Stale,
    /// Generated and on the list, but edited by hand.
    Edited,
    /// Generated, but missing on disk.
    Missing,
    /// Generated, but the file on disk is different and not on the list: it belongs to someone else.
    Foreign,
    /// On the list, on disk, and no longer generated.
    Orphan,
    /// An orphan that was edited by hand.
    EditedOrphan,
    /// Only on the list.
    Gone,
}

/// The comparison of a folder with the files generated for it.
#[derive(Debug)]
pub struct Survey {
    /// Every path that was generated or is on the list.
    pub states: BTreeMap<String, State>,
    /// Partial files of an interrupted run.
    pub leftovers: Vec<String>,
    /// The list on disk, or an empty one.
    pub list: List,
    /// Whether the list on disk matches the generated files.
    pub list_is_fresh: bool,
}

impl Survey {
    /// Returns the paths with one of these states, sorted.
    pub fn paths(&self, states: &[State]) -> Vec<&str> {
        let found = self.states.iter();
        found.filter(|(_, state)| states.contains(state)).map(|(path, _)| path.as_str()).collect()
    }
}

/// Compares a folder, which doesn't have to exist, with the files generated for it.
///
/// # Errors
///
/// Fails if the list or a file can't be read, if a path would leave the folder, or if there is a symbolic link
/// or anything other than a file at a path.
pub fn survey(folder: &Path, files: &Texts) -> Result<Survey, Failure> {
    for path in files.keys() {
        owned::check_path(path).map_err(Failure::problem)?;
    }
    let list_text = read(folder, owned::FILE)?;
    let list = match &list_text {
        Some(text) => parse_list(folder, text)?,
        None => List::default(),
    };
    let mut states = BTreeMap::new();
    for (path, text) in files {
        states.insert(path.clone(), generated(folder, &list, path, text)?);
    }
    for path in list.paths().filter(|path| !files.contains_key(*path)) {
        states.insert(path.to_owned(), orphan(folder, &list, path)?);
    }
    let mut leftovers = Vec::new();
    for path in list.paths().chain([owned::FILE]) {
        let partial = owned::partial(path);
        if read(folder, &partial)?.is_some() {
            leftovers.push(partial);
        }
    }
    let list_is_fresh = list_text.is_some_and(|text| text == List::of(files).text().as_bytes());
    Ok(Survey { states, leftovers, list, list_is_fresh })
}

fn generated(folder: &Path, list: &List, path: &str, text: &str) -> Result<State, Failure> {
    Ok(match read(folder, path)? {
        None => State::Missing,
        Some(content) if content == text.as_bytes() => State::Fresh,
        Some(_) if !list.holds(path) => State::Foreign,
        Some(content) if list.wrote(path, &content) => State::Stale,
        Some(_) => State::Edited,
    })
}

fn orphan(folder: &Path, list: &List, path: &str) -> Result<State, Failure> {
    Ok(match read(folder, path)? {
        None => State::Gone,
        Some(content) if list.wrote(path, &content) => State::Orphan,
        Some(_) => State::EditedOrphan,
    })
}

fn parse_list(folder: &Path, text: &[u8]) -> Result<List, Failure> {
    let parsed = match std::str::from_utf8(text) {
        Ok(text) => List::parse(text),
        Err(_) => Err("not UTF-8".to_owned()),
    };
    parsed.map_err(|why| {
        Failure::problem(format!(
            "the list of owned files cannot be read: {}: {why}\n\
             help: bring it back from version control, or delete it together with the files that \
             codegen wrote there",
            folder.join(owned::FILE).display()
        ))
    })
}

/// Returns the content of a plain file in the folder, if it exists.
///
/// Follows no symbolic link below the folder, since it could lead out of it.
fn read(folder: &Path, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    let mut place = folder.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let kind = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::io("look at", &place, &error)),
        };
        let due = if parts.peek().is_some() { (kind.is_dir(), "a folder") } else { (kind.is_file(), "a file") };
        if !due.0 {
            let what = if kind.is_symlink() { "a symbolic link" } else { "something else" };
            return Err(Failure::problem(format!(
                "expected {}, found {what}: {}\nhelp: move it away, and run again",
                due.1,
                place.display()
            )));
        }
    }
    match fs::read(&place) {
        Ok(content) => Ok(Some(content)),
        Err(error) => Err(Failure::io("read", &place, &error)),
    }
}
