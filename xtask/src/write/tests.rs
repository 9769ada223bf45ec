use std::fs;
use std::path::Path;

use super::*;
use crate::check;
use crate::survey::survey;

type Files = generator::Texts;

fn files(pairs: &[(&str, &str)]) -> Files {
    let owned = pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned().into()));
    owned.collect()
}

/// Puts files into a folder, as a person would.
fn put(folder: &Path, files: &Files) {
    for (path, text) in files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, &**text).unwrap();
    }
}

/// Returns all that is in a folder; an empty folder counts as a path that ends in a slash.
fn all(folder: &Path) -> Files {
    fn walk(folder: &Path, prefix: &str, found: &mut Files) {
        let mut empty = true;
        for entry in fs::read_dir(folder).unwrap() {
            empty = false;
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{path}/"), found);
            } else {
                found.insert(path, fs::read_to_string(entry.path()).unwrap().into());
            }
        }
        if empty {
            found.insert(prefix.to_owned(), "".into());
        }
    }
    let mut found = Files::new();
    walk(folder, "", &mut found);
    found
}

fn generate<'t>(folder: &Path, files: &'t Files) -> Result<Vec<Step<'t>>, Failure> {
    let steps = steps(&survey(folder, files)?, files)?;
    perform(folder, &steps)?;
    Ok(steps)
}

/// Returns the files and the list that belongs to them.
fn with_list(files: &Files) -> Files {
    let mut all = files.clone();
    all.insert(owned::FILE.to_owned(), List::of(files).text().into());
    all
}

fn old() -> Files {
    files(&[
        ("Cargo.toml", "old manifest"),
        ("src/lib.rs", "the same"),
        ("src/types/gone.rs", "orphan"),
        ("src/types/deep/gone.rs", "orphan too"),
        ("src/edited.rs", "before the edit"),
    ])
}

fn new() -> Files {
    files(&[
        ("Cargo.toml", "new manifest"),
        ("src/lib.rs", "the same"),
        ("src/edited.rs", "after the edit"),
        ("src/fresh.rs", "first time"),
        ("examples/one/main.rs", "first time, in separate folders"),
    ])
}

/// Returns a folder with the old files, one of them edited by hand, and a file of someone else.
fn old_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path(), &old()).unwrap();
    let by_hand = files(&[("src/edited.rs", "by hand"), ("src/mine.rs", "mine")]);
    put(folder.path(), &by_hand);
    folder
}

/// Returns what the folder holds once the new files are there.
fn finished(generated: &Files) -> Files {
    let mut all = with_list(generated);
    all.insert("src/mine.rs".to_owned(), "mine".into());
    all
}

#[test]
fn writes_what_changed_and_removes_orphans_with_their_folders() {
    let folder = old_folder();
    let files = new();
    let steps = generate(folder.path(), &files).unwrap();
    assert_eq!(all(folder.path()), finished(&new()));
    let touched = |path: &str| steps.iter().any(|step| format!("{step:?}").contains(path));
    assert!(!touched("src/lib.rs\""), "{steps:#?}");
    assert!(!touched("src/mine.rs"));
}

#[test]
fn many_files_are_written_all_and_listed_last() {
    let folder = old_folder();
    let many: Files =
        (0..40).map(|number| (format!("src/{}/{number}.rs", number % 3), number.to_string().into())).collect();
    let steps = generate(folder.path(), &many).unwrap();
    assert_eq!(steps.last(), Some(&Step::Complete(owned::FILE.to_owned())));
    assert_eq!(all(folder.path()).into_iter().filter(|(path, _)| many.contains_key(path)).collect::<Files>(), many);
    assert_eq!(generate(folder.path(), &many).unwrap(), []);
}

#[test]
fn second_run_has_nothing_to_do() {
    let folder = old_folder();
    generate(folder.path(), &new()).unwrap();
    assert_eq!(generate(folder.path(), &new()).unwrap(), []);
    let survey = survey(folder.path(), &new()).unwrap();
    assert_eq!(check::problems(&survey), [""; 0]);
}

