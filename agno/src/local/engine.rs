//! Runs a loaded model: answers prompts, emits the parts of each answer as they are generated, and caches the computed
//! prefixes.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use agno_gguf::{Cache, Error as GgufError, Model, TokenKind};
use llguidance::api::TopLevelGrammar;
use llguidance::{Matcher, ParserFactory};

use super::chat_input::chat_input;
use super::grammar::{Frame, OPEN, allowed};
use super::prompt::Prompt;
use super::reader::{ReadEvent, Reader};
use super::sample::Sampler;
use super::template::Template;
use super::vocabulary::Vocabulary;

/// Maximum number of conversations whose computed prefixes are kept.
const MAX_CACHES: usize = 3;

/// A loaded model.
pub(super) struct Engine {
    model: Arc<Model>,
    template: Template,
    frame: Frame,
    /// The token that opens a call, if calls are tagged.
    open: Option<u32>,
    /// Created on first use, because it is slow to create and plain text does not need it.
    grammars: Option<ParserFactory>,
    /// The caches, with the most recently used last.
    caches: Vec<Cache>,
}

/// The statistics of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Number of tokens in the prompt.
    pub(super) prompt: usize,
    /// Number of prompt tokens that were served from a cache.
    pub(super) cached: usize,
    /// Number of tokens in the answer.
    pub(super) generated: usize,
    /// `true` if the token limit truncated the answer.
    pub(super) truncated: bool,
    /// Time to the first token.
    pub(super) time_to_first_token: Duration,
    /// Time spent computing the tokens that the grammar allows.
    pub(super) masking: Duration,
}

/// An error from loading a model or answering a prompt.
#[derive(Debug)]
pub(super) enum Failure {
    /// The weights cannot be used, the prompt does not fit, or the request was stopped.
    Gguf(GgufError),
    /// The model's chat template rejects the conversation or cannot be parsed.
    Template(minijinja::Error),
    /// A schema is unsuitable for constrained decoding.
    Grammar(String),
}

impl From<GgufError> for Failure {
    fn from(error: GgufError) -> Self {
        Self::Gguf(error)
    }
}

impl From<minijinja::Error> for Failure {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error)
    }
}

impl Engine {
    /// Loads weights from a file.
    pub(super) fn load(file: File) -> Result<Self, Failure> {
        let model = Arc::new(Model::from_file(file)?);
        let tokens = model.tokenizer();
        let token_text = |token: Option<u32>| {
            token
                .map(|token| String::from_utf8_lossy(tokens.bytes(token)).into_owned())
                .unwrap_or_default()
        };
        let template = Template::new(
            model.template(),
            &token_text(tokens.start()),
            &token_text(tokens.ends().first().copied()),
        )?;
        let open = tokens
            .special_tokens()
            .iter()
            .find(|(text, _)| text == OPEN)
            .map(|(_, id)| *id);
        let frame = if template.tagged {
            Frame::Tagged
        } else {
            Frame::Plain
        };
        Ok(Self {
            model,
            template,
            frame,
            open,
            grammars: None,
            caches: vec![],
        })
    }

    /// Returns the size of the model's context window, in tokens.
    pub(super) fn context(&self) -> usize {
        self.model.config().context
    }

    /// Discards the computed prefixes of earlier prompts.
    pub(super) fn clear(&mut self) {
        self.caches.clear();
    }

    /// Answers a prompt. `stop` is checked continually.
    pub(super) fn answer(
        &mut self,
        prompt: &Prompt,
        stop: &AtomicBool,
        emit: &mut dyn FnMut(ReadEvent),
    ) -> Result<Outcome, Failure> {
        let started = Instant::now();
        let model = Arc::clone(&self.model);
        let tokens = self.tokens(prompt)?;
        let limit = model.config().context;
        if tokens.ids.len() >= limit {
            return Err(GgufError::Context {
                needed: tokens.ids.len() + 1,
                limit,
            }
            .into());
        }
        let max = prompt.max_tokens.min(limit - tokens.ids.len());
        let mut grammar = match self.frame.grammar(prompt) {
            Some(grammar) => Some(self.matcher(grammar)?),
            None => None,
        };
        let names = allowed(prompt).into_iter().map(|tool| tool.name.as_str());
        let mut reader = Reader::new(names, prompt.stop.clone(), self.frame);
        if tokens.thinking {
            reader.start_thinking();
        }
        let mut cache = self.take_cache(&tokens.ids);
        let cached = cache.tokens().len();
        let mut answer = InferenceState {
            model: &model,
            cache: &mut cache,
            stop,
            pending: tokens.ids[cached..].to_vec(),
        };
        let mut outcome = Outcome {
            prompt: tokens.ids.len(),
            cached,
            generated: 0,
            truncated: false,
            time_to_first_token: Duration::ZERO,
            masking: Duration::ZERO,
        };
        let mut sampler = Sampler::new(prompt.sampling);
        let mut output = vec![];
        let result = loop {
            if reader.stopped || grammar.as_ref().is_some_and(Matcher::is_stopped) {
                break Ok(());
            }
            if outcome.generated >= max {
                outcome.truncated = true;
                break Ok(());
            }
            let forced = grammar
                .as_mut()
                .map(Matcher::consume_ff_tokens)
                .unwrap_or_default();
            if !forced.is_empty() {
                outcome.generated += forced.len();
                for token in &forced {
                    reader.push(model.tokenizer().bytes(*token), emit);
                }
                answer.pending.extend(forced);
                continue;
            }
            let mut weights = match answer.logits() {
                Ok(weights) => weights,
                Err(error) => break Err(error.into()),
            };
            if outcome.time_to_first_token.is_zero() {
                outcome.time_to_first_token = started.elapsed();
            }
            if let Some(grammar) = &mut grammar {
                let from = Instant::now();
                match grammar.compute_mask_or_eos() {
                    Ok(mask) => mask.iter_unset_entries(|token| weights[token] = f32::NEG_INFINITY),
                    Err(error) => break Err(Failure::Grammar(error.to_string())),
                }
                outcome.masking += from.elapsed();
            } else if let Some(open) = self.open.filter(|_| allowed(prompt).is_empty()) {
                weights[open as usize] = f32::NEG_INFINITY;
            }
            let token = sampler.pick(&weights);
            if model.tokenizer().kind(token) == TokenKind::Control
                || model.tokenizer().ends().contains(&token)
            {
                break Ok(());
            }
            outcome.generated += 1;
            answer.pending.push(token);
            if let Some(matcher) = &mut grammar
                && let Err(error) = matcher.consume_token(token)
            {
                break Err(Failure::Grammar(error.to_string()));
            }
            reader.push(model.tokenizer().bytes(token), emit);
            output.push(token);
            if prompt.sampling.temperature == 0.0 && grammar.is_none() && is_looping(&output) {
                break Ok(());
            }
            if reader.is_text() && prompt.output.is_none() {
                // The model chose to answer in text, which is unrestricted.
                grammar = None;
            }
            if grammar.is_none()
                && self.open == Some(token)
                && self.frame == Frame::Tagged
                && !allowed(prompt).is_empty()
            {
                grammar = match self.matcher(Frame::opened(prompt)) {
                    Ok(matcher) => Some(matcher),
                    Err(error) => break Err(error),
                };
            }
        };
        reader.finish(emit);
        self.caches.push(cache);
        result.map(|()| outcome)
    }

