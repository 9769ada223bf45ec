//! Matching a request's path with the template of an operation: [`Template`].
//!
//! `/pets/{petId}.json` matches `/pets/7.json`. Values stay percent-encoded, because their styles split them first.

use crate::runtime::server::styled::{decoded, pairs};

/// A path's template, parsed.
pub(crate) struct Template {
    segments: Vec<Vec<Piece>>,
    /// Fixed pairs of the query.
    query: Vec<(String, String)>,
}

/// A part of a segment.
enum Piece {
    Literal(String),
    Value(&'static str),
}

impl Template {
    pub(crate) fn parse(template: &'static str) -> Self {
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let query = pairs(query, '&').into_iter().filter(|(_, value)| !value.contains('{'));
        Self { segments: path.split('/').map(pieces).collect(), query: query.collect() }
    }

    /// Returns what templates are sorted by: of two that match a path, the one with literals earlier comes first.
    pub(crate) fn order(&self) -> Vec<u8> {
        let rank = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [Piece::Literal(_)] | [] => 0,
            [Piece::Value(_)] => 2,
            _ => 1,
        };
        let fixed = u8::try_from(self.query.len()).unwrap_or(u8::MAX);
        self.segments.iter().map(rank).chain([u8::MAX - fixed]).collect()
    }

    /// Returns the values in a path, by the names of the parameters, if the path matches.
    pub(crate) fn matches(&self, path: &str, query: &str) -> Option<Vec<(&'static str, String)>> {
        let mut values = Vec::new();
        let mut texts = path.split('/');
        for pieces in &self.segments {
            let text = texts.next()?;
            // A segment of just a value is never empty.
            if text.is_empty() && matches!(pieces.as_slice(), [Piece::Value(_)]) {
                return None;
            }
            segment(pieces, text, &mut values)?;
        }
        let has_query = || {
            let pairs = pairs(query, '&');
            self.query.iter().all(|pair| pairs.contains(pair))
        };
        (texts.next().is_none() && (self.query.is_empty() || has_query())).then_some(values)
    }
}

fn pieces(segment: &'static str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = segment;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        if !before.is_empty() {
            found.push(Piece::Literal(decoded(before, false)));
        }
        found.push(Piece::Value(name));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Literal(decoded(rest, false)));
    }
    found
}

/// Matches a segment. A value takes as little as the literal after it allows.
fn segment(pieces: &[Piece], text: &str, values: &mut Vec<(&'static str, String)>) -> Option<()> {
    match pieces {
        [] => text.is_empty().then_some(()),
        [Piece::Literal(literal)] => (decoded(text, false) == *literal).then_some(()),
        [Piece::Literal(literal), rest @ ..] => segment(rest, text.strip_prefix(literal.as_str())?, values),
        [Piece::Value(name)] => {
            values.push((name, text.to_owned()));
            Some(())
        }
        [Piece::Value(name), rest @ ..] => {
            let count = values.len();
            let ends = text.char_indices().map(|(index, _)| index).chain([text.len()]);
            for end in ends {
                values.push((name, text[..end].to_owned()));
                if segment(rest, &text[end..], values).is_some() {
                    return Some(());
                }
                values.truncate(count);
            }
            None
        }
    }
}
