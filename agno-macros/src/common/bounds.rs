//! Parses bounds of numbers and counts: `1..=5`, `..10`, `0.5..`, `3`.

use std::fmt;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, ExprRange, ExprUnary, Lit, RangeLimits, UnOp};

/// A literal number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    /// Parses an expression. Returns `None` if it is not a literal number.
    pub(crate) fn parse(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::Lit(ExprLit {
                lit: Lit::Int(int), ..
            }) => int.base10_parse().ok().map(Self::Int),
            Expr::Lit(ExprLit {
                lit: Lit::Float(float),
                ..
            }) => float.base10_parse().ok().map(Self::Float),
            Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            }) => Some(match Self::parse(expr)? {
                Self::Int(int) => Self::Int(-int),
                Self::Float(float) => Self::Float(-float),
            }),
            Expr::Group(group) => Self::parse(&group.expr),
            Expr::Paren(paren) => Self::parse(&paren.expr),
            _ => None,
        }
    }

    /// Converts the number to a float.
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }

    /// Generates a limit, such as `Limit::Int(1)`. `limit` is the path of `Limit`.
    pub(crate) fn limit(self, limit: &TokenStream) -> TokenStream {
        match self {
            Self::Int(int) => quote!(#limit::Int(#int)),
            Self::Float(float) => quote!(#limit::Float(#float)),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => write!(f, "{int}"),
            Self::Float(float) => write!(f, "{float:?}"),
        }
    }
}

/// The bounds of a number or a count.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
    /// `true` if `max` itself is excluded.
    pub(crate) exclusive: bool,
}

impl Bounds {
    /// Reads a range; a single number is both the minimum and the maximum. Errors name `key`.
    pub(crate) fn parse(key: &str, expr: &Expr) -> syn::Result<Self> {
        let error = |message: &str| syn::Error::new_spanned(expr, message);
        let Expr::Range(ExprRange {
            start, end, limits, ..
        }) = expr
        else {
            let Some(number) = Number::parse(expr) else {
                return Err(error(&format!(
                    "`{key}` expects a range of literals; write `{key} = 1..=5`"
                )));
            };
            return Ok(Self {
                min: Some(number),
                max: Some(number),
                exclusive: false,
            });
        };
        let read = |end: &Option<Box<Expr>>| match end {
            None => Ok(None),
            Some(expr) => Number::parse(expr).map(Some).ok_or_else(|| {
                syn::Error::new_spanned(
                    expr,
                    format!("`{key}` expects a literal number here; write `{key} = 1..=5`"),
                )
            }),
        };
        let bounds = Self {
            min: read(start)?,
            max: read(end)?,
            exclusive: matches!(limits, RangeLimits::HalfOpen(_)) && end.is_some(),
        };
        match (bounds.min, bounds.max) {
            (None, None) => Err(error(&format!(
                "an unbounded `{key}` has no effect; write `{key} = 1..=5`, or remove it"
            ))),
            (Some(min), Some(max)) if max.float() < min.float() => Err(error(
                "the range starts above its end; put the smaller number first",
            )),
            (Some(min), Some(max)) if bounds.exclusive && max.float() <= min.float() => {
                Err(error("the range is empty; write `..=` to include its end"))
            }
            _ => Ok(bounds),
        }
    }

    /// Returns `true` if the number is within the bounds.
    pub(crate) fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|min| min.float() <= value)
            && self.max.is_none_or(|max| {
                if self.exclusive {
                    value < max.float()
                } else {
                    value <= max.float()
                }
            })
    }

    /// Returns the bounds as counts, with an inclusive maximum.
    pub(crate) fn as_counts(&self, key: &str, expr: &Expr) -> syn::Result<(usize, Option<usize>)> {
        let count = |number: Number| match number {
            Number::Int(int) => usize::try_from(int).ok(),
            Number::Float(_) => None,
        };
        let error = || {
            syn::Error::new_spanned(
                expr,
                format!("the bounds of `{key}` must be integers from zero; write `{key} = 1..=80`"),
            )
        };
        let min = self.min.map_or(Some(0), count).ok_or_else(error)?;
        let max = self.max.map(|max| count(max).ok_or_else(error)).transpose()?;
        // `..0` has no count below its end.
        let inclusive = |max: usize| {
            if self.exclusive {
                max.checked_sub(1)
            } else {
                Some(max)
            }
        };
        let max = max.map(|max| inclusive(max).ok_or_else(error)).transpose()?;
        Ok((min, max))
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(min) = self.min {
            write!(f, "{min}")?;
        }
        f.write_str(if self.exclusive || self.max.is_none() {
            ".."
        } else {
            "..="
        })?;
        match self.max {
            Some(max) => write!(f, "{max}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn every_range_syntax_parses() {
        let read = |expr: Expr| Bounds::parse("range", &expr).unwrap();
        let bounds = read(parse_quote!(-1..=5));
        assert_eq!(
            (bounds.min, bounds.max, bounds.exclusive),
            (Some(Number::Int(-1)), Some(Number::Int(5)), false)
        );
        assert!(read(parse_quote!(0.5..2.0)).exclusive);
        assert!(read(parse_quote!(1..)).max.is_none());
        assert!(read(parse_quote!(..=9)).min.is_none());
        assert!(read(parse_quote!(0..1)).contains(0.0));
        assert!(!read(parse_quote!(0..1)).contains(1.0));
        assert_eq!(
            read(parse_quote!(1..81))
                .as_counts("len", &parse_quote!(1..81))
                .unwrap(),
            (1, Some(80))
        );
    }

    #[test]
    fn empty_and_unbounded_ranges_are_rejected() {
        let read = |expr: Expr| Bounds::parse("range", &expr).unwrap_err().to_string();
        assert_eq!(
            read(parse_quote!(5..=1)),
            "the range starts above its end; put the smaller number first"
        );
        assert_eq!(
            read(parse_quote!(1..1)),
            "the range is empty; write `..=` to include its end"
        );
        assert!(read(parse_quote!(..)).starts_with("an unbounded `range` has no effect"));
        assert!(read(parse_quote!(A..=B)).starts_with("`range` expects a literal number here"));
    }

    #[test]
    fn a_range_of_counts_that_ends_before_zero_is_rejected() {
        let expr: Expr = parse_quote!(..0);
        let bounds = Bounds::parse("len", &expr).unwrap();
        assert!(bounds.as_counts("len", &expr).is_err());
    }
}
