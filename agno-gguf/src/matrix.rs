//! Weight matrices in 8-bit blocks, and their products with vectors.
//!
//! A row's product is summed in a fixed order, regardless of the number of vectors. A reply therefore does not
//! depend on how a prompt is split into batches or on what is already cached.

use rayon::prelude::*;

use crate::quant::{self, Format};
use crate::simd::{self, F32x8, Job, Lanes, total};

const BLOCK: usize = 32;
/// Number of rows processed together. Their sums are independent, which hides the latency of each addition.
const TILE: usize = 4;
/// Number of vectors processed together.
const LANES: usize = 3;

/// Rows of 8-bit integers, with one scale per block of 32.
#[derive(Debug)]
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    blocks: Vec<[i8; BLOCK]>,
    scales: Vec<f32>,
}

impl Matrix {
    /// Converts stored rows; `columns` must be a multiple of 32.
    pub(crate) fn new(format: Format, bytes: &[u8], rows: usize, columns: usize) -> Self {
        let per_row = columns / BLOCK;
        let mut blocks = vec![[0; BLOCK]; rows * per_row];
        let mut scales = vec![0.0; rows * per_row];
        let row_bytes = bytes.len() / rows;
        let rows_per_job = 16;
        (blocks.par_chunks_mut(per_row * rows_per_job))
            .zip(scales.par_chunks_mut(per_row * rows_per_job))
            .zip(bytes.par_chunks(row_bytes * rows_per_job))
            .for_each(|((blocks, scales), bytes)| {
                simd::run(Convert {
                    format,
                    bytes,
                    blocks,
                    scales,
                });
            });
        Self {
            rows,
            columns,
            blocks,
            scales,
        }
    }

    /// Appends the rows of another matrix, so that one product replaces two.
    pub(crate) fn stack(mut self, below: Self) -> Self {
        self.rows += below.rows;
        self.blocks.extend(below.blocks);
        self.scales.extend(below.scales);
        self
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Writes one row to `out`.
    pub(crate) fn row(&self, row: usize, out: &mut [f32]) {
        let per_row = self.columns / BLOCK;
        let at = row * per_row;
        for (i, out) in out.chunks_exact_mut(BLOCK).enumerate() {
            for (o, q) in out.iter_mut().zip(&self.blocks[at + i]) {
                *o = f32::from(*q) * self.scales[at + i];
            }
        }
    }

    /// Computes `out[v] = self * x[v]` for each of the vectors concatenated in `x`.
    pub(crate) fn multiply(&self, x: &[f32], out: &mut Vec<f32>, scratch: &mut Vec<f32>) {
        let n = x.len() / self.columns;
        out.resize(n * self.rows, 0.0);
        let share = self.rows.div_ceil(4 * rayon::current_num_threads());
        let share = share
            .next_multiple_of(TILE)
            .clamp(16, if n == 1 { 4096 } else { 64 });
        if n == 1 {
            self.products(x, 1, share, out);
            return;
        }
        scratch.resize(n * self.rows, 0.0);
        self.products(x, n, share, scratch);
        let columns = &*scratch;
        out.par_chunks_mut(self.rows).enumerate().for_each(|(v, out)| {
            for (r, o) in out.iter_mut().enumerate() {
                *o = columns[r * n + v];
            }
        });
    }

    /// Computes the products, ordered by row, then by vector.
    fn products(&self, x: &[f32], n: usize, share: usize, out: &mut [f32]) {
        let per_row = self.columns / BLOCK;
        out.par_chunks_mut(share * n)
            .zip(self.blocks.par_chunks(share * per_row))
            .zip(self.scales.par_chunks(share * per_row))
            .for_each(|((out, blocks), scales)| {
                simd::run(Product {
                    x,
                    n,
                    columns: self.columns,
                    blocks,
                    scales,
                    out,
                });
            });
    }
}

struct Convert<'a> {
    format: Format,
    bytes: &'a [u8],
    blocks: &'a mut [[i8; BLOCK]],
    scales: &'a mut [f32],
}

