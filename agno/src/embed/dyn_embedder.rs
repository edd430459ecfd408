//! A type-erased embedder, for embedders known only at run time.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Embedder, Embeddings, Purpose};
use crate::model::{ModelError, ModelId};

/// A type-erased embedder, for registries, configurations and struct fields without a type parameter. Clones share the
/// embedder.
///
/// ```
/// use agno::embed::{DynEmbedder, Embedder};
/// # use agno::embed::{Embeddings, Purpose};
/// # use agno::model::ModelId;
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
    /// Erases the type of this embedder.
    pub fn new(embedder: impl Embedder + 'static) -> Self {
        Self(Arc::new(embedder))
    }
}

impl fmt::Debug for DynEmbedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynEmbedder").field(&self.0.id()).finish()
    }
}

/// An object-safe version of [`Embedder`] with boxed futures.
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
