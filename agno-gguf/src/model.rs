//! Runs a loaded model: turns tokens into a logit for each possible next token.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::malformed;
use crate::matrix::Matrix;
use crate::ops::{self, Rotation};
use crate::{Architecture, Cache, Config, Error, Gguf, Result, Tokenizer};

/// Maximum number of tokens processed together.
const BATCH: usize = 96;

/// Loaded weights, ready to run.
#[derive(Debug)]
pub struct Model {
    config: Config,
    tokenizer: Tokenizer,
    template: Option<String>,
    pool: rayon::ThreadPool,
    embedding: Matrix,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    /// `None` if the output layer shares the embedding's weights.
    output: Option<Matrix>,
    /// Divisors of the rotation frequencies.
    frequency_factors: Option<Vec<f32>>,
}

#[derive(Debug)]
struct Layer {
    attention_norm: Vec<f32>,
    /// Queries, keys and values.
    qkv: Matrix,
    bias: Option<Vec<f32>>,
    query_norm: Option<Vec<f32>>,
    key_norm: Option<Vec<f32>>,
    attention: Matrix,
    feed_norm: Vec<f32>,
    gate_up: Matrix,
    down: Matrix,
}

impl Model {
    /// Loads weights from a GGUF file.
    ///
    /// # Errors
    /// Fails if the file cannot be read, is not a GGUF file, is damaged, or contains an unsupported kind of model, or
    /// if the worker threads cannot be started.
    pub fn load(path: &Path) -> Result<Self> {
        Self::from_file(File::open(path)?)
    }

    /// Loads weights from an open GGUF file.
    ///
    /// # Errors
    /// Fails for the same reasons as [`load`](Self::load).
    pub fn from_file(file: File) -> Result<Self> {
        let mut gguf = Gguf::from_file(file)?;
        let config = Config::read(&gguf)?;
        let tokenizer = Tokenizer::read(&mut gguf)?;
        let template = gguf.text("tokenizer.chat_template").map(str::to_owned);
        let threads = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(16);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("agno-gguf-{i}"))
            .build()
            .map_err(|e| Error::Io(std::io::Error::other(e)))?;
        let mut load = Loader { gguf, pool: &pool };
        let embedding = load.matrix("token_embd.weight", tokenizer.len(), config.width)?;
        let layers = (0..config.layers)
            .map(|i| load.layer(i, &config))
            .collect::<Result<_>>()?;
        let norm = load.vector("output_norm.weight", config.width)?;
        let output = match load.gguf.tensor("output.weight") {
            None => None,
            Some(_) => Some(load.matrix("output.weight", embedding.rows(), config.width)?),
        };
        let frequency_factors = match load.gguf.tensor("rope_freqs.weight") {
            None => None,
            Some(_) => Some(load.vector("rope_freqs.weight", config.rotated / 2)?),
        };
        Ok(Self {
            config,
            tokenizer,
            template,
            pool,
            embedding,
            layers,
            norm,
            output,
            frequency_factors,
        })
    }

    /// Returns the hyperparameters.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the tokenizer.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Returns the Jinja chat template, if the file has one.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.template.as_deref()
    }

    /// Creates an empty cache for this model.
    #[must_use]
    pub fn cache(&self) -> Cache {
        Cache::new(&self.config)
    }

    /// Appends tokens to the cache and returns the logits for the next token.
    ///
    /// # Errors
    /// Fails if `tokens` is empty, exceeds the remaining context or contains a token outside the vocabulary, or if
    /// `stop` is set. `stop` is checked before each layer of each batch; if it is set, the cache ends with the last
    /// complete batch.
    pub fn forward(&self, cache: &mut Cache, tokens: &[u32], stop: &AtomicBool) -> Result<Vec<f32>> {
        let needed = cache.tokens().len() + tokens.len();
        if needed > self.config.context {
            return Err(Error::Context {
                needed,
                limit: self.config.context,
            });
        }
        if tokens.is_empty() || tokens.iter().any(|t| *t as usize >= self.embedding.rows()) {
            return Err(malformed(
                "the input has no tokens, or a token outside the vocabulary",
            ));
        }
        self.pool.install(|| {
            let mut last = vec![];
            for batch in tokens.chunks(BATCH) {
                let before = cache.tokens().len();
                match self.batch(cache, batch, stop) {
                    Ok(x) => last = x,
                    Err(e) => {
                        cache.truncate(before);
                        return Err(e);
                    }
                }
                cache.record(batch);
            }
            ops::norm(&mut last, &self.norm, self.config.epsilon);
            let mut logits = vec![];
            self.output
                .as_ref()
                .unwrap_or(&self.embedding)
                .multiply(&last, &mut logits, &mut vec![]);
            Ok(logits)
        })
    }

    /// Runs a batch through all layers and returns the vector of the last token.
    fn batch(&self, cache: &mut Cache, tokens: &[u32], stop: &AtomicBool) -> Result<Vec<f32>> {
        let c = &self.config;
        let before = cache.tokens().len();
        let rotation = Rotation::new(
            before..before + tokens.len(),
            c.rotated,
            (c.rope_base, c.rope_scale),
            self.frequency_factors.as_deref(),
            c.architecture == Architecture::Llama,
        );
        let mut x = vec![0.0; tokens.len() * c.width];
        for (t, x) in tokens.iter().zip(x.chunks_exact_mut(c.width)) {
            self.embedding.row(*t as usize, x);
        }
        let (q_width, kv_width) = (c.heads * c.head, c.kv_heads * c.head);
        let mut normed = Vec::new();
        let mut queries = vec![0.0; tokens.len() * q_width];
        let (mut a, mut b, mut scratch) = (vec![], vec![], vec![]);
        for (i, layer) in self.layers.iter().enumerate() {
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Stopped);
            }
            normed.clone_from(&x);
            ops::norm(&mut normed, &layer.attention_norm, c.epsilon);
            layer.qkv.multiply(&normed, &mut a, &mut scratch);
            let own = i * c.kv_heads..(i + 1) * c.kv_heads;
            for (t, qkv) in a.chunks_exact_mut(q_width + 2 * kv_width).enumerate() {
                if let Some(bias) = &layer.bias {
                    ops::add(qkv, bias);
                }
                let (q, kv) = qkv.split_at_mut(q_width);
                let (k, v) = kv.split_at_mut(kv_width);
                for (norm, x) in [(&layer.query_norm, &mut *q), (&layer.key_norm, &mut *k)] {
                    if let Some(norm) = norm {
                        ops::norm(x, norm, c.epsilon);
                    }
                }
                for head in q.chunks_exact_mut(c.head).chain(k.chunks_exact_mut(c.head)) {
                    rotation.rotate(t, head);
                }
                queries[t * q_width..(t + 1) * q_width].copy_from_slice(q);
                for (head, cached) in k.chunks_exact(c.head).zip(&mut cache.keys[own.clone()]) {
                    cached.extend_from_slice(head);
                }
                for (head, cached) in v.chunks_exact(c.head).zip(&mut cache.values[own.clone()]) {
                    cached.extend_from_slice(head);
                }
            }
            let kv = (&cache.keys[own.clone()], &cache.values[own]);
            ops::attention(&queries, kv, (c.heads, c.head), before, &mut a);
            layer.attention.multiply(&a, &mut b, &mut scratch);
            ops::add(&mut x, &b);
            normed.clone_from(&x);
            ops::norm(&mut normed, &layer.feed_norm, c.epsilon);
            layer.gate_up.multiply(&normed, &mut a, &mut scratch);
            ops::activate(&a, c.inner, &mut b);
            layer.down.multiply(&b, &mut a, &mut scratch);
            ops::add(&mut x, &a);
        }
        Ok(x.split_off(x.len() - c.width))
    }
}

