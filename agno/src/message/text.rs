//! What a model says in words, and where the words are from.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// Text of a model, with its sources and what the provider wants back with it.
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
    /// The words.
    pub text: String,
    /// What most text does not have.
    extras: Option<Box<TextExtras>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct TextExtras {
    citations: Vec<Citation>,
    signature: Option<String>,
}

impl Text {
    /// These words.
    #[inline]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            extras: None,
        }
    }

    /// The same words with one more source.
    #[must_use]
    pub fn with_citation(mut self, citation: Citation) -> Self {
        self.cite(citation);
        self
    }

    /// The same words with what the provider wants back with them.
    #[must_use]
    pub fn with_signature(mut self, signature: impl Into<String>) -> Self {
        self.extras.get_or_insert_default().signature = Some(signature.into());
        self
    }

    /// Where the words are from, in the order the model gave it.
    pub fn citations(&self) -> &[Citation] {
        self.extras.as_ref().map_or(&[], |extras| &extras.citations)
    }

    /// What the provider wants back with the words, if anything.
    pub fn signature(&self) -> Option<&str> {
        self.extras.as_ref()?.signature.as_deref()
    }

    /// Adds a source.
    pub fn cite(&mut self, citation: Citation) {
        self.extras.get_or_insert_default().citations.push(citation);
    }

    /// Adds to what the provider wants back with the words.
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

/// Text as it is written down.
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

/// Where words of an answer are from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Citation {
    /// The address of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The source's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The source's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The citation as the provider wrote it, JSON: places within documents and whatever else it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub json: String,
}

impl Citation {
    /// A citation as the provider wrote it.
    pub fn new(json: impl Into<String>) -> Self {
        Self {
            json: json.into(),
            ..Self::default()
        }
    }
}
