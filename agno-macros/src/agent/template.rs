//! Parses `instructions = "Answer in {language}."`, text whose placeholders name fields of the struct.

use syn::{Fields, LitStr, Member};

use crate::common::{Errors, closest, one_of};

/// Text with its placeholders resolved.
pub(super) struct Template {
    /// The format string with numbered placeholders, or the text itself if it has no placeholders.
    pub(super) text: String,
    /// The fields, with `true` for those that are formatted with `Display` or `Debug`.
    pub(super) fields: Vec<(Member, bool)>,
    pub(super) literal: LitStr,
}

/// Reads the text. An invalid placeholder causes an error and is omitted.
pub(super) fn template(literal: &LitStr, fields: &Fields, cx: &Errors) -> Template {
    let value = literal.value();
    let span = literal.span();
    let mut template = Template {
        text: String::new(),
        fields: Vec::new(),
        literal: literal.clone(),
    };
    let mut plain = String::new();
    let mut rest = value.as_str();
    while let Some(index) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(index);
        template.text.push_str(before);
        plain.push_str(before);
        let double = &brace[..1].repeat(2);
        if let Some(after) = brace.strip_prefix(double.as_str()) {
            template.text.push_str(double);
            plain.push_str(&brace[..1]);
            rest = after;
            continue;
        }
        if let Some(after) = brace.strip_prefix('}') {
            let before = excerpt_before(&value[..value.len() - brace.len()]);
            cx.error_at(
                span,
                format_args!("unmatched `}}` after `{before}`; write `}}}}` for a literal brace"),
            );
            rest = after;
            continue;
        }
        let Some(end) = brace.find('}') else {
            let before = excerpt_before(&value[..value.len() - brace.len()]);
            let separator = if before.is_empty() { "" } else { " " };
            let after = excerpt_after(brace);
            cx.error_at(
                span,
                format_args!("unclosed `{{` in `{before}{separator}{after}`; write `{{field}}`, or `{{{{` for a literal brace"),
            );
            rest = "";
            break;
        };
        placeholder(&brace[1..end], fields, &mut template, cx);
        rest = &brace[end + 1..];
    }
    template.text.push_str(rest);
    plain.push_str(rest);
    if template.fields.is_empty() {
        template.text = plain;
    }
    template
}

/// Reads `field` or `field:spec`.
fn placeholder(placeholder: &str, fields: &Fields, template: &mut Template, cx: &Errors) {
    let span = template.literal.span();
    let (name, spec) = match placeholder.split_once(':') {
        Some((name, spec)) => (name.trim(), Some(spec)),
        None => (placeholder.trim(), None),
    };
    if name.is_empty() {
        cx.error_at(
            span,
            "`{}` does not name a field; write `{field}`, or `{{}}` for literal braces",
        );
        return;
    }
    let member = fields.members().find(|member| match member {
        Member::Named(ident) => syn::ext::IdentExt::unraw(ident) == name,
        Member::Unnamed(index) => index.index.to_string() == name,
    });
    let Some(member) = member else {
        cx.error_at(span, unknown_field(name, fields));
        return;
    };
    if spec.is_some_and(|spec| spec.contains(['$', '*'])) {
        cx.error_at(
            span,
            format_args!("the width of `{{{placeholder}}}` must be a literal number; write `{{{name}:>8}}`"),
        );
        return;
    }
    // A format that ends in one of these characters selects a trait other than `Display` and `Debug`.
    let other_traits = ['x', 'X', 'o', 'b', 'e', 'E', 'p'];
    let is_text = !spec.is_some_and(|spec| spec.ends_with(other_traits));
    let known = template.fields.iter().position(|(known, _)| *known == member);
    let index = known.unwrap_or(template.fields.len());
    match template.fields.get_mut(index) {
        Some((_, known_text)) => *known_text |= is_text,
        None => template.fields.push((member, is_text)),
    }
    template.text.push_str(&match spec {
        Some(spec) => format!("{{{index}:{spec}}}"),
        None => format!("{{{index}}}"),
    });
}

/// Maximum length of an excerpt in characters.
const EXCERPT: usize = 20;

/// Returns the end of a string, to locate an error in a long literal: the compiler cannot underline a part of a literal.
fn excerpt_before(text: &str) -> &str {
    let line = text.rsplit('\n').next().unwrap_or_default().trim();
    match line.char_indices().rev().nth(EXCERPT) {
        Some((index, character)) => line[index + character.len_utf8()..].trim_start(),
        None => line,
    }
}

/// Returns the start of a string.
fn excerpt_after(text: &str) -> &str {
    let line = text.split('\n').next().unwrap_or_default();
    match line.char_indices().nth(EXCERPT) {
        Some((index, _)) => line[..index].trim_end(),
        None => line.trim_end(),
    }
}

/// Returns the error message for a placeholder that names no field.
fn unknown_field(name: &str, fields: &Fields) -> String {
    let known: Vec<String> = fields
        .members()
        .map(|member| match member {
            Member::Named(ident) => syn::ext::IdentExt::unraw(&ident).to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        })
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if name.contains(['"', '\'', '\n', ' ', ',']) {
        let text = excerpt_after(name);
        return format!(
            "`{{{text}` does not start with the name of a field; write `{{{{` and `}}}}` for literal braces"
        );
    }
    let brace = format!("or `{{{{{name}}}}}` for literal braces");
    if name.contains(['.', '(', '[']) {
        return format!(
            "`{{{name}}}` is not the name of a field; store the value in a field and write its name, {brace}"
        );
    }
    match closest(name, &known) {
        Some(suggestion) => format!("the struct has no field `{name}`; did you mean `{{{suggestion}}}`?"),
        None if known.is_empty() => {
            format!("the struct has no field `{name}`; add `{name}: &'static str`, {brace}")
        }
        None => format!(
            "the struct has no field `{name}`; expected {}, {brace}",
            one_of(&known)
        ),
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::{ItemStruct, parse_quote};

    use super::*;

    fn read(text: &str) -> (String, usize, Vec<String>) {
        let item: ItemStruct = parse_quote!(
            struct A {
                language: String,
                r#type: u8,
            }
        );
        let cx = Errors::new();
        let template = template(&LitStr::new(text, Span::call_site()), &item.fields, &cx);
        let errors = match cx.finish() {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect(),
        };
        (template.text, template.fields.len(), errors)
    }

    #[test]
    fn placeholders_become_indices_and_escaped_braces_are_preserved() {
        assert_eq!(
            read("In {language}, {type:>3} {language}").0,
            "In {0}, {1:>3} {0}"
        );
        assert_eq!(read("{{x}} in {language}").0, "{{x}} in {0}");
        assert_eq!(read("{{x}} }} as {{}}"), ("{x} } as {}".into(), 0, vec![]));
        assert_eq!(read("größe {language} ö").0, "größe {0} ö");
    }

    #[test]
    fn invalid_placeholders_are_rejected() {
        let error = |text: &str| read(text).2.join("|");
        assert_eq!(
            error("{langauge}"),
            "the struct has no field `langauge`; did you mean `{language}`?"
        );
        assert!(error("{x}").contains("expected `language` or `type`"));
        assert!(error("{}").contains("does not name a field"));
        assert!(error("{language").contains("unclosed"));
        assert!(error("language}").contains("unmatched"));
        assert!(error("{language.len()}").contains("is not the name of a field"));
        assert!(error("{type:width$}").contains("must be a literal number"));
        assert_eq!(read("{a} {b}").2.len(), 2);
    }
}
