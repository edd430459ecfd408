//! What a model keeps of the tokens it has seen, so that a common beginning is computed once.

use crate::Config;

/// Keys and values of the tokens seen so far, and the tokens themselves.
#[derive(Debug, Clone)]
pub struct Cache {
    tokens: Vec<u32>,
    head: usize,
    /// One for each layer and key-value head.
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

    /// The tokens seen so far.
    #[must_use]
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Forgets all but the first `n` tokens.
    pub fn truncate(&mut self, n: usize) {
        self.tokens.truncate(n);
        for x in self.keys.iter_mut().chain(&mut self.values) {
            x.truncate(n * self.head);
        }
    }

    /// A copy of what is known of the first `n` tokens.
    #[must_use]
    pub fn prefix(&self, n: usize) -> Self {
        let cut = |all: &[Vec<f32>]| {
            all.iter()
                .map(|x| x[..(n * self.head).min(x.len())].to_vec())
                .collect()
        };
        let tokens = self.tokens[..n.min(self.tokens.len())].to_vec();
        Self {
            tokens,
            head: self.head,
            keys: cut(&self.keys),
            values: cut(&self.values),
        }
    }

    /// Keeps what the tokens seen so far share with the beginning of `prompt`, but not all of it:
    /// the last token must be computed to know what follows. Says how much was kept.
    pub fn keep_prefix(&mut self, prompt: &[u32]) -> usize {
        let same = self.tokens.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        let retained = same.min(prompt.len().saturating_sub(1));
        self.truncate(retained);
        retained
    }

    pub(crate) fn record(&mut self, tokens: &[u32]) {
        self.tokens.extend_from_slice(tokens);
    }
}
