//! Reads citations and log probabilities, which Cohere sends separately from the text.

use super::wire::{Logprob, OneOrMore, WireCitation};
use crate::message::Citation;
use crate::model::{Delta, ReplyDetails, TokenLogprob};

/// Reads a citation. Returns one citation per source, or a single citation if there are no sources.
pub(super) fn read_citations(json: &str) -> Vec<Citation> {
    let sources = serde_json::from_str::<WireCitation<'_>>(json)
        .unwrap_or_default()
        .sources;
    let citations: Vec<Citation> = sources
        .into_iter()
        .flatten()
        .map(|source| {
            let document = source.document.unwrap_or_default();
            let mut citation = Citation::new(json);
            citation.url = document.url.into_string();
            citation.title = document.title.into_string().or(source.id.into_string());
            citation.quote = document.text.into_string().or(document.snippet.into_string());
            citation
        })
        .collect();
    if citations.is_empty() {
        vec![Citation::new(json)]
    } else {
        citations
    }
}

/// Emits the log probabilities of text segments. A segment's log probability is the sum over its tokens.
pub(super) fn logprobs(list: OneOrMore<Logprob<'_>>, deltas: &mut Vec<Delta>) {
    if list.0.is_empty() {
        return;
    }
    let tokens = list.0.into_iter().map(|item| TokenLogprob {
        token: item.text.into_string().unwrap_or_default(),
        logprob: item.logprobs.unwrap_or_default().iter().sum(),
        top: Vec::new(),
    });
    deltas.push(Delta::Details(Box::new(ReplyDetails {
        logprobs: tokens.collect(),
        ..ReplyDetails::default()
    })));
}
