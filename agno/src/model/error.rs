//! Why a model gave no answer, in kinds a caller can act on.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A boxed cause.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a model gave no answer.
///
/// The text says what happened and how to mend it. It holds no key, no prompt and no reply; the provider's own
/// words about the error are in [`provider_message`](Self::provider_message).
pub struct ModelError(Box<Inner>);

struct Inner {
    kind: ModelErrorKind,
    message: String,
    provider_message: Option<String>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    source: Option<BoxError>,
}

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// Nothing says which model to use, or how to reach it.
    Configuration,
    /// No key, a wrong key, or a key without the right.
    Authentication,
    /// The provider knows no such model or address.
    NotFound,
    /// Too many requests or tokens; wait for `retry_after` if given.
    RateLimited,
    /// The account has used up what it paid for; waiting does not help.
    QuotaExceeded,
    /// The conversation is longer than the model can read.
    ContextTooLong,
    /// The provider refused the content.
    ContentRefused,
    /// The provider refused the request for another reason; its words say which.
    BadRequest,
    /// The model or the request lacks something the other needs, such as tools.
    Unsupported,
    /// The provider is overloaded or failed.
    Overloaded,
    /// The provider could not be reached, or the connection broke.
    Network,
    /// It took longer than allowed.
    Timeout,
    /// The provider's answer could not be read.
    MalformedReply,
    /// The stream ended before the model did.
    Truncated,
    /// The answer was larger than allowed.
    TooLarge,
    /// A script and the run disagree (tests only).
    Script,
    /// Weights of an embedded model are missing or broken.
    Weights,
}

impl ModelErrorKind {
    /// A stable name for logs and metrics.
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

    /// Whether the same request may succeed later.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Overloaded | Self::Network | Self::Timeout | Self::Truncated
        )
    }
}

impl ModelError {
    /// A failure of this kind, in words that say how to mend it.
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

    /// The stream ended before the model did.
    pub fn truncated() -> Self {
        Self::new(
            ModelErrorKind::Truncated,
            "the stream ended before the model finished; ask again, or raise the timeouts of what lies between",
        )
    }

    /// With the error that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// With the HTTP status the provider answered.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// With how long the provider asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.0.retry_after = delay;
        self
    }

    /// With the provider's own words. They are kept out of the error's text: they may repeat a prompt.
    #[must_use]
    pub fn with_provider_message(mut self, message: impl Into<String>) -> Self {
        self.0.provider_message = Some(message.into());
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ModelErrorKind {
        self.0.kind
    }

    /// The HTTP status, when a provider answered with one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// How long the provider asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The provider's own words about the failure. They may repeat parts of the request.
    pub fn provider_message(&self) -> Option<&str> {
        self.0.provider_message.as_deref()
    }

    /// Whether the same request may succeed later.
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
