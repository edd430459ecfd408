//! A server's URL that can be displayed without exposing the credentials in it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::model::{ModelError, ModelErrorKind};

/// A provider's URL. Its `Display` and `Debug` output omits the user name, the password and the query.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    url: Url,
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
        if !base.ends_with(path) {
            let path = format!("{base}{path}");
            url.set_path(&path);
        }
        url.set_fragment(None);
        Ok(Self { url })
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
        f.write_str(self.url.path())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let pair = (byte == b'%').then(|| text.get(text.len() - rest.len()..text.len() - rest.len() + 2));
        match pair.flatten().and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns a header value that is marked as sensitive, to keep it out of logs.
pub(crate) fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Returns the value of an `Authorization: Basic` header.
pub(crate) fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}