#[test]
fn run_that_is_interrupted_anywhere_is_completed_by_the_next() {
    let count = {
        let folder = old_folder();
        generate(folder.path(), &new()).unwrap().len()
    };
    for next in [new(), old()] {
        for done in 0..=count {
            for half in [false, true] {
                let folder = old_folder();
                let files = new();
                let steps = steps(&survey(folder.path(), &files).unwrap(), &files).unwrap();
                perform(folder.path(), &steps[..done]).unwrap();
                if half {
                    perform_half(folder.path(), steps.get(done));
                }
                no_half_written_file(folder.path());
                generate(folder.path(), &next).unwrap();
                assert_eq!(all(folder.path()), finished(&next), "interrupted after {done} steps, half: {half}");
            }
        }
    }
}

/// Writes a part of a partial file, as a run does that ends in the middle of it.
fn perform_half(folder: &Path, step: Option<&Step<'_>>) {
    if let Some(Step::WritePartial { path, text }) = step {
        let path = path.clone();
        let text = text[..text.len() / 2].into();
        perform(folder, &[Step::WritePartial { path, text }]).unwrap();
    }
}

fn no_half_written_file(folder: &Path) {
    for (path, text) in all(folder) {
        let whole = [old(), new()].iter().any(|files| files.get(&path) == Some(&text));
        let apart = ["src/mine.rs", "src/edited.rs", owned::FILE].contains(&path.as_str())
            || path.ends_with(".codegen-partial")
            || path.ends_with('/');
        assert!(whole || apart, "{path}: {text}");
    }
    let list = fs::read_to_string(folder.join(owned::FILE)).unwrap();
    List::parse(&list).unwrap();
}

#[test]
fn interrupted_first_run_is_completed_by_the_next() {
    let count = generate(tempfile::tempdir().unwrap().path(), &new()).unwrap().len();
    for done in 0..=count {
        let folder = tempfile::tempdir().unwrap();
        let files = new();
        let steps = steps(&survey(folder.path(), &files).unwrap(), &files).unwrap();
        perform(folder.path(), &steps[..done]).unwrap();
        generate(folder.path(), &new()).unwrap();
        assert_eq!(all(folder.path()), with_list(&new()), "after {done} steps");
    }
}

#[test]
fn step_that_fails_stops_the_run_and_the_next_completes_it() {
    let folder = old_folder();
    let files = new();
    let steps = steps(&survey(folder.path(), &files).unwrap(), &files).unwrap();
    let obstacle = folder.path().join(owned::partial("src/fresh.rs"));
    fs::create_dir(&obstacle).unwrap();
    let failure = perform(folder.path(), &steps).unwrap_err();
    assert!(failure.message.contains("src/fresh.rs"), "{failure}");
    no_half_written_file(folder.path());
    fs::remove_dir(&obstacle).unwrap();
    generate(folder.path(), &new()).unwrap();
    assert_eq!(all(folder.path()), finished(&new()));
}

#[test]
fn folder_is_created() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    generate(&inner, &new()).unwrap();
    assert_eq!(all(&inner), with_list(&new()));
}

#[test]
fn file_in_the_way_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mine = files(&[("src/lib.rs", "mine"), ("src/fresh.rs", "mine too")]);
    put(folder.path(), &mine);
    let failure = generate(folder.path(), &new()).unwrap_err();
    assert!(failure.message.contains("src/fresh.rs\n  src/lib.rs\n"), "{failure}");
    assert_eq!(all(folder.path()), mine);
}

#[test]
fn file_that_is_the_same_already_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &new());
    generate(folder.path(), &new()).unwrap();
    assert_eq!(all(folder.path()), with_list(&new()));
}

