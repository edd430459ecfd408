//! A model that follows a test's script and fails when a run deviates from it.
//!
//! A script is a list of turns. Each turn answers one request after its checks have passed. A request after the last
//! turn, or one that fails a check, returns an error of kind [`Script`](super::ModelErrorKind::Script). Dropping an
//! unfinished script panics, so that a test fails if the run ends too early.
//!
//! The chapter [Testing](crate::guide::testing) introduces scripted models.

mod deltas;
mod turn;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};

pub(crate) use deltas::deltas_of;
use deltas::paced;
use turn::ScriptedReply;
pub use turn::Turn;

use super::{Capabilities, Delta, Model, ModelError, ModelErrorKind, ModelId, Reply, ReplyBuilder, Request};
use crate::message::{Message, Part};
use crate::schema::dialect;

/// A model that follows a script.
///
/// Clones share the script. A request after the last turn, or one that fails a check, returns an error of kind
/// [`Script`](ModelErrorKind::Script).
///
/// ```
/// use agno::model::{Model, Request, ScriptedModel};
/// use agno::Message;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let model = ScriptedModel::new()
///     .call("weather", r#"{"city":"Oslo"}"#)
///     .reply("It rains.");
///
/// let conversation = [Message::user("What is the weather in Oslo?")];
/// let first = model.complete(Request::new(&conversation)).await?;
/// assert_eq!(first.message.calls().next().unwrap().name, "weather");
/// assert_eq!(model.complete(Request::new(&conversation)).await?.message.text(), "It rains.");
/// model.assert_used_up();
/// # Ok::<(), agno::ModelError>(()) }).unwrap()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
///
/// # Panics
///
/// Dropping the last clone of a model with unused turns panics, unless the thread is already panicking. A test
/// therefore fails if the run ends too early.
#[derive(Clone)]
pub struct ScriptedModel(Arc<Script>);

struct Script {
    turns: Mutex<VecDeque<Turn>>,
    requests: Mutex<Vec<RecordedRequest>>,
    repeat: bool,
    capabilities: Capabilities,
    /// The last error that the script returned. The panic about unused turns includes it.
    last_error: Mutex<Option<String>>,
}

/// A request that a script received.
///
/// See [`ScriptedModel::requests`] for an example.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Instructions of the request.
    pub instructions: String,
    /// Messages of the conversation.
    pub messages: Vec<Message>,
    /// Name and declaration of each tool.
    pub tools: Vec<(String, String)>,
    /// `true` if the request forbade tool calls ([`ToolChoice::None`](super::ToolChoice::None)).
    pub no_tools: bool,
    /// Declaration of the output schema.
    pub output: Option<String>,
}

impl RecordedRequest {
    fn new(request: &Request<'_>) -> Self {
        let mut tools = Vec::with_capacity(request.tools.len());
        request.tools.for_each(dialect::JsonSchema, &mut |tool| {
            tools.push((tool.name.to_owned(), tool.json.to_owned()));
        });
        Self {
            instructions: request.instructions.to_owned(),
            messages: request.messages.iter().cloned().collect(),
            tools,
            no_tools: request.tool_choice == super::ToolChoice::None,
            output: request
                .output
                .map(|output| output.declaration(dialect::JsonSchema).to_owned()),
        }
    }
}

impl Default for ScriptedModel {
    fn default() -> Self {
        Self::new()
    }
}

impl ScriptedModel {
    /// Creates an empty script.
    pub fn new() -> Self {
        Self(Arc::new(Script {
            turns: Mutex::default(),
            requests: Mutex::default(),
            repeat: false,
            capabilities: Capabilities::ALL,
            last_error: Mutex::default(),
        }))
    }

