//! Images, audio, video and documents, as a URL, as bytes, or as a provider's file ID.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Image, audio, video or document content.
///
/// ```
/// use agno::message::{Media, MediaSource};
///
/// let chart = Media::bytes(&[0x89, b'P', b'N', b'G'], "image/png");
/// assert_eq!(chart.source, MediaSource::Base64("iVBORw==".into()));
/// let invoice = Media::url("https://shop.example/invoice.pdf", "application/pdf").with_name("invoice.pdf");
/// assert_eq!(invoice.name.as_deref(), Some("invoice.pdf"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// The content itself or a reference to it.
    pub source: MediaSource,
    /// The MIME type, such as `image/png`. Empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// The file name, such as `invoice.pdf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Media content or a reference to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaSource {
    /// A URL from which the provider fetches the content. agno does not fetch it.
    Url(String),
    /// The bytes themselves in standard base64, the encoding that providers accept.
    Base64(String),
    /// The provider's ID for a previously uploaded file.
    Id(String),
}

impl Media {
    /// Refers to content at a URL. With an empty `media_type`, the provider determines the type.
    pub fn url(url: impl Into<String>, media_type: impl Into<String>) -> Self {
        Self::new(MediaSource::Url(url.into()), media_type)
    }

    /// Embeds bytes of the given MIME type.
    pub fn bytes(bytes: impl AsRef<[u8]>, media_type: impl Into<String>) -> Self {
        Self::new(MediaSource::Base64(STANDARD.encode(bytes)), media_type)
    }

    /// Refers to a previously uploaded file by the provider's ID.
    pub fn id(id: impl Into<String>, media_type: impl Into<String>) -> Self {
        Self::new(MediaSource::Id(id.into()), media_type)
    }

    /// Creates media from a source and a MIME type.
    pub fn new(source: MediaSource, media_type: impl Into<String>) -> Self {
        Self {
            source,
            media_type: media_type.into(),
            name: None,
        }
    }

    /// Sets the file name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the bytes if they are embedded and valid base64.
    pub fn decode(&self) -> Option<Vec<u8>> {
        match &self.source {
            MediaSource::Base64(text) => STANDARD.decode(text).ok(),
            _ => None,
        }
    }

    /// Returns the URL of the content, or a data URL for embedded bytes (`data:image/png;base64,..`). Returns `None`
    /// for an ID.
    ///
    /// ```
    /// use agno::message::Media;
    ///
    /// let dot = Media::bytes(b"dot", "image/png");
    /// assert_eq!(dot.to_url().unwrap(), "data:image/png;base64,ZG90");
    /// ```
    pub fn to_url(&self) -> Option<std::borrow::Cow<'_, str>> {
        match &self.source {
            MediaSource::Url(url) => Some(url.as_str().into()),
            MediaSource::Base64(data) => {
                let kind = if self.media_type.is_empty() {
                    "application/octet-stream"
                } else {
                    &self.media_type
                };
                Some(format!("data:{kind};base64,{data}").into())
            }
            MediaSource::Id(_) => None,
        }
    }
}
