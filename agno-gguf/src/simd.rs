//! Access to wide vector registers without `unsafe` or intrinsics: the plain loops of a job are compiled
//! a second time for AVX2 and FMA, and that version runs on processors that have them.

/// Eight numbers that are processed together.
pub(crate) type F32x8 = [f32; 8];

/// The vector registers that a job uses.
pub(crate) trait Lanes: Copy {
    /// Returns `a * b + c` for each lane.
    fn fma(self, a: F32x8, b: F32x8, c: F32x8) -> F32x8;
}

/// Plain loops, compiled for the target's baseline.
#[derive(Clone, Copy)]
struct Plain;

impl Lanes for Plain {
    #[inline(always)]
    fn fma(self, a: F32x8, b: F32x8, mut c: F32x8) -> F32x8 {
        for l in 0..8 {
            c[l] = if cfg!(target_arch = "aarch64") {
                a[l].mul_add(b[l], c[l])
            } else {
                a[l] * b[l] + c[l]
            };
        }
        c
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for pulp::x86::V3 {
    #[inline(always)]
    fn fma(self, a: F32x8, b: F32x8, c: F32x8) -> F32x8 {
        pulp::cast(self.mul_add_f32x8(pulp::cast(a), pulp::cast(b), pulp::cast(c)))
    }
}

/// Work whose loops the compiler should vectorize. Everything it calls must be inlined, closures
/// included: a separate function is compiled for the target's baseline only.
pub(crate) trait Job {
    /// Runs the job.
    fn run<L: Lanes>(self, lanes: L);
}

/// Runs a job with the widest registers available.
#[cfg(target_arch = "x86_64")]
pub(crate) fn run(job: impl Job) {
    struct WithV3<J>(J, pulp::x86::V3);
    impl<J: Job> pulp::NullaryFnOnce for WithV3<J> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            self.0.run(self.1);
        }
    }
    match pulp::x86::V3::try_new() {
        Some(v3) => v3.vectorize(WithV3(job, v3)),
        None => job.run(Plain),
    }
}

/// Runs a job, compiled for the target's baseline, which includes NEON on 64-bit ARM.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn run(job: impl Job) {
    job.run(Plain);
}

/// Adds up eight sums, always in the same order.
#[inline(always)]
pub(crate) fn total(s: F32x8) -> f32 {
    ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]))
}

/// Returns the dot product of slices of equal length.
#[inline(always)]
pub(crate) fn dot<L: Lanes>(lanes: L, a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        sums = lanes.fma(*a, *b, sums);
    }
    let mut sum = total(sums);
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum += a * b;
    }
    sum
}

/// Returns `e` to the power of `x`, accurate to about one part in ten million. The compiler can vectorize it.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + 12_582_912.0) - 12_582_912.0;
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let e = p * (r * r) + r + 1.0;
    e * f32::from_bits(((n as i32 + 127) as u32) << 23)
}
