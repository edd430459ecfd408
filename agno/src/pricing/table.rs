//! Model prices by name, from the built-in list and from the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Price, published};
use crate::model::{ModelId, Usage};

/// Model prices by name.
///
/// - The name of a model also matches its dated versions: `gpt-5-mini` matches `gpt-5-mini-2025-08-07`,
///   `gpt-5-mini-20250807` and `gpt-5-mini@20250807`. It does not match `gpt-5-mini-next`, which is a different model.
/// - A name that ends in `*` matches every model whose name starts with the text before the `*`.
/// - An exact match takes precedence over a match without the date, which takes precedence over a match with `*`. Among
///   several names with `*`, the longest takes precedence.
/// - Model names are case-insensitive.
///
/// [`published`](Self::published) returns the built-in prices. Prices that a program adds take precedence over them.
///
/// ```
/// use agno::Usage;
/// use agno::model::ModelId;
/// use agno::pricing::{Price, PriceTable};
///
/// let prices = PriceTable::new()
///     .with_price("openai", "gpt-5", Price::new(1.25, 10.0).with_cache(0.125, 1.25))
///     .with_price("openai", "gpt-5-mini", Price::new(0.25, 2.0).with_cache(0.025, 0.25))
///     .with_price("vllm", "*", Price::new(0.0, 0.0));
/// let mini = ModelId::new("openai", "gpt-5-mini-2025-08-07");
/// assert_eq!(prices.cost(mini, Usage::new(1_000_000, 0)), Some(0.25));
/// assert_eq!(prices.cost(ModelId::new("vllm", "qwen3-8b"), Usage::new(1, 1)), Some(0.0));
/// assert_eq!(prices.cost(ModelId::new("openai", "gpt-5-next"), Usage::new(1, 1)), None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct PriceTable {
    rows: Rows,
    /// The fallback for models that are not in `rows`. It is a reference, so that programs that do not use the list do
    /// not contain it.
    published: Option<&'static LazyLock<Rows>>,
}

/// Prices by provider.
type Rows = BTreeMap<Cow<'static, str>, Names>;

/// The prices of one provider's models, by lowercase name.
#[derive(Debug, Clone, Default)]
struct Names {
    exact: BTreeMap<Cow<'static, str>, Price>,
    /// The prices of names that end in `*`, without the `*`.
    prefixes: BTreeMap<Cow<'static, str>, Price>,
}

static PUBLISHED: LazyLock<Rows> = LazyLock::new(|| {
    let mut rows = Rows::new();
    for (provider, name, price) in published::rows().filter_map(published::parse_row) {
        let names = rows.entry(provider.into()).or_default();
        names.exact.insert(name.into(), price);
    }
    rows
});

impl PriceTable {
    /// Creates an empty table.
    pub const fn new() -> Self {
        Self {
            rows: BTreeMap::new(),
            published: None,
        }
    }

    /// Returns the built-in prices of about two thousand model names from 18 providers.
    ///
    /// The prices come from the [genai-prices](https://github.com/pydantic/genai-prices) package and are the providers'
    /// public prices on the date of [`published_on`](Self::published_on). Prices change: update agno for newer prices,
    /// or set them as in the example.
    ///
    /// Uncertain prices are omitted, because a wrong price is worse than none. The list does not contain:
    ///
    /// - models whose price depends on the time of day (most of DeepSeek's), or was scheduled to change on a known
    ///   date;
    /// - models with a fee per request (Perplexity's);
    /// - models for tasks other than chat, and models that the provider has deprecated;
    /// - names that end in `latest`;
    /// - Azure, where a name refers to your own deployment.
    ///
    /// The prices do not account for discounts, batches, faster or slower tiers, the higher price of one-hour caches,
    /// or fees for the provider's own tools, such as searches. Audio costs the same as text if the list has no audio
    /// price.
    ///
    /// Only programs that call this function or [`published_on`](Self::published_on) contain the list. It is parsed on
    /// the first lookup.
    ///
    /// ```
    /// use agno::Usage;
    /// use agno::model::ModelId;
    /// use agno::pricing::{Price, PriceTable};
    ///
    /// let usage = Usage::new(1_000_000, 1_000_000);
    /// let prices = PriceTable::published();
    /// let haiku = ModelId::new("anthropic", "claude-haiku-4-5-20251001");
    /// assert_eq!(prices.cost(haiku, usage), Some(6.0));
    ///
    /// // A contract price of half the list price, and a model that is not in the list.
    /// let prices = prices
    ///     .with_price("anthropic", "claude-haiku-4-5", Price::new(0.5, 2.5))
    ///     .with_price("azure", "our-deployment", Price::new(1.0, 4.0));
    /// assert_eq!(prices.cost(haiku, usage), Some(3.0));
    /// ```
    pub const fn published() -> Self {
        Self {
            rows: BTreeMap::new(),
            published: Some(&PUBLISHED),
        }
    }

