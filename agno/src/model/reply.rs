//! A model's answer: whole, or in pieces that add up to the same.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{ModelError, ReplyDetails, Usage};
use crate::message::{AssistantMessage, Citation, Part, Parts, Reasoning, Text, ToolCall};

/// A model's whole answer to one request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reply {
    /// What it said.
    pub message: AssistantMessage,
    /// Why it stopped.
    #[serde(rename = "finish")]
    pub finish_reason: FinishReason,
    /// What it cost.
    pub usage: Usage,
    /// The provider's name for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The model that answered, where it says so; it may be more exact than the one asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What else it told: likelihoods, its limits, the raw answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<ReplyDetails>>,
}

impl Reply {
    /// An answer of these pieces; it stopped for calls if there are any, else because it was done.
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

    /// An answer of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Parts::one(Part::text(text)))
    }

    /// An answer that asks for one call.
    pub fn call(id: impl Into<String>, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self::new(Parts::one(Part::call(id, name, arguments)))
    }

    /// The same answer with this cost.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// Sets the reason why the model stopped.
    #[must_use]
    pub fn with_finish_reason(mut self, finish_reason: FinishReason) -> Self {
        self.finish_reason = finish_reason;
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
    /// The provider paused in the middle of work on its own side, and goes on when it is asked again with what it said
    /// so far.
    Pause,
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
    /// The provider's name for the thinking so far.
    ReasoningId(String),
    /// What the provider wants back with the text so far.
    TextSignature(String),
    /// Where the text so far is from.
    Citation(Citation),
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
    /// What the provider wants back with a call.
    CallSignature {
        /// Which call.
        index: usize,
        /// What it wants back.
        signature: String,
    },
    /// A whole piece at once: a picture, something the provider did on its own side.
    Part(Box<Part>),
    /// What follows is a piece of its own, even if it is of the same kind as what came before.
    Break,
    /// Whose signatures, ids and items the pieces hold.
    Provider(Cow<'static, str>),
    /// The provider's names for the answer.
    Started {
        /// The answer's.
        id: Option<String>,
        /// The model's.
        model: Option<String>,
    },
    /// What the answer cost so far, in all. A later one replaces an earlier one.
    Usage(Usage),
    /// What else the provider told. Later ones add to earlier ones.
    Details(Box<ReplyDetails>),
    /// What was said so far is void: the answer begins again. A [`RetryLayer`](super::layer::RetryLayer) that was told to repeat
    /// streams says so, and a provider whose stream was lost in the middle and asked for again on the way.
    Restart,
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
    /// Whether the next piece is one of its own.
    apart: bool,
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
            Delta::Text(more) => match open(parts, self.apart) {
                Some(Part::Text(last)) if last.signature().is_none() => last.text.push_str(more),
                _ if more.is_empty() => return,
                _ => parts.push(Part::text(more.as_str())),
            },
            Delta::Refusal(more) => match open(parts, self.apart) {
                Some(Part::Refusal { text }) => text.push_str(more),
                _ if more.is_empty() => return,
                _ => parts.push(Part::refusal(more.as_str())),
            },
            Delta::Reasoning(more) => match open(parts, self.apart) {
                Some(Part::Reasoning(thought)) if thought.signature.is_none() => thought.text.push_str(more),
                _ if more.is_empty() => return,
                _ => parts.push(Part::reasoning(more.as_str())),
            },
            Delta::ReasoningSignature(more) => {
                reasoning(parts, self.apart)
                    .signature
                    .get_or_insert_default()
                    .push_str(more);
            }
            Delta::ReasoningId(id) => reasoning(parts, self.apart).id = Some(id.clone()),
            Delta::TextSignature(more) => match open(parts, self.apart) {
                Some(Part::Text(last)) => last.sign(more),
                _ => parts.push(Part::Text(Text::default().with_signature(more.as_str()))),
            },
            Delta::Citation(citation) => match open(parts, self.apart) {
                Some(Part::Text(last)) => last.cite(citation.clone()),
                _ => parts.push(Part::Text(Text::default().with_citation(citation.clone()))),
            },
            Delta::CallStart { index, id, name } => {
                self.calls.push((*index, parts.len()));
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
                self.apart = true;
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
        self.apart = false;
    }

    fn call(&mut self, index: usize) -> Option<&mut ToolCall> {
        let (_, position) = *self.calls.iter().rev().find(|(of, _)| *of == index)?;
        match self.reply.message.parts.get_mut(position) {
            Some(Part::Call(call)) => Some(call),
            _ => None,
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

/// The piece that goes on, unless the next is one of its own.
fn open(parts: &mut Parts<Part>, apart: bool) -> Option<&mut Part> {
    parts.last_mut().filter(|_| !apart)
}

/// The thinking that goes on, or one that begins.
fn reasoning(parts: &mut Parts<Part>, apart: bool) -> &mut Reasoning {
    if apart || !matches!(parts.last(), Some(Part::Reasoning(_))) {
        parts.push(Part::from(Reasoning::default()));
    }
    match parts.last_mut() {
        Some(Part::Reasoning(reasoning)) => reasoning,
        _ => unreachable!("it was just added"),
    }
}
