//! Layers that prepare a model for production: retries, limits, fallbacks, hooks and caches.
//!
//! Each layer is generic and is itself a model, so that layers compose: the first layer added is the innermost. The
//! chapter [Models](crate::guide::models) explains their order.
//!
//! ```
//! use agno::model::layer::{RetryLayer, TimeoutLayer};
//! use agno::model::{Model, ModelExt, Request, ScriptedModel};
//! use agno::{Message, ModelErrorKind};
//! use std::time::Duration;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), agno::ModelError> {
//! let main = ScriptedModel::new().fault(ModelErrorKind::Overloaded).reply("Hello again.");
//! let spare = ScriptedModel::new();
//! let model = main
//!     .timeout(TimeoutLayer::new().with_total(Duration::from_secs(30)))
//!     .retry(RetryLayer::new())
//!     .concurrency_limit(100)
//!     .fallback(spare);
//!
//! let hello = [Message::user("Hello")];
//! assert_eq!(model.complete(Request::new(&hello)).await?.message.text(), "Hello again.");
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "cache")]
mod cache;
mod circuit_breaker;
mod concurrency_limit;
mod drop_reason;
mod fallback;
mod hooks;
mod rate_limit;
mod relay;
mod retry;
mod timeout;

#[cfg(feature = "cache")]
pub use cache::{Cache, CacheEntry, CacheKey, CacheLayer, CacheStore, DiskCache, MemoryCache};
pub use circuit_breaker::{CircuitBreaker, CircuitBreakerLayer};
pub use concurrency_limit::ConcurrencyLimit;
pub use fallback::Fallback;
pub use hooks::{Hooks, ModelHooks};
pub use rate_limit::{RateLimit, RateLimitLayer};
pub use retry::{Retry, RetryBudget, RetryLayer};
pub use timeout::{Timeout, TimeoutLayer};

use super::Model;

/// Methods that add a layer to a model.
///
/// The [`layer`](self) module explains how layers compose.
pub trait ModelExt: Model + Sized {
    /// Retries requests that fail with a [retryable](super::ModelError::is_retryable) error.
    ///
    /// Such an error occurs when the provider is overloaded, unreachable or too slow, when the request exceeds a rate
    /// limit, or when the reply is truncated or malformed.
    ///
    /// ```
    /// use agno::model::layer::RetryLayer;
    /// use agno::model::{ModelExt, ScriptedModel};
    ///
    /// let model = ScriptedModel::new().retry(RetryLayer::new().with_max_retries(5));
    /// ```
    fn retry(self, layer: RetryLayer) -> Retry<Self> {
        Retry::new(self, layer)
    }

    /// Calls another model when this model fails for a reason that may not apply to the other.
    ///
    /// These reasons are [retryable](super::ModelError::is_retryable) errors, an exhausted quota, and a conversation that
    /// is too long. [`Fallback::with_predicate`] changes this condition.
    ///
    /// ```
    /// use agno::model::{Model, ModelExt, Request, ScriptedModel};
    /// use agno::{Message, ModelErrorKind};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), agno::ModelError> {
    /// let first = ScriptedModel::new().fault(ModelErrorKind::QuotaExceeded);
    /// let model = first.fallback(ScriptedModel::new().reply("Hello."));
    /// let reply = model.complete(Request::new(&[Message::user("Hi")])).await?;
    /// assert_eq!(reply.message.text(), "Hello.");
    /// # Ok(())
    /// # }
    /// ```
    fn fallback<M: Model>(self, other: M) -> Fallback<Self, M> {
        Fallback::new(self, other)
    }

    /// Cancels requests that exceed a time limit.
    ///
    /// ```
    /// use agno::model::layer::TimeoutLayer;
    /// use agno::model::{ModelExt, ScriptedModel};
    /// use std::time::Duration;
    ///
    /// let model = ScriptedModel::new().timeout(TimeoutLayer::new().with_total(Duration::from_secs(30)));
    /// ```
    fn timeout(self, layer: TimeoutLayer) -> Timeout<Self> {
        Timeout::new(self, layer)
    }

    /// Limits the number of concurrent requests; further requests wait. 0 is treated as 1.
    ///
    /// ```
    /// use agno::model::{ModelExt, ScriptedModel};
    ///
    /// let model = ScriptedModel::new().concurrency_limit(100);
    /// let clone = model.clone(); // shares the limit
    /// ```
    fn concurrency_limit(self, requests: usize) -> ConcurrencyLimit<Self> {
        ConcurrencyLimit::new(self, requests)
    }

    /// Limits the requests and tokens per minute; further requests wait.
    ///
    /// ```
    /// use agno::model::layer::RateLimitLayer;
    /// use agno::model::{ModelExt, ScriptedModel};
    ///
    /// let account = RateLimitLayer::new().with_requests_per_minute(500);
    /// let large = ScriptedModel::new().rate_limit(account.clone());
    /// let small = ScriptedModel::new().rate_limit(account); // shares the limit
    /// ```
    fn rate_limit(self, layer: RateLimitLayer) -> RateLimit<Self> {
        RateLimit::new(self, layer)
    }

    /// Fails requests immediately while the provider is down, instead of waiting for each to fail.
    ///
    /// ```
    /// use agno::model::layer::CircuitBreakerLayer;
    /// use agno::model::{ModelExt, ScriptedModel};
    /// use std::time::Duration;
    ///
    /// let breaker = CircuitBreakerLayer::new(5, Duration::from_secs(30));
    /// let model = ScriptedModel::new().circuit_breaker(breaker.clone());
    /// assert!(!breaker.is_open());
    /// ```
    fn circuit_breaker(self, layer: CircuitBreakerLayer) -> CircuitBreaker<Self> {
        CircuitBreaker::new(self, layer)
    }

    /// Reports each request and its outcome to `hooks`.
    fn hooks<H: ModelHooks>(self, hooks: H) -> Hooks<Self, H> {
        Hooks::new(self, hooks)
    }

    /// Answers repeated requests from a cache.
    #[cfg(feature = "cache")]
    fn cache<S: CacheStore>(self, layer: CacheLayer<S>) -> Cache<Self, S> {
        Cache::new(self, layer)
    }
}

impl<M: Model> ModelExt for M {}

/// Implements the common parts of the layers around one model.
macro_rules! layer {
    ($layer:ident<M $(, $generic:ident: $bound:ident)*>) => {
        layer!(can $layer<M $(, $generic: $bound)*>, ToolCalling);
        layer!(can $layer<M $(, $generic: $bound)*>, StructuredOutput);
        layer!(can $layer<M $(, $generic: $bound)*>, ImageInput);
        layer!(can $layer<M $(, $generic: $bound)*>, AudioInput);
        layer!(can $layer<M $(, $generic: $bound)*>, DocumentInput);

        impl<M: Model $(, $generic: $bound)*> std::fmt::Debug for $layer<M $(, $generic)*> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($layer), "({})"), self.inner.id())
            }
        }
    };
    (can $layer:ident<M $(, $generic:ident: $bound:ident)*>, $capability:ident) => {
        impl<M: $crate::model::$capability $(, $generic: $bound)*> $crate::model::$capability for $layer<M $(, $generic)*> {}
    };
    // The methods of `Model` that delegate to the inner model.
    (methods) => {
        fn dialect(&self) -> Self::Dialect {
            self.inner.dialect()
        }

        fn id(&self) -> $crate::model::ModelId<'_> {
            self.inner.id()
        }

        fn capabilities(&self) -> $crate::model::Capabilities {
            self.inner.capabilities()
        }

        fn fingerprint(&self) -> String {
            self.inner.fingerprint()
        }
    };
}
use layer;
