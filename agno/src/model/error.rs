//! Model errors, classified by kind so that a caller can react to them.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A boxed error that caused another error.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// An error returned by a model instead of an answer.
///
/// The message describes the failure and its fix. It contains no keys, prompts or replies. The provider's own
/// error message is available from [`provider_message`](Self::provider_message).
///
/// ```
/// use agno::{ModelError, ModelErrorKind};
/// use std::time::Duration;
///
/// let error = ModelError::new(ModelErrorKind::RateLimited, "too many requests; retry later")
///     .with_status(429)
///     .with_retry_after(Some(Duration::from_secs(20)));
/// assert!(error.is_retryable());
/// assert_eq!((error.status(), error.retry_after()), (Some(429), Some(Duration::from_secs(20))));
/// ```
pub struct ModelError(Box<Inner>);

struct Inner {
    kind: ModelErrorKind,
    message: String,
    provider_message: Option<String>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    source: Option<BoxError>,
}

/// The kind of a [`ModelError`].
///
/// ```
/// use agno::ModelErrorKind;
///
/// assert!(ModelErrorKind::Overloaded.is_retryable());
/// assert!(!ModelErrorKind::QuotaExceeded.is_retryable());
/// assert_eq!(ModelErrorKind::ContextTooLong.as_str(), "context_too_long");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// The configuration lacks a required value or contains an invalid one.
    Configuration,
    /// The API key or the credentials are missing or invalid, or lack a permission.
    Authentication,
    /// The provider does not know the model or the URL.
    NotFound,
    /// The request exceeded a rate limit; wait for `retry_after` if it is set.
    RateLimited,
    /// The account's quota is exhausted; waiting does not help.
    QuotaExceeded,
    /// The conversation exceeds the context window of the model.
    ContextTooLong,
    /// The provider refused the content.
    ContentRefused,
    /// The provider rejected the request for another reason; see the provider's message.
    BadRequest,
    /// The request uses a feature that the model does not support, or omits a value that the provider requires.
    Unsupported,
    /// The provider is overloaded or reported an internal error.
    Overloaded,
    /// The provider is unreachable, or the connection was lost.
    Network,
    /// The request exceeded a timeout.
    Timeout,
    /// The answer is malformed, for example because it is a proxy's error page.
    MalformedReply,
    /// The stream ended before the model finished.
    Truncated,
    /// The answer exceeds the size limit.
    TooLarge,
    /// The run deviated from the script of a [`ScriptedModel`](super::ScriptedModel).
    Script,
    /// The weights of an embedded model are missing or invalid, or the model failed to run.
    Weights,
}

impl ModelErrorKind {
    /// Returns a stable name for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Authentication => "authentication",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::QuotaExceeded => "quota_exceeded",
            Self::ContextTooLong => "context_too_long",
            Self::ContentRefused => "content_refused",
            Self::BadRequest => "bad_request",
            Self::Unsupported => "unsupported",
            Self::Overloaded => "overloaded",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::MalformedReply => "malformed_reply",
            Self::Truncated => "truncated",
            Self::TooLarge => "too_large",
            Self::Script => "script",
            Self::Weights => "weights",
        }
    }

    /// Returns `true` if the same request may succeed later.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Overloaded
                | Self::Network
                | Self::Timeout
                | Self::Truncated
                | Self::MalformedReply
        )
    }
}

impl ModelError {
    /// Creates an error of this kind. The message should include the fix.
    pub fn new(kind: ModelErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            provider_message: None,
            status: None,
            retry_after: None,
            source: None,
        }))
    }

    /// Creates an error for a stream that ended before the model finished.
    pub fn truncated() -> Self {
        Self::new(
            ModelErrorKind::Truncated,
            "the stream ended before the answer was complete; retry, or raise the timeout of any proxy",
        )
    }

    /// Sets the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Sets the HTTP status of the provider's response.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets the delay that the provider requests before the next attempt.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.0.retry_after = delay;
        self
    }

    /// Sets the provider's error message. `Display` omits it because it may repeat parts of a prompt.
    #[must_use]
    pub fn with_provider_message(mut self, message: impl Into<String>) -> Self {
        self.0.provider_message = Some(message.into());
        self
    }

    /// Returns an error with the same content, for another caller that waited for the same request. Sources cannot be
    /// cloned, so the copy has a single source that contains their messages.
    #[cfg(feature = "cache")]
    pub(crate) fn duplicate(&self) -> Self {
        let Inner {
            kind,
            ref message,
            ref provider_message,
            status,
            retry_after,
            ref source,
        } = *self.0;
        let source = source.as_ref().map(|source| {
            let mut text = source.to_string();
            let mut cause = source.source();
            while let Some(error) = cause {
                text = format!("{text}: {error}");
                cause = error.source();
            }
            BoxError::from(text)
        });
        Self(Box::new(Inner {
            kind,
            message: message.clone(),
            provider_message: provider_message.clone(),
            status,
            retry_after,
            source,
        }))
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ModelErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status of the provider's response, if any.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the delay that the provider requests before the next attempt, if any.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the provider's error message. It may repeat parts of the request.
    pub fn provider_message(&self) -> Option<&str> {
        self.0.provider_message.as_deref()
    }

    /// Returns `true` if the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("status", &self.0.status)
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for ModelError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
