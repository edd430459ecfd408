//! The builder of [`Gemini`]: API key, base URL and request options.

use std::fmt;
use std::sync::Arc;

use super::ROW;
use super::family::Family;
use super::model::{Gemini, GenerateContent};
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A builder for [`Gemini`], returned by [`Gemini::builder`].
///
/// [`build`](Self::build) reports invalid values.
///
/// ```
/// use agno::provider::Gemini;
///
/// let model = Gemini::builder("gemini-3-flash-preview").api_key("secret").build()?;
/// assert!(!format!("{model:?}").contains("secret"));
///
/// // Vertex AI: the URL contains the project and location; an access token replaces the API key.
/// let model = Gemini::builder("gemini-3-flash-preview")
///     .base_url("https://europe-west1-aiplatform.googleapis.com/v1/projects/mine/locations/europe-west1/publishers/google")
///     .bearer_token("token")
///     .build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct Builder {
    model: String,
    options: Options,
    has_token: bool,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            options: Options::default(),
            has_token: false,
        }
    }

    connection_methods!();

    /// Authenticates with an OAuth token instead of an API key, as Vertex AI requires.
    ///
    /// A token is valid for about an hour. To replace an expired token, build a new model, which is cheap.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.has_token = true;
        self.api_key(token)
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// Returns an error when the API key is missing or a value is invalid; the error names the value and the fix.
    pub fn build(self) -> Result<Gemini, ModelError> {
        let model = model_name(self.model, "gemini-3-flash-preview")?;
        let has_header = self
            .options
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        // Google's OAuth tokens start with this prefix, and API keys do not.
        let is_token = |key: &str| key.trim().starts_with("ya29.");
        let has_token = self.has_token || self.options.api_key.as_deref().is_some_and(is_token);
        let mut defaults = ROW.defaults();
        if has_header {
            // Google rejects a request that carries two sets of credentials.
            defaults.key_variables = &[];
        }
        if has_token {
            defaults.key_header = None;
        }
        let path = if model.contains('/') {
            format!("/{}", model.trim_start_matches('/'))
        } else {
            format!("/models/{model}")
        };
        let (path, streamed) = (
            format!("{path}:generateContent"),
            format!("{path}:streamGenerateContent"),
        );
        let (mut connection, settings) = self.options.connect(defaults, [&path, &streamed])?;
        connection.streamed = connection.streamed.with_query("alt=sse");
        let is_vertex = connection.host().ends_with("aiplatform.googleapis.com")
            || connection.display_url.contains("/publishers/");
        let api = GenerateContent {
            family: Family::from_name(&model),
            is_vertex,
        };
        Ok(Gemini(Arc::new(Exchange {
            api,
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
