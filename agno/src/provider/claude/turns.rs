//! A conversation as the two APIs of Claude's want it: turns of users and models that alternate, each a list of blocks,
//! with names and ids in few letters.

use std::borrow::Cow;

use crate::message::{Content, ToolCall};
use crate::provider::codec::body::Body;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    User,
    Assistant,
}

/// The turns in the writing: messages of one role in a row are one, and a message without anything to send is none.
pub(crate) struct Turns<'b> {
    body: &'b mut Body,
    open: Option<Role>,
    /// Where the user's last block so far ends, if there was one.
    last: Option<usize>,
}

impl<'b> Turns<'b> {
    pub(crate) fn new(body: &'b mut Body) -> Self {
        body.key("messages");
        body.raw("[");
        Self {
            body,
            open: None,
            last: None,
        }
    }

    /// Returns the body to write a block of this role into, in a new turn if the role changes.
    pub(crate) fn body_for(&mut self, role: Role) -> &mut Body {
        if self.open != Some(role) {
            self.close();
            self.body.comma();
            self.body.raw(match role {
                Role::User => r#"{"role":"user","content":["#,
                Role::Assistant => r#"{"role":"assistant","content":["#,
            });
            self.open = Some(role);
        }
        self.body
    }

    /// Marks the end of the body as the end of the user's last block.
    pub(crate) fn mark_user_block(&mut self) {
        self.last = Some(self.body.len());
    }

    /// The end of the list; where the user's last block ends.
    pub(crate) fn finish(mut self) -> Option<usize> {
        self.close();
        self.body.raw("]");
        self.last
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.body.raw("]}");
        }
    }
}

/// Whether text cannot be sent: blocks of nothing but white space are refused.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether there is anything to write of what a user or a tool says.
pub(crate) fn is_sendable(part: &Content) -> bool {
    part.as_text().is_none_or(|text| !is_blank(text))
}

/// Reduces a name or an id to the accepted characters. Ids of other providers have more, and models invent names.
pub(crate) fn sanitize_name(text: &str) -> Cow<'_, str> {
    const MAX_ID_CHARS: usize = 64;
    let takes = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if text.len() <= MAX_ID_CHARS && text.chars().all(takes) {
        return Cow::Borrowed(text);
    }
    let skip = text.chars().count().saturating_sub(MAX_ID_CHARS);
    text.chars()
        .skip(skip)
        .map(|c| if takes(c) { c } else { '_' })
        .collect()
}

/// The id of a call: the provider's, or one made of its place in the conversation where it has none.
pub(crate) fn id(call: &ToolCall, message: usize, index: usize) -> Cow<'_, str> {
    match sanitize_name(&call.id) {
        id if id.is_empty() => format!("call_{message}_{index}").into(),
        id => id,
    }
}
