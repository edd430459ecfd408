//! Embedders: models that turn texts into vectors, which lie near each other where the texts mean the same.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::{ModelError, ModelId, Usage};

/// What turns texts into vectors.
///
/// An embedder is shared by reference or [`Arc`]. However many texts there are, one call embeds them all, in order: what
/// a provider takes at once is the embedder's business.
///
/// ```
/// use agno::model::{Embedder, Embeddings, ModelId, Purpose};
/// use agno::ModelError;
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

/// Any embedder behind one pointer: for registries, configurations and struct fields without a type parameter. Cloning
/// it clones the pointer.
///
/// ```
/// use agno::model::{DynEmbedder, Embedder};
/// # use agno::model::{Embeddings, ModelId, Purpose};
/// # use agno::ModelError;
/// # struct Length;
/// # impl Embedder for Length {
/// #     fn id(&self) -> ModelId<'_> { ModelId::new("length", "1") }
/// #     async fn embed_as(&self, _: Purpose, texts: &[&str]) -> Result<Embeddings, ModelError> {
/// #         Ok(Embeddings::new(texts.iter().map(|text| vec![text.len() as f32]).collect::<Vec<_>>()))
/// #     }
/// # }
/// let embedder: DynEmbedder = Length.erase();
/// assert_eq!(embedder.id().to_string(), "length:1");
/// ```
#[derive(Clone)]
pub struct DynEmbedder(Arc<dyn ErasedEmbedder>);

impl DynEmbedder {
    /// This embedder behind a pointer.
    pub fn new(embedder: impl Embedder + 'static) -> Self {
        Self(Arc::new(embedder))
    }
}

impl fmt::Debug for DynEmbedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynEmbedder").field(&self.0.id()).finish()
    }
}

/// [`Embedder`] with its futures boxed, so that it fits behind a pointer.
trait ErasedEmbedder: Send + Sync {
    fn id(&self) -> ModelId<'_>;
    fn dimensions(&self) -> Option<usize>;
    fn embed_as<'a>(
        &'a self,
        purpose: Purpose,
        texts: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Embeddings, ModelError>>;
}

impl<E: Embedder> ErasedEmbedder for E {
    fn id(&self) -> ModelId<'_> {
        Embedder::id(self)
    }

    fn dimensions(&self) -> Option<usize> {
        Embedder::dimensions(self)
    }

    fn embed_as<'a>(
        &'a self,
        purpose: Purpose,
        texts: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Embeddings, ModelError>> {
        Box::pin(Embedder::embed_as(self, purpose, texts))
    }
}

impl Embedder for DynEmbedder {
    fn id(&self) -> ModelId<'_> {
        self.0.id()
    }

    fn dimensions(&self) -> Option<usize> {
        self.0.dimensions()
    }

    fn embed_as<'a>(
        &'a self,
        purpose: Purpose,
        texts: &'a [&'a str],
    ) -> impl Future<Output = Result<Embeddings, ModelError>> + Send + 'a {
        self.0.embed_as(purpose, texts)
    }

    fn erase(self) -> DynEmbedder {
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
