//! Runs GGUF weights in process on the CPU, with no C++ toolchain and no `unsafe` of its own.
//!
//! A crate of its own so that a debug build can optimise it alone
//! (`[profile.dev.package.agno-gguf] opt-level = 3`): everything slow about a language model is in
//! here, and nothing here is generic. It knows files, tensors and tokens; messages, tools and
//! grammars are `agno`'s.
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

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
