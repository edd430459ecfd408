//! How a model reaches its provider: the address, the key, the headers, the client. Each provider's builder holds an
//! [`Options`] and lends it its methods.

use std::fmt;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use super::client;
use super::endpoint::{self, Endpoint};
use super::error::Source;
use super::http::{self, Server};
use crate::model::{ModelError, ModelErrorKind, Settings};

/// What a builder was given.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) base_url: Option<String>,
    pub(crate) api_key: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) settings: Settings,
    pub(crate) client: Option<Client>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) read_timeout: Option<Duration>,
}

/// What a provider has where nothing was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Defaults {
    pub(crate) provider: &'static str,
    /// Empty where there is no address that serves all.
    pub(crate) base_url: &'static str,
    /// Variables that may hold another address; the first that is set is used.
    pub(crate) base_url_variables: &'static [&'static str],
    /// The variables a key is read from, the first that is set.
    pub(crate) key_variables: &'static [&'static str],
    /// Whether nobody is answered without a key. At an address of one's own, a key is never required.
    pub(crate) requires_key: bool,
    /// The header that carries the bare key; `Authorization: Bearer KEY` if none.
    pub(crate) key_header: Option<&'static str>,
}

/// How requests reach a provider.
pub(crate) struct Connection {
    pub(crate) provider: &'static str,
    pub(crate) key_variable: Option<&'static str>,
    pub(crate) server: Server,
    /// Where whole answers are asked for, and streamed ones.
    pub(crate) endpoint: Endpoint,
    pub(crate) streamed: Endpoint,
    /// The address as it may be shown.
    pub(crate) display_url: String,
    pub(crate) has_key: bool,
    /// The key, to keep it out of what the server says.
    pub(crate) secret: Option<String>,
}

impl Connection {
    /// Returns the sender of replies, for the texts of errors.
    pub(crate) fn source<'a>(&'a self, model: &'a str, api: &'static str) -> Source<'a> {
        Source {
            provider: self.provider,
            api,
            model,
            endpoint: &self.display_url,
            key_variable: self.key_variable,
            has_key: self.has_key,
            secret: self.secret.as_deref(),
        }
    }

    /// Writes what logs may show of a model behind this connection, which is no key.
    pub(crate) fn debug(&self, name: &str, model: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("provider", &self.provider)
            .field("model", &model)
            .field("address", &self.display_url)
            .field("has_key", &self.has_key)
            .finish_non_exhaustive()
    }

    #[cfg(any(feature = "openai", feature = "gemini"))]
    pub(crate) fn host(&self) -> &str {
        self.endpoint.host()
    }
}

