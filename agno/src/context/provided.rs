//! The context that a provider returns.

use crate::message::Citation;

/// Context from a provider: text for the model, and the sources that the answer cites.
///
/// ```
/// use agno::context::Provided;
/// use agno::message::Citation;
///
/// let page = Citation::from_url("https://docs.example/returns").with_title("Returns");
/// let provided = Provided::new("Goods can be returned within 30 days.").with_citation(page);
/// assert_eq!(provided.citations().len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provided {
    pub(super) text: String,
    pub(super) citations: Vec<Citation>,
}

impl Provided {
    /// Creates context from text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            citations: Vec::new(),
        }
    }

    /// Adds a source.
    #[must_use]
    pub fn with_citation(mut self, citation: Citation) -> Self {
        self.citations.push(citation);
        self
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the sources.
    pub fn citations(&self) -> &[Citation] {
        &self.citations
    }
}

impl<T: Into<String>> From<T> for Provided {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}
