//! Gemini's embeddings API, `batchEmbedContents`.

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
    /// An embedder that uses the Gemini API.
    ///
    /// Cloning is cheap. The `Debug` output omits the API key.
    ///
    /// ```no_run
    /// use agno::embed::{Embedder, GeminiEmbedder};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), agno::ModelError> {
    /// let embedder = GeminiEmbedder::new("gemini-embedding-001")?;
    /// let question = embedder.embed_query("Which animal barks?").await?;
    /// # Ok(())
    /// # }
    /// ```
    GeminiEmbedder,
    GeminiEmbedderBuilder,
    GeminiEmbeddings
}

impl GeminiEmbedder {
    /// Creates an embedder for this model. The key comes from `GEMINI_API_KEY` or `GOOGLE_API_KEY`. If
    /// `GEMINI_BASE_URL` is set, requests go to that server, and the key is optional.
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

/// A builder for [`GeminiEmbedder`], created by [`GeminiEmbedder::builder`].
///
/// ```
/// use agno::embed::GeminiEmbedder;
///
/// let embedder = GeminiEmbedder::builder("gemini-embedding-001").api_key("secret").dimensions(768).build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct GeminiEmbedderBuilder {
    model: String,
    options: Options,
    dimensions: Option<usize>,
    batch: Batch,
}

impl GeminiEmbedderBuilder {
    fn new(model: String) -> Self {
        Self {
            model,
            options: Options::default(),
            dimensions: None,
            batch: Batch {
                texts: 100,
                bytes: 200_000,
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
    pub fn build(self) -> Result<GeminiEmbedder, ModelError> {
        let model = model_name(self.model, "gemini-embedding-001")?;
        let model = model.strip_prefix("models/").map(str::to_owned).unwrap_or(model);
        let path = format!("/models/{model}:batchEmbedContents");
        let (connection, settings) = self
            .options
            .connect(const { known("gemini") }.defaults(), [&path, &path])?;
        Ok(GeminiEmbedder(Arc::new(Exchange {
            api: GeminiEmbeddings,
            connection,
            model,
            dimensions: self.dimensions,
            batch: self.batch,
            settings,
        })))
    }
}

/// The Gemini API.
pub(super) struct GeminiEmbeddings;

impl EmbedApi for GeminiEmbeddings {
    const NAME: &'static str = "the Gemini API";

    fn write(&self, request: &EmbedRequest<'_>) -> Result<Vec<u8>, ModelError> {
        let kind = match request.purpose {
            Purpose::Document => "RETRIEVAL_DOCUMENT",
            Purpose::Query => "RETRIEVAL_QUERY",
            Purpose::Similarity => "SEMANTIC_SIMILARITY",
            Purpose::Classification => "CLASSIFICATION",
            Purpose::Clustering => "CLUSTERING",
        };
        let name = format!("models/{}", request.model);
        let mut body = Body::with_capacity_for(request.texts);
        body.raw(r#"{"requests":["#);
        for text in request.texts {
            body.comma();
            body.raw("{");
            body.text_field("model", &name);
            body.raw_field("content", r#"{"parts":[{"text":"#);
            body.text(text);
            body.raw("}]}");
            body.setting(request.settings, "taskType", Some(kind))?;
            body.setting(request.settings, "outputDimensionality", request.dimensions)?;
            body.extras(request.settings, &["model", "content"])?;
            body.raw("}");
        }
        body.raw("]}");
        Ok(body.into_bytes())
    }

    fn read(&self, body: &[u8]) -> Result<EmbedReply, serde_json::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        struct Reply {
            embeddings: Option<Vec<Vector>>,
            usage_metadata: Option<Usage>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Vector {
            values: Floats,
        }
        #[derive(Default, Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        struct Usage {
            prompt_token_count: Count,
        }
        let reply: Reply = serde_json::from_slice(body)?;
        let vectors = reply.embeddings.unwrap_or_default().into_iter();
        Ok(EmbedReply {
            vectors: vectors.map(|vector| vector.values.0).collect(),
            tokens: reply.usage_metadata.unwrap_or_default().prompt_token_count.0,
            model: None,
        })
    }
}
