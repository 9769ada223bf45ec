//! Pointers: the places of nodes in a document.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The place of a node in a document: an RFC 6901 JSON pointer.
///
/// A pointer shares its beginning with the pointer that it was made from, so that `key` and `index` take the same time
/// at any depth. `Display` writes the pointer's text, in which `~` is `~0` and `/` is `~1`. Pointers are ordered step
/// by step, numbers by value and before names.
#[derive(Clone, Default)]
pub struct Pointer(Option<Arc<Segment>>);

struct Segment {
    parent: Pointer,
    step: Step,
}

enum Step {
    Key(Box<str>),
    Index(usize),
}

impl Pointer {
    /// Returns the pointer to the whole document.
    #[must_use]
    pub fn root() -> Self {
        Self(None)
    }

    /// Returns the pointer to the value of `key` in the object that this one names.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// Returns the pointer to item `index` of the array that this one names.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        Self(Some(Arc::new(Segment { parent: self.clone(), step })))
    }

    /// Returns the pointer to the object or array that holds this node; `None` for the whole document.
    #[must_use]
    pub fn parent(&self) -> Option<&Self> {
        self.0.as_ref().map(|segment| &segment.parent)
    }

    /// Returns the last step, without escapes; `None` for the whole document.
    #[must_use]
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.0.as_ref().map(|segment| segment.step.text())
    }

    /// Returns the steps from the root on, without escapes.
    #[must_use]
    pub fn steps(&self) -> Vec<Cow<'_, str>> {
        let mut steps = Vec::new();
        let mut rest = self;
        while let Some(segment) = &rest.0 {
            steps.push(segment.step.text());
            rest = &segment.parent;
        }
        steps.reverse();
        steps
    }

    /// Reads the target of a reference into the same document, such as `#/components/schemas/Pet` (RFC 6901,
    /// section 6: percent escapes are undone). Returns `None` for any other reference.
    #[must_use]
    pub fn from_reference(reference: &str) -> Option<Self> {
        let fragment = percent_decoded(reference.strip_prefix('#')?)?;
        if fragment.is_empty() {
            return Some(Self::root());
        }
        let steps = fragment.strip_prefix('/')?.split('/');
        Some(steps.fold(Self::root(), |pointer, step| pointer.key(&step.replace("~1", "/").replace("~0", "~"))))
    }
}

pub(crate) fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = if byte == b'%' { tail.get(..2) } else { None };
        let decoded = escaped.and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

impl Step {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Step::Key(key) => Cow::Borrowed(key),
            Step::Index(index) => Cow::Owned(index.to_string()),
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.steps() {
            write!(f, "/{}", step.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pointer({:?})", self.to_string())
    }
}

impl PartialEq for Pointer {
    fn eq(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self, other);
        loop {
            match (&left.0, &right.0) {
                (None, None) => return true,
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) => return true,
                (Some(a), Some(b)) if a.step.text() == b.step.text() => {
                    (left, right) = (&a.parent, &b.parent);
                }
                _ => return false,
            }
        }
    }
}

impl Eq for Pointer {}

impl Hash for Pointer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.steps().hash(state);
    }
}

impl Ord for Pointer {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.steps(), other.steps());
        for (a, b) in left.iter().zip(&right) {
            let by_kind = match (number(a), number(b)) {
                (Some(a), Some(b)) => a.cmp(&b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => a.cmp(b),
            };
            if by_kind != Ordering::Equal {
                return by_kind;
            }
        }
        left.len().cmp(&right.len())
    }
}

impl PartialOrd for Pointer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Returns the value of an array index. `01` is none: two different steps must never compare as equal.
fn number(step: &str) -> Option<usize> {
    let canonical = step == "0" || !step.starts_with(['0', '+']);
    if canonical { step.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_escaped_as_rfc_6901_says() {
        let pointer = Pointer::root().key("paths").key("/pets/{id}~x").index(3);
        assert_eq!(pointer.to_string(), "/paths/~1pets~1{id}~0x/3");
        assert_eq!(format!("{pointer:?}"), r#"Pointer("/paths/~1pets~1{id}~0x/3")"#);
        assert_eq!(Pointer::root().to_string(), "");
        assert_eq!(pointer.last().as_deref(), Some("3"));
        assert_eq!(pointer.parent().and_then(Pointer::last).as_deref(), Some("/pets/{id}~x"));
    }

    #[test]
    fn a_local_reference_is_read_back() {
        let read = |text| Pointer::from_reference(text).map(|pointer| pointer.to_string());
        assert_eq!(read("#/components/schemas/A~1B").as_deref(), Some("/components/schemas/A~1B"));
        assert_eq!(read("#/paths/~1a~1%7Bid%7D").as_deref(), Some("/paths/~1a~1{id}"));
        assert_eq!(read("#/a%zz%4").as_deref(), Some("/a%zz%4"));
        assert_eq!(read("#").as_deref(), Some(""));
        assert_eq!(read("#anchor"), None);
        assert_eq!(read("#/%ff"), None);
        assert_eq!(read("other.yaml#/a"), None);
    }

    #[test]
    fn order_is_by_step_and_numbers_by_value() {
        let root = Pointer::root();
        let mut pointers =
            [root.key("b"), root.key("a").index(10), root.key("a").key("x"), root.key("a").index(9), root.key("a")];
        pointers.sort();
        let texts: Vec<_> = pointers.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["/a", "/a/9", "/a/10", "/a/x", "/b"]);
        assert_eq!(root.key("a").index(9), root.key("a").key("9"));
        assert_ne!(root.key("01").cmp(&root.key("1")), Ordering::Equal);
    }
}
