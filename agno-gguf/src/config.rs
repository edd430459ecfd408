//! Reads a model's hyperparameters from the file's metadata and checks them before anything is allocated.

use crate::error::malformed;
use crate::{Error, Gguf, Result};

/// A supported model family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Architecture {
    /// Llama and models with the same architecture, such as `SmolLM2`, Mistral and `TinyLlama`.
    Llama,
    /// Qwen 2 and 2.5.
    Qwen2,
    /// Qwen 3, dense models only.
    Qwen3,
}

/// The hyperparameters of a model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// Model family.
    pub architecture: Architecture,
    /// Number of layers.
    pub layers: usize,
    /// Context length in tokens.
    pub context: usize,
    /// Length of a token's embedding.
    pub width: usize,
    /// Width of the feed-forward network's hidden layer.
    pub inner: usize,
    /// Number of attention heads.
    pub heads: usize,
    /// Number of key-value heads, each shared by `heads / kv_heads` attention heads.
    pub kv_heads: usize,
    /// Number of dimensions per head.
    pub head: usize,
    /// Number of rotated dimensions per head.
    pub rotated: usize,
    /// Base of the rotation frequencies.
    pub rope_base: f32,
    /// Factor by which positions are divided.
    pub rope_scale: f32,
    /// Term added under the square root in each norm.
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
                return Err(malformed(format!(
                    "`{}` is {n}, outside the range 1..={max}",
                    key(k)
                )));
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
                "{name} with keys and values of different lengths"
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
                "invalid attention shape: {heads} heads and {kv_heads} key-value heads of {head} dimensions, {rotated} of which are rotated"
            )));
        }
        let rope_scale = match gguf.text(&key("rope.scaling.type")) {
            None | Some("none") => 1.0,
            Some("linear") => gguf.float(&key("rope.scaling.factor")).unwrap_or(1.0) as f32,
            Some(other) => {
                return Err(Error::Architecture(format!(
                    "{name} with `{other}` position scaling"
                )));
            }
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
