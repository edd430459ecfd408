//! A server that speaks OpenAI's APIs, and how it becomes a connection.

use reqwest::Url;

use super::quirks::Quirks;
use super::servers::SERVERS;
use crate::model::{ModelError, Settings};
use crate::provider::KnownProvider;
use crate::provider::transport::connection::{Connection, Defaults, Options, first_variable};

/// A server that speaks OpenAI's Chat Completions API: what it is called, where it is, whose key it takes, and how
/// it differs.
///
/// The servers that agno knows are [`SERVERS`]. Your own is as good as one of them:
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
    /// Its name, as in `name:model`.
    pub name: &'static str,
    /// Where it answers.
    pub base_url: &'static str,
    /// The variables that say another address for it: the first that is set. Where `base_url` is empty, one must be.
    pub base_url_variables: &'static [&'static str],
    /// What is added to an address that stops short of it, as `/openai/v1` is to that of an Azure resource.
    pub base_path: &'static str,
    /// The variables its key is read from: the first that is set.
    pub key_variables: &'static [&'static str],
    /// The header its key is sent in.
    pub key_header: KeyHeader,
    /// Whether it answers nobody without a key. At an address of your own, a key is never required.
    pub requires_key: bool,
    /// How it differs.
    pub quirks: Quirks,
}

/// The header a key is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyHeader {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// The key alone, in this header.
    Named(&'static str),
}

impl Server {
    /// A server of this name at this address that takes no key.
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

    /// Creates the server of a row of the table, at the address of its Chat Completions.
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

    /// With a key, required, from the first of these variables that is set.
    #[must_use]
    pub const fn with_key(mut self, variables: &'static [&'static str]) -> Self {
        self.key_variables = variables;
        self.requires_key = true;
        self
    }

    /// With a key from the first of these variables that is set, if any.
    #[must_use]
    pub const fn with_optional_key(mut self, variables: &'static [&'static str]) -> Self {
        self.key_variables = variables;
        self.requires_key = false;
        self
    }

    /// With the key in this header by itself, in the place of `Authorization: Bearer`.
    #[must_use]
    pub const fn with_key_header(mut self, name: &'static str) -> Self {
        self.key_header = KeyHeader::Named(name);
        self
    }

    /// With an address from the first of these variables that is set.
    #[must_use]
    pub const fn with_base_url_variables(mut self, variables: &'static [&'static str]) -> Self {
        self.base_url_variables = variables;
        self
    }

    /// With this path added to an address that stops short of it.
    #[must_use]
    pub const fn with_base_path(mut self, path: &'static str) -> Self {
        self.base_path = path;
        self
    }

    /// With these differences.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Returns the server of this name.
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

    /// The connection these options make to a path under this server's address.
    pub(crate) fn connect(
        &self,
        mut options: Options,
        path: &str,
    ) -> Result<(Connection, Settings), ModelError> {
        let variables = self.base_url_variables;
        let given = options.base_url.or_else(|| first_variable(variables));
        options.base_url = given.map(|url| self.full_url(url));
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

    /// Adds the base path to an address that stops short of it.
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
    fn an_address_that_stops_short_is_completed_and_any_other_is_left_alone() {
        let azure = Server::new("azure", "").with_base_path("/openai/v1");
        let full = |url: &str| azure.full_url(url.to_owned());
        for short in [
            "https://a.openai.azure.com",
            "https://a.openai.azure.com/",
            "https://a.openai.azure.com/openai/",
        ] {
            assert_eq!(full(short), "https://a.openai.azure.com/openai/v1");
        }
        for other in [
            "https://a.openai.azure.com/openai/v1",
            "https://a.openai.azure.com/openai/v1/",
            "https://gate.example/team/v2?api-version=1",
            "https://gate.example/open",
            "no address",
        ] {
            assert_eq!(full(other), other);
        }
        assert_eq!(
            Server::new("acme", "").full_url("http://localhost".into()),
            "http://localhost"
        );
    }
}
