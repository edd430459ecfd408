//! Decodes replies. Each chunk of a stream is converted to deltas. A complete reply is decoded as a stream of one
//! chunk, so both paths produce the same result.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use serde_json::value::RawValue;

use super::reply_parts::Parts;
use super::wire::{Candidate, Logprob, Logprobs, WireReply};
use super::{METADATA, grounding};
use crate::message::Citation;
use crate::model::{Delta, FinishReason, ModelError, ModelErrorKind, ReplyDetails, TokenLogprob, Usage};
use crate::provider::api::{Decode, Ending};
use crate::provider::codec::minify::minified;
use crate::provider::codec::parse;
use crate::provider::readers::readers;
use crate::provider::transport::error::{Source, from_value};

readers! {
    gemini, Decoder::default();

    /// Reads a complete `generateContent` reply: a recorded reply, or one fetched by another client.
    ///
    /// ```
    /// use agno::provider::gemini;
    ///
    /// let body = br#"{"candidates":[{"content":{"parts":[{"text":"Hello"}]},"finishReason":"STOP"}]}"#;
    /// let reply = gemini::read_reply(body)?;
    /// assert_eq!(reply.message.text(), "Hello");
    /// # Ok::<(), agno::ModelError>(())
    /// ```
    read_reply

    /// Decodes the events of a streamed reply into deltas. Each input is the `data` of one event.
    StreamReader [
        r#"{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}"#,
        r#"{"candidates":[{"content":{"parts":[{"text":"lo"}]},"finishReason":"STOP"}]}"#,
    ]
}

/// The name of the API in error messages.
const FORMAT: &str = "the generateContent API";

/// The state of a partially decoded reply.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    has_id: bool,
    has_model: bool,
    has_tier: bool,
    parts: Parts,
    usage: Usage,
    ending: Ending,
    citations: Vec<Citation>,
    /// The hashes of `citations`, because comparing each citation with all others would be too slow.
    seen: HashSet<u64>,
    hasher: RandomState,
    /// The latest metadata of the reply, by field name.
    metadata: BTreeMap<&'static str, String>,
}

impl Decode for Decoder {
    const REASON_IS_OPTIONAL: bool = true;

    fn decode_body(
        &mut self,
        body: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let has_candidate = self.chunks(body.trim_ascii(), source, deltas)?;
        if !has_candidate {
            let message =
                "the reply has no candidate; check that the base URL points to a generateContent API";
            return Err(ModelError::new(ModelErrorKind::MalformedReply, message));
        }
        self.ending.is_over = true;
        self.end(deltas)
    }

    fn event(
        &mut self,
        _name: &[u8],
        data: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), ModelError> {
        let data = data.trim_ascii();
        if self.ending.is_over || data.is_empty() || data == b"[DONE]" {
            return Ok(());
        }
        self.chunks(data, source, deltas).map(|_| ())
    }

    fn ending(&mut self) -> &mut Ending {
        &mut self.ending
    }

    fn has_calls(&self) -> bool {
        self.parts.has_calls()
    }

    fn close(&mut self, deltas: &mut Vec<Delta>) {
        self.ending.is_over = true;
        self.parts.close(deltas);
        deltas.extend(
            std::mem::take(&mut self.citations)
                .into_iter()
                .map(Delta::Citation),
        );
        for (kind, json) in std::mem::take(&mut self.metadata) {
            self.parts.item(kind, json, deltas);
        }
    }

    fn is_done(&self) -> bool {
        self.ending.is_over
    }

    /// Returns `true` after the finish reason, because only the usage may follow.
    fn has_finished(&self) -> bool {
        self.ending.is_over || self.ending.finish.is_some()
    }
}

