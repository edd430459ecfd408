//! The JSON body of a request, serialized directly from borrowed data without an intermediate tree.

use serde::Serialize;
use serde::de::IgnoredAny;
#[cfg(any(feature = "gemini", feature = "ollama"))]
use serde_json::{Map, Value};

#[cfg(any(feature = "openai", feature = "cohere"))]
use super::calls::{CallIds, tool_name};
use crate::message::Message;
use crate::model::{ModelError, ModelErrorKind, Request, Settings};

/// A JSON document under construction.
pub(crate) struct Body(Vec<u8>);

impl Body {
    /// Creates an empty body with the estimated capacity for this request.
    pub(crate) fn for_request(request: &Request<'_>) -> Self {
        let text: usize = request.messages.iter().map(Message::text_bytes).sum();
        let tools = request.tools.len().saturating_mul(512);
        let texts = text
            .saturating_add(text / 8)
            .saturating_add(request.instructions.len());
        Self(Vec::with_capacity(capacity(texts.saturating_add(tools))))
    }

    /// Creates an empty body with the estimated capacity for these texts.
    #[cfg(any(
        feature = "openai",
        feature = "gemini",
        feature = "cohere",
        feature = "ollama"
    ))]
    pub(crate) fn with_capacity_for(texts: &[&str]) -> Self {
        let bytes: usize = texts.iter().map(|text| text.len().saturating_add(64)).sum();
        Self(Vec::with_capacity(capacity(bytes.saturating_add(bytes / 8))))
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Returns the length of the body in bytes.
    #[cfg(any(feature = "anthropic", feature = "bedrock"))]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Removes everything after this length.
    #[cfg(feature = "bedrock")]
    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Inserts JSON at an earlier position in the body.
    #[cfg(any(feature = "anthropic", feature = "bedrock"))]
    pub(crate) fn insert(&mut self, at: usize, json: &str) {
        let after = self.0.split_off(at);
        self.raw(json);
        self.0.extend_from_slice(&after);
    }

    /// Appends JSON unchanged.
    pub(crate) fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    /// Appends a value.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ModelError> {
        serde_json::to_writer(&mut self.0, value).map_err(|error| {
            ModelError::new(
                ModelErrorKind::BadRequest,
                "the request could not be serialized as JSON",
            )
            .with_source(error)
        })
    }

    /// Appends text as a JSON string.
    pub(crate) fn text(&mut self, text: &str) {
        // Writing a string to a vector cannot fail.
        let _ = serde_json::to_writer(&mut self.0, text);
    }

    /// Appends a comma, unless the body is empty or ends in `[`, `{`, `,` or `:`.
    pub(crate) fn comma(&mut self) {
        if !matches!(self.0.last(), None | Some(b'[' | b'{' | b',' | b':')) {
            self.0.push(b',');
        }
    }

    /// Appends a field, with a comma if needed.
    pub(crate) fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), ModelError> {
        self.key(key);
        self.value(value)
    }

    /// Appends a string field.
    pub(crate) fn text_field(&mut self, key: &str, text: &str) {
        self.key(key);
        self.text(text);
    }

    /// Appends a field whose value is already JSON.
    pub(crate) fn raw_field(&mut self, key: &str, json: &str) {
        self.key(key);
        self.raw(json);
    }

    /// Appends a field's name and a colon, with a comma if needed.
    pub(crate) fn key(&mut self, key: &str) {
        self.comma();
        self.text(key);
        self.0.push(b':');
    }

    /// Appends the calls of the message at position `at` in the format of Chat Completions and similar APIs, with the
    /// arguments as text.
    #[cfg(any(feature = "openai", feature = "cohere"))]
    pub(crate) fn tool_calls(
        &mut self,
        message: &crate::message::AssistantMessage,
        at: usize,
        ids: &CallIds,
    ) {
        self.key("tool_calls");
        self.raw("[");
        for (index, call) in message.calls().enumerate() {
            self.comma();
            self.raw(r#"{"id":"#);
            self.text(ids.id(call, at, index));
            self.raw(r#","type":"function","function":{"name":"#);
            self.text(&tool_name(&call.name));
            self.text_field("arguments", sendable(&call.arguments));
            self.raw("}}");
        }
        self.raw("]");
    }

    /// Appends a setting, unless it has no value or an extra field of the same name replaces it.
    pub(crate) fn setting<T: Serialize>(
        &mut self,
        settings: &Settings,
        key: &str,
        value: Option<T>,
    ) -> Result<(), ModelError> {
        match value {
            Some(value) if !settings.has_extra(key) => self.field(key, &value),
            _ => Ok(()),
        }
    }

    /// Appends an object with the fields of `head`, which is an object without its closing brace, followed by the
    /// fields of `object`.
    #[cfg(feature = "openai")]
    pub(crate) fn splice(&mut self, head: &str, object: &str) -> Result<(), ModelError> {
        let Some(rest) = object.trim_start().strip_prefix('{') else {
            let message = "the declaration of a tool or output is not a JSON object; write one";
            return Err(ModelError::new(ModelErrorKind::BadRequest, message));
        };
        self.raw(head);
        if !rest.trim_start().starts_with('}') {
            self.comma();
        }
        self.raw(rest);
        Ok(())
    }

    /// Appends the extra fields. If several have the same name, only the first is written. Fields in `reserved` come
    /// from the request itself and cannot be set.
    pub(crate) fn extras(&mut self, settings: &Settings, reserved: &[&str]) -> Result<(), ModelError> {
        self.extras_except(settings, reserved, &[])
    }

    /// Appends the extra fields except those in `written`, which are already in the body.
    pub(crate) fn extras_except(
        &mut self,
        settings: &Settings,
        reserved: &[&str],
        written: &[&str],
    ) -> Result<(), ModelError> {
        for (at, (key, value)) in settings.extra.iter().enumerate() {
            if reserved.contains(&key.as_str()) {
                let message =
                    format!("`extra` cannot set `{key}`, which comes from the request itself; remove it");
                return Err(ModelError::new(ModelErrorKind::Configuration, message));
            }
            let is_written = written.contains(&key.as_str());
            if !is_written && !settings.extra.iter().take(at).any(|(earlier, _)| earlier == key) {
                self.field(key, value)?;
            }
        }
        Ok(())
    }
}

/// Returns a generous capacity for a body with texts of this size, at most 64 MiB.
fn capacity(texts: usize) -> usize {
    texts.saturating_add(1024).min(64 * 1024 * 1024)
}

/// A nested object that contains settings. If an extra field of the same name is an object, its fields are added to
/// this object and replace fields of the same name.
#[cfg(any(feature = "gemini", feature = "ollama"))]
pub(crate) struct Section<'a> {
    body: &'a mut Body,
    extra: Option<&'a Map<String, Value>>,
}

