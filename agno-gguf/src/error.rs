//! What can be wrong with a weights file, each told apart so that the caller can say the fix.

use std::{fmt, io};

/// Why weights could not be read or run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    Io(io::Error),
    /// The file does not begin with `GGUF`.
    NotGguf,
    /// A GGUF, of a version that is not read here (2 and 3 are).
    Version(u32),
    /// The file ends before what its header promises.
    Truncated {
        /// Bytes the header asks for.
        needed: u64,
        /// Bytes the file has.
        found: u64,
    },
    /// The file contradicts itself; the text says where.
    Malformed(String),
    /// The weights are of a model family that is not implemented here.
    Architecture(String),
    /// A tensor's number format is not implemented here.
    TensorType {
        /// Name of the tensor.
        tensor: String,
        /// The format's number in GGUF.
        code: u32,
    },
    /// The vocabulary is of a kind that is not implemented here.
    Tokenizer(String),
    /// More tokens than the model's context holds.
    Context {
        /// Tokens asked for.
        needed: usize,
        /// Tokens that fit.
        limit: usize,
    },
    /// The stop flag was raised.
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
                    "the weights are cut short: {needed} bytes announced, {found} there"
                )
            }
            Self::Malformed(what) => write!(f, "malformed GGUF: {what}"),
            Self::Architecture(name) => {
                write!(
                    f,
                    "architecture `{name}` is not supported; llama, qwen2 and qwen3 are"
                )
            }
            Self::TensorType { tensor, code } => {
                write!(
                    f,
                    "tensor `{tensor}` has number format {code}, which is not supported"
                )
            }
            Self::Tokenizer(what) => write!(f, "tokenizer not supported: {what}"),
            Self::Context { needed, limit } => {
                write!(f, "{needed} tokens do not fit the model's context of {limit}")
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

pub(crate) fn malformed(what: impl Into<String>) -> Error {
    Error::Malformed(what.into())
}
