//! Bounds: `1..=5`, `..10`, `0.5..`, `3`.

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
    pub(crate) fn of(expr: &Expr) -> Option<Self> {
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
            }) => Some(match Self::of(expr)? {
                Self::Int(int) => Self::Int(-int),
                Self::Float(float) => Self::Float(-float),
            }),
            Expr::Group(group) => Self::of(&group.expr),
            Expr::Paren(paren) => Self::of(&paren.expr),
            _ => None,
        }
    }

    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }

    /// `Limit::Int(1)`, for `limit` as the path of `Limit`.
    pub(crate) fn limit(self, limit: &TokenStream) -> TokenStream {
        match self {
            Self::Int(int) => quote!(#limit::Int(#int)),
            Self::Float(float) => quote!(#limit::Float(#float)),
        }
    }
}

/// What a number, or a count, lies between.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
    /// Whether `max` itself is outside.
    pub(crate) below: bool,
}

impl Bounds {
    /// Reads a range; a lone number is both its ends. `key` is named in errors.
    pub(crate) fn of(key: &str, expr: &Expr) -> syn::Result<Self> {
        let wrong = |message: &str| syn::Error::new_spanned(expr, message);
        let Expr::Range(ExprRange {
            start, end, limits, ..
        }) = expr
        else {
            let Some(number) = Number::of(expr) else {
                return Err(wrong(&format!(
                    "`{key}` needs a range of literals; write `{key} = 1..=5`"
                )));
            };
            return Ok(Self {
                min: Some(number),
                max: Some(number),
                below: false,
            });
        };
        let read = |end: &Option<Box<Expr>>| match end {
            None => Ok(None),
            Some(expr) => Number::of(expr).map(Some).ok_or_else(|| {
                syn::Error::new_spanned(
                    expr,
                    format!("`{key}` needs a literal number here; write `{key} = 1..=5`"),
                )
            }),
        };
        let bounds = Self {
            min: read(start)?,
            max: read(end)?,
            below: matches!(limits, RangeLimits::HalfOpen(_)) && end.is_some(),
        };
        match (bounds.min, bounds.max) {
            (None, None) => Err(wrong(&format!(
                "`{key}` holds nothing back; write `{key} = 1..=5` or leave it out"
            ))),
            (Some(min), Some(max)) if max.float() < min.float() => Err(wrong(
                "the range is the wrong way round; put the smaller number first",
            )),
            (Some(min), Some(max)) if bounds.below && max.float() <= min.float() => {
                Err(wrong("the range is empty; write `..=` if its end is allowed"))
            }
            _ => Ok(bounds),
        }
    }

    /// Whether a number lies inside.
    pub(crate) fn holds(&self, value: f64) -> bool {
        self.min.is_none_or(|min| min.float() <= value)
            && self.max.is_none_or(|max| {
                if self.below {
                    value < max.float()
                } else {
                    value <= max.float()
                }
            })
    }

    /// The bounds as counts, the end included.
    pub(crate) fn counts(&self, key: &str, expr: &Expr) -> syn::Result<(usize, Option<usize>)> {
        let count = |number: Number| match number {
            Number::Int(int) => usize::try_from(int).ok(),
            Number::Float(_) => None,
        };
        let wrong = || {
            syn::Error::new_spanned(
                expr,
                format!("`{key}` counts, so its bounds are whole numbers from zero; write `{key} = 1..=80`"),
            )
        };
        let min = self.min.map_or(Some(0), count).ok_or_else(wrong)?;
        let max = self.max.map(|max| count(max).ok_or_else(wrong)).transpose()?;
        Ok((min, max.map(|max| if self.below { max - 1 } else { max })))
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn ranges_of_each_form_are_read() {
        let read = |expr: Expr| Bounds::of("range", &expr).unwrap();
        let bounds = read(parse_quote!(-1..=5));
        assert_eq!(
            (bounds.min, bounds.max, bounds.below),
            (Some(Number::Int(-1)), Some(Number::Int(5)), false)
        );
        assert!(read(parse_quote!(0.5..2.0)).below);
        assert!(read(parse_quote!(1..)).max.is_none());
        assert!(read(parse_quote!(..=9)).min.is_none());
        assert!(read(parse_quote!(0..1)).holds(0.0));
        assert!(!read(parse_quote!(0..1)).holds(1.0));
        assert_eq!(
            read(parse_quote!(1..81))
                .counts("len", &parse_quote!(1..81))
                .unwrap(),
            (1, Some(80))
        );
    }

    #[test]
    fn ranges_that_hold_nothing_are_refused() {
        let read = |expr: Expr| Bounds::of("range", &expr).unwrap_err().to_string();
        assert_eq!(
            read(parse_quote!(5..=1)),
            "the range is the wrong way round; put the smaller number first"
        );
        assert_eq!(
            read(parse_quote!(1..1)),
            "the range is empty; write `..=` if its end is allowed"
        );
        assert!(read(parse_quote!(..)).starts_with("`range` holds nothing back"));
        assert!(read(parse_quote!(A..=B)).starts_with("`range` needs a literal number here"));
    }
}
