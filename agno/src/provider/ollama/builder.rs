//! Puts a model together: where Ollama runs, what each request carries.

use std::fmt;
use std::sync::Arc;

use super::PROVIDER;
use super::model::{Chat, Ollama};
use crate::model::ModelError;
use crate::provider::exchange::Exchange;
use crate::provider::transport::connection::{Defaults, Options, connection_methods, model_name, variable};

/// A model in the making, from [`Ollama::builder`].
///
/// A wrong value is reported by [`build`](Self::build).
///
/// ```
/// use agno::model::Settings;
/// use agno::provider::Ollama;
/// use serde_json::json;
///
/// let model = Ollama::builder("qwen3")
///     .base_url("http://gpu.example:11434")
///     .settings(Settings::new().with_extra("options", json!({"num_ctx": 16384})))
///     .build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[must_use = "nothing is made until `build()`"]
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

    /// The model.
    ///
    /// # Errors
    ///
    /// When a value cannot be used; the error says which and how to mend it.
    pub fn build(mut self) -> Result<Ollama, ModelError> {
        let model = model_name(self.model, "qwen3")?;
        let given = self.options.base_url.or_else(|| variable("OLLAMA_BASE_URL"));
        self.options.base_url = match given {
            Some(base) => Some(bare(&base).to_owned()),
            None => variable("OLLAMA_HOST").map(|host| address(&host)),
        };
        let defaults = Defaults {
            provider: PROVIDER,
            base_url: "http://localhost:11434",
            base_url_variable: None,
            key_variables: &["OLLAMA_API_KEY"],
            requires_key: false,
            key_header: None,
        };
        let (connection, settings) = self.options.connect(defaults, ["/api/chat"; 2])?;
        Ok(Ollama(Arc::new(Exchange {
            api: Chat,
            connection,
            model,
            settings,
        })))
    }
}

/// A base URL without what stands for one of Ollama's APIs.
fn bare(base: &str) -> &str {
    let base = base.trim().trim_end_matches('/');
    ["/v1", "/api"]
        .iter()
        .find_map(|path| base.strip_suffix(path))
        .unwrap_or(base)
}

/// The address that `OLLAMA_HOST` means, which also says where a server listens: `0.0.0.0`, `:8080`, `gpu.example`.
fn address(host: &str) -> String {
    let host = host.trim().trim_matches('"');
    let (scheme, rest) = host.split_once("://").unwrap_or(("http", host));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_bare_v6 = authority.matches(':').count() > 1 && !authority.contains(']');
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port))
            if !is_bare_v6 && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (name, Some(port))
        }
        _ => (authority.trim_end_matches(':'), None),
    };
    // Where a server listens on every address, it is reached on this one.
    let name = match name.trim_matches(['[', ']']) {
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        v6 if v6.contains(':') => format!("[{v6}]"),
        name => name.to_owned(),
    };
    let port = match port {
        Some(port) => format!(":{port}"),
        // An address with a scheme has the port of its scheme.
        None if host.contains("://") => String::new(),
        None => ":11434".to_owned(),
    };
    format!("{scheme}://{name}{port}/{path}")
        .trim_end_matches('/')
        .to_owned()
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("model", &self.model)
            .field("has_key", &self.options.api_key.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_an_address_as_ollama_means_it() {
        for (host, meant) in [
            ("gpu.example", "http://gpu.example:11434"),
            ("gpu.example:8080", "http://gpu.example:8080"),
            ("0.0.0.0", "http://127.0.0.1:11434"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            (":8080", "http://127.0.0.1:8080"),
            ("[::]:8080", "http://[::1]:8080"),
            ("::1", "http://[::1]:11434"),
            ("https://gpu.example", "https://gpu.example"),
            ("http://gpu.example:1/sub/", "http://gpu.example:1/sub"),
        ] {
            assert_eq!(address(host), meant, "{host}");
        }
    }

    #[test]
    fn a_base_url_for_another_of_its_apis_does_as_well() {
        for base in [
            "http://h:1",
            "http://h:1/",
            "http://h:1/v1",
            "http://h:1/v1/",
            "http://h:1/api",
        ] {
            assert_eq!(bare(base), "http://h:1", "{base}");
        }
    }
}
