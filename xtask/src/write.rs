//! Updates an output folder. A run that is interrupted anywhere leaves no half-written file, and the next
//! run completes it.
//!
//! Turns a survey into a list of [`Step`]s, and performs them:
//! ```text
//! remove leftovers       partial files of an interrupted run
//! list of old and new    from here on, everything that this run may leave behind is on the list
//! remove orphans         and folders that become empty
//! create folders
//! write files            each to a partial file next to it, which is then renamed
//! list of new
//! ```

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::panic;
use std::path::Path;
use std::thread;

use generator::Texts;

use crate::failure::Failure;
use crate::owned::{self, List};
use crate::survey::{State, Survey};

/// The number of steps that justifies a second thread.
const MANY: usize = 32;

/// One change of the disk; paths are relative to the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'t> {
    /// Creates a folder and its parents; the empty path is the output folder.
    CreateFolder(String),
    /// Writes the text to the path's partial file.
    WritePartial {
        /// The final path of the file.
        path: String,
        /// The complete text.
        text: Cow<'t, str>,
    },
    /// Renames the partial file to its final path.
    Complete(String),
    /// Removes a file.
    Remove(String),
    /// Removes a folder if it is empty.
    RemoveIfEmpty(String),
}

/// Returns the steps, in order. There are none if the folder is up to date.
///
/// # Errors
///
/// Fails if a file that isn't on the list is in the way.
pub fn steps<'t>(survey: &Survey, files: &'t Texts) -> Result<Vec<Step<'t>>, Failure> {
    refuse_foreign(survey)?;
    let leftovers = survey.leftovers.iter().cloned();
    let mut steps: Vec<Step<'_>> = leftovers.map(Step::Remove).collect();

    let new = List::of(files);
    let both = new.clone().union(&survey.list);
    if both != survey.list || (both == new && !survey.list_is_fresh) {
        steps.push(Step::CreateFolder(String::new()));
        write_file(&mut steps, owned::FILE, both.text());
    }
    for path in survey.paths(&[State::Orphan]) {
        steps.push(Step::Remove(path.to_owned()));
    }
    for path in survey.paths(&[State::Orphan, State::Gone]) {
        steps.extend(folders(path).map(Step::RemoveIfEmpty));
    }
    let due = survey.paths(&[State::Missing, State::Stale, State::Edited]);
    let created: BTreeSet<String> = due.iter().filter_map(|path| folders(path).next()).collect();
    steps.extend(created.into_iter().map(Step::CreateFolder));
    for path in due {
        write_file(&mut steps, path, &*files[path]);
    }
    if both != new {
        write_file(&mut steps, owned::FILE, new.text());
    }
    Ok(steps)
}

/// Performs the steps in the folder, up to the first failure. Consecutive files are written two at a time.
///
/// # Errors
///
/// Fails with the file that could not be written or removed.
pub fn perform(folder: &Path, steps: &[Step<'_>]) -> Result<(), Failure> {
    let mut rest = steps;
    while !rest.is_empty() {
        // The two steps of a file stay together.
        let files = rest.iter().position(|step| !is_of_file(step)).unwrap_or(rest.len()) / 2 * 2;
        let (now, later) = rest.split_at(files.max(1));
        write_all(folder, now)?;
        rest = later;
    }
    Ok(())
}

/// Whether the step writes a file of the client. The list is written before and after all of these.
fn is_of_file(step: &Step<'_>) -> bool {
    matches!(step, Step::WritePartial { path, .. } | Step::Complete(path) if path != owned::FILE)
}

/// Performs pairs of steps that each write a file, in any order of the files.
fn write_all(folder: &Path, steps: &[Step<'_>]) -> Result<(), Failure> {
    let one_by_one = |steps: &[Step<'_>]| steps.iter().try_for_each(|step| one(folder, step));
    if steps.len() < MANY {
        return one_by_one(steps);
    }
    // The paths are sorted, so each half works in different folders: a folder accepts one file at a time.
    let (first, second) = steps.split_at(steps.len() / 4 * 2);
    thread::scope(|scope| {
        let second = scope.spawn(|| one_by_one(second));
        let first = one_by_one(first);
        first.and(second.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
    })
}

/// Describes the hand edits that the steps overwrite or leave behind.
pub fn notes(survey: &Survey) -> Vec<String> {
    let edited = survey.paths(&[State::Edited]).into_iter();
    let edited = edited.map(|path| format!("{path} had been edited by hand, and was written anew"));
    let orphans = survey.paths(&[State::EditedOrphan]).into_iter();
    let orphans = orphans
        .map(|path| format!("{path} is no longer generated, but was edited by hand: it is kept, and no longer owned"));
    edited.chain(orphans).collect()
}

fn refuse_foreign(survey: &Survey) -> Result<(), Failure> {
    let foreign = survey.paths(&[State::Foreign]);
    if foreign.is_empty() {
        return Ok(());
    }
    Err(Failure::problem(format!(
        "files that are not on the list of owned files ({}) are in the way; nothing was \
         written:\n  {}\nhelp: move them away or delete them, and run again",
        owned::FILE,
        foreign.join("\n  ")
    )))
}

fn write_file<'t>(steps: &mut Vec<Step<'t>>, path: &str, text: impl Into<Cow<'t, str>>) {
    steps.push(Step::WritePartial { path: path.to_owned(), text: text.into() });
    steps.push(Step::Complete(path.to_owned()));
}

/// Returns the folders of a path from the innermost on, the output folder left out.
fn folders(path: &str) -> impl Iterator<Item = String> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = rest.rsplit_once('/')?.0;
        Some(rest.to_owned())
    })
}

fn one(folder: &Path, step: &Step<'_>) -> Result<(), Failure> {
    let (action, path, done) = match step {
        Step::CreateFolder(path) => ("create", path, fs::create_dir_all(folder.join(path))),
        Step::WritePartial { path, text } => {
            let partial = folder.join(owned::partial(path));
            ("write", path, fs::write(partial, text.as_bytes()))
        }
        Step::Complete(path) => {
            let partial = folder.join(owned::partial(path));
            ("write", path, fs::rename(partial, folder.join(path)))
        }
        Step::Remove(path) => ("remove", path, fs::remove_file(folder.join(path))),
        Step::RemoveIfEmpty(path) => {
            let done = match fs::remove_dir(folder.join(path)) {
                Err(error) if still_needed(&error) => Ok(()),
                done => done,
            };
            ("remove", path, done)
        }
    };
    done.map_err(|error| Failure::io(action, &folder.join(path), &error))
}

fn still_needed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty)
}

#[cfg(test)]
mod tests;
