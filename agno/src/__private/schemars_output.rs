//! The output of `#[agent(output = .., schemars)]`.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

pub use crate::agent::SchemarsOutput;

/// Creates the output for a type whose schema is known only at run time.
pub const fn schemars_output<T>(name: &'static str) -> SchemarsOutput<T>
where
    T: JsonSchema + DeserializeOwned,
{
    SchemarsOutput::new(name)
}
