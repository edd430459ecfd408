//! Errors from loading and running a model. Each cause is a variant, so that the caller can suggest a fix.

use std::{fmt, io};

/// An error from loading or running a model.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    Io(io::Error),
    /// The file does not begin with `GGUF`.
    NotGguf,
    /// The GGUF version is not supported; only versions 2 and 3 are.
    Version(u32),
    /// The file is shorter than its header declares.
    Truncated {
        /// Number of bytes that the header declares.
        needed: u64,
        /// Number of bytes in the file.
        found: u64,
    },
    /// The file is inconsistent; the string describes the problem.
    Malformed(String),
    /// The model family of the weights is not supported.
    Architecture(String),
    /// The number format of a tensor is not supported.
    TensorType {
        /// Name of the tensor.
        tensor: String,
        /// GGUF's code for the format.
        code: u32,
    },
    /// The tokenizer or pre-tokenizer is not supported.
    Tokenizer(String),
    /// The tokens exceed the model's context.
    Context {
        /// Number of tokens, including the cached ones.
        needed: usize,
        /// Maximum number of tokens.
        limit: usize,
    },
    /// The stop flag was set.
    Stopped,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(_) => f.write_str("the weights could not be read"),
            Self::NotGguf => f.write_str("not a GGUF file"),
            Self::Version(v) => write!(f, "GGUF version {v} is not supported; versions 2 and 3 are"),
            Self::Truncated { needed, found } => {
                write!(
                    f,
                    "the file is truncated: its header declares {needed} bytes, but it has {found}"
                )
            }
            Self::Malformed(reason) => write!(f, "malformed GGUF: {reason}"),
            Self::Architecture(name) => {
                write!(
                    f,
                    "architecture `{name}` is not supported; llama, qwen2 and qwen3 are"
                )
            }
            Self::TensorType { tensor, code } => {
                write!(f, "number format {code} of tensor `{tensor}` is not supported")
            }
            Self::Tokenizer(reason) => write!(f, "{reason} is not supported"),
            Self::Context { needed, limit } => {
                write!(f, "{needed} tokens exceed the model's context of {limit}")
            }
            Self::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(e) => Some(e),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

pub(crate) fn malformed(reason: impl Into<String>) -> Error {
    Error::Malformed(reason.into())
}
