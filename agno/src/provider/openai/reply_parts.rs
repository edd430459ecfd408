//! What an answer and the pieces of a message become: citations, pictures, likelihoods, the reason it stopped.

use serde_json::value::RawValue;

use super::wire::{Annotation, Answer, Logprob, UrlCitation};
use crate::message::{Citation, Media, MediaSource};
use crate::model::{Delta, FinishReason, ModelError, TokenLogprob};
use crate::provider::codec::content::data_url;
use crate::provider::codec::lenient::LenientStr;
use crate::provider::codec::malformed;
use crate::provider::codec::minify::minified;
use crate::provider::transport::error::{Source, from_value};

/// The blocks of thinking in a message or a piece of one.
pub(super) fn blocks(list: Option<&RawValue>) -> Vec<&RawValue> {
    let read = list.map(|raw| serde_json::from_str(raw.get()).unwrap_or_default());
    read.unwrap_or_default()
}

/// A citation as agno has it.
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

/// The sources of a whole answer: with titles, or bare addresses.
pub(super) fn sources(
    results: Option<Vec<&RawValue>>,
    addresses: Option<Vec<LenientStr<'_>>>,
) -> Vec<Citation> {
    let titled = results.into_iter().flatten().filter_map(|raw| {
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
        .filter_map(LenientStr::into_string);
    let citations = addresses.map(|url| Citation {
        url: Some(url),
        ..Citation::default()
    });
    citations.collect()
}

/// A picture at an address, or within it.
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

pub(super) fn text_bytes(delta: &Delta) -> usize {
    match delta {
        Delta::Text(text) | Delta::Reasoning(text) | Delta::Refusal(text) => text.len(),
        Delta::CallArguments { arguments, .. } => arguments.len(),
        Delta::CallStart { id, name, .. } => id.len() + name.len(),
        _ => 0,
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

/// Reads a chunk or a whole answer. A server that fails in a form of its own may still say so: its list is an error.
pub(super) fn parse<'a>(json: &'a [u8], source: &Source<'_>) -> Result<Answer<'a>, ModelError> {
    // Text is checked once as a whole here, not string by string.
    let answer = match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    };
    answer.map_err(|error| {
        if !error.is_eof()
            && let Ok(text) = std::str::from_utf8(json)
            && text.trim_start().starts_with('[')
            && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        {
            return from_value(None, text, None, source);
        }
        malformed(&error, json.len(), "a chat completion")
    })
}
