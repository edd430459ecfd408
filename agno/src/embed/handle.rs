//! Defines the public embedders and their builders, which have the same methods for all APIs.

/// Defines the embedder `$name` and its builder `$builder` for `$api`.
macro_rules! http_embedder {
    ($(#[$doc:meta])* $name:ident, $(#[$builder_doc:meta])* $builder:ident, $api:ty) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(std::sync::Arc<$crate::embed::exchange::Exchange<$api>>);

        impl $name {
            /// Returns a builder, which accepts an API key, a base URL, headers, an HTTP client and other options.
            pub fn builder(model: impl Into<String>) -> $builder {
                $builder::new(model.into())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.debug(stringify!($name), f)
            }
        }

        impl $crate::embed::Embedder for $name {
            fn id(&self) -> $crate::model::ModelId<'_> {
                self.0.id()
            }

            fn dimensions(&self) -> Option<usize> {
                self.0.dimensions
            }

            async fn embed_as(
                &self,
                purpose: $crate::embed::Purpose,
                texts: &[&str],
            ) -> Result<$crate::embed::Embeddings, $crate::model::ModelError> {
                self.0.embed(purpose, texts).await
            }
        }

        impl std::fmt::Debug for $builder {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($builder))
                    .field("model", &self.model)
                    .field("has_key", &self.options.api_key.is_some())
                    .finish_non_exhaustive()
            }
        }

        impl $builder {
            $crate::provider::transport::connection::connection_methods!();

            /// Sets the number of dimensions of the vectors, if the model supports it. By default, the model decides.
            pub fn dimensions(mut self, dimensions: usize) -> Self {
                self.dimensions = Some(dimensions);
                self
            }

            /// Sets the maximum number of texts per request. The default depends on the provider.
            pub fn batch(mut self, texts: usize) -> Self {
                self.batch.texts = texts.max(1);
                self
            }

            /// Sets the maximum total size of the texts in a request, in bytes. A larger text is sent in a separate request.
            pub fn batch_bytes(mut self, bytes: usize) -> Self {
                self.batch.bytes = bytes;
                self
            }

            /// Sets the maximum number of concurrent requests (4 by default, 2 for Ollama).
            pub fn concurrency(mut self, requests: usize) -> Self {
                self.batch.concurrency = requests.max(1);
                self
            }
        }
    };
}
pub(super) use http_embedder;
