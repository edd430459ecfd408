//! The connection of a model to its provider: base URL, key, headers and client. Each provider's builder contains
//! [`Options`] and gets the methods that set them from `connection_methods`.

use std::fmt;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use super::client;
use super::digest::Digest;
use super::endpoint::{self, Endpoint};
use super::error::Source;
use super::http::{self, Server};
use super::secrets::{Secrets, is_credential};
use crate::model::{ModelError, ModelErrorKind, Settings};

/// The environment variable that has the effect of `allow_http` on all models if its value is `1`.
const ALLOW_HTTP: &str = "AGNO_ALLOW_HTTP";

/// The options that were set on a builder.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) base_url: Option<String>,
    pub(crate) api_key: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) settings: Settings,
    pub(crate) client: Option<Client>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) read_timeout: Option<Duration>,
    pub(crate) max_reply_bytes: Option<usize>,
    pub(crate) allow_http: bool,
}

/// A provider's defaults for options that are not set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Defaults {
    pub(crate) provider: &'static str,
    /// Empty if each account or region has its own base URL.
    pub(crate) base_url: &'static str,
    /// The environment variables that can override the base URL; the first that is set is used.
    pub(crate) base_url_variables: &'static [&'static str],
    /// The environment variables that can contain the key; the first that is set is used.
    pub(crate) key_variables: &'static [&'static str],
    /// `true` if the provider rejects requests without a key. [`Options::connect`] ignores this with a custom base URL.
    pub(crate) requires_key: bool,
    /// The header that contains the bare key, or `None` for `Authorization: Bearer KEY`.
    pub(crate) key_header: Option<&'static str>,
}

/// A provider's server, with the URLs and the key for requests.
pub(crate) struct Connection {
    pub(crate) provider: &'static str,
    pub(crate) key_variable: Option<&'static str>,
    pub(crate) server: Server,
    /// The URL for complete replies.
    pub(crate) endpoint: Endpoint,
    /// The URL for streamed replies.
    pub(crate) streamed: Endpoint,
    /// The URL for logs and errors, without credentials, the query string, or path segments that may be tokens.
    pub(crate) display_url: String,
    pub(crate) has_key: bool,
    /// The key and all other credentials, which are removed from the server's messages.
    pub(crate) secrets: Secrets,
}

impl Connection {
    /// Returns the description of this connection for error messages.
    pub(crate) fn source<'a>(&'a self, model: &'a str, api: &'static str) -> Source<'a> {
        Source {
            provider: self.provider,
            api,
            model,
            endpoint: &self.display_url,
            key_variable: self.key_variable,
            has_key: self.has_key,
            secrets: Some(&self.secrets),
        }
    }

    /// Writes the `Debug` output of a model that uses this connection, without the key.
    pub(crate) fn debug(&self, name: &str, model: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("provider", &self.provider)
            .field("model", &model)
            .field("address", &self.display_url)
            .field("has_key", &self.has_key)
            .finish_non_exhaustive()
    }

    /// Adds everything that identifies the server and the account to a digest: the URLs with their query strings, and
    /// the headers, which contain the key.
    pub(crate) fn add_to(&self, digest: &mut Digest) {
        for endpoint in [&self.endpoint, &self.streamed] {
            digest.add(endpoint.url().as_str());
        }
        // The map iterates in insertion order, which does not affect a request.
        let mut headers: Vec<_> = self.server.headers.iter().collect();
        headers.sort_by_key(|(name, _)| name.as_str());
        digest.add(headers.len().to_string());
        for (name, value) in headers {
            digest.add(name);
            digest.add(value);
        }
    }

    #[cfg(any(feature = "openai", feature = "gemini"))]
    pub(crate) fn host(&self) -> &str {
        self.endpoint.host()
    }
}

impl Options {
    /// Creates the connection and returns it with the settings. `paths` are relative to the base URL; the first is for
    /// complete replies, the second for streamed replies.
    pub(crate) fn connect(
        self,
        defaults: Defaults,
        paths: [&str; 2],
    ) -> Result<(Connection, Settings), ModelError> {
        let base_url = self
            .base_url
            .or_else(|| first_variable(defaults.base_url_variables));
        let base = base_url.as_deref().unwrap_or(defaults.base_url);
        if base.is_empty() {
            let variable = defaults.base_url_variables.first().unwrap_or(&"");
            return Err(configuration(&format!(
                "{} has a URL per account; set {variable}, or call `.base_url(..)`",
                defaults.provider
            )));
        }
        let mut endpoint = Endpoint::new(base, paths[0])?;
        let mut streamed = Endpoint::new(base, paths[1])?;
        let mut secrets = Secrets::default();
        secrets.add_url(&endpoint.url());
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
                    "the base URL contains credentials and an API key is also set; remove one of them",
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
                        configuration("the API key is empty or contains invalid characters; check its source")
                    })?;
                headers.insert(name, value);
                secrets.add(key);
            }
            (None, Some(credentials)) => {
                let basic = endpoint::basic(&credentials);
                secrets.add_header(&AUTHORIZATION, &basic);
                headers.extend(endpoint::secret(&basic).map(|value| (AUTHORIZATION, value)));
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
            secrets.add_header(&header, value);
            headers.insert(header, endpoint::secret(value).ok_or_else(unsendable)?);
        }
        if defaults.requires_key && base_url.is_none() && !has_key {
            let variable = defaults
                .key_variables
                .first()
                .copied()
                .unwrap_or("the key's variable");
            return Err(ModelError::new(
                ModelErrorKind::Authentication,
                format!(
                    "{} requires an API key; set {variable}, or call `.api_key(..)`",
                    defaults.provider
                ),
            ));
        }
        let has_credentials = has_key
            || headers.keys().any(|name| is_credential(name.as_str()))
            || endpoint.url().query_pairs().any(|(name, _)| is_credential(&name));
        let is_http_allowed = self.allow_http || variable(ALLOW_HTTP).as_deref() == Some("1");
        if has_credentials && !endpoint.is_https() && endpoint.is_public() && !is_http_allowed {
            return Err(configuration(&format!(
                "the credentials would be sent unencrypted to {}; use `https://`, call `.allow_http()`, or set `{ALLOW_HTTP}=1`",
                endpoint.authority()
            )));
        }
        let connection = Connection {
            provider: defaults.provider,
            key_variable: defaults.key_variables.first().copied(),
            server: Server {
                client: own_client(self.client, self.connect_timeout, &endpoint)?,
                headers,
                read_timeout: self.read_timeout.unwrap_or(http::READ_TIMEOUT),
                max_reply: self.max_reply_bytes.unwrap_or(http::MAX_REPLY),
                authority: endpoint.authority(),
            },
            display_url: endpoint.to_string(),
            endpoint,
            streamed,
            has_key,
            secrets,
        };
        Ok((connection, self.settings))
    }
}

