//! The sizes and habits of a model, from its metadata, checked before anything is allocated.

use crate::error::malformed;
use crate::{Error, Gguf, Result};

/// Model families that run here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Architecture {
    /// Llama and its kin: `SmolLM2`, Mistral, `TinyLlama`.
    Llama,
    /// Qwen 2 and 2.5.
    Qwen2,
    /// Qwen 3 (the dense ones).
    Qwen3,
}

/// Sizes and habits of a model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// Family.
    pub architecture: Architecture,
    /// Layers.
    pub layers: usize,
    /// Tokens the model was made to see at once.
    pub context: usize,
    /// Numbers in a token's vector.
    pub width: usize,
    /// Numbers in the feed-forward's middle.
    pub inner: usize,
    /// Attention heads.
    pub heads: usize,
    /// Heads of keys and values, each shared by several attention heads.
    pub kv_heads: usize,
    /// Numbers in a head.
    pub head: usize,
    /// Numbers of a head that are rotated.
    pub rotated: usize,
    /// Base of the rotation's frequencies.
    pub rope_base: f32,
    /// Positions are divided by this.
    pub rope_scale: f32,
    /// Added under the root of a norm.
    pub epsilon: f32,
}

impl Config {
    pub(crate) fn read(gguf: &Gguf) -> Result<Self> {
        let name = gguf
            .text("general.architecture")
            .ok_or_else(|| malformed("`general.architecture` is missing"))?;
        let architecture = match name {
            "llama" => Architecture::Llama,
            "qwen2" => Architecture::Qwen2,
            "qwen3" => Architecture::Qwen3,
            other => return Err(Error::Architecture(other.to_owned())),
        };
        let key = |k: &str| format!("{name}.{k}");
        let need = |k: &str, max: usize| {
            let n = gguf
                .number(&key(k))
                .ok_or_else(|| malformed(format!("`{}` is missing", key(k))))?;
            if n == 0 || n > max {
                return Err(malformed(format!("`{}` is {n}", key(k))));
            }
            Ok(n)
        };
        if gguf.number(&key("expert_count")).unwrap_or(0) > 0 {
            return Err(Error::Architecture(format!("{name} with experts")));
        }
        let (width, heads) = (
            need("embedding_length", 1 << 17)?,
            need("attention.head_count", 1 << 10)?,
        );
        let kv_heads = match gguf.number(&key("attention.head_count_kv")) {
            None => heads,
            Some(_) => need("attention.head_count_kv", 1 << 10)?,
        };
        let head = match gguf.number(&key("attention.key_length")) {
            None => width / heads,
            Some(_) => need("attention.key_length", 1 << 10)?,
        };
        if gguf
            .number(&key("attention.value_length"))
            .is_some_and(|n| n != head)
        {
            return Err(Error::Architecture(format!(
                "{name} with values longer than keys"
            )));
        }
        let rotated = gguf.number(&key("rope.dimension_count")).unwrap_or(head);
        if !heads.is_multiple_of(kv_heads)
            || head == 0
            || !head.is_multiple_of(2)
            || rotated > head
            || !rotated.is_multiple_of(2)
        {
            return Err(malformed(format!(
                "{heads} heads of {head} over {kv_heads}, {rotated} rotated"
            )));
        }
        let rope_scale = match gguf.text(&key("rope.scaling.type")) {
            None | Some("none") => 1.0,
            Some("linear") => gguf.float(&key("rope.scaling.factor")).unwrap_or(1.0) as f32,
            Some(other) => return Err(Error::Architecture(format!("{name} with `{other}` positions"))),
        };
        Ok(Self {
            architecture,
            layers: need("block_count", 1 << 10)?,
            context: need("context_length", 1 << 24)?,
            width,
            inner: need("feed_forward_length", 1 << 19)?,
            heads,
            kv_heads,
            head,
            rotated,
            rope_base: gguf.float(&key("rope.freq_base")).unwrap_or(10_000.0) as f32,
            rope_scale,
            epsilon: gguf
                .float(&key("attention.layer_norm_rms_epsilon"))
                .unwrap_or(1e-5) as f32,
        })
    }
}
