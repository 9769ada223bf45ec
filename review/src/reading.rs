//! Everything that the stages make of one document, side by side: a review needs all of it.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::thread;

use generator::diagnostic::{Diagnostic, Pointer};
use generator::emit::{Content, File, Table};
use generator::lower;
use generator::model::Api;
use generator::parse::{self, Document, Node, Value};
use generator::report::Masked;
use generator::{Config, Source, emit, render, report};

/// A document, its model and the client that is made of it.
#[derive(Debug)]
pub struct Reading<'s> {
    /// The texts.
    pub source: Source<'s>,
    /// The parsed document.
    pub document: Document,
    /// The model.
    pub api: Api,
    /// The files of the client by their paths; empty where nobody asked for them. What two clients have in common is not
    /// formatted: see [`clients`].
    pub files: BTreeMap<String, String>,
    /// Parts of the document that had to be left out or read another way.
    pub warnings: Vec<Diagnostic>,
    /// The texts as they are shown, once they are.
    masked: OnceLock<Masked>,
}

impl<'s> Reading<'s> {
    /// Reads a document up to its model.
    ///
    /// # Errors
    ///
    /// Returns every problem, warnings included, when one of them is an error, as [`generator::generate`] does.
    pub fn of(source: Source<'s>, config: &Config) -> Result<Self, Vec<Diagnostic>> {
        let (document, problems) = parse::parse(&source);
        let Some(document) = document else { return Err(problems) };
        let mut lowered = lower::lower(&document, config.unmarked);
        if config.server {
            lowered.api.add_server();
        }
        let warnings = report::in_order(&document, problems, lowered.diagnostics)?;
        Ok(Self { source, document, api: lowered.api, files: BTreeMap::new(), warnings, masked: OnceLock::new() })
    }

    /// Returns the texts as they may be shown: without the values of examples.
    #[must_use]
    pub fn shown(&self) -> Source<'_> {
        self.masked.get_or_init(|| report::masked(&self.source, Some(&self.document.root))).of(&self.source)
    }

    /// Returns the pointer by which the text has what `pointer` names.
    #[must_use]
    pub fn written(&self, pointer: &Pointer) -> Pointer {
        self.document.written(pointer)
    }

    /// Returns the place of the item of a list whose `key` is a wanted string. If the item is a reference, returns the place
    /// of its target.
    #[must_use]
    pub fn item(&self, list: &Pointer, key: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Pointer> {
        let root = &self.document.root;
        let Value::Array(items) = &root.find(&self.written(list))?.value else { return None };
        let is_it = |item: &Pointer| {
            let text = root.find(&self.written(&item.key(key))).and_then(Node::as_str);
            text.is_some_and(&is_wanted)
        };
        let item = (0..items.len()).map(|index| list.index(index)).find(is_it)?;
        let behind = self.written(&item.key(key));
        Some(behind.parent().filter(|at| **at != self.written(&item)).cloned().unwrap_or(item))
    }
}

/// Makes the clients of two documents, and gives each reading its files.
///
/// A file that is the same in both is stored as unformatted tokens, because formatting takes most of the time and nobody
/// reads unchanged files.
pub fn clients(old: &mut Reading<'_>, new: &mut Reading<'_>, config: &Config) {
    let (was, is) = {
        let crates = [&*old, &*new].map(|reading| emit::described(&reading.api, config));
        let [names_before, names] = [&*old, &*new].map(|reading| emit::table(&reading.api));
        let [was, is] = crates.each_ref().map(emit::emit);
        let (was_bare, is_bare) = thread::scope(|scope| {
            let other = scope.spawn(|| bare(&was));
            let is = bare(&is);
            (other.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)), is)
        });
        let formatted =
            |files: Vec<File<'_>>, names: &Table, own: &BTreeMap<String, String>, others: &BTreeMap<String, String>| {
                let differs = |file: &File<'_>| own.get(&file.path) != others.get(&file.path);
                let files: Vec<File<'_>> = files.into_iter().filter(differs).collect();
                let mut all = own.clone();
                let rendered = render::render(&files, names, &config.command);
                all.extend(rendered.into_iter().map(|(path, text)| (path, text.into_owned())));
                all
            };
        (formatted(was, &names_before, &was_bare, &is_bare), formatted(is, &names, &is_bare, &was_bare))
    };
    (old.files, new.files) = (was, is);
}

/// The texts of files, without format and without the lines of their imports.
fn bare(files: &[File<'_>]) -> BTreeMap<String, String> {
    let text = |file: &File<'_>| match &file.content {
        Content::Text(text) => text.clone().into_owned(),
        Content::Tokens { make, .. } => make().to_string(),
    };
    files.iter().map(|file| (file.path.clone(), text(file))).collect()
}
