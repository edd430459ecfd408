//! Runs GGUF models in-process on the CPU, without a C++ toolchain or `unsafe` code.
//!
//! This is a separate crate so that debug builds can optimize it on its own
//! (`[profile.dev.package.agno-gguf] opt-level = 3`). It contains the compute-intensive code of a
//! language model, and its public API is not generic, so all of it is compiled with that setting.
//! The crate handles files, tensors and tokens; messages, tools and grammars belong to `agno`.
//!
//! ```no_run
//! use std::sync::atomic::AtomicBool;
//! let model = agno_gguf::Model::load("model.gguf".as_ref())?;
//! let mut cache = model.cache();
//! let prompt = model.tokenizer().encode("Once upon a time");
//! let logits = model.forward(&mut cache, &prompt, &AtomicBool::new(false))?;
//! # Ok::<(), agno_gguf::Error>(())
//! ```

mod bpe;
mod cache;
mod config;
mod error;
mod file;
mod markers;
mod matrix;
mod model;
mod ops;
mod quant;
mod simd;
mod split;
mod spm;
mod tokenizer;

pub use cache::Cache;
pub use config::{Architecture, Config};
pub use error::Error;
pub use file::{Gguf, Tensor, Value};
pub use model::Model;
pub use tokenizer::{TokenKind, Tokenizer};

/// A `Result` with the [`Error`] of this crate.
pub type Result<T> = std::result::Result<T, Error>;
