//! OpenAI's embeddings API, which many other servers support.

use std::sync::Arc;

use serde::Deserialize;

use super::Purpose;
use super::exchange::{Batch, EmbedApi, EmbedReply, EmbedRequest, Exchange};
use super::floats::Floats;
use super::handle::http_embedder;
use crate::model::ModelError;
use crate::provider::codec::body::Body;
use crate::provider::codec::lenient::{Count, LenientStr};
use crate::provider::openai::{OPENAI, Server};
use crate::provider::transport::connection::{Options, model_name};

http_embedder! {
    /// An embedder for OpenAI or any server with the same API: one of the
    /// [`SERVERS`](crate::provider::openai::SERVERS), or your own.
    ///
    /// Cloning is cheap. The `Debug` output omits the API key.
    ///
    /// ```no_run
    /// use agno::embed::{Embedder, OpenAiEmbedder};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), agno::ModelError> {
    /// let embedder = OpenAiEmbedder::new("text-embedding-3-small")?;
    /// let embeddings = embedder.embed(&["a cat", "a dog"]).await?;
    /// assert_eq!(embeddings.vectors.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    OpenAiEmbedder,
    OpenAiEmbedderBuilder,
    OpenAiEmbeddings
}

impl OpenAiEmbedder {
    /// Creates an embedder for this OpenAI model. The key comes from `OPENAI_API_KEY`. If `OPENAI_BASE_URL` is set,
    /// requests go to that server, and the key is optional.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the model name is
    /// empty or the base URL is invalid.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// Creates an embedder for this model on one of the [`SERVERS`](crate::provider::openai::SERVERS). The key comes
    /// from the environment variable in the server's row.
    ///
    /// ```no_run
    /// use agno::embed::OpenAiEmbedder;
    ///
    /// let embedder = OpenAiEmbedder::compatible("mistral", "mistral-embed")?;
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when the provider is
    /// unknown, the model name is empty, or the base URL is invalid.
    pub fn compatible(provider: &str, model: impl Into<String>) -> Result<Self, ModelError> {
        match Server::named(provider) {
            Some(row) => Self::builder(model).server(*row).build(),
            None => Err(crate::provider::unknown_provider(provider)),
        }
    }
}

/// A builder for [`OpenAiEmbedder`], created by [`OpenAiEmbedder::builder`].
///
/// ```
/// use agno::embed::{Embedder, OpenAiEmbedder};
///
/// let embedder = OpenAiEmbedder::builder("text-embedding-3-large").api_key("secret").dimensions(256).build()?;
/// assert_eq!(embedder.dimensions(), Some(256));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct OpenAiEmbedderBuilder {
    model: String,
    server: Server,
    options: Options,
    dimensions: Option<usize>,
    batch: Batch,
}

impl OpenAiEmbedderBuilder {
    fn new(model: String) -> Self {
        Self {
            model,
            server: OPENAI,
            options: Options::default(),
            dimensions: None,
            batch: max_batch(OPENAI.name),
        }
    }

    /// Sets the server: one of the [`SERVERS`](crate::provider::openai::SERVERS), or your own. Also sets the limits per
    /// request that apply to this server.
    pub fn server(mut self, server: Server) -> Self {
        self.batch = max_batch(server.name);
        self.server = server;
        self
    }

    /// Builds the embedder.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when the key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when an option is invalid.
    /// The message names the option and the fix.
    pub fn build(self) -> Result<OpenAiEmbedder, ModelError> {
        let model = model_name(self.model, "text-embedding-3-small")?;
        let (connection, settings) = self.server.connect(self.options, "/embeddings")?;
        Ok(OpenAiEmbedder(Arc::new(Exchange {
            api: OpenAiEmbeddings {
                provider: self.server.name,
            },
            connection,
            model,
            dimensions: self.dimensions,
            batch: self.batch,
            settings,
        })))
    }
}

/// Returns a server's limits per request.
fn max_batch(provider: &str) -> Batch {
    let (texts, bytes) = match provider {
        // The limits are 2048 texts and 300,000 tokens. Smaller batches keep a reply to a few megabytes.
        "openai" | "azure" => (512, 600_000),
        // The limit is 16,384 tokens.
        "mistral" => (64, 32_000),
        "qwen" => (10, 100_000),
        "glm" => (64, 100_000),
        _ => (64, 200_000),
    };
    Batch {
        texts,
        bytes,
        concurrency: 4,
    }
}

/// The embeddings API of OpenAI and compatible servers.
pub(super) struct OpenAiEmbeddings {
    provider: &'static str,
}

impl EmbedApi for OpenAiEmbeddings {
    const NAME: &'static str = "an embeddings API";

    fn write(&self, request: &EmbedRequest<'_>) -> Result<Vec<u8>, ModelError> {
        let mut body = Body::with_capacity_for(request.texts);
        body.raw("{");
        body.text_field("model", request.model);
        body.field("input", request.texts)?;
        let dimensions = match self.provider {
            "mistral" => "output_dimension",
            _ => "dimensions",
        };
        body.setting(request.settings, dimensions, request.dimensions)?;
        // Base64 is shorter than a list of numbers. Other servers may not support it.
        let short = matches!(self.provider, "openai" | "azure").then_some("base64");
        body.setting(request.settings, "encoding_format", short)?;
        if self.provider == "nvidia" {
            let kind = if request.purpose == Purpose::Query {
                "query"
            } else {
                "passage"
            };
            body.setting(request.settings, "input_type", Some(kind))?;
        }
        body.extras(request.settings, &["model", "input"])?;
        body.raw("}");
        Ok(body.into_bytes())
    }

    fn read(&self, body: &[u8]) -> Result<EmbedReply, serde_json::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Reply<'a> {
            data: Option<Vec<Vector>>,
            #[serde(borrow)]
            model: LenientStr<'a>,
            usage: Option<Usage>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Vector {
            index: Option<Count>,
            embedding: Floats,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Usage {
            prompt_tokens: Count,
            total_tokens: Count,
        }
        let reply: Reply<'_> = serde_json::from_slice(body)?;
        let mut data = reply.data.unwrap_or_default();
        // Servers may return the vectors in any order, and may omit the indexes.
        if data.iter().all(|vector| vector.index.is_some()) {
            data.sort_by_key(|vector| vector.index.map_or(0, |index| index.0));
        }
        let usage = reply.usage.unwrap_or_default();
        Ok(EmbedReply {
            vectors: data.into_iter().map(|vector| vector.embedding.0).collect(),
            tokens: usage.prompt_tokens.0.max(usage.total_tokens.0),
            model: reply.model.into_string(),
        })
    }
}
