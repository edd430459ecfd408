//! A model that says what a test wrote down, and fails loudly when the run asks for something else.
//!
//! A script is a list of turns. Each turn answers one request, after the checks written for it held. A request
//! beyond the script, or one that breaks a check, gets an error of kind
//! [`Script`](super::ModelErrorKind::Script); a script dropped before its end panics, so a test cannot pass
//! because the run never came to the point.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};

use super::{
    Capabilities, Delta, Model, ModelError, ModelErrorKind, ModelId, Reply, ReplyBuilder, Request, Usage,
};
use crate::message::{Message, Part, Reasoning};
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

type Check = Box<dyn Fn(&Request<'_>) -> Result<(), String> + Send + Sync>;

/// One answer of a script.
#[derive(Default)]
pub struct Turn {
    checks: Vec<Check>,
    delay: Duration,
    /// Before each further piece of a stream.
    pace: Duration,
    answer: Answer,
}

enum Answer {
    Reply(Box<Reply>),
    Stream(Vec<Result<Delta, Fault>>),
    Fault(Fault),
    Hang,
}

impl Default for Answer {
    fn default() -> Self {
        Self::Reply(Box::default())
    }
}

/// What goes wrong in a script.
#[derive(Debug, Clone)]
struct Fault {
    kind: ModelErrorKind,
    retry_after: Option<Duration>,
}

impl Fault {
    fn error(&self) -> ModelError {
        ModelError::new(self.kind, format!("scripted fault: {}", self.kind.as_str()))
            .with_retry_after(self.retry_after)
    }
}

impl Turn {
    /// A turn that answers this reply.
    pub fn reply(reply: Reply) -> Self {
        Self {
            answer: Answer::Reply(Box::new(reply)),
            ..Self::default()
        }
    }

    /// A turn that streams these pieces. Asked whole, it answers what they add up to.
    pub fn stream(deltas: impl IntoIterator<Item = Delta>) -> Self {
        Self {
            answer: Answer::Stream(deltas.into_iter().map(Ok).collect()),
            ..Self::default()
        }
    }

    /// A turn that streams these pieces, then fails.
    pub fn broken_stream(deltas: impl IntoIterator<Item = Delta>, kind: ModelErrorKind) -> Self {
        let fault = Fault {
            kind,
            retry_after: None,
        };
        let pieces = deltas.into_iter().map(Ok).chain([Err(fault)]).collect();
        Self {
            answer: Answer::Stream(pieces),
            ..Self::default()
        }
    }

    /// A turn that fails.
    pub fn fault(kind: ModelErrorKind) -> Self {
        Self {
            answer: Answer::Fault(Fault {
                kind,
                retry_after: None,
            }),
            ..Self::default()
        }
    }

    /// A turn that never answers.
    pub fn hang() -> Self {
        Self {
            answer: Answer::Hang,
            ..Self::default()
        }
    }

    /// After this long; in a stream, before the first piece.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// In a stream, each piece after the first this long after the one before.
    #[must_use]
    pub fn paced(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// With a failure that asks to wait this long.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        match &mut self.answer {
            Answer::Fault(fault) => fault.retry_after = Some(delay),
            Answer::Stream(pieces) => {
                if let Some(Err(fault)) = pieces.last_mut() {
                    fault.retry_after = Some(delay);
                }
            }
            Answer::Reply(_) | Answer::Hang => {}
        }
        self
    }

    /// Only when the request holds to this; the text says what is wrong.
    #[must_use]
    pub fn expect(
        mut self,
        check: impl Fn(&Request<'_>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(Box::new(check));
        self
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("delay", &self.delay)
            .finish_non_exhaustive()
    }
}

/// A request as a script saw it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The instructions.
    pub instructions: String,
    /// The conversation.
    pub messages: Vec<Message>,
    /// The tools, each a name and its declaration.
    pub tools: Vec<(String, String)>,
    /// Whether the model was forbidden to call tools.
    pub tools_forbidden: bool,
    /// The declaration of the shape the answer must have.
    pub output: Option<String>,
}

