//! Converts doc comments to descriptions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Returns the doc comment of an item as an expression of type `&'static str`, or `None` if it is missing or empty.
///
/// The lines of a paragraph are joined; lists, code, tables and blank lines are preserved. If a part is not a literal,
/// as in `#[doc = include_str!("…")]`, it is kept as an expression, and no lines are joined.
pub(crate) fn description(attrs: &[Attribute]) -> Option<TokenStream> {
    let parts = parts(attrs);
    if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        return docs(&parts).map(|text| text.to_token_stream());
    }
    let chunks = parts.iter().enumerate().map(|(index, part)| {
        let line = (index > 0).then(|| quote!("\n",));
        match part {
            Part::Text(text) => quote!(#line #text),
            Part::Expr(expr) => quote!(#line #expr),
        }
    });
    Some(quote!(::core::concat!(#(#chunks),*)))
}

/// Joins the literal parts. Returns `None` if the result is empty.
fn docs(parts: &[Part]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        if let Part::Text(part) = part {
            text.push_str(part);
            text.push('\n');
        }
    }
    let joined = join(&text);
    (!joined.is_empty()).then_some(joined)
}

enum Part {
    Text(String),
    Expr(Expr),
}

fn parts(attrs: &[Attribute]) -> Vec<Part> {
    let docs = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    });
    docs.map(|value| match literal(value) {
        Some(text) => Part::Text(text),
        None => Part::Expr(value.clone()),
    })
    .collect()
}

// `macro_rules!` passes literals in a group.
fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(text.value()),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

fn join(text: &str) -> String {
    let mut joined = String::new();
    let mut fenced = false;
    // `true` if the next line may continue the paragraph.
    let mut open = false;
    for line in text.lines() {
        let line = line.trim_end();
        let line = if fenced {
            line.strip_prefix(' ').unwrap_or(line)
        } else {
            line.trim_start()
        };
        let fence = line.starts_with("```");
        let separate = fenced || fence || line.is_empty() || starts_block(line);
        if !joined.is_empty() {
            joined.push(if open && !separate { ' ' } else { '\n' });
        }
        joined.push_str(line);
        fenced ^= fence;
        open = !fenced && !fence && !line.is_empty() && !line.starts_with(['#', '|']);
    }
    joined.trim().to_owned()
}

/// Returns `true` if a line of Markdown starts a block: a list item, a heading, a table or a quote.
fn starts_block(line: &str) -> bool {
    let numbered = line.trim_start_matches(|character: char| character.is_ascii_digit());
    ["- ", "* ", "+ ", "#", "|", ">"]
        .iter()
        .any(|start| line.starts_with(start))
        || (numbered.len() < line.len() && (numbered.starts_with(". ") || numbered.starts_with(") ")))
}

#[cfg(test)]
mod tests {
    use syn::{ItemStruct, parse_quote};

    use super::*;

    #[test]
    fn paragraph_lines_are_joined_and_code_blocks_are_preserved() {
        let item: ItemStruct = parse_quote! {
            /// A place to stay,
            /// found by its city.
            ///
            /// - cheap first
            ///   and near
            /// - quiet
            ///
            /// ```
            ///   code
            /// ```
            struct A;
        };
        assert_eq!(
            docs(&parts(&item.attrs)).unwrap(),
            "A place to stay, found by its city.\n\n- cheap first and near\n- quiet\n\n```\n  code\n```"
        );
    }

    #[test]
    fn an_empty_doc_comment_yields_no_description() {
        let item: ItemStruct = parse_quote!(
            #[doc(hidden)]
            #[doc = " "]
            struct A;
        );
        assert!(description(&item.attrs).is_none());
    }

    #[test]
    fn include_str_docs_remain_expressions() {
        let item: ItemStruct = parse_quote!(
            #[doc = include_str!("a.md")]
            struct A;
        );
        assert!(
            description(&item.attrs)
                .unwrap()
                .to_string()
                .contains("include_str")
        );
    }
}
