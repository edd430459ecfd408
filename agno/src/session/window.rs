//! Windows, which limit the part of a conversation that is visible to the model.

use serde::{Deserialize, Serialize};

use crate::message::Message;
use crate::message::history::Segment;

/// A limit on the part of a conversation that is visible to the model.
///
/// A window contains as many of the newest messages as its limits allow. Unless the entire conversation fits, it starts
/// at a user message, so that no answer is separated from its question.
///
/// ```
/// use agno::session::{Owner, Session, Window};
///
/// let mut session = Session::new(Owner::shared()).with_window(Window::messages(3));
/// for text in ["one", "two", "three"] {
///     session.push(agno::Message::user(text));
///     session.push(agno::Message::assistant(text));
/// }
/// // Three messages would start with an answer, so the window starts at the next question.
/// assert_eq!(session.visible().iter().map(|message| message.text()).collect::<Vec<_>>(), ["three", "three"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    messages: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tokens: Option<usize>,
}

/// Average number of bytes of text per token, for English and code in common vocabularies. This is an estimate; only
/// the provider knows the exact number.
const BYTES_PER_TOKEN: usize = 4;

/// Number of tokens per message in addition to its text, for the role and separators.
const TOKENS_PER_MESSAGE: usize = 4;

impl Window {
    /// A window that contains the entire conversation.
    pub const ALL: Self = Self {
        messages: None,
        tokens: None,
    };

    /// Creates a window of at most this many of the newest messages. With 0, the model sees only the run itself.
    #[must_use]
    pub const fn messages(messages: usize) -> Self {
        Self {
            messages: Some(messages),
            tokens: None,
        }
    }

    /// Creates a window of at most this many tokens, estimated as one token per four bytes of text plus four tokens per
    /// message.
    #[must_use]
    pub const fn tokens(tokens: usize) -> Self {
        Self {
            messages: None,
            tokens: Some(tokens),
        }
    }

    /// Sets an additional limit on the number of messages.
    #[must_use]
    pub const fn with_messages(mut self, messages: usize) -> Self {
        self.messages = Some(messages);
        self
    }

    /// Returns the maximum number of messages, if there is one.
    pub const fn max_messages(self) -> Option<usize> {
        self.messages
    }

    /// Returns the maximum number of estimated tokens, if there is one.
    pub const fn max_tokens(self) -> Option<usize> {
        self.tokens
    }

    /// Returns the start of the window. Reads at most one message more than the window may contain.
    pub(super) fn window_start(self, segments: &[Segment]) -> WindowStart {
        if self == Self::ALL {
            return WindowStart::default();
        }
        let mut start = WindowStart {
            segment: segments.len(),
            skip: 0,
        };
        let (mut messages, mut tokens) = (0_usize, 0_usize);
        for (at, segment) in segments.iter().enumerate().rev() {
            for (skip, message) in segment.messages.iter().enumerate().rev() {
                messages += 1;
                if self.messages.is_some_and(|max| messages > max) {
                    return start;
                }
                if let Some(max) = self.tokens {
                    tokens += estimated_tokens(message);
                    if tokens > max {
                        return start;
                    }
                }
                if message.is_user() {
                    start = WindowStart { segment: at, skip };
                }
            }
        }
        // The entire conversation fits, even if it does not start with a user message.
        WindowStart::default()
    }
}

/// Returns the estimated number of tokens of a message.
pub(crate) fn estimated_tokens(message: &Message) -> usize {
    message.text_bytes() / BYTES_PER_TOKEN + TOKENS_PER_MESSAGE
}

/// A position in a session: the index of a segment, and the number of messages to skip in it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WindowStart {
    pub(crate) segment: usize,
    pub(crate) skip: usize,
}
