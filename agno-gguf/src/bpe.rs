//! Byte-pair encoding as used by GPT-2 and its descendants: it starts from bytes and repeatedly merges the
//! adjacent pair with the lowest rank, until no merge rule applies.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::error::malformed;
use crate::split::Split;
use crate::{Gguf, Result, Value};

/// The merge rules and byte tokens of a vocabulary.
#[derive(Debug)]
pub(crate) struct Bpe {
    split: Split,
    /// The token for each byte; `None` if the vocabulary has no such token.
    bytes: Vec<Option<u32>>,
    /// Maps a pair to its rank and the token it merges into.
    merges: HashMap<(u32, u32), (u32, u32)>,
    /// Maps the bytes of each token to its ID, for families that look up a whole word before merging.
    vocab: Option<HashMap<Vec<u8>, u32>>,
}

impl Bpe {
    pub(crate) fn read(gguf: &mut Gguf, tokens: &[String], raw: &[Vec<u8>]) -> Result<Self> {
        let split = Split::from_name(gguf.text("tokenizer.ggml.pre").unwrap_or("default"))?;
        let Some(Value::Strings(listed)) = gguf.take_value("tokenizer.ggml.merges") else {
            return Err(malformed("`tokenizer.ggml.merges` is missing"));
        };
        let ids: HashMap<&str, u32> = tokens.iter().map(String::as_str).zip(0..).collect();
        let mut merges = HashMap::with_capacity(listed.len());
        for (rank, merge) in (0..).zip(&listed) {
            let (a, b) = merge
                .split_once(' ')
                .ok_or_else(|| malformed(format!("merge {rank} is not two tokens")))?;
            // A merge that involves a token outside the vocabulary never applies.
            if let (Some(a), Some(b), Some(merged)) =
                (ids.get(a), ids.get(b), ids.get(format!("{a}{b}").as_str()))
            {
                merges.entry((*a, *b)).or_insert((rank, *merged));
            }
        }
        let bytes = (0..=255)
            .map(|b| ids.get(byte_char(b).to_string().as_str()).copied())
            .collect();
        let vocab = matches!(split, Split::Llama3(3)).then(|| raw.iter().cloned().zip(0..).collect());
        Ok(Self {
            split,
            bytes,
            merges,
            vocab,
        })
    }

    pub(crate) fn encode(&self, text: &str, out: &mut Vec<u32>) {
        self.split.each(text, |part| {
            match self.vocab.as_ref().and_then(|w| w.get(part.as_bytes())) {
                Some(id) => out.push(*id),
                None => self.merge(part.as_bytes(), out),
            }
        });
    }

    fn merge(&self, part: &[u8], out: &mut Vec<u32>) {
        let mut ids: Vec<u32> = part.iter().filter_map(|b| self.bytes[usize::from(*b)]).collect();
        let end = ids.len();
        let mut next: Vec<usize> = (1..=end).collect();
        let mut before: Vec<usize> = (0..end).map(|i| i.wrapping_sub(1)).collect();
        let mut alive = vec![true; end];
        let mut heap = BinaryHeap::new();
        let pair = |ids: &[u32], a: usize, b: usize| {
            let (left, right) = (*ids.get(a)?, *ids.get(b)?);
            let (rank, merged) = self.merges.get(&(left, right))?;
            Some(Reverse((*rank, a, b, left, right, *merged)))
        };
        heap.extend((1..end).filter_map(|b| pair(&ids, b - 1, b)));
        while let Some(Reverse((_, a, b, left, right, merged))) = heap.pop() {
            if !alive[a] || !alive[b] || ids[a] != left || ids[b] != right {
                continue;
            }
            ids[a] = merged;
            alive[b] = false;
            next[a] = next[b];
            if let Some(p) = before.get_mut(next[a]) {
                *p = a;
            }
            heap.extend(pair(&ids, before[a], a));
            heap.extend(pair(&ids, a, next[a]));
        }
        out.extend(
            ids.iter()
                .zip(alive)
                .filter_map(|(id, alive)| alive.then_some(id)),
        );
    }
}

/// Returns the character that represents a byte in the vocabulary: the byte itself if it is visible,
/// otherwise a character at or after U+0100.
fn byte_char(byte: u8) -> char {
    match byte {
        b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(byte),
        _ => {
            let order = match byte {
                0..=0x20 => u32::from(byte),
                0x7f..=0xa0 => u32::from(byte) - 0x7f + 0x21,
                _ => 0x43,
            };
            char::from_u32(0x100 + order).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
    }
}

/// Returns the bytes that a token's text represents. If any character does not represent a byte, returns the text's
/// UTF-8 bytes.
pub(crate) fn token_bytes(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '!'..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}' => u8::try_from(c).ok(),
        '\u{100}'..='\u{120}' => u8::try_from(u32::from(c) - 0x100).ok(),
        '\u{121}'..='\u{142}' => u8::try_from(u32::from(c) - 0x121 + 0x7f).ok(),
        '\u{143}' => Some(0xad),
        _ => None,
    };
    text.chars()
        .map(byte)
        .collect::<Option<_>>()
        .unwrap_or_else(|| text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_round_trips_through_its_character() {
        for byte in 0..=255 {
            assert_eq!(token_bytes(&byte_char(byte).to_string()), [byte]);
        }
    }
}
