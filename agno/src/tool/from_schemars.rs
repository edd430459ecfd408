//! Tools whose argument types come from other crates and implement `schemars::JsonSchema`. Their schemas are known only
//! at run time.

use std::future::Future;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::dyn_tool::{DynTool, into_tool_result};
use super::{RunContext, ToolError, ToolReturn, decode};
use crate::run::Error;
use crate::schema::runtime;

impl DynTool {
    /// Creates a tool from a name, a description and a function whose argument type comes from another crate and
    /// implements [`schemars::JsonSchema`].
    ///
    /// For your own types, derive [`Schema`](crate::Schema) instead: the schema is then a constant that is validated at
    /// compile time.
    ///
    /// The schema ([`runtime::schemars_schema`](crate::schema::runtime::schemars_schema)) is generated once, by this
    /// function. Arguments are checked against the schema and then deserialized by serde. Validation errors are
    /// reported to the model with the path of the argument. OpenAI's strict mode is disabled for the tool.
    ///
    /// # Errors
    ///
    /// Returns an error under the same conditions as [`from_fn`](Self::from_fn): an invalid name, an empty description,
    /// an invalid schema, or arguments that are not an object. To accept an enum, a list or a number, make it a field of
    /// a struct.
    ///
    /// ```
    /// use agno::tool::{DynTool, RunContext, ToolError};
    /// use serde::Deserialize;
    ///
    /// /// A type from another crate.
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
    /// # Ok::<(), agno::Error>(()) }).unwrap().unwrap();
    /// ```
    pub fn from_schemars<A, F, Fut, R>(
        name: impl Into<String>,
        description: impl Into<String>,
        function: F,
    ) -> Result<Self, Error>
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
