//! Model capabilities, as marker traits for concrete types and as data for models that are selected at run time.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Model;

/// Capabilities of a model that is selected at run time.
///
/// ```
/// use agno::model::{Capabilities, Model, ScriptedModel};
///
/// let reader = Capabilities::TEXT.with_tools().with_images();
/// assert!(reader.tools && !reader.audio);
/// let model = ScriptedModel::new().with_capabilities(reader);
/// assert_eq!(model.capabilities().intersection(Capabilities::TEXT), Capabilities::TEXT);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// `true` if the model can call tools.
    pub tools: bool,
    /// `true` if the model can return answers that match a schema.
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

    /// Adds tool calling.
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

    /// Adds image input.
    #[must_use]
    pub const fn with_images(mut self) -> Self {
        self.images = true;
        self
    }

    /// Adds audio input.
    #[must_use]
    pub const fn with_audio(mut self) -> Self {
        self.audio = true;
        self
    }

    /// Adds document input.
    #[must_use]
    pub const fn with_documents(mut self) -> Self {
        self.documents = true;
        self
    }

    /// Returns the capabilities that are in both `self` and `other`.
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
///
/// The capability traits are marker traits. Implement the ones that apply to your model:
///
/// ```
/// # use agno::model::{Delta, Model, ModelId, Reply, Request};
/// # use agno::{ModelError, schema::dialect};
/// use agno::model::{Serves, NeedsToolsAndOutput, StructuredOutput, ToolCalling};
///
/// struct InHouse;
/// # impl Model for InHouse {
/// #     type Dialect = dialect::JsonSchema;
/// #     fn dialect(&self) -> Self::Dialect { dialect::JsonSchema }
/// #     fn id(&self) -> ModelId<'_> { ModelId::new("in-house", "1") }
/// #     async fn complete(&self, _: Request<'_>) -> Result<Reply, ModelError> { Ok(Reply::text("")) }
/// #     fn stream<'a>(
/// #         &'a self,
/// #         _: Request<'a>,
/// #     ) -> impl futures_util::Stream<Item = Result<Delta, ModelError>> + Send + 'a {
/// #         futures_util::stream::empty()
/// #     }
/// # }
/// impl ToolCalling for InHouse {}
/// impl StructuredOutput for InHouse {}
///
/// fn serves_agents_with_tools_and_output(_: impl Serves<NeedsToolsAndOutput>) {}
/// serves_agents_with_tools_and_output(InHouse);
/// ```
pub trait ToolCalling: Model {}

/// A model that can return answers that match a schema.
pub trait StructuredOutput: Model {}

/// A model that can read images.
pub trait ImageInput: Model {}

/// A model that can read audio.
pub trait AudioInput: Model {}

/// A model that can read documents.
pub trait DocumentInput: Model {}

/// Requirement of an agent with neither tools nor `output = ...`: any model.
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

/// Requirement of an agent with `reads = [images]`: an [`ImageInput`] model. A pair combines two requirements.
///
/// ```
/// use agno::model::{NeedsImages, NeedsTools, ScriptedModel, Serves};
///
/// fn reads_images_and_calls_tools(_model: impl Serves<(NeedsTools, NeedsImages)>) {}
/// reads_images_and_calls_tools(ScriptedModel::new());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NeedsImages;

/// Requirement of an agent with `reads = [audio]`: an [`AudioInput`] model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsAudio;

/// Requirement of an agent with `reads = [documents]`: a [`DocumentInput`] model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsDocuments;

/// Requirement of another agent: the capabilities that the agent `A` requires of its caller's model.
///
/// `#[agent(agents = [...])]` combines the requirements of an agent with those of its agents. An agent with its own
/// model, such as an [`Agent`](crate::Agent), requires nothing.
///
/// ```
/// use agno::model::{NeedsOf, ScriptedModel, Serves};
/// use agno::prelude::*;
///
/// /// Describes pictures.
/// #[agent(reads = [images])]
/// struct Critic;
///
/// /// Answers questions about pictures.
/// #[agent(agents = [Critic])]
/// struct Desk;
///
/// fn serves_a_critic<M: Serves<NeedsOf<Critic>>>(model: M) -> M {
///     model
/// }
/// let agent = Desk.with(serves_a_critic(ScriptedModel::new()));
/// assert_eq!(agent.info().name, "Desk");
/// ```
pub struct NeedsOf<A>(PhantomData<fn() -> A>);

impl<A> std::fmt::Debug for NeedsOf<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NeedsOf")
    }
}

/// An agent that the model `M` can serve. Implemented for every agent whose requirements `M` meets.
///
/// The trait is separate from [`Serves`], so that [`NeedsOf`] can name an agent without evaluating its requirements.
///
/// ```
/// use agno::model::{ScriptedModel, ServedBy};
/// use agno::prelude::*;
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// fn served<M, A: ServedBy<M>>(_model: M, _agent: A) {}
/// served(ScriptedModel::new(), Assistant);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{M}` cannot be the model of this agent, because the agent or one of its `agents` requires a capability that `{M}` does not have",
    label = "a model without a required capability",
    note = "an agent with `tools` or `agents` requires a model that implements `ToolCalling`, one with `output` requires `StructuredOutput`, and one with `reads` requires `ImageInput`, `AudioInput` or `DocumentInput`",
    note = "use a model with these capabilities, or store an agent with its own model in the field: `Agent<Researcher, OpenAi>`"
)]
pub trait ServedBy<M> {}

/// A model that meets the requirements of an agent. Blanket implementations cover all models, according to their
/// capabilities.
///
/// ```
/// use agno::model::{ScriptedModel, Serves};
/// use agno::prelude::*;
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// /// Binds the agent to any model that can serve it.
/// fn assistant<M: Serves<<Assistant as Declared>::Needs>>(model: M) -> Agent<Assistant, M> {
///     Assistant.with(model)
/// }
/// assert_eq!(assistant(ScriptedModel::new()).info().name, "Assistant");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the model of this agent, which requires `{Needs}`",
    label = "not a model, or a model without a required capability",
    note = "a model is a provider such as `OpenAi::new(\"gpt-5-mini\")?`, or `AnyModel::named(\"openai:gpt-5-mini\")?`",
    note = "an agent with `tools` requires a model that implements `ToolCalling`, one with `output` requires `StructuredOutput`, and one with `reads` requires `ImageInput`, `AudioInput` or `DocumentInput`",
    note = "use a model with these capabilities, or remove `tools`, `output` or `reads` from `#[agent(...)]`"
)]
pub trait Serves<Needs>: Model {}

// `do_not_recommend` is omitted here so that, for a type that is not a model, the compiler reports that `Model` is not
// implemented.
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
impl<M: Model, A: ServedBy<M>> Serves<NeedsOf<A>> for M {}

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
