//! A model's answer: whole, or in pieces that add up to the same.

use serde::{Deserialize, Serialize};

use super::{ModelError, Usage};
use crate::message::{AssistantMessage, Part, Parts, Reasoning, ToolCall};

/// A model's whole answer to one request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reply {
    /// What it said.
    pub message: AssistantMessage,
    /// Why it stopped.
    pub finish: FinishReason,
    /// What it cost.
    pub usage: Usage,
    /// The provider's name for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The model that answered, where it says so; it may be more exact than the one asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Reply {
    /// An answer of these pieces; it stopped for calls if there are any, else because it was done.
    pub fn new(parts: impl Into<Parts<Part>>) -> Self {
        let message = AssistantMessage::new(parts);
        let finish = if message.has_calls() {
            FinishReason::ToolCalls
        } else {
            FinishReason::Stop
        };
        Self {
            message,
            finish,
            ..Self::default()
        }
    }

    /// An answer of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Parts::one(Part::text(text)))
    }

    /// An answer that asks for one call.
    pub fn call(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self::new(Parts::one(Part::Call(ToolCall::new(id, name, arguments))))
    }

    /// The same answer with this cost.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// The same answer, stopped for this reason.
    #[must_use]
    pub fn with_finish(mut self, finish: FinishReason) -> Self {
        self.finish = finish;
        self
    }
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FinishReason {
    /// It was done, or met a stop word.
    #[default]
    Stop,
    /// It wants tools called.
    ToolCalls,
    /// It reached the limit of output tokens.
    Length,
    /// The provider held content back.
    ContentFilter,
    /// Something else, or nothing was said.
    Other,
}

/// A piece of a streamed answer.
///
/// Pieces that name the same `index` belong together and arrive in order; a new index starts a new piece of the
/// message. [`ReplyBuilder`] adds them up.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Delta {
    /// More text.
    Text(String),
    /// More thinking.
    Reasoning(String),
    /// What the provider wants back with the thinking so far.
    ReasoningSignature(String),
    /// More of a refusal.
    Refusal(String),
    /// A call begins.
    CallStart {
        /// Which call of this answer; later pieces name it again.
        index: usize,
        /// The provider's name for the call; may be empty when the provider gives none.
        id: String,
        /// The tool's name.
        name: String,
    },
    /// More of a call's arguments.
    CallArguments {
        /// Which call.
        index: usize,
        /// More of the JSON text.
        arguments: String,
    },
    /// The provider's names for the answer.
    Started {
        /// The answer's.
        id: Option<String>,
        /// The model's.
        model: Option<String>,
    },
    /// What the answer cost so far, in all. A later one replaces an earlier one.
    Usage(Usage),
    /// The model stopped. A stream that ends without it was cut off.
    Finish(FinishReason),
}

/// Adds the pieces of a streamed answer up to the [`Reply`] that the same model would have given whole.
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
    /// Where in the message each call stands, by the index the stream gave it.
    calls: Vec<(usize, usize)>,
    finished: bool,
}

impl ReplyBuilder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a piece.
    pub fn push(&mut self, delta: &Delta) {
        let parts = &mut self.reply.message.parts;
        match delta {
            Delta::Text(more) => match parts.last_mut() {
                Some(Part::Text { text }) => text.push_str(more),
                _ if more.is_empty() => {}
                _ => parts.push(Part::text(more.as_str())),
            },
            Delta::Refusal(more) => match parts.last_mut() {
                Some(Part::Refusal { text }) => text.push_str(more),
                _ if more.is_empty() => {}
                _ => parts.push(Part::refusal(more.as_str())),
            },
            Delta::Reasoning(more) => match parts.last_mut() {
                Some(Part::Reasoning(Reasoning {
                    text,
                    signature: None,
                })) => text.push_str(more),
                _ if more.is_empty() => {}
                _ => parts.push(Part::reasoning(more.as_str())),
            },
            Delta::ReasoningSignature(more) => match parts.last_mut() {
                Some(Part::Reasoning(reasoning)) => {
                    reasoning.signature.get_or_insert_default().push_str(more);
                }
                _ => parts.push(Part::Reasoning(Reasoning {
                    text: String::new(),
                    signature: Some(more.clone()),
                })),
            },
            Delta::CallStart { index, id, name } => {
                self.calls.push((*index, parts.len()));
                parts.push(Part::Call(ToolCall::new(id.as_str(), name.as_str(), "")));
            }
            Delta::CallArguments { index, arguments } => {
                let place = self
                    .calls
                    .iter()
                    .rev()
                    .find(|(of, _)| of == index)
                    .map(|(_, place)| *place);
                if let Some(Part::Call(call)) = place.and_then(|place| parts.get_mut(place)) {
                    call.arguments.push_str(arguments);
                }
            }
            Delta::Started { id, model } => {
                self.reply.id = id.clone().or(self.reply.id.take());
                self.reply.model = model.clone().or(self.reply.model.take());
            }
            Delta::Usage(usage) => self.reply.usage = *usage,
            Delta::Finish(finish) => {
                self.reply.finish = *finish;
                self.finished = true;
            }
        }
    }

    /// What was said so far, finished or not: what a cancelled run keeps.
    pub fn partial(&self) -> &AssistantMessage {
        &self.reply.message
    }

    /// The cost so far.
    pub fn usage(&self) -> Usage {
        self.reply.usage
    }

    /// The whole answer.
    ///
    /// # Errors
    ///
    /// [`ModelErrorKind::Truncated`](super::ModelErrorKind::Truncated) when the stream ended before the model did.
    pub fn finish(self) -> Result<Reply, ModelError> {
        if self.finished {
            Ok(self.reply)
        } else {
            Err(ModelError::truncated())
        }
    }
}
