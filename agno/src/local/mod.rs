//! The embedded model: GGUF weights that run in this process, with no key and no server.
//!
//! [`Local`] is a [`Model`](crate::Model) like any other. It loads weights of the families Llama, Qwen 2 and Qwen 3
//! from a file, or by a name it knows how to fetch, and runs them on the CPU. Calls of tools and structured output
//! are decoded under a grammar made of their schemas, so they always have the right form; whether they make sense
//! is up to the weights, and 135 million of them know little: see [`Local`].

mod bounds;
mod engine;
mod error;
mod fetch;
mod form;
mod grammar;
mod json;
mod model;
mod output;
mod progress;
mod prompt;
mod sample;
mod template;
mod vocabulary;
mod weights;
mod worker;

pub use error::WeightsError;
pub use model::Local;
pub use weights::known;
