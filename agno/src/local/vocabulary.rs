//! Adapts the model's vocabulary to the grammar engine: provides the bytes of each token and tokenizes the text that a
//! grammar forces.

use std::sync::Arc;

use agno_gguf::{Model, TokenKind};
use toktrie::{TokEnv, TokRxInfo, TokTrie, TokenId, TokenizerEnv};

/// A model's vocabulary and its token trie.
pub(super) struct Vocabulary {
    model: Arc<Model>,
    trie: TokTrie,
}

impl Vocabulary {
    pub(super) fn token_env(model: &Arc<Model>) -> TokEnv {
        let tokens = model.tokenizer();
        let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
        let end = tokens.ends().first().copied().unwrap_or_default();
        let bytes: Vec<Vec<u8>> = (0..count)
            .map(|id| match tokens.kind(id) {
                TokenKind::Control => [&[TokTrie::SPECIAL_TOKEN_MARKER], tokens.bytes(id)].concat(),
                _ => tokens.bytes(id).to_vec(),
            })
            .collect();
        let trie = TokTrie::from(&TokRxInfo::new(count, end), &bytes).with_eos_tokens(tokens.ends());
        Arc::new(Self {
            model: Arc::clone(model),
            trie,
        })
    }
}

impl TokenizerEnv for Vocabulary {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<TokenId> {
        // Forced text comes from a grammar, so visible markers in it are intended as markers. Text that ends within a
        // character is not valid UTF-8, and only the trie can tokenize it.
        match std::str::from_utf8(bytes) {
            Ok(text) => self.model.tokenizer().encode_with_user_defined(text),
            Err(_) => self.trie.greedy_tokenize(bytes),
        }
    }
}
