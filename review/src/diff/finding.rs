//! What was found between two documents.

use generator::diagnostic::Pointer;

/// What a change does to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Words alone: nothing that travels changes, and no item of the client.
    Documentation,
    /// Callers of the older state are served as before.
    Compatible,
    /// A call that worked may not, or code that compiled may not.
    Breaking,
}

impl Class {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

/// Where a change is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// In what callers send.
    Request,
    /// In what callers are answered.
    Answer,
    /// In what webhooks deliver.
    Webhook,
    /// In what is shown and what is withheld.
    Privacy,
    /// In what is repeated, and in what is known of a call's fate.
    Delivery,
    /// In the items of the client.
    Rust,
}

impl Side {
    /// Every side, in the order of reports.
    pub const ALL: [Self; 6] = [Self::Request, Self::Answer, Self::Webhook, Self::Privacy, Self::Delivery, Self::Rust];

    /// Where it is, in words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Request => "in the request",
            Self::Answer => "in the answer",
            Self::Webhook => "in webhooks",
            Self::Privacy => "for privacy",
            Self::Delivery => "for delivery",
            Self::Rust => "in Rust",
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
            Self::Webhook => "webhook",
            Self::Privacy => "privacy",
            Self::Delivery => "delivery",
            Self::Rust => "rust",
        }
    }
}

/// A change, and what it does on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Short name of the kind of change, in kebab-case.
    pub code: &'static str,
    /// What it does.
    pub class: Class,
    /// Where it is noticed.
    pub side: Side,
    /// What changed, by names alone, such as `PetRequest.tags[]`: the same in every commit.
    pub subject: String,
    /// What tells two changes of one kind at one subject apart, such as the value of an enum; often empty.
    pub detail: String,
    /// The old and the new value, if each is a single word.
    pub values: Option<(String, String)>,
    /// The values at the old and at the new place, if they are simple values.
    pub state: Option<[String; 2]>,
    /// The change in one sentence: lower case, no full stop, the document's own words in backquotes.
    pub message: String,
    /// Whether a second person has to accept it, whatever its class.
    pub is_blocking: bool,
    /// The place in the older document; none for what is new.
    pub old: Option<Pointer>,
    /// The place in the newer document; none for what is gone.
    pub new: Option<Pointer>,
}

impl Finding {
    /// Returns a name for the finding that is the same in every commit, while what changed becomes the same: it depends
    /// on code, side, subject and detail, on the old and the new value, and neither on lines, nor on the
    /// order of the document, nor on other edits. Twelve hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // FNV-1a: a stable hash of a few bytes, where nobody gains by a collision.
        let mut parts = vec![self.code, self.side.word(), &self.subject, &self.detail];
        // What comes or goes is named by its subject; what becomes another is told by what it becomes. The sentence about
        // an error names the operations of its response as well, which other edits change, and that about items the
        // first of them, all of which are the detail.
        if !self.comes_or_goes() && self.code != "error-kind-changed" && self.side != Side::Rust {
            parts.push(&self.message);
        }
        parts.extend(self.values.iter().flat_map(|(old, new)| [old.as_str(), new]));
        parts.extend(self.state.iter().flatten().map(String::as_str));
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{:012x}", hash >> 16)
    }

    /// Whether a thing comes or goes, or is one of two, so that the code says what it becomes.
    pub(super) fn comes_or_goes(&self) -> bool {
        let ends = ["-added", "-removed", "-dropped", "-lost"];
        ends.iter().any(|end| self.code.ends_with(end))
            || self.code.contains("became-")
            || self.code.starts_with("lost-")
    }

    /// Returns the place that a reader looks at first.
    #[must_use]
    pub fn pointer(&self) -> Pointer {
        self.new.clone().or_else(|| self.old.clone()).unwrap_or_default()
    }
}

impl Finding {
    /// Returns a finding without places.
    #[must_use]
    pub fn new(code: &'static str, class: Class, side: Side, subject: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            class,
            side,
            subject: subject.to_owned(),
            detail: String::new(),
            values: None,
            state: None,
            message: message.into(),
            is_blocking: false,
            old: None,
            new: None,
        }
    }

    /// Says where it is in the older document.
    #[must_use]
    pub fn old(mut self, pointer: &Pointer) -> Self {
        self.old = Some(pointer.clone());
        self
    }

    /// Says where it is in the newer document.
    #[must_use]
    pub fn new_at(mut self, pointer: &Pointer) -> Self {
        self.new = Some(pointer.clone());
        self
    }

    /// Says what tells it from another one of its kind at its subject.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        detail.clone_into(&mut self.detail);
        self
    }

    /// Sets the old and the new value.
    #[must_use]
    pub fn values(mut self, old: impl Into<String>, new: impl Into<String>) -> Self {
        self.values = Some((old.into(), new.into()));
        self
    }

    /// Has a second person accept it.
    #[must_use]
    pub fn blocking(mut self) -> Self {
        self.is_blocking = true;
        self
    }
}
