//! Message content that several APIs convert in the same way: tool results and `data:` URLs.

use crate::message::{Content, ToolCall};

/// Returns the content of a call's result, or an empty slice if the call has no result.
pub(crate) fn result_content(call: &ToolCall) -> &[Content] {
    call.result
        .as_ref()
        .map(|result| &result.content[..])
        .unwrap_or_default()
}

/// Splits a base64 `data:` URL into its media type and its data. Returns `None` for any other URL.
#[cfg(any(feature = "openai", feature = "gemini", feature = "ollama"))]
pub(crate) fn data_url(url: &str) -> Option<(&str, &str)> {
    url.strip_prefix("data:")?.split_once(";base64,")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ToolResult;

    #[test]
    fn a_call_without_a_result_has_no_content() {
        let mut call = ToolCall::new("1", "look", "{}");
        assert!(result_content(&call).is_empty());
        call.result = Some(ToolResult::from_text("found"));
        assert_eq!(result_content(&call), [Content::text("found")]);
    }

    #[test]
    #[cfg(any(feature = "openai", feature = "gemini", feature = "ollama"))]
    fn only_base64_data_urls_are_split() {
        assert_eq!(
            data_url("data:image/png;base64,AAAA"),
            Some(("image/png", "AAAA"))
        );
        assert_eq!(data_url("https://a.example/;base64,AAAA"), None);
        assert_eq!(data_url("data:text/plain,hello"), None);
    }
}
