//! The secrets of a connection: strings in its requests that a server may repeat and that must not appear in errors.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::{COOKIE, HeaderName};

use super::endpoint::{decode_percent, is_token};

/// The text that replaces a secret.
const PLACEHOLDER: &str = "[redacted]";

/// Minimum length of a value that counts as a secret even if its name does not suggest a credential. A shorter value is
/// likely to occur in unrelated text.
const MIN_GUESS: usize = 8;

/// Headers and query parameters whose values are public and help to explain errors.
const PUBLIC: [&str; 8] = [
    "anthropic-beta",
    "anthropic-version",
    "api-version",
    "http-referer",
    "openai-beta",
    "openai-organization",
    "openai-project",
    "user-agent",
];

/// The secrets of a connection, longest first, so that replacing a secret never leaves part of a longer secret behind.
#[derive(Default)]
pub(crate) struct Secrets {
    known: Vec<String>,
    /// The secret of the latest request, if it is known only when the request is sent.
    latest: Mutex<Option<String>>,
}

impl Secrets {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        self.insert(secret);
        // A server may repeat the secret in nested JSON.
        if let Ok(json) = serde_json::to_string(secret) {
            self.insert(json.trim_matches('"'));
        }
    }

    fn insert(&mut self, secret: &str) {
        if secret.is_empty() || self.known.iter().any(|known| known == secret) {
            return;
        }
        let at = self.known.partition_point(|known| known.len() >= secret.len());
        self.known.insert(at, secret.to_owned());
    }

    /// Adds the value of a header or a query parameter if its name suggests a credential or the value is long, unless
    /// the name is in [`PUBLIC`].
    fn add_value(&mut self, name: &str, value: &str) {
        let is_credential = is_credential(name);
        if !PUBLIC.contains(&name) && (is_credential || value.trim().len() >= MIN_GUESS) {
            self.add(value);
        }
    }

    /// Adds the value of a header, with and without its scheme, and any credentials that it encodes.
    pub(crate) fn add_header(&mut self, name: &HeaderName, value: &str) {
        self.add_value(name.as_str(), value);
        if name == COOKIE {
            for pair in value.split(';') {
                let value = pair.split_once('=').map_or(pair, |(_, value)| value);
                self.add_value("", value);
            }
        }
        if !is_credential(name.as_str()) {
            return;
        }
        let Some((scheme, credentials)) = value.trim().split_once(' ') else {
            return;
        };
        self.add(credentials);
        if scheme.eq_ignore_ascii_case("basic")
            && let Some(decoded) = STANDARD.decode(credentials.trim()).ok()
            && let Ok(decoded) = String::from_utf8(decoded)
        {
            self.add_userinfo(&decoded);
        }
    }

    /// Adds `name:password`. The name itself counts as a secret only if it may be a token: if there is no password, or
    /// if the name is long.
    fn add_userinfo(&mut self, userinfo: &str) {
        let (name, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
        if password.is_empty() {
            self.add(name);
        } else {
            self.add(userinfo);
            self.add(password);
            self.add_value("", name);
        }
    }

    /// Adds the credentials, the query values and the path tokens of a URL, both percent-encoded and decoded.
    pub(crate) fn add_url(&mut self, url: &Url) {
        for decode in [|text: &str| text.to_owned(), decode_percent] {
            let (name, password) = (decode(url.username()), url.password().map(decode));
            if !name.is_empty() || password.is_some() {
                self.add_userinfo(&format!("{name}:{}", password.unwrap_or_default()));
            }
        }
        for pair in url.query().unwrap_or_default().split('&') {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            self.add_value(name, value);
        }
        for (name, value) in url.query_pairs() {
            let value = if value.is_empty() { &name } else { &value };
            self.add_value(&name, value);
        }
        for segment in url.path().split('/').filter(|segment| is_token(segment)) {
            self.add(segment);
        }
    }

    /// Sets the secret of the latest request, such as a session token that is renewed.
    pub(crate) fn set_latest(&self, secret: Option<&str>) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.as_deref() != secret {
            *latest = secret.map(str::to_owned);
        }
    }

    /// Replaces all secrets in the text.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in latest.iter().chain(&self.known) {
            if text.contains(secret.as_str()) {
                text = Cow::Owned(text.replace(secret.as_str(), PLACEHOLDER));
            }
        }
        text
    }

    /// Returns `true` if the text contains a secret.
    pub(crate) fn occur_in(&self, text: &str) -> bool {
        matches!(self.redact(text), Cow::Owned(_))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.known.len())
    }
}

