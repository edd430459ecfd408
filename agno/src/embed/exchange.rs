//! Embeds texts through any provider's HTTP API: splits them into requests, sends a few requests at a time, and combines
//! the vectors in order.

use std::fmt;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Embeddings, Purpose};
use crate::model::{ModelError, ModelErrorKind, ModelId, Settings, Usage};
use crate::provider::codec::budget::Budget;
use crate::provider::transport::connection::Connection;
use crate::provider::transport::error::{self, Source};

/// A provider's API for embeddings.
pub(super) trait EmbedApi: Send + Sync + 'static {
    /// The name of the API in error messages, as a noun phrase: `an embeddings API`.
    const NAME: &'static str;

    /// Serializes the body of a request.
    fn write(&self, request: &EmbedRequest<'_>) -> Result<Vec<u8>, ModelError>;

    /// Parses the body of a reply.
    fn read(&self, body: &[u8]) -> Result<EmbedReply, serde_json::Error>;
}

/// The parameters of one request.
pub(super) struct EmbedRequest<'a> {
    pub(super) model: &'a str,
    pub(super) purpose: Purpose,
    pub(super) texts: &'a [&'a str],
    pub(super) dimensions: Option<usize>,
    pub(super) settings: &'a Settings,
}

/// The reply to one request. If it has no vectors, the body may describe an error.
#[derive(Default)]
pub(super) struct EmbedReply {
    pub(super) vectors: Vec<Vec<f32>>,
    pub(super) tokens: u64,
    pub(super) model: Option<String>,
}

/// The limits of a request, and the number of concurrent requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch {
    pub(super) texts: usize,
    /// Maximum total size of the texts in a request, in bytes. A larger text is sent in a separate request.
    pub(super) bytes: usize,
    pub(super) concurrency: usize,
}

/// An embedder behind an HTTP API.
pub(super) struct Exchange<A> {
    pub(super) api: A,
    pub(super) connection: Connection,
    pub(super) model: String,
    pub(super) dimensions: Option<usize>,
    pub(super) batch: Batch,
    pub(super) settings: Settings,
}

impl<A: EmbedApi> Exchange<A> {
    pub(super) fn id(&self) -> ModelId<'_> {
        ModelId::new(self.connection.provider, &self.model)
    }

    /// Formats the embedder for logs, without its key.
    pub(super) fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.connection.debug(name, &self.model, f)
    }

    pub(super) async fn embed(&self, purpose: Purpose, texts: &[&str]) -> Result<Embeddings, ModelError> {
        // Created before the stream, because a closure in the stream would prevent the future from being `Send`.
        let parts = split(texts, self.batch).into_iter();
        let requests: Vec<_> = parts.map(|part| self.request(purpose, part)).collect();
        let mut replies = stream::iter(requests).buffered(self.batch.concurrency);
        let mut all = Embeddings::default();
        let mut tokens = 0_u64;
        while let Some(reply) = replies.try_next().await? {
            all.vectors.extend(reply.vectors);
            tokens = tokens.saturating_add(reply.tokens);
            all.model = all.model.or(reply.model);
        }
        Ok(all.with_usage(Usage::new(tokens, 0)))
    }

    async fn request(&self, purpose: Purpose, texts: &[&str]) -> Result<EmbedReply, ModelError> {
        let body = self.api.write(&EmbedRequest {
            model: &self.model,
            purpose,
            texts,
            dimensions: self.dimensions,
            settings: &self.settings,
        })?;
        let Connection { server, endpoint, .. } = &self.connection;
        let message = server.request(endpoint, body, "application/json");
        let (mut response, _) = server.send_checked(endpoint, message, &self.source()).await?;
        let body = server.body(&mut response).await?;
        Budget::new(server.max_reply).spend(&body)?;
        self.read(&body, texts.len())
    }

    /// Parses a reply, which must contain `expected` vectors.
    fn read(&self, body: &[u8], expected: usize) -> Result<EmbedReply, ModelError> {
        let malformed = |problem: &str| {
            let display_url = &self.connection.display_url;
            let message = format!(
                "the reply {problem}; check that {display_url} is the URL of {}",
                A::NAME
            );
            ModelError::new(ModelErrorKind::MalformedReply, message)
        };
        let Ok(reply) = self.api.read(body) else {
            return Err(malformed("does not contain embeddings"));
        };
        if reply.vectors.is_empty() && describes_error(body) {
            return Err(error::from_value(
                None,
                &String::from_utf8_lossy(body),
                None,
                &self.source(),
            ));
        }
        if reply.vectors.len() != expected {
            let found = reply.vectors.len();
            return Err(malformed(&format!("has {found} vectors for {expected} texts")));
        }
        if reply.vectors.iter().any(Vec::is_empty) {
            return Err(malformed("has an empty vector"));
        }
        Ok(reply)
    }

    fn source(&self) -> Source<'_> {
        self.connection.source(&self.model, A::NAME)
    }
}

/// Returns `true` if the body describes an error.
fn describes_error(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Refusal {
        #[serde(rename = "error")]
        _error: serde::de::IgnoredAny,
    }
    serde_json::from_slice::<Refusal>(body).is_ok()
}

/// Splits the texts into one part per request.
fn split<'a>(mut texts: &'a [&'a str], batch: Batch) -> Vec<&'a [&'a str]> {
    let mut parts = Vec::with_capacity(texts.len().div_ceil(batch.texts.max(1)));
    while !texts.is_empty() {
        let mut bytes = 0_usize;
        let fits = texts.iter().take(batch.texts).take_while(|text| {
            bytes = bytes.saturating_add(text.len());
            bytes <= batch.bytes
        });
        let (part, rest) = texts.split_at(fits.count().max(1));
        parts.push(part);
        texts = rest;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_respect_count_and_size_limits_and_lose_no_text() {
        let lengths = |texts: &[&str], max: usize, bytes: usize| {
            let batch = Batch {
                texts: max,
                bytes,
                concurrency: 1,
            };
            split(texts, batch)
                .iter()
                .map(|part| part.len())
                .collect::<Vec<_>>()
        };
        assert_eq!(lengths(&["a"; 5], 2, 100), [2, 2, 1]);
        assert_eq!(lengths(&["abc"; 5], 10, 6), [2, 2, 1]);
        assert_eq!(lengths(&["abc", "much too long", "abc"], 10, 6), [1, 1, 1]);
        assert_eq!(lengths(&["", ""], 10, 6), [2]);
        assert_eq!(lengths(&["a", "b"], 0, 0), [1, 1]);
        assert!(lengths(&[], 10, 6).is_empty());
    }
}
