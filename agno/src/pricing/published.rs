//! The built-in price list, a table of text that is parsed on the first lookup.

use std::str::Split;

use super::Price;

/// The list that `scripts/prices.py` generates.
const TEXT: &str = include_str!("prices.tsv");

/// Returns the date of the list, such as `2026-11-22`.
pub(super) fn date() -> &'static str {
    let first = TEXT.lines().next().unwrap_or_default();
    first.strip_prefix("# date\t").unwrap_or_default()
}

/// Iterates over the rows of the list.
pub(super) fn rows() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| !line.starts_with('#'))
}

/// Parses the provider, name and price of a row. A comment in the list names the columns.
pub(super) fn parse_row(row: &'static str) -> Option<(&'static str, &'static str, Price)> {
    let mut columns = row.split('\t');
    let (provider, name) = (columns.next()?, columns.next()?);
    let price = parse_price(&mut columns)?;
    Some(match columns.next() {
        None => (provider, name, price),
        Some(above) => {
            let long_context = parse_price(&mut columns)?;
            (
                provider,
                name,
                price.with_long_context(above.parse().ok()?, long_context),
            )
        }
    })
}

/// Parses the next six columns. Empty and missing columns default to the values of [`Price::new`].
fn parse_price(columns: &mut Split<'static, char>) -> Option<Price> {
    let mut next = |otherwise: Option<f64>| match columns.next() {
        None | Some("") => otherwise,
        Some(number) => number.parse().ok(),
    };
    let (input, output) = (next(None)?, next(None)?);
    let (cached, cache_written) = (next(Some(input))?, next(Some(input))?);
    let (audio_input, audio_output) = (next(Some(input))?, next(Some(output))?);
    Some(
        Price::new(input, output)
            .with_cache(cached, cache_written)
            .with_audio(audio_input, audio_output),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_price_and_may_have_a_second_one_for_long_prompts() {
        let price = Price::new(1.0, 2.0);
        assert_eq!(parse_row("acme\tlarge\t1\t2"), Some(("acme", "large", price)));
        assert_eq!(
            parse_row("acme\tlarge\t1\t2\t0.5\t\t\t3"),
            Some(("acme", "large", price.with_cache(0.5, 1.0).with_audio(1.0, 3.0)))
        );
        let long = price.with_long_context(1000, Price::new(3.0, 4.0));
        assert_eq!(
            parse_row("acme\tlarge\t1\t2\t\t\t\t\t1000\t3\t4"),
            Some(("acme", "large", long))
        );
        for row in [
            "",
            "acme",
            "acme\tlarge",
            "acme\tlarge\tx\t2",
            "acme\tlarge\t1\t2\t\t\t\t\tx\t3\t4",
        ] {
            assert_eq!(parse_row(row), None, "{row:?}");
        }
    }
}