/// Returns the name of a model, or an error if it is empty.
pub(crate) fn model_name(model: String, example: &str) -> Result<String, ModelError> {
    if model.trim().is_empty() {
        return Err(configuration(&format!(
            "the model name is empty; use one such as `{example}`"
        )));
    }
    Ok(model)
}

/// Returns the model's own client, or `None` if the model uses the shared client.
fn own_client(
    client: Option<Client>,
    connect_timeout: Option<Duration>,
    endpoint: &Endpoint,
) -> Result<Option<Client>, ModelError> {
    match (client, connect_timeout) {
        (Some(_), Some(_)) => Err(configuration(
            "`connect_timeout` does not apply to your own client; set it when building that client",
        )),
        (None, Some(timeout)) => client::new_client(endpoint.is_https(), timeout).map(Some),
        // Reports problems with the shared client here instead of on the first request.
        (None, None) => client::tls(endpoint.is_https()).map(|_| None),
        (client, None) => Ok(client),
    }
}

/// Returns the value of the first of these environment variables that has one; see [`variable`].
pub(crate) fn first_variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| variable(name))
}

/// Returns the trimmed value of an environment variable, or `None` if the variable is unset, blank or not valid
/// Unicode.
pub(crate) fn variable(name: &str) -> Option<String> {
    let text = std::env::var(name).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub(crate) fn configuration(message: &str) -> ModelError {
    ModelError::new(ModelErrorKind::Configuration, message)
}

/// Defines the methods that set the `options` of a builder.
macro_rules! connection_methods {
    () => {
        /// Sets the API key. By default, it is read from the provider's environment variables.
        pub fn api_key(mut self, key: impl Into<String>) -> Self {
            self.options.api_key = Some(key.into());
            self
        }

        /// Sets the base URL, including the version (such as `/v1`) if the provider's default base URL includes it.
        /// A custom base URL does not require a key, except for Amazon Bedrock.
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.options.base_url = Some(url.into());
            self
        }

        /// Adds a header to every request. The value is kept out of logs.
        pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.options.headers.push((name.into(), value.into()));
            self
        }

        /// Sets the defaults for settings that a request does not set.
        pub fn settings(mut self, settings: $crate::model::Settings) -> Self {
            self.options.settings = settings;
            self
        }

        /// Sets the HTTP client, with its proxy, certificates and connect timeout. By default, all models share one
        /// client.
        ///
        /// Build it with [`client_builder`](crate::provider::client_builder), which disables redirects. A client that
        /// follows redirects sends the prompt and all headers except `Authorization` and cookies to the redirect
        /// target, including a key in `x-api-key` or `api-key`.
        pub fn client(mut self, client: reqwest::Client) -> Self {
            self.options.client = Some(client);
            self
        }

        /// Sets the connect timeout (10 seconds by default). A model with its own timeout also has its own client, so
        /// this option cannot be combined with [`client`](Self::client).
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.connect_timeout = Some(timeout);
            self
        }

        /// Sets the read timeout: the longest allowed wait for a response or between its bytes. The default is 10
        /// minutes, because a model sends nothing while it thinks about a non-streaming reply.
        pub fn read_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.read_timeout = Some(timeout);
            self
        }

        /// Sets the maximum size of a reply body in bytes (32 MiB by default). A larger reply is an error of kind
        /// [`TooLarge`](crate::model::ModelErrorKind::TooLarge).
        ///
        /// The limit applies to complete and streamed replies and bounds their memory usage. All bytes of a stream
        /// count, including event metadata and comments. OpenAI sends about 300 bytes per token, so the default is
        /// enough for 100,000 tokens.
        pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
            self.options.max_reply_bytes = Some(bytes);
            self
        }

        /// Allows an `http://` base URL on a public host even if requests contain credentials, which anyone on the
        /// network path can then read.
        ///
        /// By default, [`build`](Self::build) rejects such a URL. Loopback and private addresses, host names without a
        /// dot, and names under private domains such as `.local` and `.internal` are always allowed.
        ///
        /// The environment variable `AGNO_ALLOW_HTTP=1` allows such URLs for all models of the process, including those
        /// that have no builder, such as [`AnyModel::from_env`](crate::AnyModel::from_env).
        pub fn allow_http(mut self) -> Self {
            self.options.allow_http = true;
            self
        }
    };
}
pub(crate) use connection_methods;
