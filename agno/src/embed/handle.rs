//! The public handle to an embedder and its builder, which are the same for every API.

/// A handle, `$name`, and its builder, `$builder`, over `$api`.
macro_rules! http_embedder {
    ($(#[$doc:meta])* $name:ident, $(#[$builder_doc:meta])* $builder:ident, $api:ty) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(std::sync::Arc<$crate::embed::exchange::Exchange<$api>>);

        impl $name {
            /// This model, to be given a key, an address, headers, a client.
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

            /// With vectors of this many numbers, where the model can make them so. By default, as many as it makes.
            pub fn dimensions(mut self, dimensions: usize) -> Self {
                self.dimensions = Some(dimensions);
                self
            }

            /// With at most this many texts a request. By default, what the provider takes.
            pub fn batch(mut self, texts: usize) -> Self {
                self.batch.texts = texts.max(1);
                self
            }

            /// With at most this many bytes of text a request. A text that is longer goes by itself.
            pub fn batch_bytes(mut self, bytes: usize) -> Self {
                self.batch.bytes = bytes;
                self
            }

            /// With at most this many requests under way at a time (4 by default).
            pub fn concurrency(mut self, requests: usize) -> Self {
                self.batch.at_once = requests.max(1);
                self
            }
        }
    };
}
pub(super) use http_embedder;
