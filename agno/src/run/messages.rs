//! The messages of a run, and the text of its last answer.

use std::borrow::Cow;

use super::Run;
use crate::message::{AssistantMessage, Message, MessageList, Part};
use crate::model::FinishReason;

/// Messages.
impl Run {
    /// Returns the messages of the run, starting with the input. Earlier messages are in the session.
    #[inline]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Converts the run into its messages.
    pub fn into_messages(self) -> Vec<Message> {
        self.messages.into_vec()
    }

    /// Returns the text of the last message if it is an assistant message, and an empty string otherwise.
    #[inline]
    pub fn text(&self) -> Cow<'_, str> {
        match self.messages.last() {
            Some(Message::Assistant(message)) => message.text(),
            _ => Cow::Borrowed(""),
        }
    }

    /// Uses the result of a tool as the answer. The run continues as if the model had sent the text.
    pub(crate) fn finish_with(&mut self, text: String) {
        self.finish_reason = FinishReason::Stop;
        let answer = AssistantMessage::new([Part::text(text)]);
        self.messages.push(Message::Assistant(answer));
    }

    /// Returns the last text part if the last answer has several. Models may write other text before their answer.
    pub(crate) fn last_text(&self) -> Option<&str> {
        let mut parts = self.last_answer()?.parts.iter().filter_map(Part::as_text).rev();
        let last = parts.next()?;
        parts.next().map(|_| last)
    }

    /// Returns the last message if it is an assistant message.
    #[inline]
    pub(crate) fn last_answer(&self) -> Option<&AssistantMessage> {
        match self.messages.last() {
            Some(Message::Assistant(message)) => Some(message),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn take_messages(&mut self) -> MessageList {
        std::mem::take(&mut self.messages)
    }
}
