//! Converts text to tokens and back with the vocabulary of a GGUF file. Markers are kept apart from
//! plain text, so that text from a user or a tool is never read as a marker.

use crate::bpe::{self, Bpe};
use crate::error::malformed;
use crate::markers::Markers;
use crate::spm::{self, Spm};
use crate::{Error, Gguf, Result, Value};

/// The role of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// Ordinary text.
    Text,
    /// A marker such as `<|im_start|>`, never part of text.
    Control,
    /// A visible marker such as `<tool_call>`.
    UserDefined,
}

/// A vocabulary.
#[derive(Debug)]
pub struct Tokenizer {
    merging: Merging,
    bytes: Vec<Vec<u8>>,
    kinds: Vec<TokenKind>,
    /// Markers, longest first.
    special_tokens: Vec<(String, u32)>,
    /// The same markers, to find them in text.
    markers: Markers,
    /// The visible markers.
    user_defined: Markers,
    start: Option<u32>,
    end_tokens: Vec<u32>,
}

#[derive(Debug)]
enum Merging {
    Bpe(Bpe),
    Spm(Spm),
}

impl Tokenizer {
    pub(crate) fn read(gguf: &mut Gguf) -> Result<Self> {
        let Some(Value::Strings(tokens)) = gguf.take_value("tokenizer.ggml.tokens") else {
            return Err(malformed("`tokenizer.ggml.tokens` is missing"));
        };
        let types = match gguf.take_value("tokenizer.ggml.token_type") {
            Some(Value::Ints(types)) if types.len() == tokens.len() => types,
            None => vec![1; tokens.len()],
            _ => {
                return Err(malformed(
                    "`tokenizer.ggml.token_type` does not match the number of tokens",
                ));
            }
        };
        let model = gguf.text("tokenizer.ggml.model").unwrap_or_default().to_owned();
        let kinds: Vec<_> = types
            .iter()
            .map(|t| match t {
                2 | 3 | 5 => TokenKind::Control,
                4 => TokenKind::UserDefined,
                _ => TokenKind::Text,
            })
            .collect();
        let raw = |id: usize| {
            let text: &String = &tokens[id];
            match (kinds[id], model.as_str()) {
                (TokenKind::Text, "llama") => spm::piece_bytes(text, types[id] == 6),
                (TokenKind::Text, _) => bpe::token_bytes(text),
                _ => text.clone().into_bytes(),
            }
        };
        let bytes: Vec<_> = (0..tokens.len()).map(raw).collect();
        let (merging, adds_bos) = match model.as_str() {
            "gpt2" => (Merging::Bpe(Bpe::read(gguf, &tokens, &bytes)?), false),
            "llama" => (Merging::Spm(Spm::read(gguf, &tokens)?), true),
            other => return Err(Error::Tokenizer(format!("tokenizer `{other}`"))),
        };
        let id = |key: &str| {
            let n = gguf.number(&format!("tokenizer.ggml.{key}"))?;
            (n < tokens.len()).then(|| u32::try_from(n).ok())?
        };
        let end_names = [
            "<|im_end|>",
            "<|endoftext|>",
            "<|eot_id|>",
            "<|end_of_text|>",
            "</s>",
        ];
        let mut end_tokens: Vec<u32> = ["eos_token_id", "eot_token_id"]
            .into_iter()
            .filter_map(id)
            .collect();
        let mut special_tokens = vec![];
        for (id, (text, kind)) in (0..).zip(tokens.iter().zip(&kinds)) {
            if *kind != TokenKind::Text && !text.is_empty() {
                special_tokens.push((text.clone(), id));
                if end_names.contains(&text.as_str()) && !end_tokens.contains(&id) {
                    end_tokens.push(id);
                }
            }
        }
        if end_tokens.is_empty() {
            return Err(malformed("no end-of-text token is defined"));
        }
        special_tokens.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let is_user_defined = |(_, id): &&(String, u32)| kinds[*id as usize] == TokenKind::UserDefined;
        let user_defined = Markers::new(special_tokens.iter().filter(is_user_defined));
        let adds_bos = gguf.flag("tokenizer.ggml.add_bos_token").unwrap_or(adds_bos);
        let start = id("bos_token_id").filter(|_| adds_bos);
        Ok(Self {
            merging,
            bytes,
            kinds,
            markers: Markers::new(special_tokens.iter()),
            user_defined,
            special_tokens,
            start,
            end_tokens,
        })
    }

    /// Returns the number of tokens.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a vocabulary is never empty")]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the bytes of a token, which can begin or end inside a character.
    #[must_use]
    pub fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], Vec::as_slice)
    }

    /// Returns the role of a token.
    #[must_use]
    pub fn kind(&self, token: u32) -> TokenKind {
        self.kinds
            .get(token as usize)
            .copied()
            .unwrap_or(TokenKind::Control)
    }

    /// Returns the token that every prompt begins with, if the model requires one.
    #[must_use]
    pub fn start(&self) -> Option<u32> {
        self.start
    }

    /// Returns the tokens that end a reply, starting with the file's end-of-text token if the file declares one.
    #[must_use]
    pub fn ends(&self) -> &[u32] {
        &self.end_tokens
    }

    /// Returns all markers with their tokens, longest first.
    #[must_use]
    pub fn special_tokens(&self) -> &[(String, u32)] {
        &self.special_tokens
    }

    /// Encodes plain text; markers in it are treated as text.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut out = vec![];
        self.encode_text(text, &mut out);
        out
    }

    /// Encodes a rendered template and recognizes markers. Markers that [`escape`](Self::escape) broke up
    /// are restored and encoded as text.
    #[must_use]
    pub fn encode_with_special(&self, text: &str) -> Vec<u32> {
        self.encode_special(text, &self.markers)
    }

    /// Encodes text and recognizes only visible markers.
    #[must_use]
    pub fn encode_with_user_defined(&self, text: &str) -> Vec<u32> {
        self.encode_special(text, &self.user_defined)
    }

    fn encode_special(&self, text: &str, markers: &Markers) -> Vec<u32> {
        let mut out = vec![];
        let (mut from, mut at) = (0, 0);
        while at < text.len() {
            let rest = &text[at..];
            match markers.find(rest) {
                Some((marker, id)) => {
                    self.encode_unescaped(&text[from..at], &mut out);
                    out.push(id);
                    at += marker.len();
                    from = at;
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        self.encode_unescaped(&text[from..], &mut out);
        out
    }

    /// Breaks up markers in text, so that none is recognized after the text is inserted into a template.
    #[must_use]
    pub fn escape(&self, text: &str) -> String {
        let text = text.replace(ESCAPE, "");
        let mut escaped = String::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            escaped.push(character);
            if self.markers.find(&text[at..]).is_some() {
                escaped.push(ESCAPE);
            }
        }
        escaped
    }

    fn encode_unescaped(&self, text: &str, out: &mut Vec<u32>) {
        if text.contains(ESCAPE) {
            self.encode_text(&text.replace(ESCAPE, ""), out);
        } else {
            self.encode_text(text, out);
        }
    }

    fn encode_text(&self, text: &str, out: &mut Vec<u32>) {
        match &self.merging {
            Merging::Bpe(bpe) => bpe.encode(text, out),
            Merging::Spm(spm) => spm.encode(text, out),
        }
    }
}

/// A code point that Unicode guarantees never to assign to a character.
const ESCAPE: char = '\u{fdd0}';
