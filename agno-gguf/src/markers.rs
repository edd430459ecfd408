//! Finds markers in text. A file may declare its whole vocabulary as markers, so the time per position depends on their
//! length and only slightly on their number.

/// Markers and their tokens.
#[derive(Debug, Default)]
pub(crate) struct Markers {
    /// Sorted by bytes, without duplicate texts.
    sorted: Vec<(String, u32)>,
    longest: usize,
}

impl Markers {
    /// Creates the markers. If several have the same text, the first is used.
    pub(crate) fn new<'a>(markers: impl Iterator<Item = &'a (String, u32)>) -> Self {
        let mut sorted: Vec<_> = markers.cloned().collect();
        sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
        sorted.dedup_by(|(later, _), (first, _)| later == first);
        Self {
            longest: sorted.iter().map(|(text, _)| text.len()).max().unwrap_or(0),
            sorted,
        }
    }

    /// Returns the longest marker that the text starts with, and its token.
    pub(crate) fn find(&self, text: &str) -> Option<(&str, u32)> {
        let text = text.as_bytes();
        let mut prefix = &text[..text.len().min(self.longest)];
        loop {
            // The last marker that does not sort after `prefix` starts with every marker that `prefix` starts with.
            let after = self
                .sorted
                .partition_point(|(marker, _)| marker.as_bytes() <= prefix);
            let (marker, id) = self.sorted.get(after.checked_sub(1)?)?;
            let shared = marker.bytes().zip(prefix).take_while(|(a, b)| a == *b).count();
            if shared == marker.len() {
                return Some((marker, *id));
            }
            prefix = &prefix[..shared];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_marker_is_found() {
        let listed: Vec<(String, u32)> = ["<a>", "<", "<ab>", "<abc", "é", "b", "<a>"]
            .iter()
            .zip(0..)
            .map(|(text, id)| ((*text).to_owned(), id))
            .collect();
        let markers = Markers::new(listed.iter());
        for text in [
            "<a>", "<ab", "<ab>", "<abcd>", "<x", "é<", "b", "c", "", "a<a>", "ê",
        ] {
            let longest = listed
                .iter()
                .filter(|(marker, _)| text.starts_with(marker.as_str()))
                .max_by_key(|(marker, id)| (marker.len(), std::cmp::Reverse(*id)));
            let expected = longest.map(|(marker, id)| (marker.as_str(), *id));
            assert_eq!(markers.find(text), expected, "{text}");
        }
        assert_eq!(Markers::default().find("text"), None);
    }

    #[test]
    fn many_markers_do_not_slow_down_the_search() {
        let listed: Vec<(String, u32)> = (0..200_000).map(|n| (format!("<{n:06}>"), n)).collect();
        let markers = Markers::new(listed.iter());
        let text = "<12345".repeat(50_000);
        assert!((0..text.len()).all(|at| markers.find(&text[at..]).is_none()));
        assert_eq!(markers.find("<012345>"), Some(("<012345>", 12_345)));
    }
}
