//! Puts a model together: which key, which of Google's two addresses, what each request carries.

use std::fmt;
use std::sync::Arc;

use super::ROW;
use super::family::Family;
use super::model::{Gemini, GenerateContent};
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A model in the making, from [`Gemini::builder`].
///
/// A wrong value is reported by [`build`](Self::build).
///
/// ```
/// use agno::provider::Gemini;
///
/// let model = Gemini::builder("gemini-3-flash-preview").api_key("secret").build()?;
/// assert!(!format!("{model:?}").contains("secret"));
///
/// // Vertex AI: the address of a project and a place, and a token of an account.
/// let model = Gemini::builder("gemini-3-flash-preview")
///     .base_url("https://europe-west1-aiplatform.googleapis.com/v1/projects/mine/locations/europe-west1/publishers/google")
///     .bearer_token("token")
///     .build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "nothing is made until `build()`"]
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

    /// With this OAuth token in the place of a key, as Vertex AI takes it. A token holds for about an hour; a model is
    /// cheap to build anew.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.has_token = true;
        self.api_key(token)
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// When the key is missing, or a value cannot be used; the error says which and how to mend it.
    pub fn build(self) -> Result<Gemini, ModelError> {
        let model = model_name(self.model, "gemini-3-flash-preview")?;
        let has_header = self
            .options
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        // OAuth tokens of Google begin so, and no key does.
        let is_token = |key: &str| key.trim().starts_with("ya29.");
        let has_token = self.has_token || self.options.api_key.as_deref().is_some_and(is_token);
        let mut defaults = ROW.defaults();
        if has_header {
            // Google refuses a request that carries the credentials of two accounts.
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
            family: Family::of(&model),
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