impl Decoder {
    /// Reads a chunk or a list of chunks, and returns `true` if it contains a candidate or a blocked prompt.
    ///
    /// A stream without server-sent events is a list.
    fn chunks(
        &mut self,
        json: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<bool, ModelError> {
        if json.first() != Some(&b'[') {
            return self.chunk(json, source, deltas);
        }
        let list: Vec<&RawValue> = parse(json, FORMAT)?;
        let mut is_reply = false;
        for chunk in list {
            is_reply |= self.chunk(chunk.get().as_bytes(), source, deltas)?;
        }
        Ok(is_reply)
    }

    fn chunk(
        &mut self,
        json: &[u8],
        source: &Source<'_>,
        deltas: &mut Vec<Delta>,
    ) -> Result<bool, ModelError> {
        let reply: WireReply<'_> = parse(json, FORMAT)?;
        if reply.error.is_some() {
            let text = String::from_utf8_lossy(json);
            return Err(from_value(None, &text, None, source));
        }
        let id = reply.response_id.0.filter(|_| !self.has_id);
        let model = reply.model_version.0.filter(|_| !self.has_model);
        if id.is_some() || model.is_some() {
            self.has_id |= id.is_some();
            self.has_model |= model.is_some();
            deltas.push(Delta::Started {
                id: id.map(Into::into),
                model: model.map(Into::into),
            });
        }
        let mut is_reply = false;
        let reason = reply.prompt_feedback.map(|feedback| feedback.block_reason);
        if reason.is_some_and(|reason| {
            !matches!(
                reason.as_str(),
                "" | "BLOCK_REASON_UNSPECIFIED" | "BLOCKED_REASON_UNSPECIFIED"
            )
        }) {
            is_reply = true;
            self.ending.finish = Some(FinishReason::ContentFilter);
        }
        for candidate in reply.candidates.into_iter().flatten() {
            // agno requests one candidate. If the user sets `candidateCount`, additional candidates are billed but
            // ignored.
            if candidate.index.unwrap_or(0) == 0 {
                is_reply = true;
                self.candidate(candidate, deltas)?;
            }
        }
        if let Some(usage) = reply.usage_metadata {
            if let Some(tier) = usage.service_tier.0.as_deref().filter(|_| !self.has_tier) {
                self.has_tier = true;
                deltas.push(Delta::Details(Box::new(ReplyDetails {
                    service_tier: Some(tier.to_owned()),
                    ..ReplyDetails::default()
                })));
            }
            let usage = usage.counts();
            if usage != self.usage && usage != Usage::default() {
                self.usage = usage;
                deltas.push(Delta::Usage(usage));
            }
        }
        Ok(is_reply)
    }

    fn candidate(&mut self, candidate: Candidate<'_>, deltas: &mut Vec<Delta>) -> Result<(), ModelError> {
        let content = candidate.content.unwrap_or_default();
        for part in content.parts.into_iter().flatten() {
            self.parts.add(part, deltas);
        }
        let metadata = [candidate.grounding_metadata, candidate.url_context_metadata];
        for (kind, json) in METADATA.into_iter().zip(metadata) {
            // The first chunks of a stream contain empty metadata.
            if let Some(json) = json
                .map(|json| minified(json.get()))
                .filter(|json| json.len() > 2 && json != "null")
            {
                if kind == METADATA[0] {
                    self.cite(grounding::cite_search(&json));
                }
                self.metadata.insert(kind, json);
            }
        }
        if let Some(metadata) = candidate.citation_metadata {
            self.cite(grounding::cite_recitation(&minified(metadata.get())));
        }
        if let Some(logprobs) = candidate
            .logprobs_result
            .map(logprobs)
            .filter(|list| !list.is_empty())
        {
            deltas.push(Delta::Details(Box::new(ReplyDetails {
                logprobs,
                ..ReplyDetails::default()
            })));
        }
        match candidate.finish_reason.as_str() {
            "" | "FINISH_REASON_UNSPECIFIED" => {}
            reason => self.ending.finish = Some(finish(reason)),
        }
        Ok(())
    }

    /// Stores citations until the end, because a stream may repeat them in every chunk.
    fn cite(&mut self, citations: Vec<Citation>) {
        for citation in citations {
            let Citation {
                url,
                title,
                quote,
                json,
            } = &citation;
            if self.seen.insert(self.hasher.hash_one((url, title, quote, json))) {
                self.citations.push(citation);
            }
        }
    }
}

fn logprobs(result: Logprobs<'_>) -> Vec<TokenLogprob> {
    let pair = |token: Logprob<'_>| {
        (
            token.token.into_string().unwrap_or_default(),
            token.log_probability.unwrap_or_default(),
        )
    };
    let mut tops = result.top_candidates.into_iter().flatten();
    let chosen = result.chosen_candidates.into_iter().flatten();
    chosen
        .map(|token| {
            let (token, logprob) = pair(token);
            let top = tops.next().and_then(|top| top.candidates).unwrap_or_default();
            TokenLogprob {
                token,
                logprob,
                top: top.into_iter().map(pair).collect(),
            }
        })
        .collect()
}

fn finish(reason: &str) -> FinishReason {
    match reason {
        "STOP" => FinishReason::Stop,
        "MAX_TOKENS" => FinishReason::Length,
        "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "MODEL_ARMOR"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    }
}