impl Options {
    /// The connection these options make. `paths` lie under the base URL: of whole answers, and of streamed ones.
    pub(crate) fn connect(
        self,
        defaults: Defaults,
        paths: [&str; 2],
    ) -> Result<(Connection, Settings), ModelError> {
        let given = self
            .base_url
            .or_else(|| first_variable(defaults.base_url_variables));
        let base = given.as_deref().unwrap_or(defaults.base_url);
        if base.is_empty() {
            let variable = defaults.base_url_variables.first().unwrap_or(&"");
            return Err(configuration(&format!(
                "{} has an address for each account; set {variable}, or give `.base_url(..)`",
                defaults.provider
            )));
        }
        let mut endpoint = Endpoint::new(base, paths[0])?;
        let mut streamed = Endpoint::new(base, paths[1])?;
        let credentials = endpoint.take_credentials();
        streamed.take_credentials();
        let key = self
            .api_key
            .map(|key| key.trim().to_owned())
            .or_else(|| first_variable(defaults.key_variables));
        let mut headers = HeaderMap::new();
        let mut has_key = credentials.is_some() || key.is_some();
        match (&key, credentials) {
            (Some(_), Some(_)) => {
                return Err(configuration(
                    "the base URL has a user's name and there is a key as well, and a request can carry only one of them; take one away",
                ));
            }
            (Some(key), None) => {
                let (name, text) = match defaults.key_header {
                    None => (AUTHORIZATION, format!("Bearer {key}")),
                    Some(name) => (HeaderName::from_static(name), key.clone()),
                };
                let value = endpoint::secret(&text)
                    .filter(|_| !key.is_empty())
                    .ok_or_else(|| {
                        configuration(
                            "the key is empty or has characters that no key has; check where it is read from",
                        )
                    })?;
                headers.insert(name, value);
            }
            (None, Some(credentials)) => {
                let basic = endpoint::secret(&endpoint::basic(&credentials));
                headers.extend(basic.map(|value| (AUTHORIZATION, value)));
            }
            (None, None) => {}
        }
        for (name, value) in &self.headers {
            let unsendable = || {
                configuration(&format!(
                    "the header `{}` cannot be sent; check its name and value",
                    name.escape_debug()
                ))
            };
            let header: HeaderName = name.parse().map_err(|_| unsendable())?;
            has_key |= header == AUTHORIZATION
                || matches!(header.as_str(), "api-key" | "x-api-key" | "x-goog-api-key");
            headers.insert(header, endpoint::secret(value).ok_or_else(unsendable)?);
        }
        if defaults.requires_key && given.is_none() && !has_key {
            let variable = defaults
                .key_variables
                .first()
                .copied()
                .unwrap_or("the key's variable");
            return Err(ModelError::new(
                ModelErrorKind::Authentication,
                format!(
                    "{} needs a key; set {variable}, or give `.api_key(..)`",
                    defaults.provider
                ),
            ));
        }
        let connection = Connection {
            provider: defaults.provider,
            key_variable: defaults.key_variables.first().copied(),
            server: Server {
                client: own_client(self.client, self.connect_timeout, &endpoint)?,
                headers,
                read_timeout: self.read_timeout.unwrap_or(http::READ_TIMEOUT),
                authority: endpoint.authority(),
            },
            display_url: endpoint.to_string(),
            endpoint,
            streamed,
            has_key,
            secret: key,
        };
        Ok((connection, self.settings))
    }
}

/// The name of a model, unless it is empty.
pub(crate) fn model_name(model: String, example: &str) -> Result<String, ModelError> {
    if model.trim().is_empty() {
        return Err(configuration(&format!(
            "the model has no name; name one, such as `{example}`"
        )));
    }
    Ok(model)
}

/// The client this model has for itself, if any.
fn own_client(
    given: Option<Client>,
    connect_timeout: Option<Duration>,
    endpoint: &Endpoint,
) -> Result<Option<Client>, ModelError> {
    match (given, connect_timeout) {
        (Some(_), Some(_)) => Err(configuration(
            "`connect_timeout` cannot be set on a client that was given; set it when that client is built",
        )),
        (None, Some(timeout)) => client::new_client(endpoint.is_https(), timeout).map(Some),
        // What would keep the shared client from being made is said now, not with the first request.
        (None, None) => client::tls(endpoint.is_https()).map(|_| None),
        (given, None) => Ok(given),
    }
}

/// Returns the value of the first of these variables that is set.
pub(crate) fn first_variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| variable(name))
}

/// Returns the value of a variable, unless it is empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    let text = std::env::var(name).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub(crate) fn configuration(message: &str) -> ModelError {
    ModelError::new(ModelErrorKind::Configuration, message)
}

/// The methods every builder has, on its field `options`.
macro_rules! connection_methods {
    () => {
        /// With this key. By default it is read from the provider's variable.
        pub fn api_key(mut self, key: impl Into<String>) -> Self {
            self.options.api_key = Some(key.into());
            self
        }

        /// At this address, up to the version (`/v1`) or what stands for it. A key is not required there.
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.options.base_url = Some(url.into());
            self
        }

        /// With this header in every request; it is kept out of logs.
        pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.options.headers.push((name.into(), value.into()));
            self
        }

        /// With these settings wherever a request has none of its own.
        pub fn settings(mut self, settings: $crate::model::Settings) -> Self {
            self.options.settings = settings;
            self
        }

        /// Over this client, with its proxy, certificates and connect timeout. By default all models share one.
        pub fn client(mut self, client: reqwest::Client) -> Self {
            self.options.client = Some(client);
            self
        }

        /// With at most this long to connect (10 seconds by default). Such a model has a client of its own.
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.connect_timeout = Some(timeout);
            self
        }

        /// With at most this long a silence, before an answer and within it (10 minutes by default: a model that thinks
        /// long before a whole answer says nothing until then).
        pub fn read_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.read_timeout = Some(timeout);
            self
        }
    };
}
pub(crate) use connection_methods;
