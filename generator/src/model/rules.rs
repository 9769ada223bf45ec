//! What a value has to satisfy besides its type.

/// The rules for a value at the place that uses it, checked before the value is sent.
///
/// Only rules that apply to the value's type are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Rules for the value itself.
    pub own: Vec<Rule>,
    /// What is checked inside the value.
    pub inside: Inside,
}

/// What is checked inside a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Inside {
    /// Nothing.
    #[default]
    Nothing,
    /// The value, or each value in it, by the rules of its type.
    Type,
    /// Each item of an array, or each value of a map, by these rules.
    Each(Box<Rules>),
}

impl Rules {
    /// Whether nothing is checked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.inside == Inside::Nothing
    }

    /// Whether the place adds rules to those of the type.
    #[must_use]
    pub const fn adds_to_type(&self) -> bool {
        !self.own.is_empty() || matches!(self.inside, Inside::Each(_))
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

impl Rule {
    /// Whether no value satisfies both rules: one is a lower limit above the other's upper limit.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        use Rule::{MaxItems, MaxLength, Maximum, MinItems, MinLength, Minimum};
        match (self, other) {
            (MinLength(least), MaxLength(most))
            | (MaxLength(most), MinLength(least))
            | (MinItems(least), MaxItems(most))
            | (MaxItems(most), MinItems(least)) => least > most,
            (Minimum(least), Maximum(most)) | (Maximum(most), Minimum(least)) => {
                let parsed = |bound: &Bound| bound.value.parse::<f64>().ok();
                let is_open = least.exclusive || most.exclusive;
                parsed(least).zip(parsed(most)).is_some_and(|(least, most)| least > most || is_open && least >= most)
            }
            _ => false,
        }
    }
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The number, written as Rust writes a `f64`.
    pub value: String,
    /// Whether the end itself is outside.
    pub exclusive: bool,
}

/// A form of text without a separate type.
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
