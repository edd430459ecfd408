//! The types of fields that cannot be shared between threads, as far as their tokens tell, and the types to write instead.
//!
//! The names in the tokens do not prove anything: `dyn Store` is `Send` if `Store: Send` is, and `Cell` may be a user-defined
//! type. The compiler checks the type, and the tokens only determine the message.

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericArgument, PathArguments, Type};

use crate::common::tokens::{find, is_punct};

/// Types for one thread, and their counterparts in `std::sync`.
const COUNTERPARTS: [(&str, &str); 3] = [("Rc", "Arc"), ("RefCell", "Mutex"), ("Cell", "Mutex")];

/// Types whose sharing depends only on their arguments.
const CONTAINERS: [&str; 8] = [
    "Box", "Arc", "Vec", "Option", "Mutex", "RwLock", "VecDeque", "HashMap",
];

/// Types that can be shared, so that no check is necessary.
const SHARED: [&str; 19] = [
    "str", "String", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "PathBuf",
];

/// Returns `true` if the type can certainly be shared.
pub(super) fn is_shared(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_shared(&reference.elem),
        Type::Path(path) => SHARED.iter().any(|name| path.path.is_ident(name)),
        _ => false,
    }
}

/// Returns the type to write instead, or `None` if no token suggests that the type cannot be shared. The type is valid for
/// every valid `ty`, because it is part of the expansion.
pub(super) fn shareable_type(ty: &Type) -> Option<TokenStream> {
    let tokens = ty.to_token_stream();
    let written = tokens.to_string();
    let fixed = with_bounds(with_counterparts(tokens));
    (written != fixed.to_string()).then_some(fixed)
}

/// Returns `true` if the type contains no type that may contain the annotated struct, so that a check of the type does not
/// depend on the fields of the struct.
pub(super) fn is_closed(ty: &Type) -> bool {
    match ty {
        Type::TraitObject(_) => true,
        Type::Reference(reference) => is_closed(&reference.elem),
        Type::Paren(paren) => is_closed(&paren.elem),
        Type::Group(group) => is_closed(&group.elem),
        Type::Slice(slice) => is_closed(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_closed),
        Type::Path(path) if path.qself.is_none() => path.path.segments.last().is_some_and(|last| {
            let is_known = |name: &str| last.ident == name;
            match &last.arguments {
                PathArguments::None => SHARED.iter().any(|name| is_known(name)),
                PathArguments::AngleBracketed(list) => {
                    let names = CONTAINERS.iter().chain(COUNTERPARTS.iter().map(|(name, _)| name));
                    names.into_iter().any(|name| is_known(name))
                        && list.args.iter().all(|argument| match argument {
                            GenericArgument::Type(ty) => is_closed(ty),
                            _ => false,
                        })
                }
                PathArguments::Parenthesized(_) => false,
            }
        }),
        _ => false,
    }
}

/// Replaces types for one thread with their counterparts. A path with another number of arguments is a user-defined type.
fn with_counterparts(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut replaced: Vec<TokenTree> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let inner = Group::new(group.delimiter(), with_counterparts(group.stream()));
                replaced.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(ident) => {
                let known = COUNTERPARTS.iter().find(|(name, _)| ident == name);
                match known.filter(|_| has_one_argument(&tokens[index + 1..])) {
                    Some((_, counterpart)) => {
                        remove_path(&mut replaced);
                        let counterpart = Ident::new(counterpart, Span::call_site());
                        replaced.extend(quote!(::std::sync::#counterpart));
                    }
                    None => replaced.push(token.clone()),
                }
            }
            token => replaced.push(token.clone()),
        }
    }
    replaced.into_iter().collect()
}

/// Removes the start of a path, such as `std::cell::`, from the end of the tokens.
fn remove_path(tokens: &mut Vec<TokenTree>) {
    while let [.., first, second] = tokens.as_slice() {
        if !is_punct(first, ':') || !is_punct(second, ':') {
            return;
        }
        tokens.truncate(tokens.len() - 2);
        if matches!(tokens.last(), Some(TokenTree::Ident(_))) {
            tokens.pop();
        }
    }
}

/// Returns `true` if the tokens start with one type in angle brackets.
fn has_one_argument(tokens: &[TokenTree]) -> bool {
    let Some((first, rest)) = tokens.split_first() else {
        return false;
    };
    let length = object_length(rest);
    let argument: TokenStream = rest[..length].iter().cloned().collect();
    is_punct(first, '<')
        && rest.get(length).is_some_and(|end| is_punct(end, '>'))
        && syn::parse2::<Type>(argument).is_ok()
}

