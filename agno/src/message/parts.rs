//! A list that mostly holds one thing: the pieces of a message. One piece is stored in place.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The pieces of a message, in order; a slice with a few ways to grow.
///
/// Most messages are one piece of text, which costs no allocation of its own.
///
/// ```
/// use agno::message::{Part, Parts};
///
/// let mut parts = Parts::one(Part::text("Two "));
/// parts.push(Part::text("pieces"));
/// assert_eq!(parts.len(), 2);
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct Parts<T>(SmallVec<[T; 1]>);

impl<T> Parts<T> {
    /// No piece.
    pub fn new() -> Self {
        Self(SmallVec::new())
    }

    /// One piece.
    pub fn one(part: T) -> Self {
        let mut parts = Self::new();
        parts.0.push(part);
        parts
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, part: T) {
        self.0.push(part);
    }
}

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Parts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> Deref for Parts<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for Parts<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> FromIterator<T> for Parts<T> {
    fn from_iter<I: IntoIterator<Item = T>>(parts: I) -> Self {
        Self(parts.into_iter().collect())
    }
}

impl<T> From<Vec<T>> for Parts<T> {
    fn from(parts: Vec<T>) -> Self {
        Self(SmallVec::from_vec(parts))
    }
}

impl<T, const N: usize> From<[T; N]> for Parts<T> {
    fn from(parts: [T; N]) -> Self {
        parts.into_iter().collect()
    }
}

impl<T> Extend<T> for Parts<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, parts: I) {
        self.0.extend(parts);
    }
}

impl<T> IntoIterator for Parts<T> {
    type Item = T;
    type IntoIter = PartsIntoIter<T>;

    fn into_iter(self) -> PartsIntoIter<T> {
        PartsIntoIter(self.0.into_iter())
    }
}

impl<'a, T> IntoIterator for &'a Parts<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.0.iter()
    }
}

/// The pieces of a message, by value.
#[derive(Debug)]
pub struct PartsIntoIter<T>(smallvec::IntoIter<[T; 1]>);

impl<T> Iterator for PartsIntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}