impl RecordedRequest {
    fn of(request: &Request<'_>) -> Self {
        let mut tools = Vec::with_capacity(request.tools.len());
        request.tools.each(dialect::JsonSchema, &mut |spec, declaration| {
            tools.push((spec.name.to_owned(), declaration.to_owned()));
        });
        Self {
            instructions: request.instructions.to_owned(),
            messages: request.messages.iter().cloned().collect(),
            tools,
            tools_forbidden: request.tool_choice == super::ToolChoice::None,
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
    /// An empty script.
    pub fn new() -> Self {
        Self(Arc::new(Script {
            turns: Mutex::default(),
            requests: Mutex::default(),
            repeat: false,
            capabilities: Capabilities::ALL,
        }))
    }

    /// A model that answers every request with this reply, as often as it is asked. It records nothing.
    pub fn always(reply: Reply) -> Self {
        let turns = Mutex::new(VecDeque::from([Turn::reply(reply)]));
        Self(Arc::new(Script {
            turns,
            requests: Mutex::default(),
            repeat: true,
            capabilities: Capabilities::ALL,
        }))
    }

    /// The next turn answers this text.
    #[must_use]
    pub fn reply(self, text: impl Into<String>) -> Self {
        self.turn(Turn::reply(Reply::text(text)))
    }

    /// The next turn calls this tool with these arguments (JSON text). Ids are `call_1`, `call_2` and so on.
    #[must_use]
    pub fn call(self, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        self.calls([(name.into(), arguments.into())])
    }

    /// The next turn calls these tools at once.
    #[must_use]
    pub fn calls<N: Into<String>, A: Into<String>>(self, calls: impl IntoIterator<Item = (N, A)>) -> Self {
        let mut made: usize = lock(&self.0.turns).iter().map(Turn::calls).sum();
        let reply = Reply::new(
            calls
                .into_iter()
                .map(|(name, arguments)| {
                    made += 1;
                    Part::Call(crate::message::ToolCall::new(
                        format!("call_{made}"),
                        name,
                        arguments,
                    ))
                })
                .collect::<Vec<_>>(),
        );
        self.turn(Turn::reply(reply))
    }

    /// The next turn is this one.
    #[must_use]
    pub fn turn(self, turn: Turn) -> Self {
        lock(&self.0.turns).push_back(turn);
        self
    }

    /// The next turn fails with this kind of error.
    #[must_use]
    pub fn fault(self, kind: ModelErrorKind) -> Self {
        self.turn(Turn::fault(kind))
    }

    /// The same script, by a model that can do only this.
    ///
    /// # Panics
    ///
    /// When the model was cloned before: a script is written first and shared then.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a test that shares a half-written script is wrong and must hear of it"
    )]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        Arc::get_mut(&mut self.0)
            .expect("set the capabilities before cloning the script")
            .capabilities = capabilities;
        self
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0.requests).clone()
    }

    /// How many turns were not asked for yet.
    pub fn remaining(&self) -> usize {
        if self.0.repeat {
            0
        } else {
            lock(&self.0.turns).len()
        }
    }

    /// Checks that the run asked for every turn.
    ///
    /// # Panics
    ///
    /// When turns are left.
    #[track_caller]
    pub fn assert_used_up(&self) {
        let left = self.remaining();
        assert!(left == 0, "{left} scripted turn(s) were never asked for");
    }

    fn next(&self, request: &Request<'_>) -> Result<Turn, ModelError> {
        if self.0.repeat {
            return match lock(&self.0.turns).front() {
                Some(Turn {
                    answer: Answer::Reply(reply),
                    ..
                }) => Ok(Turn::reply((**reply).clone())),
                _ => Ok(Turn::default()),
            };
        }
        let number = {
            let mut requests = lock(&self.0.requests);
            requests.push(RecordedRequest::of(request));
            requests.len()
        };
        let Some(turn) = lock(&self.0.turns).pop_front() else {
            let message = format!("the script has no turn {number}; add one, or stop the run before it asks");
            return Err(ModelError::new(ModelErrorKind::Script, message));
        };
        for check in &turn.checks {
            check(request).map_err(|wrong| {
                ModelError::new(
                    ModelErrorKind::Script,
                    format!("request {number} is not what the script expects: {wrong}"),
                )
            })?;
        }
        Ok(turn)
    }
}

