//! Derives the name of an output schema from the output type. The name is sent to the model.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

/// Returns the schema name for an output type. It contains only characters that providers accept.
pub(super) fn output_name(ty: &Type) -> String {
    let mut names = Vec::new();
    collect_names(ty.to_token_stream(), &mut names);
    let mut name = names.join("_");
    name.retain(|character| character.is_ascii_alphanumeric() || character == '_');
    name.truncate(64);
    if name.is_empty() {
        "output".to_owned()
    } else {
        name
    }
}

/// Collects the last segment of each path in a type, in snake case.
fn collect_names(tokens: TokenStream, names: &mut Vec<String>) {
    let mut after_name = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                names.push(snake_case(&ident.unraw().to_string()));
                after_name = true;
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' && after_name => drop(names.pop()),
            TokenTree::Group(group) => collect_names(group.stream(), names),
            _ => {}
        }
        after_name = false;
    }
}

/// Converts a name to snake case.
pub(super) fn snake_case(text: &str) -> String {
    let mut snake = String::new();
    let mut after_lowercase = false;
    for character in text.chars() {
        if character.is_uppercase() && after_lowercase {
            snake.push('_');
        }
        after_lowercase = character.is_lowercase() || character.is_ascii_digit();
        snake.extend(character.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn output_names_derive_from_the_type() {
        assert_eq!(output_name(&parse_quote!(Trip)), "trip");
        assert_eq!(output_name(&parse_quote!(crate::shop::OrderList)), "order_list");
        assert_eq!(output_name(&parse_quote!(std::vec::Vec<shop::Trip>)), "vec_trip");
        assert_eq!(output_name(&parse_quote!((u8, bool))), "u8_bool");
        assert_eq!(output_name(&parse_quote!(())), "output");
        assert_eq!(output_name(&parse_quote!(r#Type2)), "type2");
    }
}
