//! The code that Anthropic's API and Amazon Bedrock share: Claude's generations, schemas and turns.

pub(crate) mod fit_schema;
mod generation;
pub(crate) mod turns;

#[cfg(feature = "bedrock")]
pub(crate) use generation::Thinking;
pub(crate) use generation::{Claude, ClaudeSettings};
