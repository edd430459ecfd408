//! The maximum size of a tool result. A tool may return an entire database, and every later turn of the run sends all
//! results to the model again.

use crate::message::{Content, MediaSource, Parts, ToolResult};

/// Maximum total size of the text in a result, in bytes: 1 MiB.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// Maximum total size of the media in a result, in bytes of base64 data, URLs and IDs: 32 MiB.
const MAX_MEDIA_BYTES: usize = 32 << 20;

/// Maximum number of parts in a result.
const MAX_PARTS: usize = 256;

/// Truncates a result that exceeds the limits and appends a note for the model.
pub(crate) fn bounded(mut result: ToolResult) -> ToolResult {
    let bytes = |result: &ToolResult, size: fn(&Content) -> usize| {
        result
            .content
            .iter()
            .fold(0_usize, |sum, content| sum.saturating_add(size(content)))
    };
    let (text, media) = (bytes(&result, text_bytes), bytes(&result, media_bytes));
    if text <= MAX_TEXT_BYTES && media <= MAX_MEDIA_BYTES && result.content.len() <= MAX_PARTS {
        return result;
    }
    let (mut text_left, mut media_left) = (MAX_TEXT_BYTES, MAX_MEDIA_BYTES);
    let mut kept: Vec<Content> = Vec::new();
    for mut content in std::mem::take(&mut result.content) {
        if kept.len() == MAX_PARTS {
            break;
        }
        let size = media_bytes(&content);
        if size > media_left {
            continue;
        }
        media_left -= size;
        if let Content::Text { text } = &mut content {
            let end = (0..=text_left.min(text.len()))
                .rev()
                .find(|at| text.is_char_boundary(*at));
            text.truncate(end.unwrap_or(0));
            text_left -= text.len();
        }
        kept.push(content);
    }
    let shown = MAX_TEXT_BYTES - text_left;
    kept.push(Content::text(format!(
        "[truncated: the result has {text} bytes of text and {media} bytes of media, of which {shown} and {} are shown]",
        MAX_MEDIA_BYTES - media_left
    )));
    result.content = Parts::from(kept);
    result
}

fn text_bytes(content: &Content) -> usize {
    content.as_text().map_or(0, str::len)
}

fn media_bytes(content: &Content) -> usize {
    match content.as_media().map(|media| &media.source) {
        Some(MediaSource::Base64(data)) => data.len(),
        Some(MediaSource::Url(text) | MediaSource::Id(text)) => text.len(),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Media;

    #[test]
    fn a_result_within_the_limits_is_unchanged() {
        let result = ToolResult::new(vec![
            Content::text("a"),
            Content::image(Media::bytes([0_u8; 9], "image/png")),
        ]);
        assert_eq!(bounded(result.clone()), result);
    }

    #[test]
    fn the_text_parts_of_a_result_share_one_limit() {
        let text = "é".repeat(400 << 10);
        let result = bounded(ToolResult::new(vec![
            Content::text(&*text),
            Content::text(&*text),
        ]));
        let sizes: Vec<usize> = result.content.iter().map(text_bytes).collect();
        assert_eq!(sizes[..2], [800 << 10, (1 << 20) - (800 << 10)]);
        assert!(
            result.text().contains("1638400 bytes of text"),
            "{}",
            &result.text()[1 << 20..]
        );
    }

    #[test]
    fn media_and_parts_beyond_the_limits_are_omitted() {
        let media = || Content::image(Media::bytes(vec![0_u8; 20 << 20], "image/png"));
        let result = bounded(ToolResult::new(vec![media(), media(), Content::text("caption")]));
        assert_eq!(result.content.len(), 3);
        let many: Vec<Content> = (0..1000)
            .map(|number| Content::text(number.to_string()))
            .collect();
        assert_eq!(bounded(ToolResult::new(many)).content.len(), MAX_PARTS + 1);
    }
}
