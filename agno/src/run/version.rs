//! The version of a run's serialization format.

use serde::{Deserialize, Deserializer, Serialize, de};

/// The current version. A later release of agno either reads it or rejects it with an error that names it.
const VERSION: u32 = 1;

/// The format version of a serialized run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Version(u32);

impl Version {
    pub(super) const CURRENT: Self = Self(VERSION);
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self(VERSION)),
            other => Err(de::Error::custom(format_args!(
                "the run was saved in format {other}, but this version of agno reads format {VERSION}; resume it with the version that saved it"
            ))),
        }
    }
}
