//! Content that a model reads, in a user's message or a tool's result.

use serde::{Deserialize, Serialize};

use super::Media;

/// A content part that a model reads, in a user's message or a tool's result.
///
/// ```
/// use agno::Message;
/// use agno::message::{Content, Media};
///
/// let question = Message::user([
///     Content::text("What is in this picture?"),
///     Content::image(Media::url("https://shop.example/cat.png", "image/png")),
/// ]);
/// assert_eq!(question.text(), "What is in this picture?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Text.
    #[non_exhaustive]
    Text {
        /// The text itself.
        text: String,
    },
    /// An image.
    Image(Box<Media>),
    /// Audio.
    Audio(Box<Media>),
    /// A video.
    Video(Box<Media>),
    /// A document, such as a PDF, a table or plain text.
    Document(Box<Media>),
}

impl Content {
    /// Creates a `Text` part.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// Creates an `Image` part.
    pub fn image(image: Media) -> Self {
        Self::Image(Box::new(image))
    }

    /// Creates an `Audio` part.
    pub fn audio(audio: Media) -> Self {
        Self::Audio(Box::new(audio))
    }

    /// Creates a `Video` part.
    pub fn video(video: Media) -> Self {
        Self::Video(Box::new(video))
    }

    /// Creates a `Document` part.
    pub fn document(document: Media) -> Self {
        Self::Document(Box::new(document))
    }

    /// Returns the text if the part is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }

    /// Returns the media if the part is not text.
    pub fn as_media(&self) -> Option<&Media> {
        match self {
            Self::Text { .. } => None,
            Self::Image(media) | Self::Audio(media) | Self::Video(media) | Self::Document(media) => {
                Some(media)
            }
        }
    }

    /// Returns the name of this kind of content for error messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image(_) => "images",
            Self::Audio(_) => "audio",
            Self::Video(_) => "video",
            Self::Document(_) => "documents",
        }
    }

    #[inline]
    pub(super) fn text_bytes(&self) -> usize {
        self.as_text().map_or(0, str::len)
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
