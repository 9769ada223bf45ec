//! A document in a git revision, with the files that it refers to.

use std::path::Path;
use std::process::Command;

use generator::source::Unread;

use crate::document::{self, Document};
use crate::failure::{self, Failure};

/// Reads the document at `spec` in `revision`. Messages call it `REVISION:SPEC`.
///
/// # Errors
///
/// Fails with status 2 if the revision doesn't exist or doesn't contain the document, and with status 1 if the document
/// isn't UTF-8.
pub fn read(revision: &str, spec: &Path, spec_name: &str) -> Result<Document, Failure> {
    let folder = spec.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = spec.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = format!("{revision}:{spec_name}");
    if revision.starts_with('-')
        || git(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).is_err()
    {
        return Err(Failure {
            status: failure::USAGE,
            message: format!(
                "`{revision}` is neither a file nor a revision of git\n\
                 help: name a document, or a revision such as main, HEAD~1 or a tag; a checkout without history has no \
                 other than its own"
            ),
        });
    }
    let show = |file: &str| git(folder, &["show", &format!("{revision}:./{file}")]);
    let bytes = show(file).map_err(|why| Failure {
        status: failure::USAGE,
        message: format!(
            "cannot read {spec_name} of the revision `{revision}`: {why}\n\
             help: --spec takes the path of the document, which has to be the same there"
        ),
    })?;
    Document::of_bytes(bytes, &name, |file| {
        let bytes = show(file).map_err(|_| Unread::Missing)?;
        document::text(bytes).map_err(Unread::NotText)
    })
}

/// Returns the text of the file at `path` in `revision`, if it exists.
pub fn text(revision: &str, path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name()?.to_str()?;
    String::from_utf8(git(folder, &["show", &format!("{revision}:./{file}")]).ok()?).ok()
}

/// Runs git in a folder. Returns its output, or the last line of its error message.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output =
        Command::new("git").arg("-C").arg(folder).args(arguments).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(message.lines().last().unwrap_or("git failed").to_owned())
}
