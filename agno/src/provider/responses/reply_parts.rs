//! Converts output items and their parts to message parts, citations, log probabilities and signatures.

use serde_json::value::RawValue;

use super::fields::signature;
use super::wire::{Annotation, Item, Kind, Logprob};
use crate::message::{Citation, Media, MediaSource, Part};
use crate::model::{Delta, ReplyDetails, TokenLogprob};
use crate::provider::codec::minify::minified;

pub(super) fn kind(raw: &RawValue) -> String {
    let kind: Kind<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    kind.kind.into_string().unwrap_or_default()
}

pub(super) fn item(raw: &RawValue) -> Item<'_> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

pub(super) fn message_signature(raw: &RawValue) -> Option<String> {
    signature(raw, &["role", "content", "status"])
}

pub(super) fn call_signature(raw: &RawValue) -> Option<String> {
    signature(raw, &["call_id", "name", "arguments", "status"])
}

/// Returns the image that a provider tool generated.
pub(super) fn image_part(raw: &RawValue) -> Option<Part> {
    let item = item(raw);
    let kind = item.output_format.0.as_deref().unwrap_or("png");
    let kind = format!("image/{kind}");
    let data = item.result.into_string()?;
    Some(Part::Image(Box::new(Media::new(MediaSource::Base64(data), kind))))
}

pub(super) fn citation(raw: &RawValue) -> Citation {
    let source: Annotation<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    let mut citation = Citation::new(minified(raw.get()));
    citation.url = source.url.into_string();
    citation.title = source.title.into_string().or(source.filename.into_string());
    citation
}

pub(super) fn logprobs(raw: Option<&RawValue>) -> Vec<TokenLogprob> {
    let tokens: Option<Vec<Logprob<'_>>> = raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let pair = |token: Logprob<'_>| {
        let name = token.token.into_string().unwrap_or_default();
        (name, token.logprob.unwrap_or_default())
    };
    let read = tokens.into_iter().flatten().map(|mut token| {
        let top = token.top_logprobs.take();
        let (token, logprob) = pair(token);
        TokenLogprob {
            token,
            logprob,
            top: top.into_iter().flatten().map(pair).collect(),
        }
    });
    read.collect()
}

pub(super) fn likelihoods(logprobs: Vec<TokenLogprob>) -> Delta {
    Delta::Details(Box::new(ReplyDetails {
        logprobs,
        ..ReplyDetails::default()
    }))
}
