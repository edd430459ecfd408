//! Puts a model together: whose server, which key, what each request carries.

use std::fmt;
use std::sync::Arc;

use super::OpenAi;
use super::model::Chat;
use super::quirks::Quirks;
use super::server::Server;
use super::servers::OPENAI;
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Options, connection_methods, model_name};

/// A model in the making, from [`OpenAi::builder`].
///
/// What is not given is taken from the provider's row and the variables it names. A wrong value is reported by
/// [`build`](Self::build).
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
#[must_use = "nothing is made until `build()`"]
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

    /// Sets the server: one of [`SERVERS`](super::SERVERS), or your own.
    pub fn server(mut self, server: Server) -> Self {
        self.server = Ok(server);
        self
    }

    connection_methods!();

    /// With these differences from OpenAI, in the place of the row's. Servers other than OpenAI at a base URL of your own
    /// are spoken to as [`Quirks::COMPATIBLE`] says, unless this says otherwise.
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = Some(quirks);
        self
    }

    /// On the account of this organisation.
    pub fn organization(self, id: impl Into<String>) -> Self {
        self.header("openai-organization", id)
    }

    /// On the account of this project.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.header("openai-project", id)
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// When the key is missing, or a value cannot be used; the error says which and how to mend it.
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
        Ok(OpenAi(Arc::new(Exchange {
            api: Chat {
                provider: server.name,
                quirks,
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
