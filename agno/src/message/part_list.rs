//! A list of message parts that stores a single part inline.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::{iter, option, slice, vec};

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The parts of a message, in order. Dereferences to a slice.
///
/// Most messages consist of a single text part, which is stored inline without an allocation or unused capacity.
///
/// ```
/// use agno::message::{Part, Parts};
///
/// let mut parts = Parts::one(Part::text("Two "));
/// parts.push(Part::text("parts"));
/// assert_eq!(parts.len(), 2);
/// ```
#[derive(Clone)]
pub struct Parts<T>(Repr<T>);

#[derive(Clone)]
enum Repr<T> {
    One(T),
    /// Any number of parts. A single part is usually stored as `One`.
    List(Vec<T>),
}

impl<T> Parts<T> {
    /// Creates an empty list.
    #[inline]
    pub const fn new() -> Self {
        Self(Repr::List(Vec::new()))
    }

    /// Creates a list with one part.
    #[inline]
    pub const fn one(part: T) -> Self {
        Self(Repr::One(part))
    }

    /// Appends a part.
    pub fn push(&mut self, part: T) {
        match &mut self.0 {
            Repr::List(parts) if parts.capacity() == 0 => self.0 = Repr::One(part),
            Repr::List(parts) => parts.push(part),
            Repr::One(_) => {
                let list = Repr::List(Vec::with_capacity(4));
                if let Repr::One(first) = mem::replace(&mut self.0, list) {
                    self.extend([first, part]);
                }
            }
        }
    }
}

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Parts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for Parts<T> {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

impl<T: Serialize> Serialize for Parts<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Parts<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PartsVisitor(PhantomData))
    }
}

struct PartsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PartsVisitor<T> {
    type Value = Parts<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of parts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Parts<T>, A::Error> {
        let mut parts = Parts::new();
        while let Some(part) = items.next_element()? {
            parts.push(part);
        }
        Ok(parts)
    }
}

impl<T> Deref for Parts<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Repr::One(part) => slice::from_ref(part),
            Repr::List(parts) => parts,
        }
    }
}

impl<T> DerefMut for Parts<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Repr::One(part) => slice::from_mut(part),
            Repr::List(parts) => parts,
        }
    }
}

impl<T> FromIterator<T> for Parts<T> {
    fn from_iter<I: IntoIterator<Item = T>>(parts: I) -> Self {
        let mut collected = Self::new();
        collected.extend(parts);
        collected
    }
}

impl<T> From<Vec<T>> for Parts<T> {
    fn from(parts: Vec<T>) -> Self {
        Self(Repr::List(parts))
    }
}

impl<T, const N: usize> From<[T; N]> for Parts<T> {
    fn from(parts: [T; N]) -> Self {
        parts.into_iter().collect()
    }
}

impl<T> Extend<T> for Parts<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, parts: I) {
        for part in parts {
            self.push(part);
        }
    }
}

impl<T> IntoIterator for Parts<T> {
    type Item = T;
    type IntoIter = PartsIntoIter<T>;

    fn into_iter(self) -> PartsIntoIter<T> {
        let (single, list) = match self.0 {
            Repr::One(part) => (Some(part), Vec::new()),
            Repr::List(parts) => (None, parts),
        };
        PartsIntoIter(single.into_iter().chain(list))
    }
}

impl<'a, T> IntoIterator for &'a Parts<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> slice::Iter<'a, T> {
        self.iter()
    }
}

/// An owning iterator over the parts of a message.
#[derive(Debug)]
pub struct PartsIntoIter<T>(iter::Chain<option::IntoIter<T>, vec::IntoIter<T>>);

impl<T> Iterator for PartsIntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}
