//! Tools whose arguments are types that know their schema only at run time: those of other crates that implement
//! `schemars::JsonSchema`. A module of its own, behind its feature.

use std::future::Future;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::dyn_tool::{DynTool, into_tool_result};
use super::{RunContext, ToolError, ToolReturn, decode};
use crate::schema::runtime;

impl DynTool {
    /// Creates a tool from a name, a description and a function, whose arguments are a type of another crate that
    /// implements [`schemars::JsonSchema`]. Derive [`Schema`](crate::Schema) for your own types, so that the schema is a
    /// constant and the compiler holds its rules.
    ///
    /// The schema ([`runtime::schemars_schema`](crate::schema::runtime::schemars_schema)) is made once, here. Arguments are checked against it
    /// and then read by serde; what is wrong goes to the model with its path. For OpenAI the tool is not strict.
    ///
    /// Needs the feature `schemars`.
    ///
    /// # Errors
    ///
    /// As for [`from_fn`](Self::from_fn): the name, the description, or a type that is not an object (an enum, a list, a
    /// number): put it into a field of a struct.
    ///
    /// ```
    /// use agno::tool::{DynTool, RunContext, ToolError};
    /// use serde::Deserialize;
    ///
    /// /// From another crate.
    /// #[derive(Deserialize, schemars::JsonSchema)]
    /// struct Transfer {
    ///     account: String,
    ///     cents: u32,
    /// }
    ///
    /// # futures_util::FutureExt::now_or_never(async {
    /// let tool = DynTool::from_schemars("transfer", "Moves money.", |transfer: Transfer, _run| async move {
    ///     Ok::<_, ToolError>(format!("{} to {}", transfer.cents, transfer.account))
    /// })?;
    ///
    /// let run = RunContext::detached();
    /// let good = tool.call(r#"{"account": "DE1", "cents": 250}"#, &run).await;
    /// assert_eq!(good.text(), "250 to DE1");
    /// let rejected = tool.call(r#"{"account": "DE1", "cents": -1}"#, &run).await;
    /// assert!(rejected.text().contains("cents: expected at least 0, got -1"));
    /// # Ok::<(), ToolError>(()) }).unwrap().unwrap();
    /// ```
    pub fn from_schemars<A, F, Fut, R>(
        name: impl Into<String>,
        description: impl Into<String>,
        function: F,
    ) -> Result<Self, ToolError>
    where
        A: JsonSchema + DeserializeOwned,
        F: Fn(A, RunContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, ToolError>> + Send + 'static,
        R: ToolReturn,
    {
        Self::from_boxed(
            name.into(),
            description.into(),
            runtime::schemars_schema::<A>(),
            move |args, run| match serde_json::from_value(args) {
                Ok(args) => {
                    let answer = function(args, run);
                    Box::pin(async move { into_tool_result(answer.await) })
                }
                Err(error) => Box::pin(std::future::ready(decode::invalid_arguments(&error))),
            },
        )
    }
}
