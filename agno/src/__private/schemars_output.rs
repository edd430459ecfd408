//! The output of `#[agent(output = .., schemars)]`. A module of its own, behind its feature.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

pub use crate::agent::SchemarsOutput;

/// Creates the output of a type that knows its schema only at run time.
pub const fn schemars_output<T>(name: &'static str) -> SchemarsOutput<T>
where
    T: JsonSchema + DeserializeOwned,
{
    SchemarsOutput::new(name)
}
