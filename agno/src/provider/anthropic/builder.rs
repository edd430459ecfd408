//! The builder for [`Anthropic`].

use std::fmt;
use std::sync::Arc;

use super::Anthropic;
use super::ROW;
use super::model::Messages;
use crate::model::ModelError;
use crate::provider::claude::Claude;
use crate::provider::claude::fit_schema::Shape;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, first_variable, model_name};

/// The API version that agno implements.
const VERSION: &str = "2023-06-01";

/// A builder for [`Anthropic`], returned by [`Anthropic::builder`].
///
/// The API key and the base URL default to `ANTHROPIC_API_KEY` and `ANTHROPIC_BASE_URL`. [`build`](Self::build) reports
/// invalid values. A base URL may end with or without `/v1`.
///
/// ```
/// use agno::model::Settings;
/// use agno::provider::Anthropic;
///
/// let model = Anthropic::builder("claude-sonnet-4-5")
///     .api_key("secret")
///     .beta("files-api-2025-04-14")
///     .settings(Settings::new().with_max_tokens(500))
///     .build()?;
/// assert!(!format!("{model:?}").contains("secret"));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct Builder {
    model: String,
    betas: Vec<String>,
    options: Options,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            betas: Vec::new(),
            options: Options::default(),
        }
    }

    connection_methods!();

    /// Enables a beta of the API, in addition to betas that are already enabled.
    ///
    /// Examples are `files-api-2025-04-14` for files by ID, `mcp-client-2025-11-20` for MCP servers, and
    /// `context-management-2025-06-27`.
    pub fn beta(mut self, name: impl Into<String>) -> Self {
        self.betas.push(name.into());
        self
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// Returns an error when the API key is missing or a value is invalid; the error names the value and the fix.
    pub fn build(mut self) -> Result<Anthropic, ModelError> {
        let model = model_name(self.model, "claude-sonnet-4-5")?;
        let base_url = self
            .options
            .base_url
            .take()
            .or_else(|| first_variable(ROW.base_url_variables));
        let path = match &base_url {
            Some(url) if ends_in_version(url) => "/messages",
            _ => "/v1/messages",
        };
        self.options.base_url = base_url;
        // Headers set by the user come last and override these.
        let mut headers = vec![("anthropic-version".to_owned(), VERSION.to_owned())];
        if !self.betas.is_empty() {
            headers.push(("anthropic-beta".to_owned(), self.betas.join(",")));
        }
        headers.append(&mut self.options.headers);
        self.options.headers = headers;
        let (connection, settings) = self.options.connect(ROW.defaults(), [path; 2])?;
        Ok(Anthropic(Arc::new(Exchange {
            api: Messages {
                supports_output_schema: Claude::from_name(&model).is_some_and(Claude::supports_output_schema),
                shape: Shape::default(),
            },
            connection,
            model,
            settings,
        })))
    }
}

/// Returns `true` if a URL ends with the API version or the full path.
fn ends_in_version(url: &str) -> bool {
    reqwest::Url::parse(url.trim()).is_ok_and(|url| {
        let path = url.path().trim_end_matches('/');
        path.ends_with("/v1") || path.ends_with("/messages")
    })
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("model", &self.model)
            .field("betas", &self.betas)
            .field("has_key", &self.options.api_key.is_some())
            .finish_non_exhaustive()
    }
}
