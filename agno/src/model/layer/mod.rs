//! Layers: what production wants around a model, each a model itself. They are generic and compose; the order they are
//! written in is the order from the inside out.
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

use super::{Model, ModelError};

/// The layers, as methods of every model.
///
/// See [`layer`](self) for how they compose.
pub trait ModelExt: Model + Sized {
    /// Asks again when the provider is overloaded, out of reach or too busy.
    fn retry(self, layer: RetryLayer) -> Retry<Self> {
        Retry::new(self, layer)
    }

    /// Asks another model when this one fails in a way that another may not: overloaded, out of reach, too busy, out of
    /// quota, too short a context. [`Fallback::with_predicate`] says otherwise.
    fn fallback<M: Model>(self, other: M) -> Fallback<Self, M> {
        Fallback::new(self, other)
    }

    /// Gives up on answers that take too long.
    fn timeout(self, layer: TimeoutLayer) -> Timeout<Self> {
        Timeout::new(self, layer)
    }

    /// At most this many requests at once; others wait their turn.
    fn concurrency_limit(self, requests: usize) -> ConcurrencyLimit<Self> {
        ConcurrencyLimit::new(self, requests)
    }

    /// At most so many requests and tokens a minute; others wait.
    fn rate_limit(self, layer: RateLimitLayer) -> RateLimit<Self> {
        RateLimit::new(self, layer)
    }

    /// Fails at once while the provider is down, instead of waiting for it each time.
    fn circuit_breaker(self, layer: CircuitBreakerLayer) -> CircuitBreaker<Self> {
        CircuitBreaker::new(self, layer)
    }

    /// Tells `hooks` of each request and what came of it.
    fn hooks<H: ModelHooks>(self, hooks: H) -> Hooks<Self, H> {
        Hooks::new(self, hooks)
    }

    /// Answers a request that was answered before from memory.
    #[cfg(feature = "cache")]
    fn cache<S: CacheStore>(self, layer: CacheLayer<S>) -> Cache<Self, S> {
        Cache::new(self, layer)
    }
}

impl<M: Model> ModelExt for M {}

/// What every layer around one model has in common with it.
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
    // The methods of `Model` that are the inner model's.
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

/// What comes of one request.
type Outcome<T> = Result<T, ModelError>;
