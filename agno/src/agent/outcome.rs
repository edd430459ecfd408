//! An answer, or a run that waits for a decision.

use crate::run::{Answer, Error, ErrorKind, Result, Run};

/// How a run ended whose tools may wait for somebody: `#[tool(approval)]`, `#[tool(external)]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<T = ()> {
    /// With an answer.
    Done(Answer<T>),
    /// It waits: decide its [waiting](Run::waiting) calls and [resume](crate::Agent::resume) it.
    Paused(Run),
}

/// Tells a run that waits from one that failed.
pub trait OutcomeExt<T>: sealed::Sealed {
    /// The answer, or the run that waits for a decision. An agent whose tools do not wait has no use for it.
    ///
    /// ```
    /// use agno::prelude::*;
    /// use agno::ToolResult;
    /// use agno::model::ScriptedModel;
    ///
    /// /// Asks the customer something.
    /// #[tool(external)]
    /// fn ask(question: &str);
    ///
    /// /// Books a table.
    /// #[agent(tools = [ask])]
    /// struct Waiter;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let model = ScriptedModel::new()
    ///     .call("ask", r#"{"question":"For how many?"}"#)
    ///     .reply("A table for two it is.");
    /// let agent = Waiter.with(model);
    /// let mut outcome = agent.run("A table, please.").await.outcome()?;
    /// let answer = loop {
    ///     match outcome {
    ///         Outcome::Done(answer) => break answer,
    ///         Outcome::Paused(mut run) => {
    ///             let ids: Vec<_> = run.waiting().map(|waiting| waiting.call.id.clone()).collect();
    ///             for id in ids {
    ///                 run.provide(&id, ToolResult::from_text("two"))?;
    ///             }
    ///             outcome = agent.resume(run).await.outcome()?;
    ///         }
    ///     }
    /// };
    /// assert_eq!(answer.text(), "A table for two it is.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Of a run that failed, the same.
    fn outcome(self) -> Result<Outcome<T>>;
}

impl<T> OutcomeExt<T> for Result<Answer<T>> {
    fn outcome(self) -> Result<Outcome<T>> {
        match self {
            Ok(answer) => Ok(Outcome::Done(answer)),
            Err(error) if error.kind() == ErrorKind::Paused => match error.split_run() {
                (_, Some(run)) => Ok(Outcome::Paused(run)),
                (error, None) => Err(error),
            },
            Err(error) => Err(error),
        }
    }
}

mod sealed {
    use super::{Answer, Error};

    pub trait Sealed {}

    impl<T> Sealed for Result<Answer<T>, Error> {}
}
