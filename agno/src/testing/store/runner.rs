//! Runs the cases, each with a time limit, and catches their panics.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tokio::sync::oneshot;

use super::cases::GROUPS;
use super::fixture::{Case, Stop, Suite};
use super::{CaseOutcome, CaseReport, Report, StoreFactory};

/// The time after which a case fails. Each case takes a fraction of a second, unless an operation never ends.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Runs all cases, one after the other, each on an empty store.
///
/// A case fails if the store panics or does not finish within a minute. Threads of the system measure the minute, so that the
/// suite also works with a paused clock of Tokio.
///
/// See the [module](crate::testing::store) for an example.
pub async fn check(factory: &impl StoreFactory) -> Report {
    let suite = Suite::new(factory);
    let mut reports = Vec::new();
    for group in GROUPS {
        for case in *group {
            reports.push(CaseReport {
                group: case.group,
                name: case.name,
                outcome: outcome(case, &suite).await,
            });
        }
    }
    Report::new(reports)
}

async fn outcome(case: &Case, suite: &Suite<'_>) -> CaseOutcome {
    let run = AssertUnwindSafe((case.run)(suite)).catch_unwind();
    match within(TIME_LIMIT, run).await {
        Some(Ok(Ok(()))) => CaseOutcome::Succeeded,
        Some(Ok(Err(Stop::Failed(message)))) => CaseOutcome::Failed(message),
        Some(Ok(Err(Stop::Skipped(capability)))) => CaseOutcome::Skipped(capability),
        Some(Err(panic)) => CaseOutcome::Failed(format!("a panic: {}", text_of(&*panic))),
        None => CaseOutcome::Failed(format!("no result within {TIME_LIMIT:?}")),
    }
}

/// Returns the output of a future, or `None` after the time limit. Uses no timer of a runtime, because a paused clock would
/// jump to the limit while the store waits for a thread.
async fn within<T>(limit: Duration, future: impl Future<Output = T> + Unpin) -> Option<T> {
    let (finished, running) = mpsc::channel::<()>();
    let (expire, expired) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        // The channel is closed when the case has finished.
        if running.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
            let _ = expire.send(());
        }
    });
    let output = match select(future, Box::pin(expired)).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    };
    drop(finished);
    output
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_case_that_never_ends_is_stopped_and_a_paused_clock_does_not_stop_the_others() {
        let never = Box::pin(std::future::pending::<()>());
        assert_eq!(within(Duration::from_millis(1), never).await, None);
        let (send, receive) = oneshot::channel();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            send.send(7)
        });
        assert_eq!(within(TIME_LIMIT, receive).await, Some(Ok(7)));
    }
}
