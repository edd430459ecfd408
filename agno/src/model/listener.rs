//! Events of the layers around a model. A layer reports them through the request, so that the caller of the outermost layer
//! hears of the work of the inner ones.

use std::time::Duration;

use super::{ModelError, ModelId};

/// An event of a layer while it handles a request.
///
/// ```
/// use agno::model::ModelEvent;
///
/// fn describe(event: &ModelEvent<'_>) -> String {
///     match event {
///         ModelEvent::Retry { model, retry, delay, .. } => format!("retry {retry} of {model} in {delay:?}"),
///         ModelEvent::Fallback { from, to, .. } => format!("{to} takes over from {from}"),
///         other => format!("{other:?}"),
///     }
/// }
/// # let _ = describe;
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ModelEvent<'a> {
    /// A request failed and is sent again after a delay; see [`RetryLayer`](super::layer::RetryLayer).
    #[non_exhaustive]
    Retry {
        /// The model that failed.
        model: ModelId<'a>,
        /// The number of the retry, starting at 1.
        retry: u32,
        /// The delay before the retry.
        delay: Duration,
        /// The error of the failed attempt.
        error: &'a ModelError,
    },
    /// The answer comes from a cache or from an identical request in progress; see `CacheLayer`.
    #[non_exhaustive]
    CacheHit {
        /// The model whose answer it is.
        model: ModelId<'a>,
    },
    /// A model failed, and another model takes over; see [`Fallback`](super::layer::Fallback).
    #[non_exhaustive]
    Fallback {
        /// The model that failed.
        from: ModelId<'a>,
        /// The model that takes over.
        to: ModelId<'a>,
        /// The error of the model that failed.
        error: &'a ModelError,
    },
    /// A request waits because of a rate limit; see [`RateLimitLayer`](super::layer::RateLimitLayer).
    #[non_exhaustive]
    RateLimitWait {
        /// The model.
        model: ModelId<'a>,
        /// The delay before the request is sent.
        delay: Duration,
    },
    /// A hook refused the request; see [`ModelHooks::on_request`](super::layer::ModelHooks::on_request).
    #[non_exhaustive]
    Refused {
        /// The model that does not receive the request.
        model: ModelId<'a>,
        /// The reason.
        error: &'a ModelError,
    },
}

/// Receives the events of the layers that a request passes; see [`Request::with_listener`](super::Request::with_listener).
///
/// Implementations must not panic: a panic unwinds through the request.
///
/// ```
/// use agno::model::layer::RetryLayer;
/// use agno::model::{Model, ModelEvent, ModelExt, ModelListener, Request, ScriptedModel};
/// use agno::{Message, ModelErrorKind};
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// #[derive(Default)]
/// struct Retries(AtomicU32);
///
/// impl ModelListener for Retries {
///     fn on_event(&self, event: &ModelEvent<'_>) {
///         if let ModelEvent::Retry { .. } = event {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), agno::ModelError> {
/// let model = ScriptedModel::new().fault(ModelErrorKind::Network).reply("Hello.").retry(RetryLayer::new());
/// let (retries, hello) = (Retries::default(), [Message::user("Hi")]);
/// model.complete(Request::new(&hello).with_listener(&retries)).await?;
/// assert_eq!(retries.0.into_inner(), 1);
/// # Ok(())
/// # }
/// ```
pub trait ModelListener: Send + Sync {
    /// Called for each event, before the layer continues.
    fn on_event(&self, event: &ModelEvent<'_>);
}