    /// Returns the date of the prices in [`published`](Self::published), such as `2026-11-22`.
    pub fn published_on() -> &'static str {
        published::date()
    }

    /// Sets the price of a model and its dated versions or, if the name ends in `*`, of all models whose names start
    /// with the text before the `*`. Replaces an earlier price for the same name.
    ///
    /// `provider` must equal the provider in the model's [`ModelId`]. For `openai-responses`, that is `openai`.
    #[must_use]
    pub fn with_price(mut self, provider: impl Into<String>, model: impl Into<String>, price: Price) -> Self {
        let names = self.rows.entry(Cow::Owned(provider.into())).or_default();
        let mut model = model.into();
        model.make_ascii_lowercase();
        match model.strip_suffix('*') {
            Some(prefix) => names.prefixes.insert(Cow::Owned(prefix.to_owned()), price),
            None => names.exact.insert(Cow::Owned(model), price),
        };
        self
    }

    /// Returns the price of a model, according to the [matching rules](Self), or `None` if it is unknown.
    pub fn price(&self, model: ModelId<'_>) -> Option<&Price> {
        let name = model.name.to_ascii_lowercase();
        let own = self.rows.get(model.provider).and_then(|names| names.price(&name));
        own.or_else(|| LazyLock::force(self.published?).get(model.provider)?.price(&name))
    }

    /// Returns the cost of one request to a model in US dollars, or `None` if its price is unknown.
    ///
    /// For several requests, see [`Price::cost`].
    pub fn cost(&self, model: ModelId<'_>, usage: Usage) -> Option<f64> {
        self.price(model).map(|price| price.cost(usage))
    }
}

impl Names {
    fn price(&self, name: &str) -> Option<&Price> {
        let prefixes = || {
            let fits = self
                .prefixes
                .iter()
                .filter(|(prefix, _)| name.starts_with(&***prefix));
            fits.max_by_key(|(prefix, _)| prefix.len())
                .map(|(_, price)| price)
        };
        let exact = |name: &str| self.exact.get(name);
        exact(name)
            .or_else(|| exact(without_date(name)?))
            .or_else(prefixes)
    }
}

