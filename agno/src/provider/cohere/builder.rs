//! The builder of [`Cohere`]: API key, base URL and request options.

use std::fmt;
use std::sync::Arc;

use super::ROW;
use super::model::{Chat, Cohere};
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A builder for [`Cohere`], returned by [`Cohere::builder`].
///
/// [`build`](Self::build) reports invalid values.
///
/// ```
/// use agno::provider::Cohere;
///
/// let model = Cohere::builder("command-a-03-2025").api_key("secret").build()?;
/// assert!(!format!("{model:?}").contains("secret"));
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
    /// Returns an error when the API key is missing or a value is invalid; the error names the value and the fix.
    pub fn build(self) -> Result<Cohere, ModelError> {
        let model = model_name(self.model, "command-a-03-2025")?;
        let (connection, settings) = self.options.connect(ROW.defaults(), ["/chat"; 2])?;
        Ok(Cohere(Arc::new(Exchange {
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