    fn tokens(&self, prompt: &Prompt) -> Result<Tokens, Failure> {
        let tokenizer = self.model.tokenizer();
        let input = chat_input(prompt, &self.template, &|text| tokenizer.escape(text));
        let text = self
            .template
            .render(&input.entries, &input.tools, prompt.thinking)?;
        let mut ids = tokenizer.encode_with_special(&text);
        if let Some(start) = tokenizer.start().filter(|start| ids.first() != Some(start)) {
            ids.insert(0, start);
        }
        if ids.is_empty() {
            ids.extend(tokenizer.ends().first());
        }
        Ok(Tokens {
            ids,
            thinking: text.trim_end().ends_with("<think>"),
        })
    }

    fn matcher(&mut self, grammar: TopLevelGrammar) -> Result<Matcher, Failure> {
        let fail = |error: String| Failure::Grammar(error);
        if self.grammars.is_none() {
            let vocabulary = Vocabulary::token_env(&self.model);
            let mut factory =
                ParserFactory::new_simple(&vocabulary).map_err(|error| fail(error.to_string()))?;
            factory.quiet().limits_mut().verbose_errors = false;
            self.grammars = Some(factory);
        }
        let Some(factory) = &self.grammars else {
            return Err(fail("the grammar engine could not be created".to_owned()));
        };
        let matcher = Matcher::new(factory.create_parser(grammar));
        match matcher.get_error() {
            None => Ok(matcher),
            Some(error) => Err(fail(error)),
        }
    }

    /// Returns a cache that contains the longest known prefix of this prompt, truncated to that prefix. A cache of the
    /// same conversation is reused; from another conversation's cache, only the prefix is copied. The least recently
    /// used cache is removed so that at most `MAX_CACHES` remain.
    fn take_cache(&mut self, prompt: &[u32]) -> Cache {
        let shared = |cache: &Cache| {
            cache
                .tokens()
                .iter()
                .zip(prompt)
                .take_while(|(a, b)| a == b)
                .count()
        };
        let best = (0..self.caches.len()).max_by_key(|i| shared(&self.caches[*i]));
        let mut cache = match best {
            None => self.model.cache(),
            Some(i) => {
                let (same, all) = (shared(&self.caches[i]), self.caches[i].tokens().len());
                // If the prompt continues the cached conversation, only the format of the last answer may differ.
                if same * 4 >= all * 3 {
                    self.caches.remove(i)
                } else {
                    self.caches[i].prefix(same)
                }
            }
        };
        if self.caches.len() >= MAX_CACHES {
            self.caches.remove(0);
        }
        cache.keep_prefix(prompt);
        cache
    }
}

/// Returns `true` if the answer ends in a repeating sequence of a few tokens. A small model that always picks the
/// most likely token cannot escape such a loop.
fn is_looping(output: &[u32]) -> bool {
    (2..=20).any(|period| {
        let length = (period * 4).max(24);
        output.len() >= length && {
            let tail = &output[output.len() - length..];
            tail[period..] == tail[..length - period]
        }
    })
}

struct Tokens {
    ids: Vec<u32>,
    /// `true` if the template has opened the model's reasoning.
    thinking: bool,
}

/// An answer in progress. Pending tokens are evaluated together when the next token is needed.
struct InferenceState<'a> {
    model: &'a Model,
    cache: &'a mut Cache,
    stop: &'a AtomicBool,
    pending: Vec<u32>,
}

impl InferenceState<'_> {
    fn logits(&mut self) -> Result<Vec<f32>, GgufError> {
        let pending = std::mem::take(&mut self.pending);
        self.model.forward(self.cache, &pending, self.stop)
    }
}
