//! A conversation in the format of Claude's two APIs: alternating user and assistant turns, each a list of blocks.

use crate::message::Content;
use crate::provider::codec::body::Body;

/// Maximum length of a call ID.
pub(crate) const MAX_ID: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    User,
    Assistant,
}

/// The turns under construction. Consecutive messages with the same role become one turn, and empty messages are
/// omitted.
pub(crate) struct Turns<'b> {
    body: &'b mut Body,
    open: Option<Role>,
    /// The end of the last user block, if there is one.
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

    /// Returns the body, ready for a block with this role. Starts a new turn if the role changes.
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

    /// Marks the end of the body as the end of the last user block.
    pub(crate) fn mark_user_block(&mut self) {
        self.last = Some(self.body.len());
    }

    /// Closes the list and returns the end of the last user block.
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

/// Returns `true` if the text is blank. The APIs reject blocks that contain only whitespace.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Returns `true` if the content can be sent. Blank text cannot.
pub(crate) fn is_sendable(part: &Content) -> bool {
    part.as_text().is_none_or(|text| !is_blank(text))
}
