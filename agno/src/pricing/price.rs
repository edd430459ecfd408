//! The prices of a model, from which the cost of a request is calculated.

use crate::model::Usage;

/// The prices of a model, in US dollars per million tokens.
///
/// ```
/// use agno::Usage;
/// use agno::pricing::Price;
///
/// // 3 dollars per million input tokens, 15 per million output tokens; cached input costs a tenth.
/// let price = Price::new(3.0, 15.0).with_cache(0.3, 3.75);
/// let mut usage = Usage::new(1_000_000, 0);
/// usage.cached = 1_000_000;
/// assert_eq!(price.cost(usage), 0.3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Price {
    /// Price of input tokens.
    pub input: f64,
    /// Price of output tokens.
    pub output: f64,
    /// Price of input tokens that the provider reads from its cache.
    pub cached: f64,
    /// Price of input tokens that the provider writes to its cache.
    pub cache_written: f64,
    /// Price of audio input tokens.
    pub audio_input: f64,
    /// Price of audio output tokens.
    pub audio_output: f64,
    long_context: Option<LongContext>,
}

/// The prices of a request with more than `above` input tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
struct LongContext {
    above: u64,
    rates: Rates,
}

/// The prices in a [`Price`], except for long-context prices.
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
    /// Creates a price. By default, cached tokens and audio tokens cost the same as other tokens.
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

    /// Sets the prices of tokens that are read from and written to the cache.
    #[must_use]
    pub const fn with_cache(mut self, cached: f64, cache_written: f64) -> Self {
        self.cached = cached;
        self.cache_written = cache_written;
        self
    }

    /// Sets the prices of audio input and audio output.
    #[must_use]
    pub const fn with_audio(mut self, input: f64, output: f64) -> Self {
        self.audio_input = input;
        self.audio_output = output;
        self
    }

    /// Sets the prices of requests with more than `above` input tokens. These prices apply to all tokens of such a
    /// request.
    ///
    /// A `Price` has at most one long-context threshold; a threshold in `price` is ignored.
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

    /// Returns the cost of one request's tokens in US dollars.
    ///
    /// If the price has a long-context threshold, compute the cost of each request separately and add up the results.
    /// The combined usage of several requests can exceed the threshold even if no single request does.
    ///
    /// [`Usage`] does not distinguish cached audio tokens from cached text tokens. Cached tokens are therefore counted
    /// as text tokens, up to the number of text tokens in the input.
    ///
    /// ```
    /// use agno::Usage;
    /// use agno::pricing::Price;
    ///
    /// let cost = Price::new(2.0, 8.0).cost(Usage::new(1_000_000, 500_000));
    /// assert_eq!(cost, 6.0);
    /// ```
    #[expect(clippy::cast_precision_loss, reason = "token counts are far below 2^53")]
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
    fn audio_has_its_own_price_and_cached_tokens_count_as_text_first() {
        let price = Price::new(1.0, 2.0).with_cache(0.5, 1.0).with_audio(10.0, 20.0);
        let mut usage = Usage::new(1_000_000, 1_000_000);
        (usage.audio_input, usage.audio_output) = (500_000, 250_000);
        assert_eq!(price.cost(usage), 0.5 + 5.0 + 1.5 + 5.0);
        usage.cached = 750_000;
        assert_eq!(price.cost(usage), 2.5 + 0.375 + 1.5 + 5.0);
        // By default, audio costs the same as text.
        assert_eq!(Price::new(1.0, 2.0).cost(usage), 3.0);
    }
}
