//! Reads a document, and the files that it refers to.
//!
//! Reads only plain files below the document's folder, and follows no symbolic link that leads out of it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use generator::parse::{self, MAX_BYTES};
use generator::source::{Files, Source, Unread};

use crate::failure::{self, Failure};

/// A document with its files.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
    files: Files,
}

impl Document {
    /// Reads the document at `path`. Messages call it `name`.
    ///
    /// # Errors
    ///
    /// Fails with status 2 if the document can't be read, and with status 1 if it isn't UTF-8. A file beside it
    /// that cannot be read is for the generator to report.
    pub fn read(path: &Path, name: &str) -> Result<Self, Failure> {
        let bytes = fs::read(path).map_err(|error| Failure {
            status: failure::USAGE,
            message: format!(
                "cannot read the document {}: {error}\n\
                 help: name an OpenAPI document, YAML or JSON",
                path.display()
            ),
        })?;
        let text = text(bytes).map_err(|line| Failure::problem(format!("{name}:{line}: the document is not UTF-8")))?;
        let folder = folder(path);
        let files = parse::load(&Source::alone(name, &text), |file| beside(folder.as_deref(), file));
        Ok(Self { name: name.to_owned(), text, files })
    }

    /// Creates a document from bytes that were read elsewhere. `beside` returns the files that it refers to.
    ///
    /// # Errors
    ///
    /// Fails with status 1 if the document isn't UTF-8.
    pub fn of_bytes(
        bytes: Vec<u8>,
        name: &str,
        beside: impl FnMut(&str) -> Result<String, Unread>,
    ) -> Result<Self, Failure> {
        let text = text(bytes).map_err(|line| Failure::problem(format!("{name}:{line}: the document is not UTF-8")))?;
        let files = parse::load(&Source::alone(name, &text), beside);
        Ok(Self { name: name.to_owned(), text, files })
    }

    /// Returns the generator's input.
    pub fn source(&self) -> Source<'_> {
        Source { name: &self.name, text: &self.text, files: &self.files }
    }
}

/// The folder of the document, without symbolic links.
fn folder(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    folder.canonicalize().ok()
}

fn beside(folder: Option<&Path>, file: &str) -> Result<String, Unread> {
    let folder = folder.ok_or(Unread::Missing)?;
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Unread::Missing,
        _ => Unread::Refused(error.to_string()),
    };
    let path = folder.join(file).canonicalize().map_err(refused)?;
    if !path.starts_with(folder) {
        return Err(Unread::Outside);
    }
    if !path.is_file() {
        return Err(Unread::Refused("it isn't a plain file".to_owned()));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES).map_or(u64::MAX, |limit| limit + 1);
    File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(refused)?;
    text(bytes).map_err(Unread::NotText)
}

/// Returns the text, or the line of the first byte that isn't UTF-8.
pub fn text(bytes: Vec<u8>) -> Result<String, usize> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        error.as_bytes()[..valid].split(|byte| *byte == b'\n').count()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-document-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("spec/schemas")).unwrap();
        folder
    }

    #[test]
    fn files_below_the_folder_are_read_and_no_other() {
        let root = scratch("files");
        let folder = root.join("spec").canonicalize().unwrap();
        fs::write(folder.join("schemas/pet.yaml"), "type: string").unwrap();
        fs::write(folder.join("bytes.yaml"), b"a\n\xff").unwrap();
        fs::write(root.join("secret.yaml"), "secret").unwrap();
        let read = |file| beside(Some(&folder), file);
        assert_eq!(read("schemas/pet.yaml").as_deref(), Ok("type: string"));
        assert_eq!(read("schemas/none.yaml"), Err(Unread::Missing));
        assert_eq!(read("schemas/pet.yaml/x"), Err(Unread::Missing));
        assert_eq!(read("bytes.yaml"), Err(Unread::NotText(2)));
        assert_eq!(read("../secret.yaml"), Err(Unread::Outside));
        assert!(matches!(read("schemas"), Err(Unread::Refused(_))));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("secret.yaml"), folder.join("link.yaml")).unwrap();
            std::os::unix::fs::symlink(folder.join("schemas/pet.yaml"), folder.join("inside.yaml")).unwrap();
            assert_eq!(read("link.yaml"), Err(Unread::Outside));
            assert_eq!(read("inside.yaml").as_deref(), Ok("type: string"));
        }
        fs::remove_dir_all(&root).unwrap();
    }
}
