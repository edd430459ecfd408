//! The information about a run that its tools can read.

use smallvec::SmallVec;
use tokio_util::sync::CancellationToken;

use crate::id::RunId;

/// The context of the run that calls a tool. `#[tool]` passes it to a `run: &RunContext` parameter, which is hidden
/// from the model.
///
/// ```
/// use agno::prelude::*;
///
/// /// Waits for the export to finish.
/// #[tool]
/// async fn export(run: &RunContext) -> String {
///     run.cancelled().await;
///     format!("export of run {} given up", run.run_id())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct RunContext {
    run_id: RunId,
    turn: u32,
    /// UTF-8 text. Providers' call IDs are 24 to 40 characters long, so they are stored inline.
    call_id: SmallVec<[u8; 40]>,
    cancellation: Option<CancellationToken>,
}

impl RunContext {
    pub(crate) fn new(
        run_id: RunId,
        turn: u32,
        call_id: &str,
        cancellation: Option<&CancellationToken>,
    ) -> Self {
        Self {
            run_id,
            turn,
            call_id: SmallVec::from_slice(call_id.as_bytes()),
            cancellation: cancellation.cloned(),
        }
    }

    /// Creates a context outside any run, to call a tool directly, for example in a test.
    ///
    /// ```
    /// use agno::prelude::*;
    ///
    /// /// Reports the run.
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

    /// Returns the number of the model request that led to the call, starting at 1.
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// Returns the provider's ID for the call.
    pub fn call_id(&self) -> &str {
        str::from_utf8(&self.call_id).unwrap_or_default()
    }

    /// Returns `true` if the run was cancelled. A tool with a long computation can check this to stop cleanly.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation
            .as_ref()
            .is_some_and(CancellationToken::is_cancelled)
    }

    /// Waits until the run is cancelled. If the run cannot be cancelled, this method never completes.
    ///
    /// A tool that awaits something else does not need this method: cancelling the run drops the tool's future
    /// at that `await`.
    pub async fn cancelled(&self) {
        match &self.cancellation {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    }
}