impl Job for Convert<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        if self.format == Format::Q8_0 {
            for ((bytes, block), scale) in self
                .bytes
                .as_chunks::<34>()
                .0
                .iter()
                .zip(self.blocks)
                .zip(self.scales)
            {
                *scale = quant::read_f16(bytes, 0);
                for (q, b) in block.iter_mut().zip(&bytes[2..]) {
                    *q = *b as i8;
                }
            }
            return;
        }
        let mut numbers = vec![0.0; self.blocks.len() * BLOCK];
        quant::read(self.format, self.bytes, &mut numbers);
        for ((x, block), scale) in numbers
            .as_chunks::<BLOCK>()
            .0
            .iter()
            .zip(self.blocks)
            .zip(self.scales)
        {
            let peak = x.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
            *scale = peak / 127.0;
            let inverse = if peak > 0.0 { 127.0 / peak } else { 0.0 };
            for (q, v) in block.iter_mut().zip(x) {
                *q = (v * inverse).round_ties_even() as i8;
            }
        }
    }
}

struct Product<'a> {
    x: &'a [f32],
    n: usize,
    columns: usize,
    blocks: &'a [[i8; BLOCK]],
    scales: &'a [f32],
    out: &'a mut [f32],
}

impl Job for Product<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            x,
            n,
            columns,
            blocks,
            scales,
            out,
        } = self;
        let per_row = columns / BLOCK;
        let rows = out.len() / n;
        let tiled = rows / TILE * TILE;
        let mut tile = vec![0.0; if n == 1 { 0 } else { TILE * columns }];
        for row in (0..tiled).step_by(TILE) {
            let blocks = &blocks[row * per_row..(row + TILE) * per_row];
            let scales = &scales[row * per_row..(row + TILE) * per_row];
            let out = &mut out[row * n..(row + TILE) * n];
            if n == 1 {
                four(lanes, blocks, scales, x, out);
            } else {
                many(lanes, blocks, scales, x, columns, &mut tile, out);
            }
        }
        for row in tiled..rows {
            for v in 0..n {
                let x = &x[v * columns..(v + 1) * columns];
                out[row * n + v] = one(lanes, &blocks[row * per_row..], &scales[row * per_row..], x);
            }
        }
    }
}

/// Multiplies one row by one vector.
#[inline(always)]
fn one<L: Lanes>(lanes: L, blocks: &[[i8; BLOCK]], scales: &[f32], x: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for ((q, s), x) in blocks.iter().zip(scales).zip(x.as_chunks::<BLOCK>().0) {
        add(lanes, &mut sums, q, *s, x);
    }
    total(sums)
}

#[inline(always)]
fn add<L: Lanes>(lanes: L, sums: &mut F32x8, q: &[i8; BLOCK], scale: f32, x: &[f32; BLOCK]) {
    for (q, x) in q.as_chunks::<8>().0.iter().zip(x.as_chunks::<8>().0) {
        let mut w = [0.0; 8];
        for l in 0..8 {
            w[l] = f32::from(q[l]) * scale;
        }
        *sums = lanes.fma(w, *x, *sums);
    }
}

/// Multiplies four rows by one vector.
#[inline(always)]
fn four<L: Lanes>(lanes: L, blocks: &[[i8; BLOCK]], scales: &[f32], x: &[f32], out: &mut [f32]) {
    let n = blocks.len() / TILE;
    let (b0, rest) = blocks.split_at(n);
    let (b1, rest) = rest.split_at(n);
    let (b2, b3) = rest.split_at(n);
    let (s0, rest) = scales.split_at(n);
    let (s1, rest) = rest.split_at(n);
    let (s2, s3) = rest.split_at(n);
    let mut sums = [[0.0; 8]; TILE];
    let x = &x.as_chunks::<BLOCK>().0[..n];
    for i in 0..n {
        add(lanes, &mut sums[0], &b0[i], s0[i], &x[i]);
        add(lanes, &mut sums[1], &b1[i], s1[i], &x[i]);
        add(lanes, &mut sums[2], &b2[i], s2[i], &x[i]);
        add(lanes, &mut sums[3], &b3[i], s3[i], &x[i]);
    }
    for (o, s) in out.iter_mut().zip(sums) {
        *o = total(s);
    }
}

