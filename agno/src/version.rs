//! Versions of serialization formats. Later releases of agno read every format that an earlier release wrote.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A format of serialized data.
pub(crate) trait Format {
    /// The noun for error messages, with an article, such as `the run`.
    const NOUN: &'static str;
    /// The version that this release writes.
    const VERSION: u32;
}

/// The version of a format. Deserialization rejects an unknown version with an error that contains both versions.
pub(crate) struct Version<F>(PhantomData<fn() -> F>);

impl<F> Version<F> {
    pub(crate) const CURRENT: Self = Self(PhantomData);
}

impl<F> Clone for Version<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Version<F> {}

impl<F> PartialEq for Version<F> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<F> Default for Version<F> {
    fn default() -> Self {
        Self::CURRENT
    }
}

impl<F: Format> fmt::Debug for Version<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        F::VERSION.fmt(f)
    }
}

impl<F: Format> Serialize for Version<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::VERSION.serialize(serializer)
    }
}

impl<'de, F: Format> Deserialize<'de> for Version<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (noun, version) = (F::NOUN, F::VERSION);
        match u32::deserialize(deserializer)? {
            found if (1..=version).contains(&found) => Ok(Self::CURRENT),
            found => Err(de::Error::custom(format_args!(
                "{noun} was saved in format {found}, but this version of agno reads formats up to {version}; use the version that saved it"
            ))),
        }
    }
}
