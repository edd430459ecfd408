//! Converts parts of a reply: citations, images, log probabilities and finish reasons.

use serde_json::value::RawValue;

use super::wire::{Annotation, Logprob, UrlCitation, WireReply};
use crate::message::{Citation, Media, MediaSource};
use crate::model::{Delta, FinishReason, ModelError, TokenLogprob};
use crate::provider::codec::content::data_url;
use crate::provider::codec::lenient::LenientStr;
use crate::provider::codec::malformed;
use crate::provider::codec::minify::minified;
use crate::provider::transport::error::{Source, from_value};

/// Returns the reasoning blocks of a message or a delta.
pub(super) fn blocks(list: Option<&RawValue>) -> Vec<&RawValue> {
    let read = list.map(|raw| serde_json::from_str(raw.get()).unwrap_or_default());
    read.unwrap_or_default()
}

/// Converts an annotation to a citation.
pub(super) fn citation(raw: &RawValue) -> Delta {
    let mut citation = Citation::new(minified(raw.get()));
    if let Ok(Annotation {
        url_citation: Some(source),
    }) = serde_json::from_str::<Annotation<'_>>(raw.get())
    {
        citation.url = source.url.into_string();
        citation.title = source.title.into_string();
        citation.quote = source.content.into_string();
    }
    Delta::Citation(citation)
}

/// Maximum number of sources. A search returns a few dozen.
const MAX_SOURCES: usize = 1024;

/// Returns the sources in a reply: those with titles if there are any, and otherwise the bare URLs.
pub(super) fn sources(
    results: Option<Vec<&RawValue>>,
    addresses: Option<Vec<LenientStr<'_>>>,
) -> Vec<Citation> {
    let titled = results.into_iter().flatten().take(MAX_SOURCES).filter_map(|raw| {
        let source: UrlCitation<'_> = serde_json::from_str(raw.get()).ok()?;
        let mut citation = Citation::new(minified(raw.get()));
        citation.url = Some(source.url.into_string()?);
        citation.title = source.title.into_string();
        Some(citation)
    });
    let titled: Vec<Citation> = titled.collect();
    if !titled.is_empty() {
        return titled;
    }
    let addresses = addresses
        .into_iter()
        .flatten()
        .take(MAX_SOURCES)
        .filter_map(LenientStr::into_string);
    let citations = addresses.map(|url| Citation {
        url: Some(url),
        ..Citation::default()
    });
    citations.collect()
}

/// Converts an image's URL or data URL to media.
pub(super) fn image_part(url: String) -> Media {
    match data_url(&url) {
        Some((kind, data)) => Media::new(MediaSource::Base64(data.to_owned()), kind),
        None => Media::url(url, ""),
    }
}

pub(super) fn logprob(token: Logprob<'_>) -> TokenLogprob {
    let top = token.top_logprobs.into_iter().flatten();
    TokenLogprob {
        token: token.token.into_string().unwrap_or_default(),
        logprob: token.logprob.unwrap_or_default(),
        top: top
            .map(|other| {
                (
                    other.token.into_string().unwrap_or_default(),
                    other.logprob.unwrap_or_default(),
                )
            })
            .collect(),
    }
}

/// Returns `true` for a delta with empty text.
pub(super) fn is_empty(delta: &Delta) -> bool {
    match delta {
        Delta::Text(text) | Delta::Reasoning(text) | Delta::Refusal(text) => text.is_empty(),
        _ => false,
    }
}

pub(super) fn finish(reason: &str) -> FinishReason {
    match reason {
        "stop" | "eos" | "end_turn" | "stop_sequence" | "complete" | "completed" => FinishReason::Stop,
        "tool_calls" | "function_call" | "tool_use" | "tool_call" => FinishReason::ToolCalls,
        "length" | "max_tokens" | "model_length" => FinishReason::Length,
        "content_filter" | "safety" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    }
}

/// Parses a chunk or a complete reply. Some servers report failures as a JSON list, so a list is read as an error.
pub(super) fn parse<'a>(json: &'a [u8], source: &Source<'_>) -> Result<WireReply<'a>, ModelError> {
    // Validates UTF-8 once for the entire body instead of once per string.
    let reply = match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    };
    reply.map_err(|error| {
        if !error.is_eof()
            && let Ok(text) = std::str::from_utf8(json)
            && text.trim_start().starts_with('[')
            && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        {
            return from_value(None, text, None, source);
        }
        malformed(&error, json.len(), "the Chat Completions API")
    })
}
