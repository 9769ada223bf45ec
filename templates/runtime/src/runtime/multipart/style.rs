//! Parts that are written like query parameters: [`PartStyle`].
//!
//! `OpenAPI` 3.1.1, Encoding Object: `style` and `explode` apply to `multipart/form-data` too. Nothing is
//! percent-encoded there (RFC 7578, section 5.1): `["blue", "black"]` without `explode` is one part
//! `blue,black`.

use crate::runtime::call::node::Node;
use crate::runtime::multipart::Form;

/// How a value becomes parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the table is kept whole; a document uses some of its rows")]
pub(crate) enum PartStyle {
    /// A part for each item, or for each property by its own name.
    Exploded,
    /// One part: `blue,black`, or `R,100,G,200`.
    Joined(&'static str),
    /// A part for each property: `color[R]`.
    Deep,
}

impl Form {
    /// Writes the part of this name in a style.
    pub(crate) fn part_style(mut self, name: &'static str, style: PartStyle) -> Self {
        self.written.push((name, Box::new(move |name, value| style.parts(name, value))));
        self
    }
}

impl PartStyle {
    /// Returns the parts of a value, by their names; null is none.
    fn parts(self, name: &str, value: &Node) -> Vec<(String, String)> {
        let joined = |separator, texts: Vec<String>| {
            let one = (!texts.is_empty()).then(|| (name.to_owned(), texts.join(separator)));
            one.into_iter().collect()
        };
        match (self, value) {
            (_, Node::Null) => Vec::new(),
            (Self::Joined(separator), Node::List(items)) => joined(separator, present(items).map(Node::text).collect()),
            (Self::Joined(separator), Node::Pairs(pairs)) => {
                let texts = present_pairs(pairs).flat_map(|(key, value)| [key.clone(), value.text()]);
                joined(separator, texts.collect())
            }
            (Self::Exploded, Node::Pairs(pairs)) => {
                present_pairs(pairs).map(|(key, value)| (key.clone(), value.text())).collect()
            }
            (Self::Deep, Node::Pairs(pairs)) => {
                pairs.iter().flat_map(|(key, value)| self.parts(&format!("{name}[{key}]"), value)).collect()
            }
            (_, Node::List(items)) => present(items).map(|item| (name.to_owned(), item.text())).collect(),
            (_, scalar) => vec![(name.to_owned(), scalar.text())],
        }
    }
}

fn present(items: &[Node]) -> impl Iterator<Item = &Node> {
    items.iter().filter(|item| !matches!(item, Node::Null))
}

fn present_pairs(pairs: &[(String, Node)]) -> impl Iterator<Item = &(String, Node)> {
    pairs.iter().filter(|(_, value)| !matches!(value, Node::Null))
}
