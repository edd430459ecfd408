//! A model that follows a test's script and fails when a run deviates from it.
//!
//! A script is a list of turns. Each turn answers one request after its checks have passed. A request beyond the end
//! of the script, or one that fails a check, gets an error of kind [`Script`](super::ModelErrorKind::Script).
//! Dropping an unfinished script panics, so a test cannot pass because the run ended too early.

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
#[derive(Clone)]
pub struct ScriptedModel(Arc<Script>);

struct Script {
    turns: Mutex<VecDeque<Turn>>,
    requests: Mutex<Vec<RecordedRequest>>,
    repeat: bool,
    capabilities: Capabilities,
}

/// A request that a script received.
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
        }))
    }

    /// Creates a model that answers every request with this reply, without limit. It does not record requests.
    pub fn always(reply: Reply) -> Self {
        let turns = Mutex::new(VecDeque::from([Turn::reply(reply)]));
        Self(Arc::new(Script {
            turns,
            requests: Mutex::default(),
            repeat: true,
            capabilities: Capabilities::ALL,
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
    /// Panics if the model has been cloned. Finish the script before you share it.
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

    /// Checks that the run used every turn.
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
            return Err(ModelError::new(ModelErrorKind::Script, message));
        };
        for check in &turn.checks {
            check(request).map_err(|problem| {
                ModelError::new(
                    ModelErrorKind::Script,
                    format!("request {number} does not match the script: {problem}"),
                )
            })?;
        }
        Ok(turn)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let unused = self.turns.get_mut().unwrap_or_else(PoisonError::into_inner).len();
        // A second panic would hide the failure of a test that is already panicking.
        if unused > 0 && !self.repeat && !std::thread::panicking() {
            #[expect(clippy::panic, reason = "a test with unused turns must fail")]
            {
                panic!("{unused} scripted turn(s) were not used");
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
            ScriptedReply::Fault(fault) => Err(fault.error()),
            ScriptedReply::Hang => std::future::pending().await,
            ScriptedReply::Stream(deltas) => {
                let mut builder = ReplyBuilder::new();
                for delta in deltas {
                    builder.push(&delta.map_err(|fault| fault.error())?);
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
                    .map(|delta| delta.map_err(|fault| fault.error()))
                    .collect(),
                ScriptedReply::Fault(fault) => vec![Err(fault.error())],
                ScriptedReply::Hang => std::future::pending().await,
            };
            paced(deltas, turn.pace)
        })
        .flatten()
    }
}

super::capability::every_capability!([] ScriptedModel);

/// Locks the mutex and ignores poisoning: the test already reports the panic that caused it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
