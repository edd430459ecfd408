//! The result of a successful run.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use super::Result;
use crate::id::RunId;
use crate::message::{AssistantMessage, Citation, Message, MessageList, Part, ToolCall, ToolResult};
use crate::model::{FinishReason, Usage};

/// The result of a successful run, with its text, typed output and usage.
///
/// `Display` prints the text.
///
/// ```
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
///
/// /// Current weather in a city.
/// #[tool]
/// fn weather(city: &str) -> String {
///     format!("rain in {city}")
/// }
///
/// /// Answers questions about the weather.
/// #[agent(tools = [weather])]
/// struct Forecaster;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let model = ScriptedModel::new().call("weather", r#"{"city":"Oslo"}"#).reply("It rains.");
/// let answer = Forecaster.with(model).run("Oslo?").await?;
/// assert_eq!(answer.to_string(), "It rains.");
/// assert_eq!((answer.turns, answer.calls().count(), answer.messages().len()), (2, 1, 3));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Answer<T = ()> {
    /// The typed output of an agent with `output = ...`; `()` for other agents.
    pub output: T,
    /// The ID of the run.
    pub run_id: RunId,
    /// The token usage of all requests.
    pub usage: Usage,
    /// The number of requests that the run made.
    pub turns: u32,
    /// The reason the model stopped; [`FinishReason::Length`] means that the text was truncated.
    #[serde(rename = "finish")]
    pub finish_reason: FinishReason,
    /// The duration of the run. For a resumed run, the time since it was last resumed.
    pub elapsed: Duration,
    pub(crate) messages: Transcript,
    /// The sources of the context of the run.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "citations")]
    pub(crate) context_citations: Option<Box<[Citation]>>,
}

/// The messages of a run, either owned or shared with the session that stores them. Serialized as a list of messages.
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
    /// Returns the messages of the run, from the input to the answer. Earlier messages are in the session.
    pub fn messages(&self) -> &[Message] {
        self.messages.messages()
    }

    /// Returns the model's last message, with its text, reasoning and other parts.
    pub fn message(&self) -> Option<&AssistantMessage> {
        match self.messages().last() {
            Some(Message::Assistant(message)) => Some(message),
            _ => None,
        }
    }

    /// Returns the text of the answer. Several parts are joined; a single part is borrowed.
    pub fn text(&self) -> Cow<'_, str> {
        self.message().map_or(Cow::Borrowed(""), AssistantMessage::text)
    }

    /// Iterates over the calls of the run and their results, in order.
    pub fn calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.messages().iter().flat_map(Message::calls)
    }

    /// Iterates over the sources of the answer: those of the run's [context](crate::context), of the results of its tools
    /// and agents, and those that the model itself cites, in this order.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.context_citations
            .iter()
            .flat_map(|citations| citations.iter())
            .chain(cited(self.messages()))
    }

    /// Converts the answer into its text.
    pub fn into_text(self) -> String {
        self.text().into_owned()
    }

    /// Returns the same answer with its output converted by `f`.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    ///
    /// /// Counts.
    /// #[agent(output = u32)]
    /// struct Counter;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Counter.with(ScriptedModel::new().reply(r#"{"value":3}"#));
    /// let answer: Answer<String> = agent.run("Count the words in `a b c`.").await?.map(|count| count.to_string());
    /// assert_eq!(answer.output, "3");
    /// # Ok(())
    /// # }
    /// ```
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            output: f(self.output),
            run_id: self.run_id,
            usage: self.usage,
            turns: self.turns,
            finish_reason: self.finish_reason,
            elapsed: self.elapsed,
            messages: self.messages,
            context_citations: self.context_citations,
        }
    }
}

impl<T> Answer<Result<T>> {
    /// Returns the answer with the output, or the output's error.
    pub(crate) fn transpose(self) -> Result<Answer<T>> {
        match self.output {
            Ok(output) => Ok(Answer {
                output,
                run_id: self.run_id,
                usage: self.usage,
                turns: self.turns,
                finish_reason: self.finish_reason,
                elapsed: self.elapsed,
                messages: self.messages,
                context_citations: self.context_citations,
            }),
            Err(error) => Err(error),
        }
    }
}

/// Iterates over the sources of tool results, then over those of the model's own texts.
pub(crate) fn cited(messages: &[Message]) -> impl Iterator<Item = &Citation> {
    let results = messages
        .iter()
        .flat_map(Message::calls)
        .filter_map(|call| call.result.as_ref());
    let parts = messages.iter().flat_map(|message| match message {
        Message::Assistant(message) => &message.parts[..],
        Message::User(_) => &[],
    });
    let texts = parts.filter_map(|part| match part {
        Part::Text(text) => Some(text.citations()),
        _ => None,
    });
    results.flat_map(ToolResult::citations).chain(texts.flatten())
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
