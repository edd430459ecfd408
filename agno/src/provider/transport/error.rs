//! Errors from servers. Maps statuses and error codes, in all known formats, to kinds that callers can handle.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use super::http_time::span;
use super::retry_after::MAX_RETRY_AFTER;
use super::secrets::Secrets;
use crate::model::{ModelError, ModelErrorKind};

/// The origin of a reply in error messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) provider: &'a str,
    /// The API expected at the URL, as a noun phrase: `a Chat Completions API`.
    pub(crate) api: &'static str,
    pub(crate) model: &'a str,
    /// The URL without credentials or a query string.
    pub(crate) endpoint: &'a str,
    pub(crate) key_variable: Option<&'a str>,
    /// `true` if requests contain a key.
    pub(crate) has_key: bool,
    /// The secrets that must not appear in any message.
    pub(crate) secrets: Option<&'a Secrets>,
}

impl Source<'static> {
    /// An unknown origin, for recordings.
    pub(crate) const UNKNOWN: Self = Self {
        provider: "the provider",
        api: "an API for models",
        model: "the model",
        endpoint: "its address",
        key_variable: None,
        has_key: false,
        secrets: None,
    };
}

/// The fields of an error, extracted from any known format.
#[derive(Debug, Default)]
struct ErrorBody {
    code: String,
    kind: String,
    param: String,
    message: String,
}

/// Creates the error for a response with this status and body.
pub(crate) fn from_body(
    status: u16,
    body: &[u8],
    delay: Option<Duration>,
    source: &Source<'_>,
) -> ModelError {
    let body = String::from_utf8_lossy(body);
    from_value(Some(status), &body, delay, source)
}

/// Creates an error from this text, which should be JSON but may be anything.
pub(crate) fn from_value(
    status: Option<u16>,
    json: &str,
    delay: Option<Duration>,
    source: &Source<'_>,
) -> ModelError {
    let value = serde_json::from_str::<Value>(json).unwrap_or_default();
    let body = ErrorBody::from_value(&value);
    let delay = delay.or_else(|| delay_in(&value));
    // An error in a successful response may contain the real status as its code.
    let status = status.or_else(|| body.code.parse().ok().filter(|code| (400..600).contains(code)));
    let kind = body.kind_of(status);
    let mut error = ModelError::new(kind, body.to_message(kind, status, source)).with_retry_after(delay);
    if let Some(status) = status {
        error = error.with_status(status);
    }
    if !body.message.is_empty() {
        error = error.with_provider_message(source.redact(&body.message).into_owned());
    }
    error
}

/// Returns the delay in the details of a Google error: `"retryDelay": "34.4s"`.
fn delay_in(value: &Value) -> Option<Duration> {
    let value = value.get(0).unwrap_or(value);
    let details = value.get("error").unwrap_or(value).get("details")?.as_array()?;
    let text = details
        .iter()
        .find_map(|detail| detail.get("retryDelay")?.as_str())?;
    Some(span(text)?.min(MAX_RETRY_AFTER))
}

impl Source<'_> {
    /// Replaces the secrets in the text.
    fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.secrets {
            Some(secrets) => secrets.redact(text),
            None => Cow::Borrowed(text),
        }
    }
}

impl ErrorBody {
    /// Reads an error in any known format. OpenAI sends `{"error":{"message","type","param","code"}}`. Other servers
    /// send `{"error":"…"}`, omit the outer object, wrap it in a list, or send `detail` instead of `message`.
    fn from_value(value: &Value) -> Self {
        let value = match value {
            Value::Array(list) => list.first().unwrap_or(value),
            other => other,
        };
        let mut body = Self::default();
        match value.get("error") {
            Some(inner @ Value::Object(_)) => body.read(inner),
            Some(Value::String(text)) => body.message.clone_from(text),
            _ => {}
        }
        body.read(value);
        body
    }

