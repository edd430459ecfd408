//! A model's answer: complete, or as deltas that add up to the same reply.

// Lengths and numbers come from external input and must not cause a panic. Tests may panic.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ModelError, ReplyDetails, Usage};
use crate::message::{AssistantMessage, Citation, Part, Parts, Reasoning, Text, ToolCall};

/// A model's complete answer to one request.
///
/// ```
/// use agno::Usage;
/// use agno::message::Part;
/// use agno::model::{FinishReason, Reply};
///
/// let reply = Reply::new([Part::text("Let me look."), Part::call("1", "weather", r#"{"city":"Oslo"}"#)])
///     .with_usage(Usage::new(40, 12));
/// assert_eq!(reply.finish_reason, FinishReason::ToolCalls);
/// assert_eq!(reply.message.text(), "Let me look.");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reply {
    /// The model's message.
    pub message: AssistantMessage,
    /// Reason why the model stopped.
    #[serde(rename = "finish")]
    pub finish_reason: FinishReason,
    /// Tokens that the answer used.
    pub usage: Usage,
    /// The provider's ID of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name of the model that answered, if the provider reports it. It may be more specific than the requested name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Further details, such as log probabilities, rate limits and the raw answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<ReplyDetails>>,
}

impl Reply {
    /// Creates an answer from its parts. The finish reason is [`FinishReason::ToolCalls`] if there are calls, otherwise
    /// [`FinishReason::Stop`].
    pub fn new(parts: impl Into<Parts<Part>>) -> Self {
        let message = AssistantMessage::new(parts);
        let finish_reason = if message.has_calls() {
            FinishReason::ToolCalls
        } else {
            FinishReason::Stop
        };
        Self {
            message,
            finish_reason,
            ..Self::default()
        }
    }

    /// Creates an answer that consists of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Parts::one(Part::text(text)))
    }

    /// Creates an answer that requests one tool call.
    pub fn call(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self::new(Parts::one(Part::call(id, name, arguments)))
    }

    /// Sets the token counts.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// Returns `true` if the answer comes from a cache (`CacheLayer`).
    ///
    /// In that case, `usage` is zero, and [`ReplyDetails::original_usage`] has the counts of the original answer.
    ///
    /// ```
    /// use agno::model::Reply;
    ///
    /// assert!(!Reply::text("Hello.").is_cached());
    /// ```
    pub fn is_cached(&self) -> bool {
        let details = self.details.as_ref();
        details.is_some_and(|details| details.original_usage.is_some())
    }

    /// Sets the reason why the model stopped.
    #[must_use]
    pub fn with_finish_reason(mut self, finish_reason: FinishReason) -> Self {
        self.finish_reason = finish_reason;
        self
    }
}

/// Reason why a model stopped.
///
/// ```
/// use agno::model::{FinishReason, Reply};
///
/// let reply = Reply::text("The three largest cities are Oslo, Ber").with_finish_reason(FinishReason::Length);
/// let is_cut_off = reply.finish_reason == FinishReason::Length;
/// assert!(is_cut_off);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FinishReason {
    /// The model finished or reached a stop sequence.
    #[default]
    Stop,
    /// The model requests tool calls.
    ToolCalls,
    /// The model reached the limit of output tokens.
    Length,
    /// The provider withheld content.
    ContentFilter,
    /// The provider paused during work on its servers. It resumes when the next request includes the answer so far.
    Pause,
    /// Another reason, or none reported.
    Other,
}

