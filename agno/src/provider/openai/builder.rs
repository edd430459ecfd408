//! Builds a model from a server, a key and request settings.

use std::fmt;
use std::sync::Arc;

use super::OpenAi;
use super::model::Chat;
use super::quirks::Quirks;
use super::server::Server;
use super::servers::OPENAI;
use crate::model::ModelError;
use crate::provider::codec::calls::IdFormat;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// Maximum length of a call ID in OpenAI's API.
const MAX_ID: usize = 40;

/// A builder for [`OpenAi`] models, created by [`OpenAi::builder`].
///
/// Values that are not set come from the [`Server`] and the environment variables that it names.
/// [`build`](Self::build) reports invalid values.
///
/// ```
/// use agno::model::Settings;
/// use agno::provider::OpenAi;
/// use std::time::Duration;
///
/// let model = OpenAi::builder("gpt-5-mini")
///     .api_key("secret")
///     .organization("org-1")
///     .header("x-team", "support")
///     .read_timeout(Duration::from_secs(60))
///     .settings(Settings::new().with_max_tokens(500))
///     .build()?;
/// assert!(!format!("{model:?}").contains("secret"));
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "builders do nothing until `build` is called"]
pub struct Builder {
    model: String,
    server: Result<Server, ModelError>,
    quirks: Option<Quirks>,
    options: Options,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            server: Ok(OPENAI),
            quirks: None,
            options: Options::default(),
        }
    }

    pub(super) fn named(mut self, provider: &str) -> Self {
        self.server = Server::named(provider)
            .copied()
            .ok_or_else(|| crate::provider::unknown_provider(provider));
        self
    }

    /// Sets the server: one of [`SERVERS`](super::SERVERS), or your own. The default is [`OPENAI`](super::OPENAI).
    pub fn server(mut self, server: Server) -> Self {
        self.server = Ok(server);
        self
    }

    connection_methods!();

    /// Sets the quirks, replacing the server's. By default, [`Quirks::COMPATIBLE`] applies if [`OPENAI`](super::OPENAI)
    /// is used with a base URL that belongs neither to OpenAI nor to Azure.
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = Some(quirks);
        self
    }

    /// Attributes requests to this organization.
    pub fn organization(self, id: impl Into<String>) -> Self {
        self.header("openai-organization", id)
    }

    /// Attributes requests to this project.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.header("openai-project", id)
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Authentication`](crate::model::ModelErrorKind::Authentication) when a required key is
    /// missing, and of kind [`Configuration`](crate::model::ModelErrorKind::Configuration) when a value is invalid. The
    /// error names the value and the fix.
    pub fn build(self) -> Result<OpenAi, ModelError> {
        let server = self.server?;
        let model = model_name(self.model, "gpt-5-mini")?;
        let (connection, settings) = server.connect(self.options, "/chat/completions")?;
        let is_openai = |host: &str| {
            ["openai.com", "openai.azure.com"]
                .iter()
                .any(|known| host == *known || host.ends_with(&format!(".{known}")))
        };
        let is_other_server = server == OPENAI && !is_openai(connection.host());
        let quirks = match self.quirks {
            Some(quirks) => quirks,
            None if is_other_server => Quirks::COMPATIBLE,
            None => server.quirks,
        };
        let id_format = match server.name {
            "mistral" => IdFormat::Nine,
            // Compatible servers and gateways use other ID formats, which OpenAI itself rejects.
            "openai" if !is_other_server || quirks == Quirks::OPENAI => IdFormat::Plain(MAX_ID),
            "azure" => IdFormat::Plain(MAX_ID),
            _ => IdFormat::Any,
        };
        Ok(OpenAi(Arc::new(Exchange {
            api: Chat {
                provider: server.name,
                quirks,
                id_format,
            },
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
            .field("provider", &self.server.as_ref().map(|server| server.name).ok())
            .field("has_key", &self.options.api_key.is_some())
            .finish_non_exhaustive()
    }
}