    fn read(&mut self, value: &Value) {
        let text = |key: &str| match value.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(nested @ (Value::Array(_) | Value::Object(_))) if matches!(key, "detail" | "message") => {
                nested.to_string()
            }
            _ => String::new(),
        };
        let fill = |field: &mut String, keys: &[&str]| {
            for key in keys {
                if field.is_empty() {
                    *field = text(key);
                }
            }
        };
        fill(&mut self.code, &["code"]);
        fill(&mut self.kind, &["type", "status"]);
        fill(&mut self.param, &["param"]);
        fill(&mut self.message, &["message", "detail"]);
        if let Value::String(message) = value
            && self.message.is_empty()
        {
            self.message.clone_from(message);
        }
    }

    fn is(&self, codes: &[&str]) -> bool {
        codes.iter().any(|word| self.code == *word || self.kind == *word)
    }

    /// Returns `true` if the message contains one of these phrases. Many servers have no codes even for the most
    /// important errors.
    fn contains(&self, phrases: &[&str]) -> bool {
        let message = self.message.to_ascii_lowercase();
        phrases.iter().any(|phrase| message.contains(phrase))
    }

    fn kind_of(&self, status: Option<u16>) -> ModelErrorKind {
        use ModelErrorKind as Kind;

        // Bedrock's message "too many tokens" refers to the limit per minute.
        if self.is(&["throttlingException", "ThrottlingException"]) {
            return Kind::RateLimited;
        }
        let refused = matches!(status, None | Some(400 | 413 | 422));
        if self.is(&[
            "context_length_exceeded",
            "exceed_context_size_error",
            "model_max_prompt_tokens_exceeded",
        ]) || (refused || status == Some(500)) && self.contains(CONTEXT_PHRASES)
        {
            return Kind::ContextTooLong;
        }
        if self.is(&[
            "content_filter",
            "content_policy_violation",
            "content_policy",
            "ResponsibleAIPolicyViolation",
            "invalid_prompt",
            "bio_policy",
            "image_content_policy_violation",
        ]) || refused && self.contains(&["content filtering policy"])
        {
            return Kind::ContentRefused;
        }
        if self.is(&[
            "invalid_api_key",
            "authentication_error",
            "permission_error",
            "accessDeniedException",
            "AccessDeniedException",
            "ExpiredTokenException",
            "UNAUTHENTICATED",
        ]) || refused && self.contains(&["incorrect api key", "invalid api key", "api key not valid"])
        {
            return Kind::Authentication;
        }
        if self.is(&["model_not_found", "model_not_available", "not_found_error"])
            || refused && self.contains(&["model identifier is invalid"])
        {
            return Kind::NotFound;
        }
        if self.is(&[
            "insufficient_quota",
            "billing_error",
            "exceeded_current_quota_error",
        ]) || refused && self.contains(&["credit balance is too low"])
        {
            return Kind::QuotaExceeded;
        }
        if self.is(&["rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED"]) {
            return Kind::RateLimited;
        }
        match status {
            None if self.is(&["request_too_large"]) => Kind::ContextTooLong,
            None if self.is(&["timeout_error", "modelTimeoutException", "ModelTimeoutException"]) => {
                Kind::Timeout
            }
            Some(402) => Kind::QuotaExceeded,
            Some(401 | 403 | 407) => Kind::Authentication,
            Some(404 | 405 | 410) | Some(300..=399) => Kind::NotFound,
            Some(408) => Kind::Timeout,
            Some(413) => Kind::ContextTooLong,
            Some(429) => Kind::RateLimited,
            Some(409 | 424 | 425 | 498 | 500..=599) => Kind::Overloaded,
            Some(400..=499) => Kind::BadRequest,
            Some(_) => Kind::MalformedReply,
            None if self.is(&[
                "invalid_request_error",
                "BadRequestError",
                "INVALID_ARGUMENT",
                "validationException",
                "ValidationException",
            ]) =>
            {
                Kind::BadRequest
            }
            // The request caused these errors. Their codes have no common format.
            None if self.code.contains("image") || self.code == "data_residency_mismatch" => Kind::BadRequest,
            None => Kind::Overloaded,
        }
    }

    fn to_message(&self, kind: ModelErrorKind, status: Option<u16>, source: &Source<'_>) -> String {
        use ModelErrorKind as Kind;

        let Source {
            provider,
            model,
            endpoint,
            ..
        } = *source;
        let names = self.list_names(source.secrets);
        let status = status.map(|status| status.to_string()).unwrap_or_default();
        let separator = if status.is_empty() { "" } else { " " };
        let summary = match kind {
            Kind::Authentication => {
                let problem = match (source.has_key, source.key_variable) {
                    (true, Some(variable)) => {
                        format!("rejected the API key; check {variable} or `.api_key(..)`")
                    }
                    (true, None) => "rejected the API key; check `.api_key(..)`".to_owned(),
                    (false, Some(variable)) => {
                        format!("requires an API key; set {variable}, or call `.api_key(..)`")
                    }
                    (false, None) => "requires an API key; call `.api_key(..)`".to_owned(),
                };
                format!("{provider} {problem}")
            }
            Kind::NotFound if status.starts_with('3') => {
                format!("{provider} is no longer at {endpoint}; update the base URL")
            }
            Kind::NotFound => format!(
                "{provider} has no model `{model}`, or {endpoint} does not exist; check the model name and the base URL"
            ),
            Kind::QuotaExceeded => {
                format!(
                    "the quota of the account at {provider} is exhausted; add credit or raise the limit there, because waiting does not help"
                )
            }
            Kind::RateLimited => {
                format!("{provider} limits the rate of requests or tokens; wait and retry")
            }
            Kind::ContextTooLong => {
                format!(
                    "the conversation exceeds the context of {model}; shorten it, or set a window on the session"
                )
            }
            Kind::ContentRefused => format!("{provider} refused the content of the request"),
            Kind::Timeout => format!("{provider} timed out; retry"),
            Kind::Overloaded => format!("{provider} is overloaded or failed; retry later"),
            Kind::MalformedReply => format!(
                "{provider} sent a reply that {} does not send; check the base URL {endpoint}",
                source.api
            ),
            _ => format!("{provider} rejected the request to {model}; see `provider_message()`"),
        };
        format!("{summary} ({status}{separator}{names})")
            .replace(" ()", "")
            .replace("( ", "(")
            .replace(" )", ")")
    }

    /// Lists the server's codes for the error. Omits values that may be free text, because they could contain a secret
    /// or a prompt.
    fn list_names(&self, secrets: Option<&Secrets>) -> String {
        let is_name = |word: &&str| {
            (1..=80).contains(&word.len())
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-.:[]".contains(&byte))
                && secrets.is_none_or(|secrets| !secrets.occur_in(word))
        };
        let mut names = String::new();
        for (label, word) in [("code", &self.code), ("type", &self.kind), ("param", &self.param)] {
            if let Some(word) = Some(word.as_str()).filter(is_name) {
                if !names.is_empty() {
                    names.push_str(", ");
                }
                names.push_str(label);
                names.push(' ');
                names.push_str(word);
            }
        }
        names
    }
}

/// Phrases that report an overlong conversation, from servers without a code for this error.
const CONTEXT_PHRASES: &[&str] = &[
    "context length",
    "context window",
    "context size",
    "maximum context",
    "prompt is too long",
    "input is too long",
    "too many tokens",
    "exceed context limit",
    "maximum prompt length",
    "reduce the length",
    "exceeds the maximum number of tokens",
];

/// Returns the error for a web page received instead of a reply.
pub(crate) fn web_page(content_type: &str, source: &Source<'_>) -> ModelError {
    ModelError::new(
        ModelErrorKind::MalformedReply,
        format!(
            "{} replied with {content_type}, which {} does not send; check whether the base URL points to a proxy or a website",
            source.endpoint, source.api
        ),
    )
}
