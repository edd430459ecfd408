//! The outcome of a run: an answer, or a paused run whose calls wait for decisions or results.

use crate::run::{Answer, Error, ErrorKind, Result, Run};

/// The outcome of a run whose calls may wait, because of `#[tool(approval)]` or `#[tool(external)]`.
///
/// ```
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
///
/// /// Deletes an account.
/// #[tool(approval)]
/// fn delete(account: u32) {}
///
/// /// Manages accounts.
/// #[agent(tools = [delete])]
/// struct Clerk;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agent = Clerk.with(ScriptedModel::new().call("delete", r#"{"account":7}"#));
/// match agent.run("Delete account 7.").await.outcome()? {
///     Outcome::Done(answer) => println!("{answer}"),
///     Outcome::Paused(run) => assert_eq!(run.waiting().count(), 1),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<T = ()> {
    /// The run succeeded.
    Done(Answer<T>),
    /// The run is paused. Approve or decline each [waiting](Run::waiting) call, or provide its result, then
    /// [resume](crate::Agent::resume) the run.
    Paused(Run),
}

/// Extends the `Result` of a run with a method that separates paused runs from failed ones.
pub trait OutcomeExt<T>: sealed::Sealed {
    /// Returns the answer, or the paused run. Only agents whose calls can wait need this method.
    ///
    /// ```
    /// use agno::prelude::*;
    /// use agno::ToolResult;
    /// use agno::model::ScriptedModel;
    ///
    /// /// Asks the customer a question.
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
    /// Returns the error of a failed run unchanged.
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