    /// Creates a model that answers every request with this reply. It does not record requests.
    ///
    /// ```
    /// use agno::model::{Reply, ScriptedModel};
    /// use agno::prelude::*;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(ScriptedModel::always(Reply::text("Hello.")));
    /// for _ in 0..3 {
    ///     assert_eq!(agent.run("Hi").await?.text(), "Hello.");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn always(reply: Reply) -> Self {
        let turns = Mutex::new(VecDeque::from([Turn::reply(reply)]));
        Self(Arc::new(Script {
            turns,
            requests: Mutex::default(),
            repeat: true,
            capabilities: Capabilities::ALL,
            last_error: Mutex::default(),
        }))
    }

    /// Adds a turn that answers with this text.
    #[must_use]
    pub fn reply(self, text: impl Into<String>) -> Self {
        self.turn(Turn::reply(Reply::text(text)))
    }

    /// Adds a turn that calls this tool with these arguments (JSON text). Call IDs are `call_1`, `call_2` and so on.
    #[must_use]
    pub fn call(self, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        self.calls([(name.into(), arguments.into())])
    }

    /// Adds a turn that calls these tools in a single reply.
    ///
    /// ```
    /// use agno::Message;
    /// use agno::model::{Model, Request, ScriptedModel};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), agno::ModelError> {
    /// let both = [("weather", r#"{"city":"Oslo"}"#), ("weather", r#"{"city":"Rome"}"#)];
    /// let model = ScriptedModel::new().calls(both);
    /// let reply = model.complete(Request::new(&[Message::user("Oslo and Rome?")])).await?;
    /// assert_eq!(reply.message.calls().count(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn calls<N: Into<String>, A: Into<String>>(self, calls: impl IntoIterator<Item = (N, A)>) -> Self {
        let mut count: usize = lock(&self.0.turns).iter().map(Turn::calls).sum();
        let reply = Reply::new(
            calls
                .into_iter()
                .map(|(name, arguments)| {
                    count += 1;
                    Part::call(format!("call_{count}"), name, arguments)
                })
                .collect::<Vec<_>>(),
        );
        self.turn(Turn::reply(reply))
    }

    /// Adds this turn.
    #[must_use]
    pub fn turn(self, turn: Turn) -> Self {
        lock(&self.0.turns).push_back(turn);
        self
    }

    /// Adds a turn that fails with an error of this kind.
    #[must_use]
    pub fn fault(self, kind: ModelErrorKind) -> Self {
        self.turn(Turn::fault(kind))
    }

    /// Sets the capabilities of the model.
    ///
    /// # Panics
    ///
    /// Panics if the model has clones. Set the capabilities before you clone the model.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "sharing an unfinished script is a bug in the test"
    )]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        Arc::get_mut(&mut self.0)
            .expect("set the capabilities before cloning the script")
            .capabilities = capabilities;
        self
    }

    /// Returns the requests received so far.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    ///
    /// /// Answers.
    /// #[agent(instructions = "Be brief.")]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let model = ScriptedModel::new().reply("Hello.");
    /// Assistant.with(&model).run("Hi").await?;
    /// assert_eq!(model.requests()[0].instructions, "Be brief.");
    /// assert_eq!(model.requests()[0].messages[0].text(), "Hi");
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0.requests).clone()
    }

    /// Returns the number of unused turns.
    pub fn remaining(&self) -> usize {
        if self.0.repeat {
            0
        } else {
            lock(&self.0.turns).len()
        }
    }

    /// Asserts that every turn was used.
    ///
    /// # Panics
    ///
    /// Panics if there are unused turns.
    #[track_caller]
    pub fn assert_used_up(&self) {
        let unused = self.remaining();
        assert!(unused == 0, "{unused} scripted turn(s) were not used");
    }

    fn next(&self, request: &Request<'_>) -> Result<Turn, ModelError> {
        if self.0.repeat {
            return match lock(&self.0.turns).front() {
                Some(Turn {
                    answer: ScriptedReply::Reply(reply),
                    ..
                }) => Ok(Turn::reply((**reply).clone())),
                _ => Ok(Turn::default()),
            };
        }
        let number = {
            let mut requests = lock(&self.0.requests);
            requests.push(RecordedRequest::new(request));
            requests.len()
        };
        let Some(turn) = lock(&self.0.turns).pop_front() else {
            let message = format!("the script has no turn {number}; add one, or end the run earlier");
            return Err(self.failed(ModelError::new(ModelErrorKind::Script, message)));
        };
        for check in &turn.checks {
            check(request).map_err(|problem| {
                let message = format!("request {number} does not match the script: {problem}");
                self.failed(ModelError::new(ModelErrorKind::Script, message))
            })?;
        }
        Ok(turn)
    }

    /// Records an error from the script and returns it.
    fn failed(&self, error: ModelError) -> ModelError {
        *lock(&self.0.last_error) = Some(error.to_string());
        error
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let unused = self.turns.get_mut().unwrap_or_else(PoisonError::into_inner).len();
        // A second panic would hide the failure of a test that is already panicking.
        if unused > 0 && !self.repeat && !std::thread::panicking() {
            // The panic hides the error that the test would have returned, so the message includes that error.
            let last_error = self
                .last_error
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            let cause = last_error.map_or_else(String::new, |error| format!("; the last error was: {error}"));
            #[expect(clippy::panic, reason = "a test with unused turns must fail")]
            {
                panic!("{unused} scripted turn(s) were not used{cause}");
            }
        }
    }
}

impl fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedModel")
            .field("remaining", &self.remaining())
            .finish()
    }
}

impl Model for ScriptedModel {
    type Dialect = dialect::JsonSchema;

    fn dialect(&self) -> Self::Dialect {
        dialect::JsonSchema
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("scripted", "script")
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        let turn = self.next(&request)?;
        if !turn.delay.is_zero() {
            tokio::time::sleep(turn.delay).await;
        }
        match turn.answer {
            ScriptedReply::Reply(reply) => Ok(*reply),
            ScriptedReply::Fault(fault) => Err(self.failed(fault.error())),
            ScriptedReply::Hang => std::future::pending().await,
            ScriptedReply::Stream(deltas) => {
                let mut builder = ReplyBuilder::new();
                for delta in deltas {
                    builder.push(&delta.map_err(|fault| self.failed(fault.error()))?);
                }
                builder.finish()
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::once(async move {
            let turn = match self.next(&request) {
                Ok(turn) => turn,
                Err(error) => return paced(vec![Err(error)], Duration::ZERO),
            };
            if !turn.delay.is_zero() {
                tokio::time::sleep(turn.delay).await;
            }
            let deltas = match turn.answer {
                ScriptedReply::Reply(reply) => deltas_of(&reply).into_iter().map(Ok).collect(),
                ScriptedReply::Stream(deltas) => deltas
                    .into_iter()
                    .map(|delta| delta.map_err(|fault| self.failed(fault.error())))
                    .collect(),
                ScriptedReply::Fault(fault) => vec![Err(self.failed(fault.error()))],
                ScriptedReply::Hang => std::future::pending().await,
            };
            paced(deltas, turn.pace)
        })
        .flatten()
    }
}

super::capability::every_capability!([] ScriptedModel);

/// Locks the mutex and ignores poisoning, because the test already reports the panic that caused it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
