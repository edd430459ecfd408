//! Embedders: models that turn texts into vectors, which lie near each other where the texts mean the same.
//!
//! One call takes any number of texts. An embedder behind an HTTP API cuts them into requests of the size its provider
//! accepts, runs a few of them at a time, and returns the vectors in the order of the texts.

#[cfg(feature = "cohere")]
mod cohere;
mod dyn_embedder;
#[cfg(feature = "__embed")]
mod exchange;
#[cfg(feature = "__embed")]
mod floats;
#[cfg(feature = "gemini")]
mod gemini;
#[cfg(feature = "__embed")]
mod handle;
#[cfg(feature = "ollama")]
mod ollama;
#[cfg(feature = "openai")]
mod openai;

#[cfg(feature = "cohere")]
pub use cohere::{CohereEmbedder, CohereEmbedderBuilder};
pub use dyn_embedder::DynEmbedder;
#[cfg(feature = "gemini")]
pub use gemini::{GeminiEmbedder, GeminiEmbedderBuilder};
#[cfg(feature = "ollama")]
pub use ollama::{OllamaEmbedder, OllamaEmbedderBuilder};
#[cfg(feature = "openai")]
pub use openai::{OpenAiEmbedder, OpenAiEmbedderBuilder};

use std::future::Future;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{ModelError, ModelId, Usage};

/// What turns texts into vectors.
///
/// An embedder is shared by reference or [`Arc`]. However many texts there are, one call embeds them all, in order: what
/// a provider takes at once is the embedder's business.
///
/// ```
/// use agno::ModelError;
/// use agno::embed::{Embedder, Embeddings, Purpose};
/// use agno::model::ModelId;
///
/// /// Counts vowels, which is not much of a meaning.
/// struct Vowels;
///
/// impl Embedder for Vowels {
///     fn id(&self) -> ModelId<'_> { ModelId::new("vowels", "aeiou") }
///     async fn embed_as(&self, _purpose: Purpose, texts: &[&str]) -> Result<Embeddings, ModelError> {
///         let count = |text: &&str| "aeiou".chars().map(|vowel| text.matches(vowel).count() as f32).collect();
///         Ok(Embeddings::new(texts.iter().map(count).collect::<Vec<_>>()))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let embeddings = Vowels.embed(&["banana", "fig"]).await?;
/// assert_eq!(embeddings.vectors[0], [3.0, 0.0, 0.0, 0.0, 0.0]);
/// assert_eq!(Vowels.embed_query("fig").await?, embeddings.vectors[1]);
/// # Ok::<(), ModelError>(())
/// # }).unwrap();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an embedder",
    label = "not an embedder",
    note = "an embedder is a provider such as `OpenAiEmbedder::new(\"text-embedding-3-small\")?`, a `DynEmbedder`, or a reference or `Arc` of one"
)]
pub trait Embedder: Send + Sync {
    /// Who it is.
    fn id(&self) -> ModelId<'_>;

    /// How many numbers a vector has, where that was asked for; else the model decides.
    fn dimensions(&self) -> Option<usize> {
        None
    }

    /// The vectors of these texts, in their order, for this purpose.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] of the kind of what went wrong. Where several requests were needed, that of the first that failed.
    fn embed_as<'a>(
        &'a self,
        purpose: Purpose,
        texts: &'a [&'a str],
    ) -> impl Future<Output = Result<Embeddings, ModelError>> + Send + 'a;

    /// The vectors of texts that are to be found, in their order.
    ///
    /// # Errors
    ///
    /// As [`embed_as`](Self::embed_as).
    fn embed<'a>(
        &'a self,
        texts: &'a [&'a str],
    ) -> impl Future<Output = Result<Embeddings, ModelError>> + Send + 'a {
        self.embed_as(Purpose::Document, texts)
    }

    /// The vector of a question, to find texts with.
    ///
    /// # Errors
    ///
    /// As [`embed_as`](Self::embed_as).
    fn embed_query<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Future<Output = Result<Vec<f32>, ModelError>> + Send + 'a {
        async move {
            let embeddings = self.embed_as(Purpose::Query, &[text]).await?;
            Ok(embeddings.vectors.into_iter().next().unwrap_or_default())
        }
    }

    /// The same embedder behind a pointer, for where its type is known only at run time.
    fn erase(self) -> DynEmbedder
    where
        Self: Sized + 'static,
    {
        DynEmbedder::new(self)
    }
}

/// What vectors are for. Some models embed a question and its answers differently, so that they find each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// A text that is to be found.
    #[default]
    Document,
    /// A question to find texts with.
    Query,
    /// Comparing texts with each other.
    Similarity,
    /// Sorting texts into classes.
    Classification,
    /// Finding groups of texts.
    Clustering,
}

/// Vectors of texts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Embeddings {
    /// A vector a text, in the order of the texts.
    pub vectors: Vec<Vec<f32>>,
    /// What they cost, all requests together; nothing is written, so `output` is 0.
    #[serde(default)]
    pub usage: Usage,
    /// The model that made them, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Embeddings {
    /// These vectors.
    pub fn new(vectors: impl Into<Vec<Vec<f32>>>) -> Self {
        Self {
            vectors: vectors.into(),
            ..Self::default()
        }
    }

    /// The same vectors with this cost.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// The same vectors, made by this model.
    #[must_use]
    pub fn with_model(mut self, model: Option<String>) -> Self {
        self.model = model;
        self
    }
}

/// A pointer to an embedder is that embedder.
macro_rules! embedder_by_pointer {
    ($($pointer:ty),*) => {$(
        impl<E: Embedder + ?Sized> Embedder for $pointer {
            fn id(&self) -> ModelId<'_> {
                (**self).id()
            }

            fn dimensions(&self) -> Option<usize> {
                (**self).dimensions()
            }

            fn embed_as<'a>(
                &'a self,
                purpose: Purpose,
                texts: &'a [&'a str],
            ) -> impl Future<Output = Result<Embeddings, ModelError>> + Send + 'a {
                (**self).embed_as(purpose, texts)
            }
        }
    )*};
}

embedder_by_pointer!(&E, Arc<E>, Box<E>);
