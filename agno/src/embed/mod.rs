//! Embedders: models that turn texts into vectors.
//!
//! Texts with similar meanings have vectors that are close to each other. One call accepts any number of texts. An
//! embedder behind an HTTP API splits them into requests within its provider's limits, sends a few requests concurrently,
//! and returns the vectors in the order of the texts.

// Lengths and numbers come from external input and must not cause a panic. Tests may panic.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

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

/// A model that turns texts into vectors.
///
/// Share an embedder by reference or with [`Arc`]. One call embeds any number of texts, in order; the embedder respects
/// its provider's limits per request.
///
/// ```
/// use agno::ModelError;
/// use agno::embed::{Embedder, Embeddings, Purpose};
/// use agno::model::ModelId;
///
/// /// Counts vowels, which captures little meaning.
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
    /// Returns the provider and model name.
    fn id(&self) -> ModelId<'_>;

    /// Returns the number of dimensions, or `None` if it was not set and the model decides.
    fn dimensions(&self) -> Option<usize> {
        None
    }

    /// Embeds these texts for this purpose and returns the vectors in the order of the texts.
    ///
    /// # Errors
    ///
    /// Returns a [`ModelError`] whose kind describes the failure. If several requests are sent, this is the error of the
    /// first failed request, in the order of the texts.
    fn embed_as<'a>(
        &'a self,
        purpose: Purpose,
        texts: &'a [&'a str],
    ) -> impl Future<Output = Result<Embeddings, ModelError>> + Send + 'a;

    /// Embeds documents that queries are meant to find, and returns the vectors in the order of the texts.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`embed_as`](Self::embed_as).
    fn embed<'a>(
        &'a self,
        texts: &'a [&'a str],
    ) -> impl Future<Output = Result<Embeddings, ModelError>> + Send + 'a {
        self.embed_as(Purpose::Document, texts)
    }

    /// Embeds a search query and returns its vector.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`embed_as`](Self::embed_as).
    fn embed_query<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Future<Output = Result<Vec<f32>, ModelError>> + Send + 'a {
        async move {
            let embeddings = self.embed_as(Purpose::Query, &[text]).await?;
            Ok(embeddings.vectors.into_iter().next().unwrap_or_default())
        }
    }

    /// Erases the type of this embedder, for embedders known only at run time.
    fn erase(self) -> DynEmbedder
    where
        Self: Sized + 'static,
    {
        DynEmbedder::new(self)
    }
}

/// The purpose for which texts are embedded.
///
/// Some models embed queries and documents differently, so that a query is close to its answers.
/// [`Embedder::embed`] is for documents, [`Embedder::embed_query`] for queries, and [`Embedder::embed_as`] for any
/// purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// A document that queries are meant to find.
    #[default]
    Document,
    /// A search query.
    Query,
    /// Comparison of texts with each other.
    Similarity,
    /// Classification of texts.
    Classification,
    /// Grouping of texts.
    Clustering,
}

/// The vectors of embedded texts.
///
/// ```
/// use agno::Usage;
/// use agno::embed::Embeddings;
///
/// let embeddings = Embeddings::new([vec![0.6, 0.8], vec![0.8, 0.6]]).with_usage(Usage::new(4, 0));
/// let [cat, dog] = &embeddings.vectors[..] else { panic!("one vector per text") };
/// let similarity: f32 = cat.iter().zip(dog).map(|(a, b)| a * b).sum();
/// assert!((similarity - 0.96).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Embeddings {
    /// One vector per text, in the order of the texts.
    pub vectors: Vec<Vec<f32>>,
    /// The total usage of all requests. Embedders generate no tokens, so `output` is 0.
    #[serde(default)]
    pub usage: Usage,
    /// The model that created the vectors, if the provider reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Embeddings {
    /// Creates embeddings from these vectors.
    pub fn new(vectors: impl Into<Vec<Vec<f32>>>) -> Self {
        Self {
            vectors: vectors.into(),
            ..Self::default()
        }
    }

    /// Sets the usage.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// Sets the model.
    #[must_use]
    pub fn with_model(mut self, model: Option<String>) -> Self {
        self.model = model;
        self
    }
}

/// Implements [`Embedder`] for pointers to an embedder.
macro_rules! forward_embedder {
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

forward_embedder!(&E, Arc<E>, Box<E>);
