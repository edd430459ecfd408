//! The information about a run that its tools can read.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::select;
use smallvec::SmallVec;
use tokio_util::sync::CancellationToken;

use crate::id::RunId;

/// The context of the run that calls a tool. `#[tool]` passes it to a `run: &RunContext` parameter, which is hidden
/// from the model.
///
/// ```
/// use agno::prelude::*;
///
/// /// Counts the primes below a limit.
/// #[tool(blocking)]
/// fn count_primes(limit: u64, run: &RunContext) -> usize {
///     let candidates = (2..limit).take_while(|_| !run.is_cancelled());
///     candidates.filter(|n| (2..*n).all(|divisor| n % divisor != 0)).count()
/// }
/// assert_eq!(count_primes(20, &RunContext::detached()), 8);
/// ```
#[derive(Debug, Clone)]
pub struct RunContext {
    run_id: RunId,
    turn: u32,
    /// UTF-8 text. Providers' call IDs are 24 to 40 characters long, so they are stored inline.
    call_id: SmallVec<[u8; 40]>,
    cancellation: Option<Cancellation>,
    is_cached: CacheMark,
}

/// `true` if the result of the call comes from a cache. Each clone has its own mark.
#[derive(Debug, Default)]
struct CacheMark(AtomicBool);

impl Clone for CacheMark {
    fn clone(&self) -> Self {
        Self(AtomicBool::new(self.0.load(Ordering::Relaxed)))
    }
}

/// The cancellation tokens of a run.
#[derive(Debug, Clone)]
pub(crate) struct Cancellation {
    /// The token that the caller of the run cancels.
    pub(crate) run: CancellationToken,
    /// The token that the run cancels before it polls its tools for the last time. Cancelling this token wakes the
    /// tools before that poll. The other token cannot guarantee this, because another thread may still be waking its
    /// waiters.
    pub(crate) tools: CancellationToken,
}

impl RunContext {
    pub(crate) fn new(run_id: RunId, turn: u32, call_id: &str, cancellation: Option<&Cancellation>) -> Self {
        Self {
            run_id,
            turn,
            call_id: SmallVec::from_slice(call_id.as_bytes()),
            cancellation: cancellation.cloned(),
            is_cached: CacheMark::default(),
        }
    }

    /// Records that the result of the call comes from a cache.
    #[cfg(feature = "cache")]
    pub(super) fn set_cached(&self) {
        self.is_cached.0.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if the result of the call comes from a cache.
    pub(crate) fn is_cached(&self) -> bool {
        self.is_cached.0.load(Ordering::Relaxed)
    }

    /// Creates a context outside any run, to call a tool directly, for example in a test.
    ///
    /// ```
    /// use agno::prelude::*;
    ///
    /// /// Reports the turn.
    /// #[tool]
    /// fn whoami(run: &RunContext) -> String {
    ///     format!("turn {}", run.turn())
    /// }
    /// assert_eq!(whoami(&RunContext::detached()), "turn 0");
    /// ```
    pub fn detached() -> Self {
        Self::new(RunId::new(), 0, "", None)
    }

    /// Returns the ID of the run.
    pub fn run_id(&self) -> RunId {
        self.run_id
    }

    /// Returns the number of the model request that led to the call, starting at 1, or 0 outside a run.
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// Returns the ID of the call, usually assigned by the provider. The ID is empty outside a run.
    pub fn call_id(&self) -> &str {
        str::from_utf8(&self.call_id).unwrap_or_default()
    }

    /// Returns `true` if the run was cancelled. A tool with a long computation can check this to stop cleanly.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation
            .as_ref()
            .is_some_and(|cancellation| cancellation.run.is_cancelled())
    }

    /// Waits until the run is cancelled. If the run cannot be cancelled, this method never completes.
    ///
    /// A tool that awaits this method is polled once more before the run ends, so it continues to its next pending
    /// `await`. Until then, it can record its progress or the usage of a run that it started. A tool that awaits
    /// anything else is dropped at that `await`. Tasks that a tool spawns can await this method as well.
    ///
    /// ```
    /// use agno::prelude::*;
    /// use std::time::Duration;
    ///
    /// /// Starts an export, which takes an hour.
    /// #[tool]
    /// async fn export(run: &RunContext) -> &'static str {
    ///     let run = run.clone();
    ///     tokio::spawn(async move {
    ///         tokio::select! {
    ///             () = run.cancelled() => println!("the export is cancelled"),
    ///             () = tokio::time::sleep(Duration::from_secs(3600)) => println!("the export is complete"),
    ///         }
    ///     });
    ///     "started"
    /// }
    /// ```
    pub async fn cancelled(&self) {
        match &self.cancellation {
            Some(Cancellation { run, tools }) => {
                let (run, tools) = (pin!(run.cancelled()), pin!(tools.cancelled()));
                select(tools, run).await;
            }
            None => std::future::pending().await,
        }
    }
}
