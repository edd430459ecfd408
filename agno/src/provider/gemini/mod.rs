//! Gemini, behind Google's generateContent API: the Gemini API of AI Studio, and Vertex AI.
//!
//! What the API lacks is made up for here: calls without ids are matched by name and order, arguments that come as
//! values at paths become the JSON they mean, and what the generations of models do not have in common is known by the
//! model's name.

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

/// The name under which signatures and ids are kept.
const PROVIDER: &str = "gemini";

/// The row of the table of providers.
const ROW: &KnownProvider = known(PROVIDER);

/// What an image's signature is kept as, behind the image.
const IMAGE_SIGNATURE: &str = "image_signature";

/// What of an answer is told beside its content, and not taken back.
const METADATA: [&str; 2] = ["groundingMetadata", "urlContextMetadata"];