struct Loader<'a> {
    gguf: Gguf,
    pool: &'a rayon::ThreadPool,
}

impl Loader<'_> {
    fn layer(&mut self, i: usize, c: &Config) -> Result<Layer> {
        let name = |part: &str| format!("blk.{i}.{part}");
        let (q, kv) = (c.heads * c.head, c.kv_heads * c.head);
        let mut bias = None;
        if self.gguf.tensor(&name("attn_q.bias")).is_some() {
            let mut all = self.vector(&name("attn_q.bias"), q)?;
            all.extend(self.vector(&name("attn_k.bias"), kv)?);
            all.extend(self.vector(&name("attn_v.bias"), kv)?);
            bias = Some(all);
        }
        Ok(Layer {
            attention_norm: self.vector(&name("attn_norm.weight"), c.width)?,
            qkv: self
                .matrix(&name("attn_q.weight"), q, c.width)?
                .stack(self.matrix(&name("attn_k.weight"), kv, c.width)?)
                .stack(self.matrix(&name("attn_v.weight"), kv, c.width)?),
            bias,
            query_norm: self.optional(&name("attn_q_norm.weight"), c.head)?,
            key_norm: self.optional(&name("attn_k_norm.weight"), c.head)?,
            attention: self.matrix(&name("attn_output.weight"), c.width, q)?,
            feed_norm: self.vector(&name("ffn_norm.weight"), c.width)?,
            gate_up: self
                .matrix(&name("ffn_gate.weight"), c.inner, c.width)?
                .stack(self.matrix(&name("ffn_up.weight"), c.inner, c.width)?),
            down: self.matrix(&name("ffn_down.weight"), c.width, c.inner)?,
        })
    }

    fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<Matrix> {
        let tensor = self.gguf.tensor(name).ok_or_else(|| missing(name))?.clone();
        if tensor.rows != rows || tensor.columns != columns {
            let (r, c) = (tensor.rows, tensor.columns);
            return Err(malformed(format!(
                "tensor `{name}` is {r} by {c}, expected {rows} by {columns}"
            )));
        }
        if !columns.is_multiple_of(32) {
            return Err(Error::Architecture(format!(
                "a model with rows of {columns} numbers, not a multiple of 32"
            )));
        }
        let bytes = self.gguf.read(&tensor)?;
        Ok(self
            .pool
            .install(|| Matrix::new(tensor.format, &bytes, rows, columns)))
    }

    fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        let tensor = self.gguf.tensor(name).ok_or_else(|| missing(name))?.clone();
        if tensor.rows != 1 || tensor.columns != length {
            let (r, c) = (tensor.rows, tensor.columns);
            return Err(malformed(format!(
                "tensor `{name}` is {r} by {c}, expected 1 by {length}"
            )));
        }
        let bytes = self.gguf.read(&tensor)?;
        let mut numbers = vec![0.0; length];
        crate::quant::read(tensor.format, &bytes, &mut numbers);
        Ok(numbers)
    }

    fn optional(&mut self, name: &str, length: usize) -> Result<Option<Vec<f32>>> {
        self.gguf
            .tensor(name)
            .is_some()
            .then(|| self.vector(name, length))
            .transpose()
    }
}

fn missing(name: &str) -> Error {
    malformed(format!("tensor `{name}` is missing"))
}
