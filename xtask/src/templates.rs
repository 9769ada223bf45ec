//! Reads the client's hand-written parts from a folder: the head of the manifest, and the files to include.
//!
//! `manifest.toml` is the head. Every other file is included under its path in the folder. Names that start
//! with a dot are ignored, because editors and operating systems create such files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::failure::Failure;

const MANIFEST_HEAD: &str = "manifest.toml";

/// The hand-written parts of a client.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The first tables of the client's manifest.
    pub manifest_head: Option<String>,
    /// Texts by path.
    pub includes: BTreeMap<String, String>,
}

/// Reads the parts from a folder.
///
/// # Errors
///
/// Fails if a file or folder can't be read, or isn't UTF-8.
pub fn read(folder: &Path) -> Result<Parts, Failure> {
    let mut includes = BTreeMap::new();
    read_folder(folder, "", &mut includes)?;
    Ok(Parts { manifest_head: includes.remove(MANIFEST_HEAD), includes })
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let failed = |error| Failure::io("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let place = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            let message = format!("the name of {} is not UTF-8", place.display());
            return Err(Failure::problem(message));
        };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if place.is_dir() {
            read_folder(&place, &format!("{path}/"), files)?;
        } else {
            let text = fs::read_to_string(&place).map_err(|error| Failure::io("read", &place, &error))?;
            files.insert(path, text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("examples")).unwrap();
        for path in ["manifest.toml", "README.md", ".DS_Store", "examples/a.rs"] {
            fs::write(folder.path().join(path), path).unwrap();
        }
        let parts = read(folder.path()).unwrap();
        assert_eq!(parts.manifest_head.as_deref(), Some("manifest.toml"));
        assert_eq!(parts.includes.keys().collect::<Vec<_>>(), ["README.md", "examples/a.rs"]);
    }

    #[test]
    fn text_that_is_not_utf_8_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("logo.png"), [0xff, 0xfe]).unwrap();
        let failure = read(folder.path()).unwrap_err();
        assert!(failure.message.contains("logo.png"), "{failure}");
    }

    #[test]
    fn licenses_are_those_of_the_repository() {
        let root = crate::root();
        let parts = read(&root.join("templates/novamed")).unwrap();
        for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let text = fs::read_to_string(root.join(name)).unwrap();
            assert_eq!(parts.includes.get(name), Some(&text), "{name}");
        }
    }
}
