//! What a case is: work that can be done many times over, after a set-up that is not measured.

use std::pin::Pin;
use std::time::Duration;

/// What goes wrong, of whichever framework.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Outcome<T> = Result<T, Failure>;

/// Sets up, does the work so many times, and says how long the work took.
pub(crate) type Work = fn(u64) -> Pin<Box<dyn Future<Output = Outcome<Duration>>>>;

/// One thing that a framework does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
}

/// A list of cases from pairs of a name and an `async fn(u64) -> Outcome<Duration>`.
macro_rules! cases {
    ($($name:literal: $work:path),* $(,)?) => {
        /// What is measured of this framework.
        pub(crate) const CASES: &[$crate::case::Case] = &[
            $($crate::case::Case { name: $name, work: |times| ::std::boxed::Box::pin($work(times)) }),*
        ];
    };
}
pub(crate) use cases;

/// The same function under other names, each made by a macro of the framework: an agent with ten tools needs ten.
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

/// Time that all threads of this process were on a core: what else the machine does is not in it.
fn on_core() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Does something so many times, one after the other.
pub(crate) async fn repeat(times: u64, mut once: impl AsyncFnMut() -> Outcome<()>) -> Outcome<Duration> {
    let started = on_core();
    for _ in 0..times {
        once().await?;
    }
    Ok(on_core().saturating_sub(started))
}

/// Does something that never waits so many times.
pub(crate) fn repeat_now(times: u64, mut once: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let started = on_core();
    for _ in 0..times {
        once()?;
    }
    Ok(on_core().saturating_sub(started))
}

/// What every mock model answers, and what every run must therefore end with.
pub(crate) const ANSWER: &str = "ok";
/// What is asked.
pub(crate) const QUESTION: &str = "What is 2 + 3?";
/// What every agent is told.
pub(crate) const INSTRUCTIONS: &str = "Answer.";
/// The arguments of the call that a mock model asks for.
pub(crate) const ARGUMENTS: &str = r#"{"left":2,"right":3}"#;
/// What the called tool must therefore have said, which each mock model looks at before it answers.
pub(crate) const SUM: &str = "5";
/// After how many messages a conversation is begun anew.
pub(crate) const MESSAGES: u64 = 1000;

/// A run is only measured if it did what it should.
pub(crate) fn expect(answer: &str) -> Outcome<()> {
    if answer == ANSWER {
        return Ok(());
    }
    Err(format!("the answer is {answer:?}").into())
}

/// So is a tool.
pub(crate) fn called(result: bool) -> Outcome<()> {
    if result {
        return Ok(());
    }
    Err("the tool's result did not come back to the model".into())
}
