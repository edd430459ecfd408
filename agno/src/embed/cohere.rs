//! Cohere's embeddings API, `v2/embed`.

use std::sync::Arc;

use serde::Deserialize;

use super::Purpose;
use super::exchange::{Batch, EmbedApi, EmbedReply, EmbedRequest, Exchange};
use super::floats::Floats;
use super::handle::http_embedder;
use crate::model::ModelError;
use crate::provider::codec::body::Body;
use crate::provider::codec::lenient::Count;
use crate::provider::known;
use crate::provider::transport::connection::{Options, model_name};

http_embedder! {
    /// An embedder that uses Cohere's API.
    ///
    /// Cloning is cheap. The `Debug` output omits the API key.
    ///
    /// ```no_run
    /// use agno::embed::{Embedder, CohereEmbedder};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), agno::ModelError> {
    /// let embedder = CohereEmbedder::new("embed-v4.0")?;
    /// let embeddings = embedder.embed(&["a cat", "a dog"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    CohereEmbedder,
    CohereEmbedderBuilder,
    CohereEmbeddings
}

impl CohereEmbedder {
    /// Creates an embedder for this model. The key comes from `COHERE_API_KEY` or `CO_API_KEY`. If `COHERE_BASE_URL` is
    /// set, requests go to that server, and the key is optional.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the model name is
    /// empty or the base URL is invalid.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }
}

/// A builder for [`CohereEmbedder`], created by [`CohereEmbedder::builder`].
///
/// ```
/// use agno::embed::CohereEmbedder;
///
/// let embedder = CohereEmbedder::builder("embed-v4.0").api_key("secret").dimensions(512).build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct CohereEmbedderBuilder {
    model: String,
    options: Options,
    dimensions: Option<usize>,
    batch: Batch,
}

impl CohereEmbedderBuilder {
    fn new(model: String) -> Self {
        Self {
            model,
            options: Options::default(),
            dimensions: None,
            batch: Batch {
                texts: 96,
                bytes: 400_000,
                concurrency: 4,
            },
        }
    }

    /// Builds the embedder.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when an option is invalid.
    /// The message names the option and the fix.
    pub fn build(self) -> Result<CohereEmbedder, ModelError> {
        let model = model_name(self.model, "embed-v4.0")?;
        let (connection, settings) = self
            .options
            .connect(const { known("cohere") }.defaults(), ["/embed"; 2])?;
        Ok(CohereEmbedder(Arc::new(Exchange {
            api: CohereEmbeddings,
            connection,
            model,
            dimensions: self.dimensions,
            batch: self.batch,
            settings,
        })))
    }
}

/// Cohere's API.
pub(super) struct CohereEmbeddings;

impl EmbedApi for CohereEmbeddings {
    const NAME: &'static str = "Cohere's API";

    fn write(&self, request: &EmbedRequest<'_>) -> Result<Vec<u8>, ModelError> {
        let kind = match request.purpose {
            // The API has no type for similarity. Texts to compare are embedded as documents.
            Purpose::Document | Purpose::Similarity => "search_document",
            Purpose::Query => "search_query",
            Purpose::Classification => "classification",
            Purpose::Clustering => "clustering",
        };
        let mut body = Body::with_capacity_for(request.texts);
        body.raw("{");
        body.text_field("model", request.model);
        body.field("texts", request.texts)?;
        body.setting(request.settings, "input_type", Some(kind))?;
        body.raw_field("embedding_types", r#"["float"]"#);
        body.setting(request.settings, "output_dimension", request.dimensions)?;
        body.extras(request.settings, &["model", "texts", "embedding_types"])?;
        body.raw("}");
        Ok(body.into_bytes())
    }

    fn read(&self, body: &[u8]) -> Result<EmbedReply, serde_json::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Reply {
            embeddings: Option<Types>,
            meta: Option<Meta>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Types {
            float: Option<Vec<Floats>>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Meta {
            billed_units: Option<Units>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Units {
            input_tokens: Count,
        }
        let reply: Reply = serde_json::from_slice(body)?;
        let vectors = reply.embeddings.and_then(|types| types.float).unwrap_or_default();
        let units = reply.meta.and_then(|meta| meta.billed_units).unwrap_or_default();
        Ok(EmbedReply {
            vectors: vectors.into_iter().map(|vector| vector.0).collect(),
            tokens: units.input_tokens.0,
            model: None,
        })
    }
}
