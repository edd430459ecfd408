//! A model whose type is known only at run time.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::{Capabilities, Delta, Model, ModelError, ModelId, Reply, Request};
use crate::schema::{AnyDialect, Dialect};

/// A type-erased model for registries, configurations and struct fields without a type parameter.
///
/// Clones share the model. Each request costs one more virtual call and one more allocation than with the concrete
/// type.
///
/// ```
/// use agno::model::{DynModel, Model, ScriptedModel};
///
/// let models: Vec<DynModel> = vec![ScriptedModel::new().reply("one").erase(), ScriptedModel::new().reply("two").erase()];
/// assert_eq!(models[0].id().provider, "scripted");
/// # for model in &models { futures_util::FutureExt::now_or_never(model.complete(agno::model::Request::new(&[]))); }
/// ```
#[derive(Clone)]
pub struct DynModel(Arc<dyn ErasedModel>);

impl DynModel {
    /// Erases the type of `model`.
    pub fn new(model: impl Model + 'static) -> Self {
        Self(Arc::new(model))
    }
}

impl fmt::Debug for DynModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynModel").field(&self.0.id()).finish()
    }
}

/// Dyn-compatible version of [`Model`] with boxed futures.
trait ErasedModel: Send + Sync {
    fn dialect(&self) -> AnyDialect;
    fn id(&self) -> ModelId<'_>;
    fn capabilities(&self) -> Capabilities;
    fn fingerprint(&self) -> String;
    fn complete<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Reply, ModelError>>;
    fn stream<'a>(&'a self, request: Request<'a>) -> BoxStream<'a, Result<Delta, ModelError>>;
}

impl<M: Model> ErasedModel for M {
    fn dialect(&self) -> AnyDialect {
        Model::dialect(self).any()
    }

    fn id(&self) -> ModelId<'_> {
        Model::id(self)
    }

    fn capabilities(&self) -> Capabilities {
        Model::capabilities(self)
    }

    fn fingerprint(&self) -> String {
        Model::fingerprint(self)
    }

    fn complete<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Reply, ModelError>> {
        Box::pin(Model::complete(self, request))
    }

    fn stream<'a>(&'a self, request: Request<'a>) -> BoxStream<'a, Result<Delta, ModelError>> {
        Box::pin(Model::stream(self, request))
    }
}

impl Model for DynModel {
    type Dialect = AnyDialect;

    fn dialect(&self) -> AnyDialect {
        self.0.dialect()
    }

    fn id(&self) -> ModelId<'_> {
        self.0.id()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn fingerprint(&self) -> String {
        self.0.fingerprint()
    }

    fn complete<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'a {
        self.0.complete(request)
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        self.0.stream(request)
    }

    fn erase(self) -> DynModel {
        self
    }
}

// Agents check the capabilities of an erased model at run time.
super::capability::every_capability!([] DynModel);
