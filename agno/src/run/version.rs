//! The version of the serialization format of a run.

use serde::{Deserialize, Deserializer, Serialize, de};

/// The current version. Later releases of agno either read it, or reject it with an error that names the version.
const VERSION: u32 = 1;

/// The version of the format in which a run was serialized.
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
                "the run has format {other}, but this version of agno reads format {VERSION}; finish it with the version that wrote it"
            ))),
        }
    }
}