/// Returns `true` if the name of a header or a query parameter suggests a credential.
pub(super) fn is_credential(name: &str) -> bool {
    const WORDS: [&str; 6] = [
        "auth",
        "authentication",
        "authorization",
        "password",
        "sig",
        "signature",
    ];
    const ENDS: [&str; 5] = ["cookie", "credential", "key", "secret", "token"];
    let name = name.to_ascii_lowercase();
    name.split(['-', '_', '.']).any(|word| {
        WORDS.contains(&word)
            || ENDS.iter().any(|end| {
                word.ends_with(end) || word.strip_suffix('s').is_some_and(|word| word.ends_with(end))
            })
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AUTHORIZATION, PROXY_AUTHORIZATION};

    use super::*;

    #[test]
    fn every_form_of_a_credential_is_redacted() {
        let mut secrets = Secrets::default();
        secrets.add("sk-canary");
        secrets.add("sk-canary-long");
        secrets.add_header(&AUTHORIZATION, "Bearer canary-bearer");
        secrets.add_header(&PROXY_AUTHORIZATION, "Basic dXNlcjpjYW5hcnktcHJveHk=");
        secrets.add_header(&COOKIE, "sid=canary-cookie; a=1");
        secrets.add_header(&HeaderName::from_static("x-team"), "canary-team");
        secrets.add_header(&HeaderName::from_static("x-api-key"), "cana");
        let url = "https://canary-user:canary%21pass@host/v1/canary0123456789canary/x?key=q1&v=canary%2Dquery&api-version=2026-01-01";
        secrets.add_url(&Url::parse(url).unwrap());
        secrets.set_latest(Some("canary-session"));
        for text in [
            "sk-canary",
            "sk-canary-long",
            "Bearer canary-bearer",
            "canary-bearer",
            "dXNlcjpjYW5hcnktcHJveHk=",
            "user:canary-proxy",
            "canary-proxy",
            "canary-cookie",
            "canary-team",
            "canary-user",
            "canary%21pass",
            "canary!pass",
            "canary0123456789canary",
            "canary%2Dquery",
            "canary-query",
            "canary-session",
        ] {
            let message = format!("received '{text}'.");
            assert_eq!(secrets.redact(&message), "received '[redacted]'.", "{text}");
            assert!(secrets.occur_in(&message), "{text}");
        }
        let harmless = "the host does not support 2026-01-01 for this model";
        assert_eq!(secrets.redact(harmless), harmless);
    }

    #[test]
    fn credential_names_are_recognized() {
        for name in [
            "Authorization",
            "proxy-authorization",
            "x-api-key",
            "apikey",
            "api_keys",
            "x-goog-api-key",
            "cf-access-client-secret",
            "x-amz-security-token",
            "X-Amz-Signature",
            "cookie",
            "x-auth",
        ] {
            assert!(is_credential(name), "{name}");
        }
        for name in [
            "x-author",
            "x-team",
            "x-title",
            "api-version",
            "content-type",
            "keyboard",
        ] {
            assert!(!is_credential(name), "{name}");
        }
    }

    #[test]
    fn a_secret_in_nested_json_is_redacted() {
        let mut secrets = Secrets::default();
        secrets.add(r#"can"ary\"#);
        assert_eq!(secrets.redact(r#"["can\"ary\\"]"#), r#"["[redacted]"]"#);
    }
}