/// An increment of a streamed answer.
///
/// Deltas with the same `index` belong to the same call and arrive in order; a new index starts a new part of the
/// message. [`ReplyBuilder`] combines deltas into a reply.
///
/// ```
/// use agno::model::{Model, Request, Delta, ScriptedModel};
/// use agno::Message;
/// use futures_util::StreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), agno::ModelError> {
/// let model = ScriptedModel::new().reply("Hello there.");
/// let question = [Message::user("Hi")];
/// let mut deltas = std::pin::pin!(model.stream(Request::new(&question)));
/// let mut text = String::new();
/// while let Some(delta) = deltas.next().await {
///     if let Delta::Text(more) = delta? {
///         text.push_str(&more);
///     }
/// }
/// assert_eq!(text, "Hello there.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Delta {
    /// More text.
    Text(String),
    /// More reasoning.
    Reasoning(String),
    /// Signature of the reasoning so far, which the provider requires in later requests.
    ReasoningSignature(String),
    /// The provider's ID of the reasoning so far.
    ReasoningId(String),
    /// Signature of the text so far, which the provider requires in later requests.
    TextSignature(String),
    /// Source of the text so far.
    Citation(Citation),
    /// More of a refusal.
    Refusal(String),
    /// Start of a tool call.
    CallStart {
        /// Index of the call in this answer; later deltas refer to it.
        index: usize,
        /// The provider's ID of the call; empty if the provider sends none.
        id: String,
        /// Name of the tool.
        name: String,
    },
    /// More of the arguments of a call.
    CallArguments {
        /// Index of the call.
        index: usize,
        /// More of the JSON text.
        arguments: String,
    },
    /// Signature of a call, which the provider requires in later requests.
    CallSignature {
        /// Index of the call.
        index: usize,
        /// The signature.
        signature: String,
    },
    /// A complete part, such as an image or an action that the provider performed on its servers.
    Part(Box<Part>),
    /// End of the current part. The next delta starts a new part, even if it is of the same kind.
    Break,
    /// Name of the provider that issued the signatures, IDs and items in the parts.
    Provider(Cow<'static, str>),
    /// The provider's identifiers for the answer.
    Started {
        /// ID of the answer.
        id: Option<String>,
        /// Name of the model.
        model: Option<String>,
    },
    /// Total token counts so far. Later counts replace earlier counts.
    Usage(Usage),
    /// Further details from the provider. Later details are merged into earlier details.
    Details(Box<ReplyDetails>),
    /// New start of the answer, which discards all earlier deltas. A [`RetryLayer`](super::layer::RetryLayer) with stream
    /// retries sends it, and so does a provider when a gateway loses the stream of an answer and continues with another
    /// answer.
    Restart,
    /// End of the answer. A stream without it was truncated.
    Finish(FinishReason),
}

/// Combines the deltas of a streamed answer into the [`Reply`] that the same model would return without streaming.
///
/// ```
/// use agno::model::{Delta, FinishReason, Reply, ReplyBuilder};
///
/// let mut builder = ReplyBuilder::new();
/// builder.push(&Delta::Text("Hel".into()));
/// builder.push(&Delta::Text("lo".into()));
/// builder.push(&Delta::Finish(FinishReason::Stop));
/// assert_eq!(builder.finish()?, Reply::text("Hello"));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[derive(Debug, Default)]
pub struct ReplyBuilder {
    reply: Reply,
    /// Maps each call's index in the stream to its position in the message.
    calls: BTreeMap<usize, usize>,
    /// `true` if the next delta starts a new part.
    starts_new_part: bool,
    finished: bool,
}

