//! What is said to a model: by a user, or by a tool in its result.

use serde::{Deserialize, Serialize};

use super::Media;

/// A piece of what is said to a model: by a user, or by a tool in its result.
///
/// ```
/// use agno::Message;
/// use agno::message::{Content, Media};
///
/// let question = Message::user([
///     Content::text("What is on this picture?"),
///     Content::image(Media::url("https://shop.example/cat.png", "image/png")),
/// ]);
/// assert_eq!(question.text(), "What is on this picture?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Text.
    #[non_exhaustive]
    Text {
        /// The words.
        text: String,
    },
    /// A picture.
    Image(Box<Media>),
    /// Sound.
    Audio(Box<Media>),
    /// A film.
    Video(Box<Media>),
    /// A document: a PDF, a text file, a table.
    Document(Box<Media>),
}

impl Content {
    /// A piece of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// A picture.
    pub fn image(image: Media) -> Self {
        Self::Image(Box::new(image))
    }

    /// Sound.
    pub fn audio(audio: Media) -> Self {
        Self::Audio(Box::new(audio))
    }

    /// A film.
    pub fn video(video: Media) -> Self {
        Self::Video(Box::new(video))
    }

    /// A document.
    pub fn document(document: Media) -> Self {
        Self::Document(Box::new(document))
    }

    /// The text, when the piece is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }

    /// The media, when the piece is not text.
    pub fn as_media(&self) -> Option<&Media> {
        match self {
            Self::Text { .. } => None,
            Self::Image(media) | Self::Audio(media) | Self::Video(media) | Self::Document(media) => {
                Some(media)
            }
        }
    }

    /// Returns the kind of content, as a word for error texts.
    #[cfg(any(
        feature = "openai",
        feature = "anthropic",
        feature = "bedrock",
        feature = "cohere",
        feature = "ollama"
    ))]
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
