//! A request's body in the writing: JSON straight from what is borrowed, nothing built in between.

use serde::Serialize;
use serde::de::IgnoredAny;
#[cfg(any(feature = "gemini", feature = "ollama"))]
use serde_json::{Map, Value};

use crate::message::Message;
use crate::model::{ModelError, ModelErrorKind, Request, Settings};

/// A JSON text that grows.
pub(crate) struct Body(Vec<u8>);

impl Body {
    /// Creates an empty body with capacity for this request.
    pub(crate) fn for_request(request: &Request<'_>) -> Self {
        let text: usize = request.messages.iter().map(Message::text_bytes).sum();
        Self(Vec::with_capacity(
            1024 + request.instructions.len() + text + text / 8 + 512 * request.tools.len(),
        ))
    }

    /// Creates an empty body with capacity for these texts.
    #[cfg(any(
        feature = "openai",
        feature = "gemini",
        feature = "cohere",
        feature = "ollama"
    ))]
    pub(crate) fn with_capacity_for(texts: &[&str]) -> Self {
        let bytes: usize = texts.iter().map(|text| text.len() + 64).sum();
        Self(Vec::with_capacity(256 + bytes + bytes / 8))
    }

    /// The bytes written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// How long the text is.
    #[cfg(any(feature = "anthropic", feature = "bedrock"))]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes back what was written beyond this length.
    #[cfg(feature = "bedrock")]
    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Adds JSON at a place that was passed already: the text's length then.
    #[cfg(any(feature = "anthropic", feature = "bedrock"))]
    pub(crate) fn insert(&mut self, at: usize, json: &str) {
        let after = self.0.split_off(at);
        self.raw(json);
        self.0.extend_from_slice(&after);
    }

    /// Adds JSON as it is.
    pub(crate) fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    /// Adds a value.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ModelError> {
        serde_json::to_writer(&mut self.0, value).map_err(|error| {
            ModelError::new(
                ModelErrorKind::BadRequest,
                "the request could not be written as JSON",
            )
            .with_source(error)
        })
    }

    /// Adds text as a JSON string.
    pub(crate) fn text(&mut self, text: &str) {
        // Writing a string into a vector cannot fail.
        let _ = serde_json::to_writer(&mut self.0, text);
    }

    /// Adds a comma, unless a list or an object has just begun.
    pub(crate) fn comma(&mut self) {
        if !matches!(self.0.last(), None | Some(b'[' | b'{' | b',' | b':')) {
            self.0.push(b',');
        }
    }

    /// Adds a field, with a comma where one is needed.
    pub(crate) fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), ModelError> {
        self.key(key);
        self.value(value)
    }

    /// Adds a field of text.
    pub(crate) fn text_field(&mut self, key: &str, text: &str) {
        self.key(key);
        self.text(text);
    }

    /// Adds a field whose value is JSON already.
    pub(crate) fn raw_field(&mut self, key: &str, json: &str) {
        self.key(key);
        self.raw(json);
    }

    /// Adds a field's name and its colon, with a comma where one is needed.
    pub(crate) fn key(&mut self, key: &str) {
        self.comma();
        self.text(key);
        self.0.push(b':');
    }

    /// The calls of a model's message, as Chat Completions has them and others after it: arguments as text.
    #[cfg(any(feature = "openai", feature = "cohere"))]
    pub(crate) fn tool_calls<'a>(&mut self, calls: impl Iterator<Item = &'a crate::message::ToolCall>) {
        self.key("tool_calls");
        self.raw("[");
        for call in calls {
            self.comma();
            self.raw(r#"{"id":"#);
            self.text(&call.id);
            self.raw(r#","type":"function","function":{"name":"#);
            self.text(&call.name);
            self.text_field("arguments", sendable(&call.arguments));
            self.raw("}}");
        }
        self.raw("]");
    }

    /// A setting: left out when it has no value, or when an extra field of that name takes its place.
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

    /// Adds an object to which `head`, an object without its end, is the beginning.
    #[cfg(feature = "openai")]
    pub(crate) fn splice(&mut self, head: &str, object: &str) -> Result<(), ModelError> {
        let Some(rest) = object.trim_start().strip_prefix('{') else {
            let message = "a tool's or an output's declaration is no JSON object; write one";
            return Err(ModelError::new(ModelErrorKind::BadRequest, message));
        };
        self.raw(head);
        if !rest.trim_start().starts_with('}') {
            self.comma();
        }
        self.raw(rest);
        Ok(())
    }

    /// The extra fields, the first of each name. Those in `reserved` are the request itself and cannot be set.
    pub(crate) fn extras(&mut self, settings: &Settings, reserved: &[&str]) -> Result<(), ModelError> {
        self.extras_except(settings, reserved, &[])
    }

    /// Adds the extra fields except those in `written`, which are in the body already.
    pub(crate) fn extras_except(
        &mut self,
        settings: &Settings,
        reserved: &[&str],
        written: &[&str],
    ) -> Result<(), ModelError> {
        for (at, (key, value)) in settings.extra.iter().enumerate() {
            if reserved.contains(&key.as_str()) {
                let message =
                    format!("`extra` cannot set `{key}`; that field is made from the request itself");
                return Err(ModelError::new(ModelErrorKind::Configuration, message));
            }
            let is_written = written.contains(&key.as_str());
            if !is_written && !settings.extra[..at].iter().any(|(earlier, _)| earlier == key) {
                self.field(key, value)?;
            }
        }
        Ok(())
    }
}

/// An object within a body that settings fill. An extra field of its name, where that is an object, adds its own fields to
/// it and takes the place of those of the same name.
#[cfg(any(feature = "gemini", feature = "ollama"))]
pub(crate) struct Section<'a> {
    body: &'a mut Body,
    extra: Option<&'a Map<String, Value>>,
}

#[cfg(any(feature = "gemini", feature = "ollama"))]
impl Body {
    /// Adds an object that `fill` fills, unless nothing is put into it.
    pub(crate) fn section(
        &mut self,
        settings: &Settings,
        key: &str,
        fill: impl FnOnce(&mut Section<'_>) -> Result<(), ModelError>,
    ) -> Result<(), ModelError> {
        let extra = match settings.extra.iter().find(|(known, _)| known == key) {
            Some((_, Value::Object(fields))) => Some(fields),
            // It stands in the body as it is.
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

    /// Adds the extra fields that are outside the sections.
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
    /// Whether the field is left to agno.
    fn is_free(&self, key: &str) -> bool {
        self.extra.is_none_or(|extra| !extra.contains_key(key))
    }

    /// A setting, where it has a value.
    pub(crate) fn setting<T: Serialize>(&mut self, key: &str, value: Option<T>) -> Result<(), ModelError> {
        match value {
            Some(value) if self.is_free(key) => self.body.field(key, &value),
            _ => Ok(()),
        }
    }

    /// A field whose value is JSON already.
    #[cfg(feature = "gemini")]
    pub(crate) fn raw_field(&mut self, key: &str, json: &str) {
        if self.is_free(key) {
            self.body.raw_field(key, json);
        }
    }
}

/// Arguments as a server takes them: an object. What a model wrote otherwise was answered with an error already, and
/// servers refuse a conversation that holds it.
pub(crate) fn sendable(arguments: &str) -> &str {
    let is_object =
        arguments.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(arguments).is_ok();
    if is_object { arguments } else { "{}" }
}

/// The error of a piece of a message that a provider does not take.
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
    let message = format!("{provider} takes no {} {reason}", content.kind());
    ModelError::new(ModelErrorKind::Unsupported, message)
}
