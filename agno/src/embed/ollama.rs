//! Ollama's embeddings API, `/api/embed`.

use std::sync::Arc;

use serde::Deserialize;

use super::exchange::{Batch, EmbedApi, EmbedReply, EmbedRequest, Exchange};
use super::floats::Floats;
use super::handle::http_embedder;
use crate::model::ModelError;
use crate::provider::codec::body::Body;
use crate::provider::codec::lenient::{Count, LenientStr};
use crate::provider::known;
use crate::provider::ollama::address::base_url;
use crate::provider::transport::connection::{Options, model_name};

http_embedder! {
    /// An embedder that runs on an Ollama server.
    ///
    /// Cloning is cheap. The `Debug` output omits the API key.
    ///
    /// ```no_run
    /// use agno::embed::{Embedder, OllamaEmbedder};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), agno::ModelError> {
    /// let embedder = OllamaEmbedder::new("nomic-embed-text")?;
    /// let embeddings = embedder.embed(&["a cat", "a dog"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    OllamaEmbedder,
    OllamaEmbedderBuilder,
    OllamaEmbeddings
}

impl OllamaEmbedder {
    /// Creates an embedder for this model on the server at `OLLAMA_BASE_URL` or `OLLAMA_HOST`. The default is
    /// `http://localhost:11434`.
    ///
    /// No key is required. If `OLLAMA_API_KEY` is set, its value is sent as the key.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the model name is
    /// empty or the base URL is invalid.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }
}

/// A builder for [`OllamaEmbedder`], created by [`OllamaEmbedder::builder`].
///
/// ```
/// use agno::embed::OllamaEmbedder;
///
/// let embedder = OllamaEmbedder::builder("nomic-embed-text").base_url("http://gpu.example:11434").build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct OllamaEmbedderBuilder {
    model: String,
    options: Options,
    dimensions: Option<usize>,
    batch: Batch,
}

impl OllamaEmbedderBuilder {
    fn new(model: String) -> Self {
        Self {
            model,
            options: Options::default(),
            dimensions: None,
            // A local server has less capacity than a hosted API.
            batch: Batch {
                texts: 64,
                bytes: 200_000,
                concurrency: 2,
            },
        }
    }

    /// Builds the embedder.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when an option is
    /// invalid. The message names the option and the fix.
    pub fn build(mut self) -> Result<OllamaEmbedder, ModelError> {
        let model = model_name(self.model, "nomic-embed-text")?;
        self.options.base_url = base_url(self.options.base_url);
        let (connection, settings) = self
            .options
            .connect(const { known("ollama") }.defaults(), ["/api/embed"; 2])?;
        Ok(OllamaEmbedder(Arc::new(Exchange {
            api: OllamaEmbeddings,
            connection,
            model,
            dimensions: self.dimensions,
            batch: self.batch,
            settings,
        })))
    }
}

/// Ollama's API.
pub(super) struct OllamaEmbeddings;

impl EmbedApi for OllamaEmbeddings {
    const NAME: &'static str = "Ollama's API";

    fn write(&self, request: &EmbedRequest<'_>) -> Result<Vec<u8>, ModelError> {
        // Ollama does not distinguish queries from documents.
        let _ = request.purpose;
        let mut body = Body::with_capacity_for(request.texts);
        body.raw("{");
        body.text_field("model", request.model);
        body.field("input", request.texts)?;
        body.setting(request.settings, "dimensions", request.dimensions)?;
        body.extras(request.settings, &["model", "input"])?;
        body.raw("}");
        Ok(body.into_bytes())
    }

    fn read(&self, body: &[u8]) -> Result<EmbedReply, serde_json::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Reply<'a> {
            #[serde(borrow)]
            model: LenientStr<'a>,
            embeddings: Option<Vec<Floats>>,
            prompt_eval_count: Count,
        }
        let reply: Reply<'_> = serde_json::from_slice(body)?;
        let vectors = reply.embeddings.unwrap_or_default().into_iter();
        Ok(EmbedReply {
            vectors: vectors.map(|vector| vector.0).collect(),
            tokens: reply.prompt_eval_count.0,
            model: reply.model.into_string(),
        })
    }
}
