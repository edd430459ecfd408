//! The builder of [`Ollama`]: server address and request options.

use std::fmt;
use std::sync::Arc;

use super::ROW;
use super::address::base_url;
use super::model::{Chat, Ollama};
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A builder for [`Ollama`], returned by [`Ollama::builder`].
///
/// [`build`](Self::build) reports invalid values.
///
/// ```
/// use agno::model::Settings;
/// use agno::provider::Ollama;
/// use serde_json::json;
///
/// let model = Ollama::builder("qwen3")
///     .base_url("http://gpu.example:11434")
///     .settings(Settings::new().with_extra("options", json!({"num_ctx": 16384})))
///     .build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct Builder {
    model: String,
    options: Options,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            options: Options::default(),
        }
    }

    connection_methods!();

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when a value is invalid;
    /// the error names the value and the fix.
    pub fn build(mut self) -> Result<Ollama, ModelError> {
        let model = model_name(self.model, "qwen3")?;
        self.options.base_url = base_url(self.options.base_url);
        let (connection, settings) = self.options.connect(ROW.defaults(), ["/api/chat"; 2])?;
        Ok(Ollama(Arc::new(Exchange {
            api: Chat,
            connection,
            model,
            settings,
        })))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("model", &self.model)
            .field("has_key", &self.options.api_key.is_some())
            .finish_non_exhaustive()
    }
}
