//! What a tool may know of the run that calls it.

use smallvec::SmallVec;
use tokio_util::sync::CancellationToken;

use crate::id::RunId;

/// The run a tool is called in. A parameter `run: &RunContext` of a tool is filled with it and hidden from the model.
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
    /// Text. Providers' names for calls are 24 to 40 characters long and lie in place.
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

    /// A context outside any run: for calling a tool by itself, as a test does.
    pub fn detached() -> Self {
        Self::new(RunId::new(), 0, "", None)
    }

    /// The run.
    pub fn run_id(&self) -> RunId {
        self.run_id
    }

    /// Which request to the model led to the call, from 1.
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// The provider's name for the call.
    pub fn call_id(&self) -> &str {
        str::from_utf8(&self.call_id).unwrap_or_default()
    }

    /// Whether the run was cancelled. A tool that computes for long looks at it to stop cleanly.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation
            .as_ref()
            .is_some_and(CancellationToken::is_cancelled)
    }

    /// Waits until the run is cancelled; for ever when nobody can cancel it. A tool that is awaiting something
    /// need not use it: it is dropped at that await.
    pub async fn cancelled(&self) {
        match &self.cancellation {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    }
}
