//! OpenAI's embeddings, and those of every server that speaks its API.

use std::sync::Arc;

use serde::Deserialize;

use super::Purpose;
use super::exchange::{Answer, Batch, EmbedApi, EmbedRequest, Exchange};
use super::floats::Floats;
use super::handle::http_embedder;
use crate::model::ModelError;
use crate::provider::codec::body::Body;
use crate::provider::codec::lenient::{Count, LenientStr};
use crate::provider::openai::{OPENAI, Server};
use crate::provider::transport::connection::{Options, model_name};

http_embedder! {
    /// Embeddings of OpenAI, or of any server that speaks its API: one of the
    /// [`SERVERS`](crate::provider::openai::SERVERS), or one of your own.
    ///
    /// A handle: cloning it is cheap. Its `Debug` shows no key.
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
    /// This model of OpenAI, with the key in `OPENAI_API_KEY`. Where `OPENAI_BASE_URL` is set, the model of that name at
    /// that address; a key is not required there.
    ///
    /// # Errors
    ///
    /// When there is no key, or the address cannot be read.
    pub fn new(model: impl Into<String>) -> Result<Self, ModelError> {
        Self::builder(model).build()
    }

    /// This model of one of the [`SERVERS`](crate::provider::openai::SERVERS), with the key in the variable its row
    /// names.
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
    /// When there is no such provider or no key, or the address cannot be read.
    pub fn compatible(provider: &str, model: impl Into<String>) -> Result<Self, ModelError> {
        match Server::named(provider) {
            Some(row) => Self::builder(model).server(*row).build(),
            None => Err(crate::provider::unknown_provider(provider)),
        }
    }
}

/// An embedder in the making, from [`OpenAiEmbedder::builder`].
///
/// ```
/// use agno::embed::{Embedder, OpenAiEmbedder};
///
/// let embedder = OpenAiEmbedder::builder("text-embedding-3-large").api_key("secret").dimensions(256).build()?;
/// assert_eq!(embedder.dimensions(), Some(256));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "nothing is made until `build()`"]
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

    /// Sets the server: one of the [`SERVERS`](crate::provider::openai::SERVERS), or your own. Sets as well what it takes
    /// at once.
    pub fn server(mut self, server: Server) -> Self {
        self.batch = max_batch(server.name);
        self.server = server;
        self
    }

    /// The embedder.
    ///
    /// # Errors
    ///
    /// When the key is missing, or a value cannot be used; the error says which and how to mend it.
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

/// What a server takes at once.
fn max_batch(provider: &str) -> Batch {
    let (texts, bytes) = match provider {
        // 2048 texts and 300 000 tokens; fewer keep an answer of a few megabytes.
        "openai" | "azure" => (512, 600_000),
        // 16 384 tokens.
        "mistral" => (64, 32_000),
        "qwen" => (10, 100_000),
        "glm" => (64, 100_000),
        _ => (64, 200_000),
    };
    Batch {
        texts,
        bytes,
        at_once: 4,
    }
}

/// The API.
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
        // A quarter of the bytes; others may not know it.
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

    fn read(&self, body: &[u8]) -> Result<Answer, serde_json::Error> {
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
        // The order is promised by nobody, and numbers may be missing.
        if data.iter().all(|vector| vector.index.is_some()) {
            data.sort_by_key(|vector| vector.index.map_or(0, |index| index.0));
        }
        let usage = reply.usage.unwrap_or_default();
        Ok(Answer {
            vectors: data.into_iter().map(|vector| vector.embedding.0).collect(),
            tokens: usage.prompt_tokens.0.max(usage.total_tokens.0),
            model: reply.model.into_string(),
        })
    }
}
