//! What answers cost in money, by a table of prices that a program can replace.

use super::{ModelId, Usage};

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
}

impl Price {
    /// These prices; cached tokens cost as others do.
    pub const fn new(input: f64, output: f64) -> Self {
        Self {
            input,
            output,
            cached: input,
            cache_written: input,
        }
    }

    /// With these prices of cached tokens, and of those cached now.
    #[must_use]
    pub const fn with_cache(mut self, cached: f64, cache_written: f64) -> Self {
        self.cached = cached;
        self.cache_written = cache_written;
        self
    }

    /// What this many tokens cost, in US dollars.
    ///
    /// ```
    /// use agno::Usage;
    /// use agno::model::Price;
    ///
    /// let cost = Price::new(2.0, 8.0).of(Usage::new(1_000_000, 500_000));
    /// assert_eq!(cost, 6.0);
    /// ```
    #[expect(clippy::cast_precision_loss, reason = "counts of tokens are far below 2^52")]
    pub fn of(&self, usage: Usage) -> f64 {
        let plain = usage
            .input
            .saturating_sub(usage.cached)
            .saturating_sub(usage.cache_written);
        let dollars = plain as f64 * self.input
            + usage.cached as f64 * self.cached
            + usage.cache_written as f64 * self.cache_written
            + usage.output as f64 * self.output;
        dollars / 1_000_000.0
    }
}

/// Prices of models, each under the beginning of its name: `gpt-5-mini` is also the price of `gpt-5-mini-2025-08-07`.
///
/// agno brings no prices: they change, and a wrong one is worse than none.
///
/// ```
/// use agno::Usage;
/// use agno::model::{ModelId, Price, PriceTable};
///
/// let prices = PriceTable::new()
///     .with("openai", "gpt-5", Price::new(1.25, 10.0).with_cache(0.125, 1.25))
///     .with("openai", "gpt-5-mini", Price::new(0.25, 2.0).with_cache(0.025, 0.25));
/// let mini = ModelId::new("openai", "gpt-5-mini-2025-08-07");
/// assert_eq!(prices.cost(mini, Usage::new(1_000_000, 0)), Some(0.25));
/// assert_eq!(prices.cost(ModelId::new("acme", "large"), Usage::new(1, 1)), None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct PriceTable(Vec<(String, String, Price)>);

impl PriceTable {
    /// No prices.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// With the price of this provider's models whose names begin so. A later price of the same name replaces an earlier.
    #[must_use]
    pub fn with(mut self, provider: impl Into<String>, model: impl Into<String>, price: Price) -> Self {
        let (provider, model) = (provider.into(), model.into());
        self.0.retain(|(of, name, _)| (of, name) != (&provider, &model));
        self.0.push((provider, model, price));
        self
    }

    /// The price of this model: that of the longest name it begins with.
    pub fn price(&self, model: ModelId<'_>) -> Option<&Price> {
        let fits =
            |entry: &&(String, String, Price)| entry.0 == model.provider && model.name.starts_with(&entry.1);
        self.0
            .iter()
            .filter(fits)
            .max_by_key(|(_, name, _)| name.len())
            .map(|(.., price)| price)
    }

    /// What this many tokens of this model cost, in US dollars; `None` when its price is not known.
    pub fn cost(&self, model: ModelId<'_>, usage: Usage) -> Option<f64> {
        self.price(model).map(|price| price.of(usage))
    }
}
