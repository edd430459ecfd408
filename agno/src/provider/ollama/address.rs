//! Determines the base URL of an Ollama server for models and embedders. `OLLAMA_HOST` is used if no base URL is set.

use super::ROW;
use crate::provider::transport::connection::{first_variable, variable};

/// Returns the base URL of Ollama's native API, if it is set explicitly or in the environment.
pub(crate) fn base_url(base_url: Option<String>) -> Option<String> {
    match base_url.or_else(|| first_variable(ROW.base_url_variables)) {
        Some(base) => Some(without_api(&base).to_owned()),
        None => variable("OLLAMA_HOST").map(|host| address_of_host(&host)),
    }
}

/// Returns a base URL without the path of one of Ollama's APIs.
fn without_api(base: &str) -> &str {
    let base = base.trim().trim_end_matches('/');
    ["/v1", "/api", "/api/chat", "/api/embed"]
        .iter()
        .find_map(|path| base.strip_suffix(path))
        .unwrap_or(base)
}

/// Returns the base URL of the server for a value of `OLLAMA_HOST`. The variable also configures a server's listening
/// address, so it may be `0.0.0.0`, `:8080` or `gpu.example`.
fn address_of_host(host: &str) -> String {
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
    // A server that listens on all addresses is reachable through the loopback address.
    let name = match name.trim_matches(['[', ']']) {
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        v6 if v6.contains(':') => format!("[{v6}]"),
        name => name.to_owned(),
    };
    let port = match port {
        Some(port) => format!(":{port}"),
        // A value with a scheme uses the default port of the scheme.
        None if host.contains("://") => String::new(),
        None => ":11434".to_owned(),
    };
    format!("{scheme}://{name}{port}/{path}")
        .trim_end_matches('/')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ollama_host_is_normalized_as_in_ollama() {
        for (host, expected) in [
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
            assert_eq!(address_of_host(host), expected, "{host}");
        }
    }

    #[test]
    fn api_paths_are_removed_from_the_base_url() {
        for base in [
            "http://h:1",
            "http://h:1/",
            "http://h:1/v1",
            "http://h:1/v1/",
            "http://h:1/api",
            "http://h:1/api/chat",
            "http://h:1/api/embed/",
        ] {
            assert_eq!(without_api(base), "http://h:1", "{base}");
        }
        assert_eq!(without_api("http://h:1/proxy"), "http://h:1/proxy");
    }
}
