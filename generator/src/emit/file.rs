//! Files of the generated crate, before they are formatted.

use std::borrow::Cow;

use proc_macro2::TokenStream;

/// A file of the generated crate.
pub struct File<'c> {
    /// The path in the crate, with forward slashes.
    pub path: String,
    /// The content.
    pub content: Content<'c>,
}

/// What a file is made from.
pub enum Content<'c> {
    /// Rust code that still needs formatting.
    ///
    /// The tokens of a file take much more memory than its text. So they are made when the file is written, and dropped
    /// before the next file.
    Tokens {
        /// Makes the tokens, the same each time.
        make: Box<dyn Fn() -> TokenStream + Send + Sync + 'c>,
        /// Which names get `use` lines.
        imports: Imported,
    },
    /// Text that is written as it is.
    Text(Cow<'static, str>),
}

/// Which names of a file get `use` lines.
#[derive(Debug, Clone, Copy)]
pub enum Imported {
    /// None: the code spells out all paths.
    Nothing,
    /// Each name that the code uses, except these.
    AllBut(&'static [&'static str]),
}

impl<'c> File<'c> {
    /// A file of code that spells out all paths.
    pub(super) fn tokens(path: impl Into<String>, tokens: impl Fn() -> TokenStream + Send + Sync + 'c) -> Self {
        Self { path: path.into(), content: Content::Tokens { make: Box::new(tokens), imports: Imported::Nothing } }
    }

    /// A file of code that needs `use` lines for its names, except for those that it declares.
    pub(super) fn importing(
        path: impl Into<String>,
        own: &'static [&'static str],
        tokens: impl Fn() -> TokenStream + Send + Sync + 'c,
    ) -> Self {
        Self { path: path.into(), content: Content::Tokens { make: Box::new(tokens), imports: Imported::AllBut(own) } }
    }

    /// A file that is written as it is.
    pub(super) fn text(path: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), content: Content::Text(text.into()) }
    }
}
