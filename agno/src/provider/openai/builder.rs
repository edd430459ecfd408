//! Puts a model together: whose server, which key, what each request carries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use super::OpenAi;
use super::model::Inner;
use super::table::{OPENAI, Provider, Quirks};
use crate::model::{ModelError, ModelErrorKind, Settings};
use crate::provider::http::{self, Server};
use crate::provider::place::{self, Place};

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
    provider: Result<Provider, ModelError>,
    quirks: Option<Quirks>,
    base_url: Option<String>,
    api_key: Option<String>,
    headers: Vec<(String, String)>,
    settings: Settings,
    client: Option<Client>,
    connect_timeout: Option<Duration>,
    read_timeout: Duration,
}

impl Builder {
    pub(super) fn new(model: String) -> Self {
        Self {
            model,
            provider: Ok(OPENAI),
            quirks: None,
            base_url: None,
            api_key: None,
            headers: Vec::new(),
            settings: Settings::new(),
            client: None,
            connect_timeout: None,
            read_timeout: http::READ_TIMEOUT,
        }
    }

    pub(super) fn named(mut self, provider: &str) -> Self {
        self.provider = Provider::named(provider)
            .copied()
            .ok_or_else(|| crate::model::unknown_provider(provider));
        self
    }

    /// The model of this provider: one of [`PROVIDERS`](super::PROVIDERS), or a row of your own.
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = Ok(provider);
        self
    }

    /// With this key. By default it is read from the variable the provider's row names.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// At this address, up to `/v1` or what stands for it. A key is not required there. Servers other than OpenAI are
    /// spoken to as [`Quirks::COMPATIBLE`] says, unless [`quirks`](Self::quirks) says otherwise.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// With these differences from OpenAI, in the place of the row's.
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = Some(quirks);
        self
    }

    /// With this header in every request; it is kept out of logs.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
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

    /// With these settings wherever a request has none of its own.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Over this client, with its proxy, certificates and connect timeout. By default all models share one.
    pub fn client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// With at most this long to connect (10 seconds by default). Such a model has a client of its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// With at most this long a silence, before an answer and within it (10 minutes by default: a model that thinks
    /// long before a whole answer says nothing until then).
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// When the key is missing, or a value cannot be used; the error says which and how to mend it.
    pub fn build(self) -> Result<OpenAi, ModelError> {
        let provider = self.provider?;
        if self.model.trim().is_empty() {
            return Err(configuration(
                "the model has no name; name one, such as `gpt-5-mini`",
            ));
        }
        let given = self.base_url.or_else(|| variable(provider.base_url_variable));
        let mut address = Place::new(given.as_deref().unwrap_or(provider.base_url), "/chat/completions")?;
        let credentials = address.take_credentials();
        let key = self
            .api_key
            .map(|key| key.trim().to_owned())
            .or_else(|| variable(provider.key_variable));
        let mut headers = HeaderMap::new();
        match (&key, credentials) {
            (Some(_), Some(_)) => {
                return Err(configuration(
                    "the base URL has a user's name and there is a key as well, and a request can carry only one of them; take one away",
                ));
            }
            (Some(key), None) => {
                let value = place::secret(&format!("Bearer {key}")).filter(|_| !key.is_empty());
                let value = value.ok_or_else(|| {
                    configuration(
                        "the key is empty or has characters that no key has; check where it is read from",
                    )
                })?;
                headers.insert(AUTHORIZATION, value);
            }
            (None, Some(credentials)) => {
                let basic = place::secret(&place::basic(&credentials));
                headers.extend(basic.map(|value| (AUTHORIZATION, value)));
            }
            (None, None) => {}
        }
        for (name, value) in &self.headers {
            let wrong = || {
                configuration(&format!(
                    "the header `{}` cannot be sent; check its name and value",
                    name.escape_debug()
                ))
            };
            let header: HeaderName = name.parse().map_err(|_| wrong())?;
            headers.insert(header, place::secret(value).ok_or_else(wrong)?);
        }
        let server = Server {
            client: client(self.client, self.connect_timeout, &address)?,
            place: address,
            headers,
            read_timeout: self.read_timeout,
        };
        if provider.requires_key && given.is_none() && !server.has_credentials() {
            let variable = provider.key_variable.unwrap_or("the key's variable");
            return Err(ModelError::new(
                ModelErrorKind::Authentication,
                format!(
                    "{} needs a key; set {variable}, or give `.api_key(..)`",
                    provider.name
                ),
            ));
        }
        let is_openai = |host: &str| {
            ["openai.com", "openai.azure.com"]
                .iter()
                .any(|known| host == *known || host.ends_with(&format!(".{known}")))
        };
        let stranger = provider == OPENAI && !is_openai(server.place.host());
        let quirks = match self.quirks {
            Some(quirks) => quirks,
            None if stranger => Quirks::COMPATIBLE,
            None => provider.quirks,
        };
        Ok(OpenAi(Arc::new(Inner {
            place: server.place.to_string(),
            server,
            secret: key,
            provider,
            quirks,
            model: self.model,
            settings: self.settings,
        })))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("model", &self.model)
            .field(
                "provider",
                &self.provider.as_ref().map(|provider| provider.name).ok(),
            )
            .field("has_key", &self.api_key.is_some())
            .finish_non_exhaustive()
    }
}

/// The client this model has for itself, if any.
fn client(
    given: Option<Client>,
    connect_timeout: Option<Duration>,
    place: &Place,
) -> Result<Option<Client>, ModelError> {
    match (given, connect_timeout) {
        (Some(_), Some(_)) => Err(configuration(
            "`connect_timeout` cannot be set on a client that was given; set it when that client is built",
        )),
        (None, Some(timeout)) => http::new_client(place.is_https(), timeout).map(Some),
        // What would keep the shared client from being made is said now, not with the first request.
        (None, None) => http::tls(place.is_https()).map(|_| None),
        (given, None) => Ok(given),
    }
}

/// What this variable holds, unless it is empty.
fn variable(name: Option<&str>) -> Option<String> {
    let text = std::env::var(name?).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn configuration(message: &str) -> ModelError {
    ModelError::new(ModelErrorKind::Configuration, message)
}
