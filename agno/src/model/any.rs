//! The model a configuration names: `provider:model` as text, an enum in the program.

use std::future::Future;

use futures_util::Stream;

use super::{
    Capabilities, Delta, DynModel, Model, ModelError, ModelErrorKind, ModelId, Reply, Request,
    StructuredOutput, ToolCalling,
};
use crate::schema::AnyDialect;

/// A model chosen at run time, by name or from the environment.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyModel {
    /// A model behind a pointer: one of the program's own.
    Dyn(DynModel),
}

impl AnyModel {
    /// The model the environment names.
    ///
    /// # Errors
    ///
    /// When no model is named, or it cannot be made.
    pub fn from_env() -> Result<Self, ModelError> {
        Err(ModelError::new(
            ModelErrorKind::Configuration,
            "no model is configured",
        ))
    }
}

impl Model for AnyModel {
    type Dialect = AnyDialect;

    fn dialect(&self) -> AnyDialect {
        match self {
            Self::Dyn(model) => model.dialect(),
        }
    }

    fn id(&self) -> ModelId<'_> {
        match self {
            Self::Dyn(model) => model.id(),
        }
    }

    fn capabilities(&self) -> Capabilities {
        match self {
            Self::Dyn(model) => model.capabilities(),
        }
    }

    fn complete<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a {
        async move {
            match self {
                Self::Dyn(model) => model.complete(request).await,
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        match self {
            Self::Dyn(model) => model.stream(request),
        }
    }
}

impl ToolCalling for AnyModel {}
impl StructuredOutput for AnyModel {}
