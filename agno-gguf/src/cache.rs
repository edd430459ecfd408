//! Stores the keys and values of processed tokens, so that a shared prefix is computed only once.

use crate::Config;

/// The keys and values of the tokens processed so far, and the tokens themselves.
#[derive(Debug, Clone)]
pub struct Cache {
    tokens: Vec<u32>,
    head: usize,
    /// One entry per layer and key-value head.
    pub(crate) keys: Vec<Vec<f32>>,
    pub(crate) values: Vec<Vec<f32>>,
}

impl Cache {
    pub(crate) fn new(config: &Config) -> Self {
        let n = config.layers * config.kv_heads;
        Self {
            tokens: vec![],
            head: config.head,
            keys: vec![vec![]; n],
            values: vec![vec![]; n],
        }
    }

    /// Returns the tokens processed so far.
    #[must_use]
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Discards all but the first `n` tokens.
    pub fn truncate(&mut self, n: usize) {
        self.tokens.truncate(n);
        for x in self.keys.iter_mut().chain(&mut self.values) {
            x.truncate(n * self.head);
        }
    }

    /// Returns a copy of the cache for the first `n` tokens.
    #[must_use]
    pub fn prefix(&self, n: usize) -> Self {
        let truncated = |all: &[Vec<f32>]| {
            all.iter()
                .map(|x| x[..(n * self.head).min(x.len())].to_vec())
                .collect()
        };
        let tokens = self.tokens[..n.min(self.tokens.len())].to_vec();
        Self {
            tokens,
            head: self.head,
            keys: truncated(&self.keys),
            values: truncated(&self.values),
        }
    }

    /// Keeps the longest prefix shared with `prompt` and returns its length. The prefix never includes
    /// the last token of `prompt`, which must be computed to predict the next one.
    pub fn keep_prefix(&mut self, prompt: &[u32]) -> usize {
        let common = self.tokens.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        let retained = common.min(prompt.len().saturating_sub(1));
        self.truncate(retained);
        retained
    }

    /// Records tokens whose keys and values are complete.
    pub(crate) fn record(&mut self, tokens: &[u32]) {
        self.tokens.extend_from_slice(tokens);
    }
}
