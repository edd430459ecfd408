//! Google's generateContent API, served by the Gemini API of AI Studio and by Vertex AI.
//!
//! This module compensates for gaps in the API. A call without an ID gets an ID that is never sent; the API matches its
//! result by name and order. Arguments that arrive as values with paths are assembled into JSON. The supported features
//! are derived from the model's name.

mod builder;
mod calls;
mod contents;
mod family;
mod grounding;
mod model;
mod partial;
mod reply;
mod reply_parts;
mod request;
mod wire;

pub use builder::Builder;
pub use model::Gemini;
pub use reply::{StreamReader, read_reply};

use super::KnownProvider;
use super::list::known;

/// The provider name stored with signatures and IDs.
const PROVIDER: &str = "gemini";

/// This provider's entry in the table of providers.
const ROW: &KnownProvider = known(PROVIDER);

/// The kind of the item that stores the signature of the preceding image.
const IMAGE_SIGNATURE: &str = "image_signature";

/// The metadata fields of a reply that are kept as items. They are never sent back.
const METADATA: [&str; 2] = ["groundingMetadata", "urlContextMetadata"];
