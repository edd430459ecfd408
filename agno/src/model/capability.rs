//! Capabilities of a model: marker traits for a type known at compile time, data for one known only at run time.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Model;

/// Capabilities of a model that are known only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// `true` if the model can call tools.
    pub tools: bool,
    /// `true` if the model can answer in the format of a schema.
    pub structured_output: bool,
    /// `true` if the model can read images.
    #[serde(default)]
    pub images: bool,
    /// `true` if the model can read audio.
    #[serde(default)]
    pub audio: bool,
    /// `true` if the model can read documents.
    #[serde(default)]
    pub documents: bool,
}

impl Capabilities {
    /// All capabilities.
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

    /// Adds tool calls.
    #[must_use]
    pub const fn with_tools(mut self) -> Self {
        self.tools = true;
        self
    }

    /// Adds structured output.
    #[must_use]
    pub const fn with_structured_output(mut self) -> Self {
        self.structured_output = true;
        self
    }

    /// Adds images.
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

    /// Returns the capabilities that both have.
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

/// A model that can answer in the format of a schema.
pub trait StructuredOutput: Model {}

/// A model that can read images.
pub trait ImageInput: Model {}

/// A model that can read audio.
pub trait AudioInput: Model {}

/// A model that can read documents.
pub trait DocumentInput: Model {}

/// Requirement of an agent without tools and without `output = ...`: any model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsNothing;

/// Requirement of an agent with tools: a [`ToolCalling`] model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsTools;

/// Requirement of an agent with `output = ...`: a [`StructuredOutput`] model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsOutput;

/// Requirement of an agent with tools and `output = ...`: a model that is both [`ToolCalling`] and
/// [`StructuredOutput`].
#[derive(Debug, Clone, Copy)]
pub struct NeedsToolsAndOutput;

/// Requirement of an agent with `reads = [images]`: an [`ImageInput`] model. A tuple combines several requirements.
#[derive(Debug, Clone, Copy)]
pub struct NeedsImages;

/// Requirement of an agent with `reads = [audio]`: an [`AudioInput`] model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsAudio;

/// Requirement of an agent with `reads = [documents]`: a [`DocumentInput`] model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsDocuments;

/// A model that meets the requirements of an agent. Every model implements it according to its capabilities.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the model of this agent, which requires `{Needs}`",
    label = "not a model, or a model without a required capability",
    note = "a model is a provider such as `OpenAi::new(\"gpt-5-mini\")?`, or `AnyModel::named(\"openai:gpt-5-mini\")?`",
    note = "an agent with `tools` requires a model that implements `ToolCalling`, one with `output` requires `StructuredOutput`, and one with `reads` requires `ImageInput`, `AudioInput` or `DocumentInput`",
    note = "use a model with these capabilities, or remove `tools`, `output` or `reads` from `#[agent(...)]`"
)]
pub trait Serves<Needs>: Model {}

// Without `do_not_recommend`, so that the compiler reports a type that is not a model as such.
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

/// Implements each capability for pointers to models that have it.
macro_rules! forward_capability {
    ($($capability:ident)*) => {$(
        impl<M: $capability + ?Sized> $capability for &M {}
        impl<M: $capability + ?Sized> $capability for Arc<M> {}
        impl<M: $capability + ?Sized> $capability for Box<M> {}
    )*};
}

forward_capability!(ToolCalling StructuredOutput ImageInput AudioInput DocumentInput);

/// Implements every capability for a model whose capabilities are known only at run time.
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
