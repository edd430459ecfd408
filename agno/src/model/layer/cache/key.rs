//! Cache keys, which are equal for equal requests.

use std::fmt;

use ring::digest::{Context, SHA256};
use serde::Serialize;

use crate::model::{Model, Request, ToolChoice};

/// The key of a request to a model: a SHA-256 digest of everything that affects the answer.
///
/// It covers the [fingerprint](Model::fingerprint) of the model, the instructions, the messages with their media, the
/// tools, the tool choice, the output schema, and the settings. The fingerprint of a model from [`provider`] covers the
/// provider, the API, the model, the URL with its query, all headers, and the API key or account. Tenants with different
/// API keys or headers therefore never share an answer, and a new API key starts with an empty cache. Headers that your
/// own HTTP client adds are not covered. For a custom model, implement [`Model::fingerprint`].
///
/// [`provider`]: crate::provider
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// Computes the key of a request to a model.
    ///
    /// ```
    /// use agno::model::layer::CacheKey;
    /// use agno::model::{Request, ScriptedModel, Settings};
    /// use agno::Message;
    ///
    /// let (model, hello) = (ScriptedModel::new(), [Message::user("Hello")]);
    /// let request = Request::new(&hello);
    /// let warm = Settings::new().with_temperature(1.0);
    /// assert_eq!(CacheKey::new(&model, &request), CacheKey::new(&model, &request));
    /// assert_ne!(CacheKey::new(&model, &request), CacheKey::new(&model, &request.with_settings(&warm)));
    /// ```
    pub fn new<M: Model>(model: &M, request: &Request<'_>) -> Self {
        let mut digest = Digest(Context::new(&SHA256));
        digest.text(&model.fingerprint());
        digest.text(request.instructions);
        for message in request.messages.iter() {
            digest.json(message);
        }
        digest.mark(b'T');
        let dialect = model.dialect();
        request
            .tools
            .for_each(dialect, &mut |tool| digest.text(tool.json));
        digest.mark(match request.tool_choice {
            ToolChoice::Auto => b'a',
            ToolChoice::Required => b'r',
            ToolChoice::None => b'n',
            ToolChoice::Tool(_) => b't',
        });
        if let ToolChoice::Tool(name) = request.tool_choice {
            digest.text(name);
        }
        if let Some(output) = request.output {
            digest.text(output.declaration(dialect));
        }
        digest.mark(b'S');
        digest.json(request.settings);
        let mut key = [0; 32];
        key.copy_from_slice(digest.0.finish().as_ref());
        Self(key)
    }

    /// Returns the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Formats the key as hexadecimal digits, for use as a file name.
impl fmt::Display for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Digest(Context);

impl Digest {
    /// Adds a string, preceded by its length so that moving text between adjacent strings changes the digest.
    fn text(&mut self, text: &str) {
        self.0.update(&text.len().to_le_bytes());
        self.0.update(text.as_bytes());
    }

    /// Adds a value as JSON, which needs no length because it is self-delimiting.
    fn json<T: Serialize>(&mut self, value: &T) {
        // Cannot fail: the digest accepts all bytes, and every value can be written as JSON.
        let _ = serde_json::to_writer(&mut *self, value);
    }

    fn mark(&mut self, mark: u8) {
        self.0.update(&[mark]);
    }
}

impl std::io::Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
