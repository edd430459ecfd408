//! The tools and agents of an agent as one list for its model.

use std::marker::PhantomData;

use super::parts::AgentParts;
use super::sink::EventSink;
use crate::model::{Declarations, Model, ToolDeclaration};
use crate::schema::{AnyDialect, Dialect};

/// The tools and agents of an agent in the dialect of one model.
pub(super) struct DeclaredTools<'a, P: ?Sized, M, S> {
    agent: &'a P,
    model: &'a M,
    sink: PhantomData<fn() -> S>,
}

impl<'a, P: AgentParts<M, S> + ?Sized, M: Model, S: EventSink> DeclaredTools<'a, P, M, S> {
    #[inline]
    pub(super) fn new(agent: &'a P, model: &'a M) -> Self {
        Self {
            agent,
            model,
            sink: PhantomData,
        }
    }
}

impl<P: AgentParts<M, S> + ?Sized, M: Model, S: EventSink> Declarations for DeclaredTools<'_, P, M, S> {
    fn len(&self) -> usize {
        self.agent.tool_count()
    }

    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        let dialect = self.model.dialect().narrow(dialect);
        self.agent.declare(dialect, &mut |spec, json| {
            visit(ToolDeclaration::new(spec.name, spec.description, json));
        });
    }
}
