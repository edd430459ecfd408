//! The version of the serialized form of a run.

use serde::{Deserialize, Deserializer, Serialize, de};

/// The version that is written. A later agno keeps reading it, or refuses it by its number.
const VERSION: u32 = 1;

/// Version of the form in which a run was written.
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
                "this run was written in form {other}, this agno reads form {VERSION}; finish it with the agno that wrote it"
            ))),
        }
    }
}
