//! Tools that are agents. The run that calls such a tool drives the agent itself, so the tool only stores it.

use std::any::Any;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::dyn_tool::{DynTool, ErasedTool};
use super::{RunContext, ToolSpec};
use crate::message::ToolResult;
use crate::run::Error;
use crate::schema::AnyDialect;

impl DynTool {
    /// Creates a tool that is an agent. The run that calls the tool drives the agent itself.
    pub(crate) fn from_delegate(
        name: String,
        description: String,
        parameters: Value,
        agent: Box<dyn Any + Send + Sync>,
    ) -> Result<Self, Error> {
        struct Delegate(DynTool, Box<dyn Any + Send + Sync>);

        impl ErasedTool for Delegate {
            fn spec(&self) -> ToolSpec<'_> {
                self.0.spec()
            }

            fn declaration(&self, dialect: AnyDialect) -> &str {
                self.0.0.declaration(dialect)
            }

            fn check(&self, arguments: &str) -> Result<(), ToolResult> {
                self.0.0.check(arguments)
            }

            fn call<'a>(&'a self, arguments: &'a str, run: &'a RunContext) -> BoxFuture<'a, ToolResult> {
                self.0.0.call(arguments, run)
            }

            fn delegate(&self) -> Option<&(dyn Any + Send + Sync)> {
                Some(&*self.1)
            }
        }

        let tool = Self::from_boxed(name, description, parameters, |_args, _run| {
            Box::pin(std::future::ready(ToolResult::error(
                "an agent can be called only from a run",
            )))
        })?;
        Ok(Self(Arc::new(Delegate(tool, agent))))
    }

    /// Returns the agent behind the tool.
    pub(super) fn erased_agent(&self) -> Option<&(dyn Any + Send + Sync)> {
        self.0.delegate()
    }
}
