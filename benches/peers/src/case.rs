//! Defines cases, which repeat an operation after a setup that is not measured.

use std::pin::Pin;
use std::time::Duration;

/// An error from any framework.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Outcome<T> = Result<T, Failure>;

/// Performs the setup, repeats the operation this many times, and returns the CPU time of the repetitions.
pub(crate) type Work = fn(u64) -> Pin<Box<dyn Future<Output = Outcome<Duration>>>>;

/// An operation of a framework.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
}

/// Defines a list of cases from pairs of a name and an `async fn(u64) -> Outcome<Duration>`.
macro_rules! cases {
    ($($name:literal: $work:path),* $(,)?) => {
        /// Measured operations of this framework.
        pub(crate) const CASES: &[$crate::case::Case] = &[
            $($crate::case::Case { name: $name, work: |times| ::std::boxed::Box::pin($work(times)) }),*
        ];
    };
}
pub(crate) use cases;

/// Defines the same function under ten names with the framework's macro, for an agent with ten tools.
macro_rules! ten {
    ($make:ident) => {
        $make!(add_0 Add0 "add_0");
        $make!(add_1 Add1 "add_1");
        $make!(add_2 Add2 "add_2");
        $make!(add_3 Add3 "add_3");
        $make!(add_4 Add4 "add_4");
        $make!(add_5 Add5 "add_5");
        $make!(add_6 Add6 "add_6");
        $make!(add_7 Add7 "add_7");
        $make!(add_8 Add8 "add_8");
        $make!(add_9 Add9 "add_9");
    };
}
pub(crate) use ten;

/// Returns the CPU time of all threads of this process. CPU time excludes other load on the machine.
fn process_cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Repeats an asynchronous operation sequentially.
pub(crate) async fn repeat(times: u64, mut once: impl AsyncFnMut() -> Outcome<()>) -> Outcome<Duration> {
    let started = process_cpu_time();
    for _ in 0..times {
        once().await?;
    }
    Ok(process_cpu_time().saturating_sub(started))
}

/// Repeats a synchronous operation.
pub(crate) fn repeat_now(times: u64, mut once: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let started = process_cpu_time();
    for _ in 0..times {
        once()?;
    }
    Ok(process_cpu_time().saturating_sub(started))
}

/// Answer of every mock model, and therefore of every run.
pub(crate) const ANSWER: &str = "ok";
/// Input of every run.
pub(crate) const QUESTION: &str = "What is 2 + 3?";
/// Instructions of every agent.
pub(crate) const INSTRUCTIONS: &str = "Answer.";
/// Arguments of the call that a mock model makes.
pub(crate) const ARGUMENTS: &str = r#"{"left":2,"right":3}"#;
/// Expected result of that call, which each mock model checks before it answers.
pub(crate) const SUM: &str = "5";
/// Number of messages after which a conversation is cleared.
pub(crate) const MESSAGES: u64 = 1000;

/// Fails if a run did not return [`ANSWER`], so that only correct runs are measured.
pub(crate) fn expect(answer: &str) -> Outcome<()> {
    if answer == ANSWER {
        return Ok(());
    }
    Err(format!("unexpected answer {answer:?}").into())
}

/// Fails if no definition was written, so that only correct executions are measured.
pub(crate) fn expect_written(written: bool) -> Outcome<()> {
    if written {
        return Ok(());
    }
    Err("the definition is empty".into())
}
