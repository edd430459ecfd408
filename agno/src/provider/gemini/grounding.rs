//! Reads the citations of a reply, which refer to Google search results or to training data that the model recited.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::message::Citation;
use crate::provider::codec::lenient::LenientStr;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Grounding<'a> {
    #[serde(borrow)]
    grounding_chunks: Option<Vec<Chunk<'a>>>,
    #[serde(borrow)]
    grounding_supports: Option<Vec<&'a RawValue>>,
}

/// A source: a web page, a document, a map or an image.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Chunk<'a> {
    #[serde(borrow)]
    web: Option<Source<'a>>,
    #[serde(borrow)]
    retrieved_context: Option<Source<'a>>,
    #[serde(borrow)]
    maps: Option<Source<'a>>,
    #[serde(borrow)]
    image: Option<Source<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Source<'a> {
    #[serde(borrow, alias = "sourceUri")]
    uri: LenientStr<'a>,
    #[serde(borrow)]
    title: LenientStr<'a>,
    #[serde(borrow)]
    text: LenientStr<'a>,
}

/// The sources that support a segment of the reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Support {
    #[serde(alias = "supportChunkIndices")]
    grounding_chunk_indices: Option<Vec<usize>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CitationMetadata<'a> {
    #[serde(borrow, alias = "citations")]
    citation_sources: Option<Vec<&'a RawValue>>,
}

/// Returns the citations of a search: one for each source of each supported segment, and one for each source that no
/// segment uses.
pub(super) fn cite_search(json: &str) -> Vec<Citation> {
    let Ok(grounding) = serde_json::from_str::<Grounding<'_>>(json) else {
        return Vec::new();
    };
    let sources: Vec<Source<'_>> = grounding
        .grounding_chunks
        .into_iter()
        .flatten()
        .map(|chunk| {
            let kinds = [chunk.web, chunk.retrieved_context, chunk.maps, chunk.image];
            kinds.into_iter().flatten().next().unwrap_or_default()
        })
        .collect();
    let mut unused: Vec<bool> = vec![true; sources.len()];
    let mut citations = Vec::new();
    for support in grounding.grounding_supports.into_iter().flatten() {
        let parsed = serde_json::from_str::<Support>(support.get()).unwrap_or_default();
        for at in parsed.grounding_chunk_indices.into_iter().flatten() {
            if let (Some(source), Some(unused)) = (sources.get(at), unused.get_mut(at)) {
                *unused = false;
                citations.push(cite(source, support.get()));
            }
        }
    }
    let rest = sources.iter().zip(unused).filter(|(_, unused)| *unused);
    citations.extend(rest.map(|(source, _)| cite(source, "")));
    citations
}

/// Returns the citations for text that the model recited from its training data.
pub(super) fn cite_recitation(json: &str) -> Vec<Citation> {
    let metadata = serde_json::from_str::<CitationMetadata<'_>>(json).unwrap_or_default();
    let sources = metadata.citation_sources.into_iter().flatten();
    sources
        .map(|source| {
            let source_fields = serde_json::from_str::<Source<'_>>(source.get()).unwrap_or_default();
            cite(&source_fields, source.get())
        })
        .collect()
}

fn cite(source: &Source<'_>, json: &str) -> Citation {
    let owned = |text: &LenientStr<'_>| Some(text.as_str().to_owned()).filter(|text| !text.is_empty());
    Citation {
        url: owned(&source.uri),
        title: owned(&source.title),
        quote: owned(&source.text),
        json: json.to_owned(),
    }
}
