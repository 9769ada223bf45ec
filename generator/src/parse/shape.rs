//! What each object of OpenAPI may hold, for telling a misspelt key from a misplaced one.

use super::{
    body, components, document, info, link, operation, parameter, path_item, response, schema, security, server,
};

/// The keys of an object of OpenAPI.
pub(super) struct Shape {
    /// What the object is called, with its article.
    pub(super) name: &'static str,
    /// The keys that OpenAPI gives it, of 3.0 and of 3.1.
    pub(super) keys: &'static [&'static str],
    /// Keys that are known and say nothing that a client needs.
    pub(super) harmless: &'static [&'static str],
    /// Keys that are known and constrain values in a way that is not carried further.
    pub(super) constraints: &'static [&'static str],
    /// Those of our extensions that belong to it.
    pub(super) extensions: &'static [&'static str],
}

impl Shape {
    /// Returns a shape without extensions of ours.
    pub(super) const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
        Self { name, keys, harmless: &[], constraints: &[], extensions: &[] }
    }

    /// Adds extensions of ours.
    pub(super) const fn extensions(mut self, extensions: &'static [&'static str]) -> Self {
        self.extensions = extensions;
        self
    }

    /// Adds keys that say nothing that a client needs.
    pub(super) const fn harmless(mut self, keys: &'static [&'static str]) -> Self {
        self.harmless = keys;
        self
    }

    /// Adds keys that constrain values in a way that is not carried further.
    pub(super) const fn constraints(mut self, keys: &'static [&'static str]) -> Self {
        self.constraints = keys;
        self
    }
}

/// How all of our extensions begin.
pub(super) const PREFIX: &str = "x-client-";

/// The extensions of schemas, and of what has a schema.
pub(super) const VALUE_EXTENSIONS: &[&str] =
    &["x-client-enum", "x-client-name", "x-client-privacy", "x-client-variants"];

/// Every object of OpenAPI, in the order in which a misplaced key is explained.
const SHAPES: &[&Shape] = &[
    &schema::SCHEMA,
    &parameter::PARAMETER,
    &operation::OPERATION,
    &operation::EVENT_OPERATION,
    &response::RESPONSE,
    &parameter::HEADER,
    &body::MEDIA_TYPE,
    &body::REQUEST_BODY,
    &body::ENCODING,
    &body::EXAMPLE,
    &path_item::PATH_ITEM,
    &components::COMPONENTS,
    &document::OPENAPI,
    &info::INFO,
    &info::CONTACT,
    &info::LICENSE,
    &info::TAG,
    &info::EXTERNAL_DOCS,
    &server::SERVER,
    &server::VARIABLE,
    &link::LINK,
    &schema::DISCRIMINATOR,
    &security::SCHEME,
    &security::FLOWS,
    &security::FLOW,
];

/// Returns every key that an object of OpenAPI has, as often as objects have it.
pub fn keys() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().flat_map(|shape| shape.keys.iter().chain(shape.harmless)).copied()
}

/// Returns the objects that have `key`.
pub(super) fn homes(key: &str) -> Vec<&'static str> {
    let shapes = SHAPES.iter().filter(|shape| shape.keys.contains(&key));
    shapes.map(|shape| shape.name).collect()
}

/// Returns the objects that have our extension `key`.
pub(super) fn extension_homes(key: &str) -> Vec<&'static str> {
    let shapes = SHAPES.iter().filter(|shape| shape.extensions.contains(&key));
    shapes.map(|shape| shape.name).collect()
}

/// Returns the extension of ours that `key` is most like.
pub(super) fn nearest_extension(key: &str) -> Option<&'static str> {
    let extensions = SHAPES.iter().flat_map(|shape| shape.extensions).copied();
    nearest(key, extensions)
}

/// Returns the word that `word` is most like; `None` when it is like none. Case counts nothing.
#[must_use]
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let written: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let distances = words.map(|candidate| {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        (distance(&written, &letters, limit), candidate)
    });
    let near = distances.filter(|(distance, _)| *distance <= limit);
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// Counts the letters to insert, remove, replace or swap; `limit + 1` stands for any more.
fn distance(left: &[char], right: &[char], limit: usize) -> usize {
    if left.len().abs_diff(right.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut here = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let replaced = above[column] + usize::from(a != b);
            let mut best = replaced.min(above[column + 1] + 1).min(here[column] + 1);
            if row > 0 && column > 0 && *a == right[column - 1] && left[row - 1] == *b {
                best = best.min(before[column - 1] + 1);
            }
            here.push(best);
        }
        // Two rows beyond the limit: no way leads back. Foreign extensions are many, and none is near.
        if above.iter().chain(&here).all(|distance| *distance > limit) {
            return limit + 1;
        }
        before = std::mem::replace(&mut above, here);
    }
    above.last().copied().unwrap_or(left.len()).min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found() {
        let words = ["description", "deprecated", "summary", "type"];
        let nearest = |word| nearest(word, words.into_iter());
        assert_eq!(nearest("desciption"), Some("description"));
        assert_eq!(nearest("Summary"), Some("summary"));
        assert_eq!(nearest("tpye"), Some("type"));
        assert_eq!(nearest("deprecatd"), Some("deprecated"));
        assert_eq!(nearest("parameters"), None);
        assert_eq!(nearest("t"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn every_extension_begins_with_the_prefix() {
        for shape in SHAPES {
            assert!(shape.extensions.iter().all(|key| key.starts_with(PREFIX)), "{}", shape.name);
        }
        assert_eq!(extension_homes("x-client-environment"), ["a server"]);
        assert_eq!(nearest_extension("x-client-privcay"), Some("x-client-privacy"));
    }
}
