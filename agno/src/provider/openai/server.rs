//! Servers that implement OpenAI's APIs, and connections to them.

use reqwest::Url;

use super::quirks::Quirks;
use super::servers::SERVERS;
use crate::model::{ModelError, Settings};
use crate::provider::KnownProvider;
use crate::provider::transport::connection::{Connection, Defaults, Options, first_variable};

/// A server that implements OpenAI's Chat Completions API: its name, address, key and quirks.
///
/// [`SERVERS`] lists the built-in servers. You can declare your own in the same way:
///
/// ```
/// use agno::provider::openai::{OpenAi, Server, Quirks};
///
/// const ACME: Server = Server::new("acme", "https://llm.acme.example/v1")
///     .with_key(&["ACME_API_KEY"])
///     .with_quirks(Quirks::COMPATIBLE.with_stream_usage(false));
///
/// let model = OpenAi::builder("acme-large").server(ACME).api_key("secret").build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server {
    /// Name of the server, as in `name:model`.
    pub name: &'static str,
    /// Base URL of the API.
    pub base_url: &'static str,
    /// Environment variables that override `base_url`; the first that is set is used. If `base_url` is empty, one of
    /// them must be set, unless the builder sets a base URL.
    pub base_url_variables: &'static [&'static str],
    /// Path of the API, appended to a base URL that does not include it, such as `/openai/v1` for an Azure resource.
    pub base_path: &'static str,
    /// Environment variables that may contain the key; the first that is set is used.
    pub key_variables: &'static [&'static str],
    /// Header that carries the key.
    pub key_header: KeyHeader,
    /// `true` if the server rejects requests without a key. With a custom base URL, a key is never required.
    pub requires_key: bool,
    /// Quirks of the server's API.
    pub quirks: Quirks,
}

/// The header that carries a key.
///
/// ```
/// use agno::provider::openai::{KeyHeader, OPENAI, Server};
///
/// assert_eq!(OPENAI.key_header, KeyHeader::Bearer);
/// let gateway = Server::new("gateway", "https://llm.acme.example/v1").with_key_header("x-gateway-key");
/// assert_eq!(gateway.key_header, KeyHeader::Named("x-gateway-key"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyHeader {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// The bare key, in the header with this name.
    Named(&'static str),
}

impl Server {
    /// Creates a server with this name and base URL that does not require a key.
    pub const fn new(name: &'static str, base_url: &'static str) -> Self {
        Self {
            name,
            base_url,
            base_url_variables: &[],
            base_path: "",
            key_variables: &[],
            key_header: KeyHeader::Bearer,
            requires_key: false,
            quirks: Quirks::COMPATIBLE,
        }
    }

    /// Creates a server from a row of the provider table, at the base URL of its Chat Completions API.
    pub(super) const fn listed(row: &KnownProvider, base_url: &'static str) -> Self {
        let server = Self::new(row.name, base_url).with_base_url_variables(row.base_url_variables);
        let server = match row.key_header {
            Some(name) => server.with_key_header(name),
            None => server,
        };
        if row.requires_key {
            server.with_key(row.key_variables)
        } else {
            server.with_optional_key(row.key_variables)
        }
    }

    /// Requires a key and sets the environment variables that may contain it; the first that is set is used.
    #[must_use]
    pub const fn with_key(mut self, variables: &'static [&'static str]) -> Self {
        self.key_variables = variables;
        self.requires_key = true;
        self
    }

    /// Sets the environment variables that may contain an optional key; the first that is set is used.
    #[must_use]
    pub const fn with_optional_key(mut self, variables: &'static [&'static str]) -> Self {
        self.key_variables = variables;
        self.requires_key = false;
        self
    }

    /// Sends the bare key in this header instead of `Authorization: Bearer`.
    #[must_use]
    pub const fn with_key_header(mut self, name: &'static str) -> Self {
        self.key_header = KeyHeader::Named(name);
        self
    }

    /// Sets the environment variables that override the base URL; the first that is set is used.
    #[must_use]
    pub const fn with_base_url_variables(mut self, variables: &'static [&'static str]) -> Self {
        self.base_url_variables = variables;
        self
    }

    /// Sets the path of the API, which is appended to a base URL that does not include it.
    #[must_use]
    pub const fn with_base_path(mut self, path: &'static str) -> Self {
        self.base_path = path;
        self
    }

    /// Sets the quirks of the server's API.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Returns the built-in server with this name.
    ///
    /// ```
    /// use agno::provider::openai::Server;
    ///
    /// assert_eq!(Server::named("groq").unwrap().key_variables, ["GROQ_API_KEY"]);
    /// assert!(Server::named("acme").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        SERVERS.iter().find(|server| server.name == name)
    }

    /// Creates a connection to `path`, relative to the server's base URL.
    pub(crate) fn connect(
        &self,
        mut options: Options,
        path: &str,
    ) -> Result<(Connection, Settings), ModelError> {
        let variables = self.base_url_variables;
        let base_url = options.base_url.or_else(|| first_variable(variables));
        options.base_url = base_url.map(|url| self.full_url(url));
        let defaults = Defaults {
            provider: self.name,
            base_url: self.base_url,
            base_url_variables: variables,
            key_variables: self.key_variables,
            requires_key: self.requires_key,
            key_header: match self.key_header {
                KeyHeader::Bearer => None,
                KeyHeader::Named(name) => Some(name),
            },
        };
        options.connect(defaults, [path; 2])
    }

    /// Appends the base path to a base URL that does not include it.
    fn full_url(&self, url: String) -> String {
        let Ok(mut full) = Url::parse(url.trim()) else {
            return url;
        };
        let path = full.path().trim_end_matches('/');
        let rest = self.base_path.strip_prefix(path);
        if rest.is_some_and(|rest| rest.starts_with('/')) {
            full.set_path(self.base_path);
            return full.into();
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_is_appended_only_to_urls_without_it() {
        let azure = Server::new("azure", "").with_base_path("/openai/v1");
        let full = |url: &str| azure.full_url(url.to_owned());
        for incomplete in [
            "https://a.openai.azure.com",
            "https://a.openai.azure.com/",
            "https://a.openai.azure.com/openai/",
        ] {
            assert_eq!(full(incomplete), "https://a.openai.azure.com/openai/v1");
        }
        for other in [
            "https://a.openai.azure.com/openai/v1",
            "https://a.openai.azure.com/openai/v1/",
            "https://gateway.example/team/v2?api-version=1",
            "https://gateway.example/open",
            "not a URL",
        ] {
            assert_eq!(full(other), other);
        }
        assert_eq!(
            Server::new("acme", "").full_url("http://localhost".into()),
            "http://localhost"
        );
    }
}
