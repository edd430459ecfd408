//! What a run that succeeded returns.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use crate::id::RunId;
use crate::message::{AssistantMessage, Message, MessageList, ToolCall};
use crate::model::{FinishReason, Usage};

/// What a run that succeeded returns: the text, the typed output, and what it took.
///
/// It prints as its text.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Answer<T = ()> {
    /// The typed output of an agent with `output = ...`; `()` of one without.
    pub output: T,
    /// The run's name.
    pub run_id: RunId,
    /// What all its requests cost.
    pub usage: Usage,
    /// How many requests it made.
    pub turns: u32,
    /// Why the model stopped; [`FinishReason::Length`] means the text was cut off.
    #[serde(rename = "finish")]
    pub finish_reason: FinishReason,
    /// How long it took.
    pub elapsed: Duration,
    pub(crate) messages: Transcript,
}

/// A run's messages: its own, or shared with the session that keeps them. Written down, a list of messages.
#[derive(Clone, Deserialize)]
#[serde(from = "Vec<Message>")]
pub(crate) enum Transcript {
    Owned(MessageList),
    Shared(Arc<MessageList>),
}

impl Transcript {
    fn messages(&self) -> &[Message] {
        match self {
            Self::Owned(messages) => messages,
            Self::Shared(messages) => messages,
        }
    }
}

impl PartialEq for Transcript {
    fn eq(&self, other: &Self) -> bool {
        self.messages() == other.messages()
    }
}

impl Serialize for Transcript {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.messages().serialize(serializer)
    }
}

impl From<Vec<Message>> for Transcript {
    fn from(messages: Vec<Message>) -> Self {
        Self::Owned(messages.into())
    }
}

impl<T> Answer<T> {
    /// The messages of the run: the input first, the answer last. What came before is its session's.
    pub fn messages(&self) -> &[Message] {
        self.messages.messages()
    }

    /// The model's last message: text, reasoning and whatever else it sent.
    pub fn message(&self) -> Option<&AssistantMessage> {
        match self.messages().last() {
            Some(Message::Assistant(message)) => Some(message),
            _ => None,
        }
    }

    /// The answer's text, its pieces joined; borrowed when there is one piece.
    pub fn text(&self) -> Cow<'_, str> {
        self.message().map_or(Cow::Borrowed(""), AssistantMessage::text)
    }

    /// The calls of the run with their results, in order.
    pub fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.messages().iter().flat_map(Message::calls)
    }

    /// The answer's text, by value.
    pub fn into_text(self) -> String {
        self.text().into_owned()
    }

    /// Returns the same answer with its output converted by `f`.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            output: f(self.output),
            run_id: self.run_id,
            usage: self.usage,
            turns: self.turns,
            finish_reason: self.finish_reason,
            elapsed: self.elapsed,
            messages: self.messages,
        }
    }
}

impl<T> fmt::Display for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("output", &self.output)
            .field("run_id", &self.run_id)
            .field("usage", &self.usage)
            .field("turns", &self.turns)
            .field("finish_reason", &self.finish_reason)
            .field("elapsed", &self.elapsed)
            .field("messages", &self.messages())
            .finish()
    }
}