impl Turn {
    fn calls(&self) -> usize {
        match &self.answer {
            Answer::Reply(reply) => reply.message.calls().count(),
            Answer::Stream(pieces) => pieces
                .iter()
                .filter(|piece| matches!(piece, Ok(Delta::CallStart { .. })))
                .count(),
            Answer::Fault(_) | Answer::Hang => 0,
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let left = self.turns.get_mut().unwrap_or_else(PoisonError::into_inner).len();
        // A test that already fails says why by itself.
        if left > 0 && !self.repeat && !std::thread::panicking() {
            #[expect(clippy::panic, reason = "a test whose script was not used up must fail")]
            {
                panic!("{left} scripted turn(s) were never asked for");
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
            Answer::Reply(reply) => Ok(*reply),
            Answer::Fault(fault) => Err(fault.error()),
            Answer::Hang => std::future::pending().await,
            Answer::Stream(pieces) => {
                let mut builder = ReplyBuilder::new();
                for piece in pieces {
                    builder.push(&piece.map_err(|fault| fault.error())?);
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
            let pieces = match turn.answer {
                Answer::Reply(reply) => deltas_of(&reply).into_iter().map(Ok).collect(),
                Answer::Stream(pieces) => pieces
                    .into_iter()
                    .map(|piece| piece.map_err(|fault| fault.error()))
                    .collect(),
                Answer::Fault(fault) => vec![Err(fault.error())],
                Answer::Hang => std::future::pending().await,
            };
            paced(pieces, turn.pace)
        })
        .flatten()
    }
}

super::capability::every_capability!([] ScriptedModel);

/// These pieces, each but the first after a pause.
fn paced(
    pieces: Vec<Result<Delta, ModelError>>,
    pace: Duration,
) -> impl Stream<Item = Result<Delta, ModelError>> + Send {
    stream::iter(pieces.into_iter().enumerate()).then(move |(at, piece)| async move {
        if at > 0 && !pace.is_zero() {
            tokio::time::sleep(pace).await;
        }
        piece
    })
}

/// The pieces a whole reply would arrive in: text by words, each call's arguments in two halves.
pub(super) fn deltas_of(reply: &Reply) -> Vec<Delta> {
    let mut deltas = Vec::new();
    if reply.id.is_some() || reply.model.is_some() {
        deltas.push(Delta::Started {
            id: reply.id.clone(),
            model: reply.model.clone(),
        });
    }
    deltas.extend(reply.message.provider.clone().map(Delta::Provider));
    let mut calls = 0;
    for part in &reply.message.parts {
        deltas.push(Delta::Break);
        match part {
            Part::Text {
                text,
                citations,
                signature,
            } => {
                deltas.extend(text.split_inclusive(' ').map(|word| Delta::Text(word.to_owned())));
                deltas.extend(citations.iter().cloned().map(Delta::Citation));
                deltas.extend(signature.clone().map(Delta::TextSignature));
            }
            Part::Refusal { text } => deltas.push(Delta::Refusal(text.clone())),
            Part::Reasoning(Reasoning {
                redacted: false,
                text,
                signature,
                id,
            }) => {
                deltas.push(Delta::Reasoning(text.clone()));
                deltas.extend(signature.clone().map(Delta::ReasoningSignature));
                deltas.extend(id.clone().map(Delta::ReasoningId));
            }
            Part::Reasoning(_) | Part::Image(_) | Part::Audio(_) | Part::Provider(_) => {
                deltas.push(Delta::Part(Box::new(part.clone())));
            }
            Part::Call(call) => {
                let index = calls;
                calls += 1;
                deltas.push(Delta::CallStart {
                    index,
                    id: call.id.clone(),
                    name: call.name.clone(),
                });
                let half = call.arguments.len() / 2;
                let half = (0..=half)
                    .rev()
                    .find(|at| call.arguments.is_char_boundary(*at))
                    .unwrap_or(0);
                let (first, second) = call.arguments.split_at(half);
                for arguments in [first, second].into_iter().filter(|half| !half.is_empty()) {
                    deltas.push(Delta::CallArguments {
                        index,
                        arguments: arguments.to_owned(),
                    });
                }
                deltas.extend(
                    call.signature
                        .clone()
                        .map(|signature| Delta::CallSignature { index, signature }),
                );
            }
        }
    }
    if reply.usage != Usage::default() {
        deltas.push(Delta::Usage(reply.usage));
    }
    deltas.extend(reply.details.clone().map(Delta::Details));
    deltas.push(Delta::Finish(reply.finish));
    deltas
}

/// A poisoned script is still a script: the panic that poisoned it is what the test reports.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
