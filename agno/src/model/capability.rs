//! What a model can do, as marker traits where its type is known and as data where it is not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Model;

/// What a model can do, where that is known only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// It can call tools.
    pub tools: bool,
    /// It can answer in the shape of a schema.
    pub structured_output: bool,
    /// It can read pictures.
    #[serde(default)]
    pub images: bool,
    /// It can read sound.
    #[serde(default)]
    pub audio: bool,
    /// It can read documents.
    #[serde(default)]
    pub documents: bool,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Self = Self {
        tools: true,
        structured_output: true,
        images: true,
        audio: true,
        documents: true,
    };
    /// Text only.
    pub const TEXT: Self = Self {
        tools: false,
        structured_output: false,
        images: false,
        audio: false,
        documents: false,
    };

    /// With tools.
    #[must_use]
    pub const fn with_tools(mut self) -> Self {
        self.tools = true;
        self
    }

    /// With answers in the shape of a schema.
    #[must_use]
    pub const fn with_structured_output(mut self) -> Self {
        self.structured_output = true;
        self
    }

    /// With pictures.
    #[must_use]
    pub const fn with_images(mut self) -> Self {
        self.images = true;
        self
    }

    /// Adds audio.
    #[must_use]
    pub const fn with_audio(mut self) -> Self {
        self.audio = true;
        self
    }

    /// Adds documents.
    #[must_use]
    pub const fn with_documents(mut self) -> Self {
        self.documents = true;
        self
    }

    /// What both can do.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self {
            tools: self.tools && other.tools,
            structured_output: self.structured_output && other.structured_output,
            images: self.images && other.images,
            audio: self.audio && other.audio,
            documents: self.documents && other.documents,
        }
    }
}

/// A model that can call tools.
pub trait ToolCalling: Model {}

/// A model that can answer in the shape of a schema.
pub trait StructuredOutput: Model {}

/// A model that can read pictures.
pub trait ImageInput: Model {}

/// A model that can read sound.
pub trait AudioInput: Model {}

/// A model that can read documents.
pub trait DocumentInput: Model {}

/// What an agent without tools and without `output = ...` needs: any model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsNothing;

/// What an agent with tools needs: a model that calls them.
#[derive(Debug, Clone, Copy)]
pub struct NeedsTools;

/// What an agent with `output = ...` needs: a model that answers in the shape of a schema.
#[derive(Debug, Clone, Copy)]
pub struct NeedsOutput;

/// What an agent with tools and `output = ...` needs.
#[derive(Debug, Clone, Copy)]
pub struct NeedsToolsAndOutput;

/// What an agent with `reads = [images]` needs: a model that sees. Several needs are a tuple.
#[derive(Debug, Clone, Copy)]
pub struct NeedsImages;

/// What an agent with `reads = [audio]` needs: a model that hears.
#[derive(Debug, Clone, Copy)]
pub struct NeedsAudio;

/// What an agent with `reads = [documents]` needs: a model that reads them.
#[derive(Debug, Clone, Copy)]
pub struct NeedsDocuments;

/// A model that has what an agent needs. Implemented for every model by its capabilities.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot serve this agent as its model: `{Needs}`",
    label = "no model, or one that lacks what the agent needs",
    note = "a model is a provider such as `OpenAi::new(\"gpt-5-mini\")?`, or `AnyModel::named(\"openai:gpt-5-mini\")?`",
    note = "an agent with `tools` needs a model that is `ToolCalling`, one with `output` a model that is `StructuredOutput`, one with `reads` a model that is `ImageInput`, `AudioInput` or `DocumentInput`",
    note = "use a model that can, or take `tools`, `output` or `reads` out of `#[agent(...)]`"
)]
pub trait Serves<Needs>: Model {}

// Recommended, so that what is no model at all is told to be none.
impl<M: Model> Serves<NeedsNothing> for M {}
#[diagnostic::do_not_recommend]
impl<M: ToolCalling> Serves<NeedsTools> for M {}
#[diagnostic::do_not_recommend]
impl<M: StructuredOutput> Serves<NeedsOutput> for M {}
#[diagnostic::do_not_recommend]
impl<M: ToolCalling + StructuredOutput> Serves<NeedsToolsAndOutput> for M {}
#[diagnostic::do_not_recommend]
impl<M: ImageInput> Serves<NeedsImages> for M {}
#[diagnostic::do_not_recommend]
impl<M: AudioInput> Serves<NeedsAudio> for M {}
#[diagnostic::do_not_recommend]
impl<M: DocumentInput> Serves<NeedsDocuments> for M {}
#[diagnostic::do_not_recommend]
impl<M: Serves<A> + Serves<B>, A, B> Serves<(A, B)> for M {}

/// A pointer to a model can do what the model can.
macro_rules! by_pointer {
    ($($capability:ident)*) => {$(
        impl<M: $capability + ?Sized> $capability for &M {}
        impl<M: $capability + ?Sized> $capability for Arc<M> {}
        impl<M: $capability + ?Sized> $capability for Box<M> {}
    )*};
}

by_pointer!(ToolCalling StructuredOutput ImageInput AudioInput DocumentInput);

/// All of them, for models whose abilities are known only when they are asked.
macro_rules! every_capability {
    ([$($generics:tt)*] $model:ty) => {
        impl<$($generics)*> $crate::model::ToolCalling for $model {}
        impl<$($generics)*> $crate::model::StructuredOutput for $model {}
        impl<$($generics)*> $crate::model::ImageInput for $model {}
        impl<$($generics)*> $crate::model::AudioInput for $model {}
        impl<$($generics)*> $crate::model::DocumentInput for $model {}
    };
}
pub(crate) use every_capability;
