//! What is not text: images, sound, film and documents, by address, as bytes, or by a provider's own id.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// An image, a sound, a film or a document.
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
    /// Where it is.
    pub source: MediaSource,
    /// Its kind, such as `image/png`. Empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// What it is called, such as `invoice.pdf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Where a piece of media is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaSource {
    /// At this address, from which the provider fetches it. agno fetches nothing itself.
    Url(String),
    /// Here: its bytes in standard base64, which is how providers take them.
    Base64(String),
    /// With the provider, which calls it so: a file that was uploaded before.
    Id(String),
}

impl Media {
    /// What is at this address. An empty `media_type` leaves it to the provider to find out.
    pub fn url(url: impl Into<String>, media_type: impl Into<String>) -> Self {
        Self::new(MediaSource::Url(url.into()), media_type)
    }

    /// These bytes, of this kind.
    pub fn bytes(bytes: impl AsRef<[u8]>, media_type: impl Into<String>) -> Self {
        Self::new(MediaSource::Base64(STANDARD.encode(bytes)), media_type)
    }

    /// What was uploaded to the provider before, which calls it so.
    pub fn id(id: impl Into<String>, media_type: impl Into<String>) -> Self {
        Self::new(MediaSource::Id(id.into()), media_type)
    }

    /// What is there, of this kind.
    pub fn new(source: MediaSource, media_type: impl Into<String>) -> Self {
        Self {
            source,
            media_type: media_type.into(),
            name: None,
        }
    }

    /// With this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Its bytes, where they are here and are base64.
    pub fn decode(&self) -> Option<Vec<u8>> {
        match &self.source {
            MediaSource::Base64(text) => STANDARD.decode(text).ok(),
            _ => None,
        }
    }

    /// The address it is at, or one that holds the bytes themselves (`data:image/png;base64,..`); none for an id.
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
