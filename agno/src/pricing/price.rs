//! What answers cost in money, by the prices of a model.

use crate::model::Usage;

/// Prices of a model, in US dollars a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Price {
    /// Of tokens read.
    pub input: f64,
    /// Of tokens written.
    pub output: f64,
    /// Of tokens read that the provider had cached.
    pub cached: f64,
    /// Of tokens read that the provider cached then.
    pub cache_written: f64,
    /// Of tokens of sound read.
    pub audio_input: f64,
    /// Of tokens of sound written.
    pub audio_output: f64,
    long_context: Option<LongContext>,
}

/// The prices of a request that reads more than so many tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
struct LongContext {
    above: u64,
    rates: Rates,
}

/// Prices as in [`Price`], which hold for a request of any length.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rates {
    input: f64,
    output: f64,
    cached: f64,
    cache_written: f64,
    audio_input: f64,
    audio_output: f64,
}

impl Price {
    /// These prices; tokens that are cached or sound cost as others do.
    pub const fn new(input: f64, output: f64) -> Self {
        Self {
            input,
            output,
            cached: input,
            cache_written: input,
            audio_input: input,
            audio_output: output,
            long_context: None,
        }
    }

    /// With these prices of cached tokens, and of those cached now.
    #[must_use]
    pub const fn with_cache(mut self, cached: f64, cache_written: f64) -> Self {
        self.cached = cached;
        self.cache_written = cache_written;
        self
    }

    /// With these prices of sound, read and written.
    #[must_use]
    pub const fn with_audio(mut self, input: f64, output: f64) -> Self {
        self.audio_input = input;
        self.audio_output = output;
        self
    }

    /// With other prices for a request that reads more than this many tokens: all its tokens cost as `price` says.
    ///
    /// A price has one such step; that of `price` is left out.
    ///
    /// ```
    /// use agno::Usage;
    /// use agno::pricing::Price;
    ///
    /// let price = Price::new(1.0, 4.0).with_long_context(200_000, Price::new(2.0, 6.0));
    /// assert_eq!(price.cost(Usage::new(200_000, 0)), 0.2);
    /// assert_eq!(price.cost(Usage::new(200_001, 0)), 0.400_002);
    /// ```
    #[must_use]
    pub const fn with_long_context(mut self, above: u64, price: Self) -> Self {
        let rates = price.rates();
        self.long_context = Some(LongContext { above, rates });
        self
    }

    const fn rates(&self) -> Rates {
        Rates {
            input: self.input,
            output: self.output,
            cached: self.cached,
            cache_written: self.cache_written,
            audio_input: self.audio_input,
            audio_output: self.audio_output,
        }
    }

    /// Returns the cost of the tokens of one request, in US dollars.
    ///
    /// Where long requests have a price of their own, tokens of several requests together may seem a long one and cost too
    /// much; add up what each of them costs instead. Of tokens of sound, those the provider had cached are not told apart:
    /// as many as can be are taken for text.
    ///
    /// ```
    /// use agno::Usage;
    /// use agno::pricing::Price;
    ///
    /// let cost = Price::new(2.0, 8.0).cost(Usage::new(1_000_000, 500_000));
    /// assert_eq!(cost, 6.0);
    /// ```
    #[expect(clippy::cast_precision_loss, reason = "counts of tokens are far below 2^52")]
    pub fn cost(&self, usage: Usage) -> f64 {
        let rates = match self.long_context {
            Some(long_context) if usage.input > long_context.above => long_context.rates,
            _ => self.rates(),
        };
        let read = usage
            .input
            .saturating_sub(usage.cached)
            .saturating_sub(usage.cache_written);
        let audio_input = usage.audio_input.min(read);
        let audio_output = usage.audio_output.min(usage.output);
        let dollars = (read - audio_input) as f64 * rates.input
            + audio_input as f64 * rates.audio_input
            + usage.cached as f64 * rates.cached
            + usage.cache_written as f64 * rates.cache_written
            + (usage.output - audio_output) as f64 * rates.output
            + audio_output as f64 * rates.audio_output;
        dollars / 1_000_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_has_its_price_and_what_was_cached_is_taken_for_text() {
        let price = Price::new(1.0, 2.0).with_cache(0.5, 1.0).with_audio(10.0, 20.0);
        let mut usage = Usage::new(1_000_000, 1_000_000);
        (usage.audio_input, usage.audio_output) = (500_000, 250_000);
        assert_eq!(price.cost(usage), 0.5 + 5.0 + 1.5 + 5.0);
        usage.cached = 750_000;
        assert_eq!(price.cost(usage), 2.5 + 0.375 + 1.5 + 5.0);
        // Without a price of its own it costs as text does.
        assert_eq!(Price::new(1.0, 2.0).cost(usage), 3.0);
    }
}