/// Adds the missing ones of `Send` and `Sync` to trait objects.
fn with_bounds(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut bounded = TokenStream::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        match token {
            TokenTree::Group(group) => {
                let inner = Group::new(group.delimiter(), with_bounds(group.stream()));
                bounded.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Ident(ident) if ident == "dyn" => {
                let end = index + object_length(&tokens[index..]);
                let bounds: TokenStream = tokens[index..end].iter().cloned().collect();
                let missing = ["Send", "Sync"]
                    .into_iter()
                    .filter(|name| !has_bound(&bounds, name));
                let missing: Vec<Ident> = missing.map(|name| Ident::new(name, Span::call_site())).collect();
                let object = quote!(dyn #bounds #(+ ::core::marker::#missing)*);
                // `&dyn A + B` requires parentheses.
                let needs_group = !missing.is_empty() && follows_reference(&tokens[..index - 1]);
                bounded.extend(if needs_group { quote!((#object)) } else { object });
                index = end;
            }
            token => bounded.extend([token.clone()]),
        }
    }
    bounded
}

/// Returns the number of tokens before the end of a generic argument.
fn object_length(tokens: &[TokenTree]) -> usize {
    let (mut depth, mut after_minus) = (0_usize, false);
    for (index, token) in tokens.iter().enumerate() {
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if after_minus => {}
                '>' if depth == 0 => return index,
                '>' => depth -= 1,
                ',' | ';' if depth == 0 => return index,
                _ => {}
            }
            after_minus = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
        } else {
            after_minus = false;
        }
    }
    tokens.len()
}

fn has_bound(bounds: &TokenStream, name: &str) -> bool {
    find(
        bounds.clone(),
        &|token| matches!(token, TokenTree::Ident(ident) if ident == name),
    )
    .is_some()
}

/// Returns `true` if the tokens end with `&`, `&'a`, `&mut` or `&'a mut`.
fn follows_reference(tokens: &[TokenTree]) -> bool {
    let before = match tokens {
        [before @ .., TokenTree::Ident(ident)] if ident == "mut" => before,
        tokens => tokens,
    };
    match before {
        [.., last] if is_punct(last, '&') => true,
        [.., quote, TokenTree::Ident(_)] => is_punct(quote, '\''),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn fix(ty: &Type) -> Option<String> {
        let text = shareable_type(ty)?.to_string().replace(' ', "");
        Some(text.replace("::std::sync::", "").replace("::core::marker::", ""))
    }

    fn is_fixed(ty: &Type, fixed: &str) {
        assert_eq!(fix(ty).as_deref(), Some(fixed));
    }

    #[test]
    fn trait_objects_get_the_missing_bounds() {
        is_fixed(&parse_quote!(Box<dyn Store>), "Box<dynStore+Send+Sync>");
        is_fixed(
            &parse_quote!(Arc<dyn a::Store<u8> + Send>),
            "Arc<dyna::Store<u8>+Send+Sync>",
        );
        is_fixed(&parse_quote!(&'a dyn Store), "&'a(dynStore+Send+Sync)");
        is_fixed(
            &parse_quote!(Vec<(u8, Box<dyn Fn(&str) -> Vec<u8>>)>),
            "Vec<(u8,Box<dynFn(&str)->Vec<u8>+Send+Sync>)>",
        );
        assert_eq!(fix(&parse_quote!(Box<dyn Store + Send + Sync>)), None);
    }

    #[test]
    fn types_for_one_thread_are_replaced() {
        is_fixed(&parse_quote!(Rc<RefCell<Vec<String>>>), "Arc<Mutex<Vec<String>>>");
        is_fixed(&parse_quote!(std::cell::Cell<u8>), "Mutex<u8>");
        is_fixed(
            &parse_quote!(Option<::std::rc::Rc<dyn Store>>),
            "Option<Arc<dynStore+Send+Sync>>",
        );
        for ty in [
            parse_quote!(Cell),
            parse_quote!(Pool),
            parse_quote!(Cell<5>),
            parse_quote!(Rc<'a, A>),
        ] {
            assert_eq!(fix(&ty), None);
        }
    }

    #[test]
    fn closed_types_contain_no_unknown_types() {
        assert!(is_closed(&parse_quote!(Box<dyn Fn(&Desk)>)));
        assert!(is_closed(&parse_quote!(Arc<Mutex<std::cell::RefCell<Vec<u8>>>>)));
        assert!(!is_closed(&parse_quote!(RefCell<Desk>)));
        assert!(!is_closed(&parse_quote!(Box<Desk>)));
    }
}
