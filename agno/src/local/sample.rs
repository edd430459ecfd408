//! Picks the next token.

use std::hash::{BuildHasher, RandomState};

use super::prompt::Sampling;

/// Picks tokens. The same seed gives the same tokens.
#[derive(Debug)]
pub(super) struct Sampler {
    sampling: Sampling,
    state: u64,
}

impl Sampler {
    pub(super) fn new(sampling: Sampling) -> Self {
        let state = sampling.seed.unwrap_or_else(|| RandomState::new().hash_one(0));
        Self { sampling, state }
    }

    /// Picks a token by weight. Weights that are NaN are ignored.
    pub(super) fn pick(&mut self, weights: &[f32]) -> u32 {
        let (best, peak) =
            weights.iter().enumerate().fold(
                (0, f32::NEG_INFINITY),
                |best, (i, w)| if *w > best.1 { (i, *w) } else { best },
            );
        let temperature = self.sampling.temperature;
        let index = if temperature > 0.0 && temperature.is_finite() {
            self.draw(weights, peak, temperature).unwrap_or(best)
        } else {
            best
        };
        u32::try_from(index).unwrap_or_default()
    }

    fn draw(&mut self, weights: &[f32], peak: f32, temperature: f32) -> Option<usize> {
        // A token that is e^-20 times as likely as the most likely one is negligible.
        let scaled = |w: f32| (w - peak) / temperature;
        let mut choices: Vec<(usize, f32)> = weights
            .iter()
            .enumerate()
            .filter(|(_, w)| scaled(**w) > -20.0)
            .map(|(i, w)| (i, scaled(*w).exp()))
            .collect();
        let mut sum: f32 = choices.iter().map(|(_, p)| p).sum();
        if let Some(share) = self.sampling.top_p.filter(|share| *share < 1.0) {
            choices.sort_by(|a, b| b.1.total_cmp(&a.1));
            let mut mass = 0.0;
            let cutoff = choices.iter().position(|(_, p)| {
                mass += p;
                mass >= share * sum
            });
            choices.truncate(cutoff.map_or(choices.len(), |n| n + 1));
            sum = choices.iter().map(|(_, p)| p).sum();
        }
        let mut remaining = self.unit() * sum;
        for (i, p) in &choices {
            remaining -= p;
            if remaining <= 0.0 {
                return Some(*i);
            }
        }
        choices.last().map(|(i, _)| *i)
    }

    /// Returns a number from 0 to 1 (`SplitMix64`).
    fn unit(&mut self) -> f32 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / 16_777_216.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample_tokens(sampling: Sampling) -> Vec<u32> {
        let mut sampler = Sampler::new(sampling);
        (0..50)
            .map(|_| sampler.pick(&[1.0, f32::NEG_INFINITY, 1.2, 0.9, -30.0]))
            .collect()
    }

    #[test]
    fn zero_temperature_picks_the_most_likely_token() {
        assert!(sample_tokens(Sampling::default()).iter().all(|token| *token == 2));
    }

    #[test]
    fn equal_seeds_give_equal_samples() {
        let sampling = Sampling {
            temperature: 1.0,
            top_p: None,
            seed: Some(7),
        };
        let tokens = sample_tokens(sampling);
        assert_eq!(tokens, sample_tokens(sampling));
        assert!([0, 2, 3].iter().all(|token| tokens.contains(token)), "{tokens:?}");
        assert!(!tokens.contains(&1) && !tokens.contains(&4));
    }

    #[test]
    fn a_small_top_p_picks_the_most_likely_token() {
        let sampling = Sampling {
            temperature: 1.0,
            top_p: Some(0.1),
            seed: Some(7),
        };
        assert!(sample_tokens(sampling).iter().all(|token| *token == 2));
    }
}