/// Multiplies four rows by many vectors; the rows are dequantized once for all vectors.
#[inline(always)]
fn many<L: Lanes>(
    lanes: L,
    blocks: &[[i8; BLOCK]],
    scales: &[f32],
    x: &[f32],
    columns: usize,
    tile: &mut [f32],
    out: &mut [f32],
) {
    for ((to, q), s) in tile.as_chunks_mut::<BLOCK>().0.iter_mut().zip(blocks).zip(scales) {
        for i in 0..BLOCK {
            to[i] = f32::from(q[i]) * s;
        }
    }
    let n = x.len() / columns;
    let (w0, rest) = tile.split_at(columns);
    let (w1, rest) = rest.split_at(columns);
    let (w2, w3) = rest.split_at(columns);
    let eights = columns / 8;
    let w = [w0, w1, w2, w3].map(|w| &w.as_chunks::<8>().0[..eights]);
    let mut v = 0;
    while v + LANES <= n {
        let at = |i: usize| &x[(v + i) * columns..(v + i + 1) * columns].as_chunks::<8>().0[..eights];
        let (x0, x1, x2) = (at(0), at(1), at(2));
        let mut sums = [[[0.0; 8]; LANES]; TILE];
        for c in 0..eights {
            for r in 0..TILE {
                sums[r][0] = lanes.fma(w[r][c], x0[c], sums[r][0]);
                sums[r][1] = lanes.fma(w[r][c], x1[c], sums[r][1]);
                sums[r][2] = lanes.fma(w[r][c], x2[c], sums[r][2]);
            }
        }
        for r in 0..TILE {
            for i in 0..LANES {
                out[r * n + v + i] = total(sums[r][i]);
            }
        }
        v += LANES;
    }
    for v in v..n {
        let x = &x[v * columns..(v + 1) * columns].as_chunks::<8>().0[..eights];
        let mut sums = [[0.0; 8]; TILE];
        for c in 0..eights {
            for r in 0..TILE {
                sums[r] = lanes.fma(w[r][c], x[c], sums[r]);
            }
        }
        for r in 0..TILE {
            out[r * n + v] = total(sums[r]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: &mut u32) -> f32 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 8) as f32 / 8_388_608.0 - 1.0
    }

    fn matrix(rows: usize, columns: usize) -> Matrix {
        let mut seed = 7;
        let bytes: Vec<u8> = (0..rows * columns)
            .flat_map(|_| noise(&mut seed).to_le_bytes())
            .collect();
        Matrix::new(Format::F32, &bytes, rows, columns)
    }

    #[test]
    fn batched_products_equal_single_products() {
        let m = matrix(70, 96);
        let mut seed = 3;
        let x: Vec<f32> = (0..11 * 96).map(|_| noise(&mut seed)).collect();
        let (mut all, mut single, mut scratch) = (vec![], vec![], vec![]);
        m.multiply(&x, &mut all, &mut scratch);
        for (v, x) in x.chunks(96).enumerate() {
            m.multiply(x, &mut single, &mut scratch);
            assert_eq!(single, all[v * 70..(v + 1) * 70]);
        }
    }

    #[test]
    fn products_equal_dot_products_of_rows() {
        let m = matrix(9, 64);
        let mut seed = 5;
        let x: Vec<f32> = (0..64).map(|_| noise(&mut seed)).collect();
        let (mut out, mut scratch) = (vec![], vec![]);
        m.multiply(&x, &mut out, &mut scratch);
        let mut row = vec![0.0; 64];
        for (r, o) in out.iter().enumerate() {
            m.row(r, &mut row);
            let sum: f32 = row.iter().zip(&x).map(|(a, b)| a * b).sum();
            assert!((sum - o).abs() < 1e-4);
        }
    }
}
