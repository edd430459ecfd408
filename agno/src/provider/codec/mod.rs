//! Serializes request bodies from borrowed data and reads replies leniently, independently of any API.

pub(crate) mod body;
pub(crate) mod budget;
pub(crate) mod calls;
pub(crate) mod content;
pub(crate) mod declaration;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
pub(crate) mod entries;
pub(crate) mod lenient;
#[cfg(any(
    feature = "openai",
    feature = "anthropic",
    feature = "gemini",
    feature = "bedrock",
    feature = "ollama"
))]
pub(crate) mod minify;
mod parse;

#[cfg(any(feature = "openai", feature = "ollama"))]
pub(crate) use parse::malformed;
pub(crate) use parse::parse;
