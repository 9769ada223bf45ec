//! What a value has to keep beside its type.

/// What a value has to keep beside its type; checked before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Of the value itself.
    pub own: Vec<Rule>,
    /// Of each item, where the value is an array, or of each value of a map; none where there are none.
    pub items: Option<Box<Rules>>,
}

impl Rules {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.items.is_none()
    }
}

/// A rule for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// In characters.
    MinLength(usize),
    /// In characters.
    MaxLength(usize),
    /// The text is of this form.
    Pattern(Pattern),
    /// The text is of this form.
    Format(Format),
    /// At least so many items.
    MinItems(usize),
    /// At most so many items.
    MaxItems(usize),
    /// Not below.
    Minimum(Bound),
    /// Not above.
    Maximum(Bound),
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The number, written as Rust writes a `f64`.
    pub value: String,
    /// Whether the end itself is outside.
    pub exclusive: bool,
}

/// A form of text that has no type of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `email`.
    Email,
    /// `uri`.
    Uri,
}

/// A pattern that is a row of character classes, from the start of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// As the document writes it.
    pub text: String,
    /// One after the other.
    pub parts: Vec<PatternPart>,
    /// Whether the text ends where the parts do.
    pub is_whole: bool,
}

/// Characters of these ranges, so many times: as many as there are, up to `max`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternPart {
    /// From and to, both included.
    pub ranges: Vec<(char, char)>,
    /// At least so many times.
    pub min: usize,
    /// At most so many times.
    pub max: Option<usize>,
}
