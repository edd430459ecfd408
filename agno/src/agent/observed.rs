//! A declaration with an observer.

use super::Declared;
use super::declared::forward_declared;
use crate::observe::Observer;

/// A declaration with an observer, created by [`Declared::observe`] or [`Agent::observe`](super::Agent::observe).
///
/// It declares the same agent. Its observer also observes the runs of the agents that the agent calls.
///
/// ```
/// use agno::model::ScriptedModel;
/// use agno::observe::{Observation, ObservedRun, Observer};
/// use agno::prelude::*;
///
/// struct Log;
///
/// impl Observer for Log {
///     fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
///         println!("{}: {event:?}", run.agent);
///     }
/// }
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let observed = Assistant.observe(Log);
/// assert_eq!(observed.with(ScriptedModel::new().reply("Hello.")).run("Hi").await?.text(), "Hello.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Observed<D, O> {
    declaration: D,
    observer: O,
}

impl<D: Declared, O: Observer> Observed<D, O> {
    pub(super) const fn new(declaration: D, observer: O) -> Self {
        Self {
            declaration,
            observer,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<D: Declared, O: Observer> Declared for Observed<D, O> {
    forward_declared!(D, self => self.declaration; without observer);

    fn observer(&self) -> impl Observer + '_ {
        (self.declaration.observer(), &self.observer)
    }
}
