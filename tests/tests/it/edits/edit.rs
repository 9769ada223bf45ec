//! Small edits of the repository's document, each a file of `tests/edits`.
//!
//! ```text
//! # A request gains an optional field.
//! verdict: compatible
//! rust: minor
//! @@     RefillRequest:
//!              - $ref: '#/components/schemas/ShipmentGroupId'
//! +        reason:
//! +          type: string
//! ```
//!
//! A title comes first, then the expected results, then the hunks. A hunk is anchored at a line that occurs once in the
//! document. It changes the first place below where its lines with ` ` and `-` occur in a row. `-...` removes everything
//! up to the following line. A hunk that starts with `==` changes both documents, to prepare for the edit.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::fixture;

/// An edit, and its expected results.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The name of its file.
    pub name: String,
    /// A description of the edit.
    pub title: String,
    /// The expected results, by key.
    pub expected: BTreeMap<String, String>,
    /// The document before the edit.
    pub old: String,
    /// The document after it.
    pub new: String,
}

/// A change of lines in one place.
struct Hunk<'a> {
    /// Whether the document before the edit changes too.
    both: bool,
    /// The line below which the place is searched.
    anchor: &'a str,
    /// Its lines, each after a sign.
    lines: Vec<&'a str>,
}

impl Hunk<'_> {
    /// Applies the hunk to the text.
    fn apply(&self, text: &str) -> Result<String, String> {
        let lines: Vec<&str> = text.lines().collect();
        let mut anchors = (0..lines.len()).filter(|index| lines[*index] == self.anchor);
        let (Some(anchor), None) = (anchors.next(), anchors.next()) else {
            return Err(format!("the line `{}` doesn't occur exactly once in the document", self.anchor));
        };
        let mut starts = anchor + 1..=lines.len();
        let Some((start, (end, new))) = starts.find_map(|start| Some((start, self.fit(&lines, start)?))) else {
            return Err(format!("the lines of the hunk don't occur in a row below `{}`", self.anchor));
        };
        let lines = [&lines[..start], &new, &lines[end..]].concat();
        Ok(lines.join("\n") + "\n")
    }

    /// Matches the hunk with the lines from `at` on. Returns where the match ends, and the new lines.
    fn fit<'a>(&'a self, lines: &[&'a str], mut at: usize) -> Option<(usize, Vec<&'a str>)> {
        let mut new = Vec::new();
        let mut rest = self.lines.iter();
        while let Some(line) = rest.next() {
            let (sign, line) = line.split_at_checked(1).unwrap_or((" ", ""));
            if line == "..." {
                let next = rest.clone().find_map(|line| line.strip_prefix([' ', '-']))?;
                at += lines[at..].iter().position(|line| *line == next)?;
                continue;
            }
            if sign != "+" {
                lines.get(at).filter(|there| **there == line)?;
                at += 1;
            }
            if sign != "-" {
                new.push(line);
            }
        }
        Some((at, new))
    }
}

/// Returns the text of the repository's document.
pub fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/novamed.yaml");
    fs::read_to_string(path).expect("the document is there")
}

/// Returns all edits, by name.
pub fn all() -> Vec<Edit> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("edits");
    let document = document();
    let (mut edits, mut problems) = (Vec::new(), Vec::new());
    for path in fixture::files(&folder) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("the name is text");
        let Some(name) = name.strip_suffix(".edit") else { continue };
        let text = fs::read_to_string(&path).expect("an edit can be read");
        match parse(name, &text, &document) {
            Ok(edit) => edits.push(edit),
            Err(problem) => problems.push(format!("{name}: {problem}")),
        }
    }
    assert!(problems.is_empty(), "edits that cannot be made:\n{}", problems.join("\n"));
    edits.sort_by(|one: &Edit, other| one.name.cmp(&other.name));
    edits
}

/// Applies hunks to a text. A hunk without an anchor appends its lines.
pub fn edited(text: &str, lines: &[&str]) -> Result<String, String> {
    let mut text = text.to_owned();
    for hunk in hunks(lines)? {
        text = if hunk.anchor.is_empty() {
            hunk.lines.iter().fold(text, |text, line| text + &line[1..] + "\n")
        } else {
            hunk.apply(&text)?
        };
    }
    Ok(text)
}

fn hunks<'a>(lines: &[&'a str]) -> Result<Vec<Hunk<'a>>, String> {
    let mut hunks: Vec<Hunk<'_>> = Vec::new();
    for &line in lines {
        let both = line.starts_with("==");
        if both || line.starts_with("@@") {
            let anchor = line[2..].strip_prefix(' ').unwrap_or_default();
            hunks.push(Hunk { both, anchor, lines: Vec::new() });
        } else {
            let hunk = hunks.last_mut().ok_or("a line stands before the first hunk")?;
            if !line.is_empty() && !line.starts_with([' ', '+', '-']) {
                return Err(format!("a line of a hunk starts with a blank, `+` or `-`: {line}"));
            }
            hunk.lines.push(line);
        }
    }
    Ok(hunks)
}

fn parse(name: &str, text: &str, document: &str) -> Result<Edit, String> {
    let mut lines = text.lines();
    let title = lines.next().and_then(|line| line.strip_prefix("# ")).ok_or("the first line says what the edit is")?;
    let lines: Vec<&str> = lines.collect();
    let start = lines.iter().position(|line| line.starts_with(['@', '='])).unwrap_or(lines.len());
    let mut expected = BTreeMap::new();
    for line in &lines[..start] {
        let (key, value) = line.split_once(": ").ok_or_else(|| format!("not `key: value`: {line}"))?;
        expected.insert(key.to_owned(), value.to_owned());
    }
    let hunks = hunks(&lines[start..])?;
    let mut old = document.to_owned();
    for hunk in hunks.iter().filter(|hunk| hunk.both) {
        old = hunk.apply(&old)?;
    }
    let mut new = old.clone();
    for hunk in hunks.iter().filter(|hunk| !hunk.both) {
        new = hunk.apply(&new)?;
    }
    if old == new {
        return Err("it changes nothing".to_owned());
    }
    Ok(Edit { name: name.to_owned(), title: title.to_owned(), expected, old, new })
}

#[test]
fn hunk_changes_the_first_place_below_its_anchor() {
    let apply = |anchor: &str, lines: &[&str]| {
        Hunk { both: false, anchor, lines: lines.to_vec() }.apply("a:\n  x: 1\nb:\n  x: 1\n  y: 2\n  x: 1\n")
    };
    assert_eq!(apply("b:", &["-  x: 1", "+  x: 3"]).unwrap(), "a:\n  x: 1\nb:\n  x: 3\n  y: 2\n  x: 1\n");
    assert_eq!(apply("b:", &["   y: 2", "+  z: 0"]).unwrap(), "a:\n  x: 1\nb:\n  x: 1\n  y: 2\n  z: 0\n  x: 1\n");
    assert_eq!(apply("a:", &["+  w: 0"]).unwrap(), "a:\n  w: 0\n  x: 1\nb:\n  x: 1\n  y: 2\n  x: 1\n");
    assert_eq!(apply("a:", &["-  x: 1", "-...", "   y: 2"]).unwrap(), "a:\n  y: 2\n  x: 1\n");
    assert!(apply("c:", &["+  w: 0"]).is_err());
    assert!(apply("  x: 1", &["+  w: 0"]).is_err());
    assert!(apply("b:", &["-  x: 4"]).is_err());
}
