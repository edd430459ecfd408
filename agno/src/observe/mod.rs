//! Observation of runs: their starts and ends, their requests to models, their tool calls, and the work of the layers
//! around a model.
//!
//! An [`Observer`] is a function of borrowed data that is called while a run progresses, for logs, metrics and traces. The
//! chapter [Observation](crate::guide::observation) is an introduction.
//!
//! ```
//! use agno::model::ScriptedModel;
//! use agno::observe::{Observation, ObservedRun, Observer};
//! use agno::prelude::*;
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! /// Counts tokens.
//! #[derive(Default)]
//! struct Tokens(AtomicU64);
//!
//! impl Observer for Tokens {
//!     fn observe(&self, _run: &ObservedRun<'_>, event: &Observation<'_>) {
//!         if let Observation::ModelFinished { reply, .. } = event {
//!             self.0.fetch_add(reply.usage.total(), Ordering::Relaxed);
//!         }
//!     }
//! }
//!
//! /// Answers.
//! #[agent]
//! struct Assistant;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> agno::Result<()> {
//! let tokens = Tokens::default();
//! let answer = Assistant.with(ScriptedModel::new().reply("Hello.")).observe(&tokens).run("Hi").await?;
//! assert_eq!(answer.usage.total(), tokens.0.load(Ordering::Relaxed));
//! # Ok(())
//! # }
//! ```

mod global;
mod observation;

pub(crate) use global::global;
pub use global::set_global;
pub use observation::{Observation, ObservedRun};

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Receives the events of runs.
///
/// Add an observer to one agent with [`Agent::observe`](crate::Agent::observe), or to every run of the program with
/// [`set_global`]. The observer of an agent also observes the runs of the agents that it calls.
///
/// The methods are called synchronously on the thread that polls the run, so they must not block. To do more than count,
/// send owned data to a channel. A panic in an observer is ignored and does not affect the run. Nothing is allocated for
/// an observer, and the clock is read only if there is one.
///
/// `&O`, `Arc<O>`, `Box<O>` and `Option<O>` are observers if `O` is one, and so are tuples of two observers. `None` observes
/// nothing. The trait is dyn-compatible:
///
/// ```
/// use agno::observe::{Observation, ObservedRun, Observer};
/// use std::sync::Arc;
///
/// struct Log;
///
/// impl Observer for Log {
///     fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
///         println!("{} {}: {event:?}", run.agent, run.path);
///     }
/// }
///
/// let observer: Option<Arc<dyn Observer>> = std::env::var_os("LOG").map(|_| Arc::new(Log) as _);
/// assert_eq!(observer.is_enabled(), std::env::var_os("LOG").is_some());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an observer",
    label = "not an observer",
    note = "implement `agno::observe::Observer` for it"
)]
pub trait Observer: Send + Sync {
    /// Receives an event of a run.
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>);

    /// Returns `true` if the observer receives events. Called once at the start of a run; when it returns `false`, the run
    /// builds no events for this observer.
    fn is_enabled(&self) -> bool {
        true
    }
}

/// The observer that observes nothing, which is the default of an agent.
///
/// ```
/// use agno::observe::{NoObserver, Observer};
///
/// assert!(!NoObserver.is_enabled());
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    #[inline]
    fn observe(&self, _run: &ObservedRun<'_>, _event: &Observation<'_>) {}

    #[inline]
    fn is_enabled(&self) -> bool {
        false
    }
}

/// Implements [`Observer`] for pointers.
macro_rules! pointers {
    ($($pointer:ty),+) => {$(
        impl<O: Observer + ?Sized> Observer for $pointer {
            #[inline]
            fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
                (**self).observe(run, event);
            }

            #[inline]
            fn is_enabled(&self) -> bool {
                (**self).is_enabled()
            }
        }
    )+};
}

pointers!(&O, Arc<O>, Box<O>);

impl<O: Observer> Observer for Option<O> {
    #[inline]
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        if let Some(observer) = self {
            observer.observe(run, event);
        }
    }

    #[inline]
    fn is_enabled(&self) -> bool {
        self.as_ref().is_some_and(O::is_enabled)
    }
}

/// Both observers receive each event, in order. A panic in the first does not affect the second.
impl<A: Observer, B: Observer> Observer for (A, B) {
    #[inline]
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        deliver(&self.0, run, event);
        deliver(&self.1, run, event);
    }

    #[inline]
    fn is_enabled(&self) -> bool {
        is_enabled(&self.0) || is_enabled(&self.1)
    }
}

/// Passes an event to an observer and ignores a panic, which must not unwind through the run.
#[inline]
pub(crate) fn deliver<O: Observer + ?Sized>(observer: &O, run: &ObservedRun<'_>, event: &Observation<'_>) {
    let _ = catch_unwind(AssertUnwindSafe(|| observer.observe(run, event)));
}

/// Returns `true` if an observer receives events. An observer that panics receives none.
#[inline]
pub(crate) fn is_enabled<O: Observer + ?Sized>(observer: &O) -> bool {
    catch_unwind(AssertUnwindSafe(|| observer.is_enabled())).unwrap_or(false)
}