impl ReplyBuilder {
    /// Creates an empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a delta.
    pub fn push(&mut self, delta: &Delta) {
        let parts = &mut self.reply.message.parts;
        match delta {
            Delta::Text(more) => match open(parts, self.starts_new_part) {
                Some(Part::Text(last)) if last.signature().is_none() => last.text.push_str(more),
                _ if more.is_empty() => return,
                _ => parts.push(Part::text(more.as_str())),
            },
            Delta::Refusal(more) => match open(parts, self.starts_new_part) {
                Some(Part::Refusal { text }) => text.push_str(more),
                _ if more.is_empty() => return,
                _ => parts.push(Part::refusal(more.as_str())),
            },
            Delta::Reasoning(more) => match open(parts, self.starts_new_part) {
                Some(Part::Reasoning(thought)) if thought.signature.is_none() => thought.text.push_str(more),
                _ if more.is_empty() => return,
                _ => parts.push(Part::reasoning(more.as_str())),
            },
            Delta::ReasoningSignature(more) => {
                reasoning(parts, self.starts_new_part)
                    .signature
                    .get_or_insert_default()
                    .push_str(more);
            }
            Delta::ReasoningId(id) => reasoning(parts, self.starts_new_part).id = Some(id.clone()),
            Delta::TextSignature(more) => match open(parts, self.starts_new_part) {
                Some(Part::Text(last)) => last.sign(more),
                _ => parts.push(Part::Text(Text::default().with_signature(more.as_str()))),
            },
            Delta::Citation(citation) => match open(parts, self.starts_new_part) {
                Some(Part::Text(last)) => last.cite(citation.clone()),
                _ => parts.push(Part::Text(Text::default().with_citation(citation.clone()))),
            },
            Delta::CallStart { index, id, name } => {
                self.calls.insert(*index, parts.len());
                parts.push(Part::call(id.as_str(), name.as_str(), ""));
            }
            Delta::CallArguments { index, arguments } => {
                if let Some(call) = self.call(*index) {
                    call.arguments.push_str(arguments);
                }
            }
            Delta::CallSignature { index, signature } => {
                if let Some(call) = self.call(*index) {
                    call.signature = Some(signature.clone());
                }
            }
            Delta::Part(part) => parts.push((**part).clone()),
            Delta::Break => {
                self.starts_new_part = true;
                return;
            }
            Delta::Provider(provider) => {
                self.reply.message.provider = Some(provider.clone());
                return;
            }
            Delta::Started { id, model } => {
                self.reply.id = id.clone().or(self.reply.id.take());
                self.reply.model = model.clone().or(self.reply.model.take());
                return;
            }
            Delta::Usage(usage) => {
                self.reply.usage = *usage;
                return;
            }
            Delta::Details(details) => {
                self.reply
                    .details
                    .get_or_insert_default()
                    .merge((**details).clone());
                return;
            }
            Delta::Restart => {
                *self = Self::new();
                return;
            }
            Delta::Finish(finish) => {
                self.reply.finish_reason = *finish;
                self.finished = true;
            }
        }
        self.starts_new_part = false;
    }

    fn call(&mut self, index: usize) -> Option<&mut ToolCall> {
        let position = self.calls.get(&index)?;
        match self.reply.message.parts.get_mut(*position) {
            Some(Part::Call(call)) => Some(call),
            _ => None,
        }
    }

    /// Returns the message so far, finished or not. A cancelled run keeps it.
    pub fn partial(&self) -> &AssistantMessage {
        &self.reply.message
    }

    /// Returns the token counts so far.
    pub fn usage(&self) -> Usage {
        self.reply.usage
    }

    /// Returns the complete answer.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ModelErrorKind::Truncated`](super::ModelErrorKind::Truncated) when the stream ended
    /// before the model finished.
    pub fn finish(self) -> Result<Reply, ModelError> {
        if self.finished {
            Ok(self.reply)
        } else {
            Err(ModelError::truncated())
        }
    }
}

/// Returns the part that the next delta extends, unless that delta starts a new part.
fn open(parts: &mut Parts<Part>, starts_new_part: bool) -> Option<&mut Part> {
    parts.last_mut().filter(|_| !starts_new_part)
}

/// Returns the reasoning that the next delta extends, and adds an empty part if there is none.
fn reasoning(parts: &mut Parts<Part>, starts_new_part: bool) -> &mut Reasoning {
    if starts_new_part || !matches!(parts.last(), Some(Part::Reasoning(_))) {
        parts.push(Part::from(Reasoning::default()));
    }
    match parts.last_mut() {
        Some(Part::Reasoning(reasoning)) => reasoning,
        _ => unreachable!("it was just added"),
    }
}
