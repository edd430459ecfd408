//! A server's URL that can be displayed without exposing credentials.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::model::{ModelError, ModelErrorKind};

/// Top-level domains that no public name uses.
const PRIVATE_DOMAINS: [&str; 8] = [
    "example",
    "internal",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "test",
];

/// A provider's URL. Its `Display` and `Debug` output omits the user name, the password and the query, and redacts
/// segments of the base URL's path that may be tokens.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    url: Url,
    /// Number of path segments in the base URL, including the empty segment before the leading slash.
    base_segments: usize,
}

impl Endpoint {
    /// Appends `path` to the URL `base`, unless `base` already ends with it.
    pub(crate) fn new(base: &str, path: &str) -> Result<Self, ModelError> {
        let malformed = |reason: &str| {
            let message = format!("the base URL {reason}; use a URL such as `https://api.openai.com/v1`");
            ModelError::new(ModelErrorKind::Configuration, message)
        };
        let mut url =
            Url::parse(base.trim()).map_err(|error| malformed("is not a valid URL").with_source(error))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(malformed("starts with neither `http://` nor `https://`"));
        }
        let base = url.path().trim_end_matches('/');
        let base_segments = base.split('/').count();
        if !base.ends_with(path) {
            let path = format!("{base}{path}");
            url.set_path(&path);
        }
        url.set_fragment(None);
        Ok(Self { url, base_segments })
    }

    /// Appends `query` to the URL's query string.
    #[cfg(feature = "gemini")]
    pub(crate) fn with_query(mut self, query: &str) -> Self {
        let query = match self.url.query() {
            Some(known) if !known.is_empty() => format!("{known}&{query}"),
            _ => query.to_owned(),
        };
        self.url.set_query(Some(&query));
        self
    }

    /// Returns the complete URL, including the parts that must not be displayed.
    pub(crate) fn url(&self) -> Url {
        self.url.clone()
    }

    /// Returns `true` if the host is neither this machine nor a name or address in a private network.
    pub(crate) fn is_public(&self) -> bool {
        let host = self.host().trim_matches(['[', ']']).trim_end_matches('.');
        match host.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(IpAddr::V4(ip)) => is_public_v4(ip),
            Ok(IpAddr::V6(ip)) => {
                let is_private = ip.is_unique_local() || ip.is_unicast_link_local();
                !(ip.is_loopback() || ip.is_unspecified() || is_private)
            }
            // Names without a dot are resolved within a private network, such as a container network.
            Err(_) => host
                .rsplit_once('.')
                .is_some_and(|(_, end)| !PRIVATE_DOMAINS.contains(&end) && !host.ends_with(".home.arpa")),
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Removes the user name and the password and returns them as `name:password`.
    pub(crate) fn take_credentials(&mut self) -> Option<String> {
        let name = decode_percent(self.url.username());
        let password = self.url.password().map(decode_percent);
        if name.is_empty() && password.is_none() {
            return None;
        }
        // Neither call fails for a URL with a host, and `http` and `https` URLs always have one.
        let _ = self.url.set_username("");
        let _ = self.url.set_password(None);
        Some(format!("{name}:{}", password.unwrap_or_default()))
    }

    /// Returns `host:port`.
    pub(crate) fn authority(&self) -> String {
        let port = self.url.port_or_known_default().unwrap_or_default();
        format!("{}:{port}", self.host())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.url.scheme(), self.host())?;
        if let Some(port) = self.url.port() {
            write!(f, ":{port}")?;
        }
        for (at, segment) in self.url.path().split('/').enumerate() {
            let gap = if at == 0 { "" } else { "/" };
            let is_hidden = at < self.base_segments && is_token(segment);
            write!(f, "{gap}{}", if is_hidden { "[redacted]" } else { segment })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    // `100.64.0.0/10` is used within provider networks and by overlay networks.
    let is_shared = first == 100 && (64..128).contains(&second);
    !(ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified() || is_shared)
}

/// Returns `true` if a path segment may be a token rather than a name: if it is long, contains both letters and digits,
/// and otherwise contains only `-`, `_` and `~`.
pub(super) fn is_token(segment: &str) -> bool {
    const MIN_TOKEN: usize = 20;
    let has = |is: fn(&u8) -> bool| segment.bytes().any(|byte| is(&byte));
    let takes = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    segment.len() >= MIN_TOKEN
        && segment.bytes().all(takes)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}

pub(super) fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let is_pair = |pair: &[u8]| *byte == b'%' && pair.iter().all(u8::is_ascii_hexdigit);
        let pair = after.split_at_checked(2).filter(|(pair, _)| is_pair(pair));
        let decoded = pair.and_then(|(pair, after)| {
            let pair = std::str::from_utf8(pair).ok()?;
            Some((u8::from_str_radix(pair, 16).ok()?, after))
        });
        let (byte, after) = decoded.unwrap_or((*byte, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns a header value that is marked as sensitive to keep it out of logs, or `None` if the text is invalid in a
/// header.
pub(crate) fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Returns the value of an `Authorization: Basic` header.
pub(crate) fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_and_private_hosts_are_not_public() {
        let is_public = |host: &str| {
            Endpoint::new(&format!("http://{host}/v1"), "")
                .unwrap()
                .is_public()
        };
        for host in [
            "localhost",
            "localhost:8080",
            "127.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.9:11434",
            "169.254.0.1",
            "100.64.0.1",
            "[fd00::1]",
            "[fe80::1]",
            "ollama",
            "gpu.local",
            "gpu.local.",
            "llm.svc.cluster.local",
            "nas.home.arpa",
        ] {
            assert!(!is_public(host), "{host}");
        }
        for host in [
            "api.openai.com",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "[2606:4700::1]",
            "[::ffff:8.8.8.8]",
            "local.com",
            "notlocal",
        ] {
            assert_eq!(is_public(host), host != "notlocal", "{host}");
        }
    }

    #[test]
    fn tokens_in_the_path_of_the_base_url_are_hidden() {
        let display = |base: &str, path: &str| Endpoint::new(base, path).unwrap().to_string();
        assert_eq!(
            display(
                "https://u:p@h.example/v1/0123456789abcdef0123/gate?key=1",
                "/chat"
            ),
            "https://h.example/v1/[redacted]/gate/chat"
        );
        assert_eq!(
            display(
                "https://h.example",
                "/models/gemini-2-5-flash-preview-05-20:embed"
            ),
            "https://h.example/models/gemini-2-5-flash-preview-05-20:embed"
        );
        assert_eq!(
            display("https://h.example/v1/", "/chat"),
            "https://h.example/v1/chat"
        );
    }
}
