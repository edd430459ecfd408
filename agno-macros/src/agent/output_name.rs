//! What the model is told an output is called: the words of its type.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

/// The name of an output of this type, in the form that providers take.
pub(crate) fn output_name(ty: &Type) -> String {
    let mut words = Vec::new();
    collect_words(ty.to_token_stream(), &mut words);
    let mut name = words.join("_");
    name.retain(|character| character.is_ascii_alphanumeric() || character == '_');
    name.truncate(64);
    if name.is_empty() {
        "output".to_owned()
    } else {
        name
    }
}

/// The names in a type, of a path only the last.
fn collect_words(tokens: TokenStream, words: &mut Vec<String>) {
    let mut after_name = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                words.push(snake_case(&ident.unraw().to_string()));
                after_name = true;
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' && after_name => drop(words.pop()),
            TokenTree::Group(group) => collect_words(group.stream(), words),
            _ => {}
        }
        after_name = false;
    }
}

fn snake_case(text: &str) -> String {
    let mut snake = String::new();
    let mut before = false;
    for character in text.chars() {
        if character.is_uppercase() && before {
            snake.push('_');
        }
        before = character.is_lowercase() || character.is_ascii_digit();
        snake.extend(character.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn outputs_are_named_after_their_type() {
        assert_eq!(output_name(&parse_quote!(Trip)), "trip");
        assert_eq!(output_name(&parse_quote!(crate::shop::OrderList)), "order_list");
        assert_eq!(output_name(&parse_quote!(std::vec::Vec<shop::Trip>)), "vec_trip");
        assert_eq!(output_name(&parse_quote!((u8, bool))), "u8_bool");
        assert_eq!(output_name(&parse_quote!(())), "output");
        assert_eq!(output_name(&parse_quote!(r#Type2)), "type2");
    }
}
