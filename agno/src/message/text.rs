//! Text from a model, with citations.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// Text from a model, with citations and the provider's signature.
///
/// ```
/// use agno::message::{Citation, Text};
///
/// let text = Text::new("Oslo has 717,710 inhabitants.").with_citation(Citation::new(r#"{"page":3}"#));
/// assert_eq!(text.citations().len(), 1);
/// assert_eq!(text.signature(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "SerializedText")]
#[non_exhaustive]
pub struct Text {
    /// The text itself.
    pub text: String,
    /// The citations and signature. Boxed because most text has neither.
    extras: Option<Box<TextExtras>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct TextExtras {
    citations: Vec<Citation>,
    signature: Option<String>,
}

impl Text {
    /// Creates text without citations.
    #[inline]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            extras: None,
        }
    }

    /// Adds a citation.
    #[must_use]
    pub fn with_citation(mut self, citation: Citation) -> Self {
        self.cite(citation);
        self
    }

    /// Sets the signature that the provider expects back with the text.
    #[must_use]
    pub fn with_signature(mut self, signature: impl Into<String>) -> Self {
        self.extras.get_or_insert_default().signature = Some(signature.into());
        self
    }

    /// Returns the citations, in order.
    pub fn citations(&self) -> &[Citation] {
        self.extras.as_ref().map_or(&[], |extras| &extras.citations)
    }

    /// Returns the signature that the provider expects back with the text, if any.
    pub fn signature(&self) -> Option<&str> {
        self.extras.as_ref()?.signature.as_deref()
    }

    /// Adds a citation.
    pub fn cite(&mut self, citation: Citation) {
        self.extras.get_or_insert_default().citations.push(citation);
    }

    /// Appends to the signature that the provider expects back with the text.
    pub(crate) fn sign(&mut self, more: &str) {
        let extras = self.extras.get_or_insert_default();
        extras.signature.get_or_insert_default().push_str(more);
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (citations, signature) = (self.citations(), self.signature());
        let fields = 1 + usize::from(!citations.is_empty()) + usize::from(signature.is_some());
        let mut text = serializer.serialize_struct("Text", fields)?;
        text.serialize_field("text", &self.text)?;
        if !citations.is_empty() {
            text.serialize_field("citations", citations)?;
        }
        if let Some(signature) = signature {
            text.serialize_field("signature", signature)?;
        }
        text.end()
    }
}

/// The serialized format of [`Text`].
#[derive(Deserialize)]
struct SerializedText {
    text: String,
    #[serde(default)]
    citations: Vec<Citation>,
    #[serde(default)]
    signature: Option<String>,
}

impl From<SerializedText> for Text {
    fn from(written: SerializedText) -> Self {
        let SerializedText {
            text,
            citations,
            signature,
        } = written;
        let has_extras = !citations.is_empty() || signature.is_some();
        Self {
            text,
            extras: has_extras.then(|| Box::new(TextExtras { citations, signature })),
        }
    }
}

/// A source that an answer cites.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Citation {
    /// The URL of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The title of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text quoted from the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The complete citation in the provider's original JSON, including positions within documents and
    /// provider-specific fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub json: String,
}

impl Citation {
    /// Creates a citation that contains only the provider's JSON.
    pub fn new(json: impl Into<String>) -> Self {
        Self {
            json: json.into(),
            ..Self::default()
        }
    }

    /// Creates a citation of a source with a URL.
    ///
    /// ```
    /// use agno::message::Citation;
    ///
    /// let page = Citation::from_url("https://docs.example/returns").with_title("Returns").with_quote("30 days");
    /// assert_eq!(page.title.as_deref(), Some("Returns"));
    /// ```
    pub fn from_url(url: impl Into<String>) -> Self {
        Self {
            url: Some(url.into()),
            ..Self::default()
        }
    }

    /// Sets the title of the source.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the quoted text.
    #[must_use]
    pub fn with_quote(mut self, quote: impl Into<String>) -> Self {
        self.quote = Some(quote.into());
        self
    }
}
