//! How much of a conversation the model sees: the newest part of it, cut where it makes sense to the model.

use serde::{Deserialize, Serialize};

use crate::message::Chunk;

/// How much of a conversation the model sees.
///
/// A window begins at a user's message, so a call is never without its result and an answer never without its
/// question. It holds as many of the newest messages as its bound allows.
///
/// ```
/// use agno::session::{Session, Window};
///
/// let mut session = Session::new().with_window(Window::messages(3));
/// for text in ["one", "two", "three"] {
///     session.push(agno::Message::user(text));
///     session.push(agno::Message::assistant(text));
/// }
/// // Three messages would begin with an answer; the window begins at the question after it.
/// assert_eq!(session.visible().iter().map(|message| message.text()).collect::<Vec<_>>(), ["three", "three"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    messages: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tokens: Option<usize>,
}

/// Bytes of text a token stands for, on average of English and code in common vocabularies. An estimate: only the
/// provider knows.
const BYTES_PER_TOKEN: usize = 4;

/// Tokens a message costs beside its text: role and separators.
const TOKENS_PER_MESSAGE: usize = 4;

impl Window {
    /// Everything.
    pub const ALL: Self = Self {
        messages: None,
        tokens: None,
    };

    /// At most this many of the newest messages.
    #[must_use]
    pub const fn messages(messages: usize) -> Self {
        Self {
            messages: Some(messages),
            tokens: None,
        }
    }

    /// Newest messages of at most about this many tokens, estimated at four bytes of text a token.
    #[must_use]
    pub const fn tokens(tokens: usize) -> Self {
        Self {
            messages: None,
            tokens: Some(tokens),
        }
    }

    /// The same window with at most this many messages too.
    #[must_use]
    pub const fn with_messages(mut self, messages: usize) -> Self {
        self.messages = Some(messages);
        self
    }

    /// Where the window begins. Looks at no more messages than the window holds, and one.
    pub(super) fn window_start(self, chunks: &[Chunk]) -> WindowStart {
        if self == Self::ALL {
            return WindowStart::default();
        }
        let mut start = WindowStart {
            chunk: chunks.len(),
            skip: 0,
        };
        let (mut messages, mut tokens) = (0_usize, 0_usize);
        for (at, chunk) in chunks.iter().enumerate().rev() {
            for (skip, message) in chunk.messages.iter().enumerate().rev() {
                messages += 1;
                if self.messages.is_some_and(|max| messages > max) {
                    return start;
                }
                if let Some(max) = self.tokens {
                    tokens += message.text_bytes() / BYTES_PER_TOKEN + TOKENS_PER_MESSAGE;
                    if tokens > max {
                        return start;
                    }
                }
                if message.is_user() {
                    start = WindowStart { chunk: at, skip };
                }
            }
        }
        // Everything fits, whatever it begins with.
        WindowStart::default()
    }
}

/// A place in a session: a chunk, and messages of it that lie before.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WindowStart {
    pub(crate) chunk: usize,
    pub(crate) skip: usize,
}
