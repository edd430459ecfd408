//! The operations between matrix products: norms, rotation, attention and activation.

use rayon::prelude::*;

use crate::simd::{self, Job, Lanes, dot, exp, total};

/// Applies the root-mean-square norm to each run of `weight.len()` numbers, in place.
pub(crate) fn norm(x: &mut [f32], weight: &[f32], epsilon: f32) {
    struct Norm<'a>(&'a mut [f32], &'a [f32], f32);
    impl Job for Norm<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self, lanes: L) {
            let Self(x, weight, epsilon) = self;
            for x in x.chunks_exact_mut(weight.len()) {
                let scale = 1.0 / (dot(lanes, x, x) / weight.len() as f32 + epsilon).sqrt();
                for (x, w) in x.iter_mut().zip(weight) {
                    *x = *x * scale * w;
                }
            }
        }
    }
    simd::run(Norm(x, weight, epsilon));
}

/// Adds `y` to `x`.
pub(crate) fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

/// Computes `out = silu(gate) * up`. Each vector of `gate_up` consists of a gate and an up projection, of `inner`
/// numbers each.
pub(crate) fn activate(gate_up: &[f32], inner: usize, out: &mut Vec<f32>) {
    struct Activate<'a>(&'a [f32], &'a [f32], &'a mut [f32]);
    impl Job for Activate<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self, _: L) {
            for ((gate, up), o) in self.0.iter().zip(self.1).zip(self.2) {
                *o = gate / (1.0 + exp(-gate)) * up;
            }
        }
    }
    out.resize(gate_up.len() / 2, 0.0);
    out.par_chunks_mut(inner)
        .zip(gate_up.par_chunks(inner * 2))
        .for_each(|(out, both)| {
            let (gate, up) = both.split_at(inner);
            simd::run(Activate(gate, up, out));
        });
}

/// The cosines and sines of the rotation angles for a range of positions.
pub(crate) struct Rotation {
    rotations: Vec<(f32, f32)>,
    half: usize,
    interleaved: bool,
}

impl Rotation {
    /// Computes the rotations. `frequency_factors` divide the frequencies; `interleaved` pairs neighboring
    /// dimensions instead of dimensions at the same index in the two halves.
    pub(crate) fn new(
        positions: std::ops::Range<usize>,
        rotated: usize,
        (base, scale): (f32, f32),
        frequency_factors: Option<&[f32]>,
        interleaved: bool,
    ) -> Self {
        let half = rotated / 2;
        let frequencies: Vec<f64> = (0..half)
            .map(|i| {
                let f = f64::from(base).powf(-2.0 * i as f64 / rotated as f64) / f64::from(scale);
                f / frequency_factors
                    .and_then(|s| s.get(i))
                    .map_or(1.0, |s| f64::from(*s))
            })
            .collect();
        let rotations = positions
            .flat_map(|p| frequencies.iter().map(move |f| p as f64 * f))
            .map(|angle| (angle.cos() as f32, angle.sin() as f32))
            .collect();
        Self {
            rotations,
            half,
            interleaved,
        }
    }

    /// Rotates one head of the token at `index` in the range.
    pub(crate) fn rotate(&self, index: usize, head: &mut [f32]) {
        let rotations = &self.rotations[index * self.half..(index + 1) * self.half];
        for (i, (cos, sin)) in rotations.iter().enumerate() {
            let (a, b) = if self.interleaved {
                (2 * i, 2 * i + 1)
            } else {
                (i, i + self.half)
            };
            let (x, y) = (head[a], head[b]);
            head[a] = x * cos - y * sin;
            head[b] = x * sin + y * cos;
        }
    }
}

/// Computes the attention of concatenated queries (per token, `heads` queries of `head` numbers each) over the keys
/// and values of one layer. The first token attends to `before + 1` tokens, and each later token to one more.
pub(crate) fn attention(
    queries: &[f32],
    (keys, values): (&[Vec<f32>], &[Vec<f32>]),
    (heads, head): (usize, usize),
    before: usize,
    out: &mut Vec<f32>,
) {
    out.resize(queries.len(), 0.0);
    let group = heads / keys.len();
    out.par_chunks_mut(head)
        .zip(queries.par_chunks(head))
        .enumerate()
        .for_each(|(i, (out, query))| {
            let (token, h) = (i / heads, i % heads);
            let visible = (before + token + 1) * head;
            let (keys, values) = (&keys[h / group][..visible], &values[h / group][..visible]);
            simd::run(Attention {
                query,
                keys,
                values,
                out,
            });
        });
}

struct Attention<'a> {
    query: &'a [f32],
    keys: &'a [f32],
    values: &'a [f32],
    out: &'a mut [f32],
}

impl Job for Attention<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            query,
            keys,
            values,
            out,
        } = self;
        let head = query.len();
        let scale = 1.0 / (head as f32).sqrt();
        let mut scores = vec![0.0_f32; keys.len() / head];
        let mut peak = f32::NEG_INFINITY;
        for (s, key) in scores.iter_mut().zip(keys.chunks_exact(head)) {
            *s = dot(lanes, query, key) * scale;
            peak = peak.max(*s);
        }
        for s in &mut scores {
            *s = exp(*s - peak);
        }
        let mut sums = [0.0; 8];
        let (eights, rest) = scores.as_chunks::<8>();
        for s in eights {
            for l in 0..8 {
                sums[l] += s[l];
            }
        }
        let sum = total(sums) + rest.iter().sum::<f32>();
        out.fill(0.0);
        let mut four = values.chunks_exact(4 * head);
        for (v, s) in (&mut four).zip(scores.as_chunks::<4>().0) {
            let (v0, v) = v.split_at(head);
            let (v1, v) = v.split_at(head);
            let (v2, v3) = v.split_at(head);
            for i in 0..head {
                out[i] += s[0] * v0[i] + s[1] * v1[i] + (s[2] * v2[i] + s[3] * v3[i]);
            }
        }
        for (v, s) in four.remainder().chunks_exact(head).zip(scores.as_chunks::<4>().1) {
            for (o, v) in out.iter_mut().zip(v) {
                *o += s * v;
            }
        }
        for o in out {
            *o /= sum;
        }
    }
}