#[cfg(any(feature = "gemini", feature = "ollama"))]
impl Body {
    /// Appends the object that `fill` writes, unless it is empty.
    pub(crate) fn section(
        &mut self,
        settings: &Settings,
        key: &str,
        fill: impl FnOnce(&mut Section<'_>) -> Result<(), ModelError>,
    ) -> Result<(), ModelError> {
        let extra = match settings.extra.iter().find(|(known, _)| known == key) {
            Some((_, Value::Object(fields))) => Some(fields),
            // `extras_outside` appends the extra field unchanged.
            Some(_) => return Ok(()),
            None => None,
        };
        let start = self.0.len();
        self.key(key);
        self.raw("{");
        let empty = self.0.len();
        fill(&mut Section { body: self, extra })?;
        for (name, value) in extra.into_iter().flatten() {
            self.field(name, value)?;
        }
        if self.0.len() == empty {
            self.0.truncate(start);
        } else {
            self.raw("}");
        }
        Ok(())
    }

    /// Appends the extra fields that do not belong to a section.
    pub(crate) fn extras_outside(
        &mut self,
        settings: &Settings,
        reserved: &[&str],
        sections: &[&str],
    ) -> Result<(), ModelError> {
        let is_in_section =
            |(key, value): &&(String, Value)| value.is_object() && sections.contains(&key.as_str());
        if !settings.extra.iter().any(|extra| is_in_section(&extra)) {
            return self.extras(settings, reserved);
        }
        let rest = settings
            .extra
            .iter()
            .filter(|extra| !is_in_section(extra))
            .cloned();
        let rest = Settings {
            extra: rest.collect(),
            ..Settings::new()
        };
        self.extras(&rest, reserved)
    }
}

#[cfg(any(feature = "gemini", feature = "ollama"))]
impl Section<'_> {
    /// Returns `true` if no extra field overrides the field.
    fn is_free(&self, key: &str) -> bool {
        self.extra.is_none_or(|extra| !extra.contains_key(key))
    }

    /// Appends a setting, unless it has no value or an extra field overrides it.
    pub(crate) fn setting<T: Serialize>(&mut self, key: &str, value: Option<T>) -> Result<(), ModelError> {
        match value {
            Some(value) if self.is_free(key) => self.body.field(key, &value),
            _ => Ok(()),
        }
    }

    /// Appends a field whose value is already JSON, unless an extra field overrides it.
    #[cfg(feature = "gemini")]
    pub(crate) fn raw_field(&mut self, key: &str, json: &str) {
        if self.is_free(key) {
            self.body.raw_field(key, json);
        }
    }
}

/// Returns the arguments if they are a JSON object, and an empty object otherwise. The model has already received an
/// error for any other arguments, and servers would reject a conversation that contains them.
pub(crate) fn sendable(arguments: &str) -> &str {
    let is_object =
        arguments.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(arguments).is_ok();
    if is_object { arguments } else { "{}" }
}

/// Returns the error for message content that a provider does not support.
#[cfg(any(
    feature = "openai",
    feature = "anthropic",
    feature = "bedrock",
    feature = "cohere",
    feature = "ollama"
))]
pub(crate) fn unsupported_content(
    provider: &str,
    content: &crate::message::Content,
    reason: &str,
) -> ModelError {
    let message = format!("{provider} does not accept {} {reason}", content.kind());
    ModelError::new(ModelErrorKind::Unsupported, message)
}
