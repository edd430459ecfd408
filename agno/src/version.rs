//! Versions of serialization formats. Later releases of agno read every format that an earlier release wrote.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A format of serialized data.
pub(crate) trait Format {
    /// The noun for error messages, with an article, such as `the run`.
    const NOUN: &'static str;
    /// The version that this release writes. It reads this version and all earlier ones.
    const VERSION: u32;
}

/// The version of a format. Serialization writes the current version. Deserialization accepts it and all earlier ones, and
/// rejects any other with an error that contains both versions.
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
        SavedVersion::<F>::deserialize(deserializer).map(|_| Self::CURRENT)
    }
}

/// The version in which data was saved, for formats whose earlier versions need a conversion.
pub(crate) struct SavedVersion<F> {
    pub(crate) number: u32,
    format: PhantomData<fn() -> F>,
}

impl<F> SavedVersion<F> {
    /// The version of data without a version.
    pub(crate) const FIRST: Self = Self {
        number: 1,
        format: PhantomData,
    };
}

impl<'de, F: Format> Deserialize<'de> for SavedVersion<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (noun, version) = (F::NOUN, F::VERSION);
        let number = u32::deserialize(deserializer)?;
        if (1..=version).contains(&number) {
            let format = PhantomData;
            return Ok(Self { number, format });
        }
        Err(de::Error::custom(format_args!(
            "{noun} was saved in format {number}, but this version of agno reads formats 1 to {version}; use the version that saved it"
        )))
    }
}