/// Returns the name without its date suffix: `-2025-08-07`, `-20250807` or `@20250807`.
fn without_date(name: &str) -> Option<&str> {
    let matches_pattern = |end: &[u8], pattern: &[u8]| {
        let mut pairs = end.iter().zip(pattern);
        pairs.all(|(is, expected)| is == expected || *expected == b'0' && is.is_ascii_digit())
    };
    [&b"-0000-00-00"[..], b"-00000000", b"@00000000"]
        .into_iter()
        .find_map(|pattern| {
            let (name, end) = name.split_at_checked(name.len().checked_sub(pattern.len())?)?;
            matches_pattern(end.as_bytes(), pattern).then_some(name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::PROVIDERS;

    fn price_of(table: &PriceTable, provider: &str, name: &str) -> Option<Price> {
        table.price(ModelId::new(provider, name)).copied()
    }

    #[test]
    fn every_published_row_parses_and_is_unique() {
        let rows: Vec<_> = published::rows()
            .map(|row| published::parse_row(row).ok_or(row))
            .collect();
        assert!(rows.len() > 1000);
        for row in &rows {
            let (provider, name, price) = row.unwrap();
            assert!(
                PROVIDERS.iter().any(|known| known.name == provider),
                "unknown provider `{provider}`"
            );
            assert_eq!(name, name.to_ascii_lowercase());
            assert!(!name.is_empty() && !name.ends_with('*'));
            let all = [price.input, price.output, price.cached, price.cache_written];
            assert!(
                all.iter().all(|dollars| (0.0..1000.0).contains(dollars)),
                "{row:?}"
            );
            assert_eq!(price_of(&PriceTable::published(), provider, name), Some(price));
        }
        let parsed: usize = PUBLISHED.values().map(|names| names.exact.len()).sum();
        assert_eq!(parsed, rows.len());
    }

    #[test]
    fn the_published_prices_have_a_date() {
        let date = PriceTable::published_on();
        assert_eq!(without_date(&format!("-{date}")), Some(""), "{date:?}");
        assert!(date >= "2026-11-22");
    }

    /// Prices that a reader can compare with the list. A new list may change them.
    #[test]
    fn popular_models_have_their_published_price() {
        let table = PriceTable::published();
        let known = [
            (
                "openai",
                "gpt-5-mini",
                Price::new(0.25, 2.0).with_cache(0.025, 0.25),
            ),
            ("openai", "gpt-4o-2024-05-13", Price::new(5.0, 15.0)),
            (
                "anthropic",
                "claude-haiku-4-5",
                Price::new(1.0, 5.0).with_cache(0.1, 1.25),
            ),
            (
                "gemini",
                "gemini-2.5-flash",
                Price::new(0.3, 2.5).with_cache(0.03, 0.3).with_audio(1.0, 2.5),
            ),
            (
                "gemini",
                "gemini-2.5-pro",
                Price::new(1.25, 10.0)
                    .with_cache(0.125, 1.25)
                    .with_long_context(200_000, Price::new(2.5, 15.0).with_cache(0.25, 2.5)),
            ),
            (
                "bedrock",
                "us.anthropic.claude-haiku-4-5-20251001-v1:0",
                Price::new(1.1, 5.5).with_cache(0.11, 1.375),
            ),
            ("xai", "grok-4", Price::new(3.0, 15.0).with_cache(0.75, 3.0)),
            (
                "together",
                "meta-llama/Llama-3.3-70B-Instruct-Turbo",
                Price::new(0.88, 0.88),
            ),
            ("huggingface", "openai/gpt-oss-120b:groq", Price::new(0.15, 0.75)),
        ];
        for (provider, name, expected) in known {
            assert_eq!(
                price_of(&table, provider, name),
                Some(expected),
                "{provider}:{name}"
            );
        }
    }

    #[test]
    fn unlisted_models_have_no_price() {
        let table = PriceTable::published();
        for (provider, name) in [
            ("openai", "gpt-5-mini-next"),
            ("openai", "gpt-5-mini-2025"),
            ("openai", "gpt-"),
            ("openai", ""),
            ("openai", "ft:gpt-4o-mini-2024-07-18:acme::1"),
            ("openai", "text-embedding-3-small"),
            ("openrouter", "gpt-5-mini"),
            ("azure", "gpt-5-mini"),
            ("ollama", "llama3.2"),
            ("acme", "large"),
        ] {
            assert_eq!(price_of(&table, provider, name), None, "{provider}:{name}");
        }
        assert_eq!(price_of(&PriceTable::new(), "openai", "gpt-5-mini"), None);
    }

    #[test]
    fn a_name_matches_its_dated_versions_and_no_other_model() {
        let table = PriceTable::new().with_price("acme", "Large-4", Price::new(1.0, 1.0));
        for name in [
            "large-4",
            "LARGE-4",
            "large-4-2025-08-07",
            "large-4-20250807",
            "large-4@20250807",
        ] {
            assert!(price_of(&table, "acme", name).is_some(), "{name}");
        }
        for name in [
            "large",
            "large-4.1",
            "large-4-1-20250807",
            "large-4-0807",
            "large-4-20250807-v1:0",
            "large-4-2025-08-07-mini",
            "large-4-2025-08-0é",
            "é2025-08-07",
            "-20250807",
        ] {
            assert_eq!(price_of(&table, "acme", name), None, "{name}");
        }
    }

    #[test]
    fn exact_names_take_precedence_over_undated_names_and_prefixes() {
        let flat = |dollars| Price::new(dollars, dollars);
        let table = PriceTable::new()
            .with_price("acme", "*", flat(1.0))
            .with_price("acme", "Large-*", flat(2.0))
            .with_price("acme", "large-4", flat(3.0))
            .with_price("acme", "large-4-2025-08-07", flat(4.0));
        for (name, dollars) in [
            ("small", 1.0),
            ("large-3", 2.0),
            ("large-4-mini", 2.0),
            ("large-4", 3.0),
            ("large-4-2025-01-01", 3.0),
            ("large-4-2025-08-07", 4.0),
        ] {
            assert_eq!(price_of(&table, "acme", name), Some(flat(dollars)), "{name}");
        }
        assert_eq!(price_of(&table, "other", "large-4"), None);
    }

    #[test]
    fn custom_prices_override_published_prices_and_the_last_price_wins() {
        let custom = Price::new(0.5, 0.5);
        let table = PriceTable::published()
            .with_price("openai", "gpt-5", Price::new(9.0, 9.0))
            .with_price("openai", "gpt-5", custom)
            .with_price("xai", "*", custom);
        assert_eq!(price_of(&table, "openai", "gpt-5"), Some(custom));
        // The list contains this dated name as well.
        assert_eq!(price_of(&table, "openai", "gpt-5-2025-08-07"), Some(custom));
        assert_eq!(price_of(&table, "xai", "grok-4"), Some(custom));
        let list = PriceTable::published();
        for name in ["gpt-5-mini", "o3"] {
            assert_eq!(price_of(&table, "openai", name), price_of(&list, "openai", name));
        }
        assert_ne!(price_of(&list, "openai", "gpt-5"), Some(custom));
    }

    #[test]
    fn the_long_context_price_applies_to_the_whole_request() {
        let sonnet = ModelId::new("anthropic", "claude-sonnet-4-5");
        let cost = |input| PriceTable::published().cost(sonnet, Usage::new(input, 1_000_000));
        assert_eq!(cost(0), Some(15.0));
        assert_eq!(cost(200_000), Some(15.6));
        assert_eq!(cost(200_001), Some(22.5 + 1.200_006));

        let mut usage = Usage::new(300_000, 0);
        (usage.cached, usage.cache_written) = (100_000, 100_000);
        let cost = PriceTable::published().cost(sonnet, usage).unwrap();
        assert!((cost - (0.6 + 0.06 + 0.75)).abs() < 1e-9, "{cost}");
    }
}
