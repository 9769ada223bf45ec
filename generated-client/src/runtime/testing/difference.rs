//! Where two values differ, by JSON pointer and without a value.
//!
//! ```text
//! the values differ:
//!   /addresses/0/city: other value
//!   /middle_name: only on the right
//! ```
#![cfg(feature = "test-util")]

use std::fmt;

use serde::Serialize;

use crate::runtime::testing::tree::{Member, Tree};

/// A place where two values differ. It holds neither value, so it can be printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Difference {
    pointer: String,
    kind: DifferenceKind,
}

/// How two values differ at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Only the left value has something there.
    OnlyLeft,
    /// Only the right value has something there.
    OnlyRight,
    /// Both have something there, of different JSON types.
    OtherType,
    /// Both have something of the same type there, and the values differ.
    OtherValue,
}

impl Difference {
    /// Returns the place: a JSON pointer (RFC 6901), empty for the whole value. The key of a map is
    /// data, and written as `*`.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns how the values differ there.
    #[must_use]
    pub const fn kind(&self) -> DifferenceKind {
        self.kind
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "the whole value" } else { &self.pointer };
        write!(f, "{pointer}: {}", self.kind)
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnlyLeft => "only on the left",
            Self::OnlyRight => "only on the right",
            Self::OtherType => "other type",
            Self::OtherValue => "other value",
        })
    }
}

/// Returns where two values differ as JSON, in the order of the left one.
///
/// # Panics
///
/// If one of them can't be written as JSON.
#[must_use]
#[track_caller]
pub fn differences<L, R>(left: &L, right: &R) -> Vec<Difference>
where
    L: Serialize + ?Sized,
    R: Serialize + ?Sized,
{
    let mut found = Vec::new();
    let (left, right) = (read(left), read(right));
    compare(&left, &right, &mut String::new(), &mut found);
    found
}

/// Fails the test if two values differ as JSON. The message names the places and no values, so it may appear in
/// build logs.
///
/// # Panics
///
/// If they differ, or if one of them can't be written as JSON.
#[track_caller]
pub fn assert_same<L, R>(left: &L, right: &R)
where
    L: Serialize + ?Sized,
    R: Serialize + ?Sized,
{
    let found = differences(left, right);
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "the values differ:\n  {}", lines.join("\n  "));
}

#[track_caller]
fn read<T: Serialize + ?Sized>(value: &T) -> Tree {
    // The error's own text may hold a part of the value.
    Tree::of(value).unwrap_or_else(|_| panic!("the value cannot be written as JSON"))
}

fn compare(left: &Tree, right: &Tree, pointer: &mut String, found: &mut Vec<Difference>) {
    let differ = |kind, pointer: &str| Difference { pointer: pointer.to_owned(), kind };
    match (left, right) {
        (Tree::List(left), Tree::List(right)) => {
            for index in 0..left.len().max(right.len()) {
                let segment = index.to_string();
                compare_members(left.get(index), right.get(index), &segment, pointer, found);
            }
        }
        (Tree::Object(left), Tree::Object(right)) => {
            let of = |members: &[Member], key: &str| members.iter().position(|member| member.key == key);
            for member in left {
                let other = of(right, &member.key).map(|index| &right[index].value);
                compare_members(Some(&member.value), other, member.segment(), pointer, found);
            }
            for member in right.iter().filter(|member| of(left, &member.key).is_none()) {
                compare_members(None, Some(&member.value), member.segment(), pointer, found);
            }
        }
        _ if left.kind() != right.kind() => found.push(differ(DifferenceKind::OtherType, pointer)),
        (left, right) if left == right => {}
        _ => found.push(differ(DifferenceKind::OtherValue, pointer)),
    }
}

fn compare_members(
    left: Option<&Tree>,
    right: Option<&Tree>,
    segment: &str,
    pointer: &mut String,
    found: &mut Vec<Difference>,
) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    let only = |kind| Difference { pointer: pointer.clone(), kind };
    match (left, right) {
        (Some(left), Some(right)) => compare(left, right, pointer, found),
        (Some(_), None) => found.push(only(DifferenceKind::OnlyLeft)),
        (None, Some(_)) => found.push(only(DifferenceKind::OnlyRight)),
        (None, None) => {}
    }
    pointer.truncate(length);
}
