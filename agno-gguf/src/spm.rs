//! `SentencePiece` encoding as used by Llama 1 and 2 and Mistral: it starts from single characters, repeatedly merges
//! the adjacent pair that forms the token with the highest score, and falls back to byte tokens.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use crate::error::malformed;
use crate::{Gguf, Result, Value};

/// The tokens of a vocabulary and their scores.
#[derive(Debug)]
pub(crate) struct Spm {
    pieces: HashMap<String, (u32, f32)>,
    bytes: Vec<Option<u32>>,
    unknown: Option<u32>,
    adds_space_prefix: bool,
}

impl Spm {
    pub(crate) fn read(gguf: &mut Gguf, tokens: &[String]) -> Result<Self> {
        let Some(Value::Floats(scores)) = gguf.take_value("tokenizer.ggml.scores") else {
            return Err(malformed("`tokenizer.ggml.scores` is missing"));
        };
        if scores.len() != tokens.len() {
            return Err(malformed(format!(
                "{} tokens have {} scores",
                tokens.len(),
                scores.len()
            )));
        }
        let pieces: HashMap<_, _> = tokens
            .iter()
            .zip((0..).zip(scores))
            .map(|(t, id)| (t.clone(), id))
            .collect();
        let bytes = (0..=255_u8)
            .map(|b| pieces.get(&format!("<0x{b:02X}>")).map(|p| p.0))
            .collect();
        Ok(Self {
            pieces,
            bytes,
            unknown: gguf
                .number("tokenizer.ggml.unknown_token_id")
                .and_then(|n| n.try_into().ok()),
            adds_space_prefix: gguf.flag("tokenizer.ggml.add_space_prefix").unwrap_or(true),
        })
    }

    /// Encodes text at the start of the input or after a special token.
    pub(crate) fn encode(&self, text: &str, out: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let mut text = text.replace(' ', "\u{2581}");
        if self.adds_space_prefix {
            text.insert(0, '\u{2581}');
        }
        // A symbol is a range of bytes; a symbol with an empty range has been merged into its left neighbor.
        let mut symbols: Vec<(usize, usize)> =
            text.char_indices().map(|(i, c)| (i, i + c.len_utf8())).collect();
        let end = symbols.len();
        let mut next: Vec<usize> = (1..=end).collect();
        let mut before: Vec<usize> = (0..end).map(|i| i.wrapping_sub(1)).collect();
        let mut heap = BinaryHeap::new();
        let pair = |symbols: &[(usize, usize)], a: usize, b: usize| {
            let (from, to) = (symbols.get(a)?.0, symbols.get(b)?.1);
            let (_, score) = self.pieces.get(text.get(from..to)?)?;
            Some(Join {
                score: *score,
                a,
                b,
                from,
                to,
            })
        };
        heap.extend((1..end).filter_map(|b| pair(&symbols, b - 1, b)));
        while let Some(Join { a, b, from, to, .. }) = heap.pop() {
            let current = symbols[a].0 == from
                && symbols[a].1 == symbols[b].0
                && symbols[b].1 == to
                && symbols[b].0 < to
                && from < symbols[a].1;
            if !current {
                continue;
            }
            symbols[a].1 = to;
            symbols[b].0 = to;
            next[a] = next[b];
            if let Some(p) = before.get_mut(next[a]) {
                *p = a;
            }
            heap.extend(pair(&symbols, before[a], a));
            heap.extend(pair(&symbols, a, next[a]));
        }
        for (from, to) in symbols.into_iter().filter(|(from, to)| from < to) {
            let piece = &text[from..to];
            match self.pieces.get(piece) {
                Some((id, _)) => out.push(*id),
                None => out.extend(
                    piece
                        .bytes()
                        .filter_map(|b| self.bytes[usize::from(b)].or(self.unknown)),
                ),
            }
        }
    }
}

/// Returns the bytes that a token represents.
pub(crate) fn piece_bytes(text: &str, is_byte: bool) -> Vec<u8> {
    let hex = text.strip_prefix("<0x").and_then(|t| t.strip_suffix('>'));
    match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
        Some(byte) if is_byte => vec![byte],
        _ => text.replace('\u{2581}', " ").into_bytes(),
    }
}

struct Join {
    score: f32,
    a: usize,
    b: usize,
    from: usize,
    to: usize,
}

impl Ord for Join {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(other.from.cmp(&self.from))
    }
}
impl PartialOrd for Join {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Join {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Join {}