#[test]
fn check_names_every_file_that_is_not_up_to_date() {
    let folder = old_folder();
    fs::write(folder.path().join(owned::partial("src/lib.rs")), "ha").unwrap();
    fs::write(folder.path().join("src/types/gone.rs"), "by hand").unwrap();
    fs::create_dir(folder.path().join("examples")).unwrap();
    fs::remove_file(folder.path().join("src/types/deep/gone.rs")).unwrap();
    let mut wanted = new();
    wanted.insert("src/mine.rs".to_owned(), "generated".into());
    let problems = check::problems(&survey(folder.path(), &wanted).unwrap());
    assert_eq!(
        problems,
        [
            "missing: examples/one/main.rs",
            "missing: src/fresh.rs",
            "stale: Cargo.toml",
            "stale: src/edited.rs (edited by hand)",
            "in the way: src/mine.rs (not on the list of owned files: move it away)",
            "orphan: src/types/gone.rs (no longer generated, and edited by hand)",
            "orphan: src/types/deep/gone.rs (on the list of owned files alone)",
            "orphan: src/.lib.rs.codegen-partial (left by an interrupted run)",
        ]
    );
}

#[test]
fn check_sees_a_list_that_is_stale_or_missing() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &new());
    let problems = check::problems(&survey(folder.path(), &new()).unwrap());
    assert_eq!(problems, ["stale: .generated-files (the list itself)"]);
}

#[test]
fn orphan_that_was_edited_by_hand_is_kept_and_no_longer_owned() {
    let folder = old_folder();
    put(folder.path(), &files(&[("src/types/gone.rs", "by hand")]));
    let before = survey(folder.path(), &new()).unwrap();
    assert_eq!(
        notes(&before),
        [
            "src/edited.rs had been edited by hand, and was written anew",
            "src/types/gone.rs is no longer generated, but was edited by hand: it is kept, and no \
             longer owned"
        ]
    );
    generate(folder.path(), &new()).unwrap();
    let mut expected = finished(&new());
    expected.insert("src/types/gone.rs".to_owned(), "by hand".into());
    assert_eq!(all(folder.path()), expected);
    assert_eq!(generate(folder.path(), &new()).unwrap(), []);
}

#[test]
fn list_that_was_tampered_with_is_refused() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("client");
    put(outer.path(), &files(&[("precious", "keep")]));
    for path in ["../precious", "/precious", "src/../../precious"] {
        let list = format!("# list\n0000000000000001 {path}\n");
        put(&folder, &files(&[(owned::FILE, &list)]));
        let failure = generate(&folder, &new()).unwrap_err();
        assert!(failure.message.contains("line 2"), "{failure}");
        assert!(failure.message.contains(path), "{failure}");
    }
    assert!(outer.path().join("precious").exists());
    assert!(!folder.join("Cargo.toml").exists());
}

#[test]
fn generated_path_that_leaves_the_folder_is_refused() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("client");
    let failure = generate(&folder, &files(&[("../escaped", "")])).unwrap_err();
    assert!(failure.message.contains("../escaped"), "{failure}");
    assert_eq!(all(outer.path()), files(&[("", "")]));
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    use std::os::unix::fs::symlink;

    let outer = tempfile::tempdir().unwrap();
    let elsewhere = outer.path().join("elsewhere");
    put(&elsewhere, &files(&[("lib.rs", "the same"), ("gone.rs", "orphan")]));
    let before = all(&elsewhere);
    for (link, target) in [("src", "../elsewhere"), ("Cargo.toml", "elsewhere/lib.rs")] {
        let folder = outer.path().join("client");
        fs::create_dir(&folder).unwrap();
        symlink(target, folder.join(link)).unwrap();
        let failure = generate(&folder, &new()).unwrap_err();
        assert!(failure.message.contains("symbolic link"), "{failure}");
        assert!(failure.message.contains(link), "{failure}");
        fs::remove_dir_all(&folder).unwrap();
    }
    assert_eq!(all(&elsewhere), before);
}

#[test]
fn folder_where_a_file_is_due_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("Cargo.toml")).unwrap();
    let failure = generate(folder.path(), &new()).unwrap_err();
    assert!(failure.message.contains("expected a file, found"), "{failure}");
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &files(&[("src", "a file")]));
    let failure = generate(folder.path(), &new()).unwrap_err();
    assert!(failure.message.contains("expected a folder, found"), "{failure}");
}
