//! Converts GGUF's number formats to `f32`. Matrices are then stored as 8-bit blocks, whatever their format
//! in the file, so that a single kernel suffices. The cost is up to twice the memory of 4-bit files.

/// The number format of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    F32,
    F16,
    Bf16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
}

impl Format {
    pub(crate) fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            6 => Self::Q5_0,
            7 => Self::Q5_1,
            8 => Self::Q8_0,
            10 => Self::Q2K,
            11 => Self::Q3K,
            12 => Self::Q4K,
            13 => Self::Q5K,
            14 => Self::Q6K,
            30 => Self::Bf16,
            _ => return None,
        })
    }

    /// Returns how many numbers and how many bytes a block contains.
    pub(crate) fn block(self) -> (usize, usize) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 | Self::Bf16 => (1, 2),
            Self::Q4_0 => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Q8_0 => (32, 34),
            Self::Q2K => (256, 84),
            Self::Q3K => (256, 110),
            Self::Q4K => (256, 144),
            Self::Q5K => (256, 176),
            Self::Q6K => (256, 210),
        }
    }
}

/// Reads `bytes` into `out`; both contain the same number of whole blocks.
pub(crate) fn read(format: Format, bytes: &[u8], out: &mut [f32]) {
    let (numbers, size) = format.block();
    for (b, out) in bytes.chunks_exact(size).zip(out.chunks_exact_mut(numbers)) {
        match format {
            Format::F32 => out[0] = f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            Format::F16 => out[0] = read_f16(b, 0),
            Format::Bf16 => out[0] = f32::from_bits(u32::from(u16::from_le_bytes([b[0], b[1]])) << 16),
            Format::Q4_0 => nibbles(&b[2..18], None, read_f16(b, 0), -8.0 * read_f16(b, 0), out),
            Format::Q4_1 => nibbles(&b[4..20], None, read_f16(b, 0), read_f16(b, 2), out),
            Format::Q5_0 => nibbles(
                &b[6..22],
                Some(&b[2..6]),
                read_f16(b, 0),
                -16.0 * read_f16(b, 0),
                out,
            ),
            Format::Q5_1 => nibbles(&b[8..24], Some(&b[4..8]), read_f16(b, 0), read_f16(b, 2), out),
            Format::Q8_0 => {
                let d = read_f16(b, 0);
                for (o, q) in out.iter_mut().zip(&b[2..]) {
                    *o = d * f32::from(*q as i8);
                }
            }
            Format::Q2K => q2k(b, out),
            Format::Q3K => q3k(b, out),
            Format::Q4K => q45k(b, &b[16..], None, out),
            Format::Q5K => q45k(b, &b[48..], Some(&b[16..48]), out),
            Format::Q6K => q6k(b, out),
        }
    }
}

/// Reads a half-precision number at byte `at`.
pub(crate) fn read_f16(b: &[u8], at: usize) -> f32 {
    let h = u32::from(u16::from_le_bytes([b[at], b[at + 1]]));
    let (sign, exp, frac) = ((h & 0x8000) << 16, (h >> 10) & 0x1f, h & 0x3ff);
    match exp {
        0 => f32::from_bits(sign | (frac as f32 * (1.0 / 16_777_216.0)).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | (frac << 13)),
        _ => f32::from_bits(sign | ((exp + 112) << 23) | (frac << 13)),
    }
}

/// Reads 32 four-bit numbers, low halves first, each with an optional fifth bit.
fn nibbles(q: &[u8], fifth: Option<&[u8]>, scale: f32, offset: f32, out: &mut [f32]) {
    let high = fifth.map_or(0, |h| u32::from_le_bytes([h[0], h[1], h[2], h[3]]));
    for (i, &q) in q.iter().enumerate() {
        let low = u32::from(q & 15) | ((high >> i) & 1) << 4;
        let top = u32::from(q >> 4) | ((high >> (i + 16)) & 1) << 4;
        out[i] = low as f32 * scale + offset;
        out[i + 16] = top as f32 * scale + offset;
    }
}

fn q2k(b: &[u8], out: &mut [f32]) {
    let (scales, q, d, min) = (&b[..16], &b[16..80], read_f16(b, 80), read_f16(b, 82));
    for (i, o) in out.iter_mut().enumerate() {
        // Two runs of 128 numbers, each stored in 32 bytes at four different bit offsets.
        let (run, within) = (i / 128, i % 128);
        let bits = (q[run * 32 + within % 32] >> (2 * (within / 32))) & 3;
        let s = scales[i / 16];
        *o = d * f32::from(s & 15) * f32::from(bits) - min * f32::from(s >> 4);
    }
}

fn q3k(b: &[u8], out: &mut [f32]) {
    let (high, q, packed, d) = (&b[..32], &b[32..96], &b[96..108], read_f16(b, 108));
    for (i, o) in out.iter_mut().enumerate() {
        let (run, within) = (i / 128, i % 128);
        let shift = within / 32;
        let low = (q[run * 32 + within % 32] >> (2 * shift)) & 3;
        let set = (high[within % 32] >> (run * 4 + shift)) & 1;
        let value = i32::from(low) - if set == 0 { 4 } else { 0 };
        let s = i / 16;
        let four = if s < 8 { packed[s] & 15 } else { packed[s - 8] >> 4 };
        let two = (packed[8 + s % 4] >> (2 * (s / 4))) & 3;
        *o = d * (i32::from(four | two << 4) - 32) as f32 * value as f32;
    }
}

/// Reads a block of Q4_K or Q5_K: eight runs of 32 numbers, each with a 6-bit scale and a 6-bit minimum.
fn q45k(b: &[u8], q: &[u8], fifth: Option<&[u8]>, out: &mut [f32]) {
    let (d, min, packed) = (read_f16(b, 0), read_f16(b, 2), &b[4..16]);
    for (run, out) in out.chunks_exact_mut(32).enumerate() {
        let (s, m) = if run < 4 {
            (packed[run] & 63, packed[run + 4] & 63)
        } else {
            (
                (packed[run + 4] & 15) | (packed[run - 4] >> 6) << 4,
                (packed[run + 4] >> 4) | (packed[run] >> 6) << 4,
            )
        };
        let (scale, offset) = (d * f32::from(s), min * f32::from(m));
        for (i, o) in out.iter_mut().enumerate() {
            let byte = q[run / 2 * 32 + i];
            let mut value = if run % 2 == 0 { byte & 15 } else { byte >> 4 };
            if let Some(h) = fifth {
                value |= ((h[i] >> run) & 1) << 4;
            }
            *o = scale * f32::from(value) - offset;
        }
    }
}

fn q6k(b: &[u8], out: &mut [f32]) {
    let (low, high, scales, d) = (&b[..128], &b[128..192], &b[192..208], read_f16(b, 208));
    for (i, o) in out.iter_mut().enumerate() {
        let (run, within) = (i / 128, i % 128);
        let (quarter, l) = (within / 32, within % 32);
        let byte = low[run * 64 + (quarter % 2) * 32 + l];
        let four = if quarter < 2 { byte & 15 } else { byte >> 4 };
        let two = (high[run * 32 + l] >> (2 * quarter)) & 3;
        let value = i32::from(four | two << 4) - 32;
        *o = d * f32::from(scales[i / 16] as i8) * value as f32;
    }
}
