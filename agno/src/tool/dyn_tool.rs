//! Tools known only at run time, for example from a configuration, a plug-in or a server.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::toolset::invoke;
use super::{Hints, RunContext, Tool, ToolError, ToolReturn, ToolSpec, Toolset, decode};
use crate::message::ToolResult;
use crate::run::{Error, ErrorKind};
use crate::schema::{self, AnyDialect, Dialect};

/// A type-erased tool.
///
/// [`DynTool::new`] accepts a tool known at compile time. [`DynTool::from_fn`] accepts a name, a description, a JSON
/// Schema and a function.
///
/// ```
/// use agno::tool::{DynTool, DynTools, RunContext};
/// use serde_json::json;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let schema = json!({
///     "type": "object",
///     "properties": { "text": { "type": "string" } },
///     "required": ["text"],
/// });
/// let shout = DynTool::from_fn("shout", "Writes text in capitals.", schema, |args, _run| async move {
///     Ok::<_, agno::tool::ToolError>(args["text"].as_str().unwrap_or_default().to_uppercase())
/// })?;
///
/// let run = RunContext::detached();
/// assert_eq!(shout.call(r#"{"text":"hi"}"#, &run).await.text(), "HI");
/// assert!(shout.call(r#"{"text":1}"#, &run).await.is_error);
/// # Ok::<(), agno::Error>(()) }).unwrap().unwrap();
/// ```
#[derive(Clone)]
pub struct DynTool(pub(super) Arc<dyn ErasedTool>);

/// A dyn-compatible version of [`Tool`] that returns a boxed future.
pub(super) trait ErasedTool: Send + Sync {
    fn spec(&self) -> ToolSpec<'_>;
    fn declaration(&self, dialect: AnyDialect) -> &str;
    fn check(&self, arguments: &str) -> Result<(), ToolResult>;
    fn call<'a>(&'a self, arguments: &'a str, run: &'a RunContext) -> BoxFuture<'a, ToolResult>;

    /// Returns the agent behind the tool.
    fn delegate(&self) -> Option<&(dyn Any + Send + Sync)> {
        None
    }
}

impl DynTool {
    /// Erases the type of a tool known at compile time.
    pub fn new<T: Tool + 'static>(tool: T) -> Self {
        struct Erased<T>(T);

        impl<T: Tool> ErasedTool for Erased<T> {
            fn spec(&self) -> ToolSpec<'_> {
                T::SPEC
            }

            fn declaration(&self, dialect: AnyDialect) -> &str {
                dialect.pick::<T>()
            }

            fn check(&self, arguments: &str) -> Result<(), ToolResult> {
                self.0.check(0, arguments)
            }

            fn call<'a>(&'a self, arguments: &'a str, run: &'a RunContext) -> BoxFuture<'a, ToolResult> {
                Box::pin(invoke(&self.0, arguments, run))
            }
        }

        Self(Arc::new(Erased(tool)))
    }

    /// Creates a tool from a name, a description, the JSON Schema of its arguments, and a function.
    ///
    /// The arguments are checked against the schema before the function receives them. Each declaration is rendered
    /// once, when a model first needs it, without keywords that do not help the model (`$schema`, `title`) or that the
    /// provider may reject (`format` with a value such as `uint32`). References are inlined for Gemini.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::Configuration`] when the name does not match `^[a-zA-Z0-9_-]{1,64}$`, when
    /// the description is empty, or when the schema does not describe an object or is invalid: an unknown type, a
    /// keyword with a value of the wrong type, a pattern that is not a regular expression, a reference that does not
    /// resolve within the schema, more than 48 levels, or more than 5,000 parts. The message contains the JSON pointer
    /// to the first invalid part.
    ///
    /// ```
    /// use agno::tool::{DynTool, ToolError};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "properties": {"id": {"type": "int"}}});
    /// let tool = DynTool::from_fn("find", "Finds a record.", schema, |_args, _run| async {
    ///     Ok::<_, ToolError>("found")
    /// });
    /// assert_eq!(
    ///     tool.unwrap_err().to_string(),
    ///     "the schema of `find` is invalid at `/properties/id/type`: unknown type \"int\"; \
    ///      use `object`, `array`, `string`, `integer`, `number`, `boolean`, `null`",
    /// );
    /// ```
    pub fn from_fn<F, Fut, R>(
        name: impl Into<String>,
        description: impl Into<String>,
        parameters: Value,
        function: F,
    ) -> Result<Self, Error>
    where
        F: Fn(Value, RunContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, ToolError>> + Send + 'static,
        R: ToolReturn,
    {
        Self::from_boxed(name.into(), description.into(), parameters, move |args, run| {
            let answer = function(args, run);
            Box::pin(async move { into_tool_result(answer.await) })
        })
    }

    /// Creates a tool from a function that returns a boxed future.
    pub(super) fn from_boxed<F>(
        name: String,
        description: String,
        parameters: Value,
        function: F,
    ) -> Result<Self, Error>
    where
        F: Fn(Value, RunContext) -> BoxFuture<'static, ToolResult> + Send + Sync + 'static,
    {
        if !is_valid_name(&name) {
            return Err(configuration(format!(
                "{name:?} is not a valid tool name; use 1 to 64 of the characters a-z, A-Z, 0-9, `_` and `-`"
            )));
        }
        if description.trim().is_empty() {
            return Err(configuration(format!(
                "the tool `{name}` has no description; describe what it does"
            )));
        }
        if parameters.get("type").and_then(Value::as_str) != Some("object") {
            return Err(configuration(format!(
                "the parameters of `{name}` are not the schema of an object; write {{\"type\":\"object\",\"properties\":{{...}}}}"
            )));
        }
        if let Err(error) = schema::runtime_rules::check_schema(&parameters) {
            return Err(configuration(format!(
                "the schema of `{name}` is invalid {error}"
            )));
        }
        Ok(Self(Arc::new(FromFunction {
            name,
            description,
            parameters,
            declarations: Declarations::default(),
            function,
        })))
    }

    /// Sets the timeout of each call.
    ///
    /// ```
    /// use agno::tool::{DynTool, Hints, ToolError};
    /// use serde_json::json;
    /// use std::time::Duration;
    ///
    /// # fn main() -> agno::Result<()> {
    /// let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]});
    /// let remove = DynTool::from_fn("remove", "Removes a record.", schema, |_args, _run| async {
    ///     Ok::<_, ToolError>("removed")
    /// })?;
    /// let remove = remove
    ///     .with_timeout(Duration::from_secs(5))
    ///     .with_approval()
    ///     .with_hints(Hints::NONE.with_destructive());
    /// assert!(remove.spec().waits_for.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        self.with_spec(move |spec| spec.with_timeout(timeout))
    }

    /// Sets the maximum number of retries after a failed call.
    #[must_use]
    pub fn with_retries(self, retries: u32) -> Self {
        self.with_spec(move |spec| spec.with_retries(retries))
    }

    /// Makes each call wait for approval. See [`Run::approve`](crate::Run::approve).
    #[must_use]
    pub fn with_approval(self) -> Self {
        self.with_spec(|spec| spec.with_approval())
    }

    /// Makes each call wait for an external result. The tool itself is never called. See
    /// [`Run::provide`](crate::Run::provide).
    #[must_use]
    pub fn with_external_result(self) -> Self {
        self.with_spec(|spec| spec.with_external_result())
    }

    /// Makes the tool's result the answer of the run.
    #[must_use]
    pub fn with_return_direct(self) -> Self {
        self.with_spec(|spec| spec.with_return_direct())
    }

    /// Sets the hints.
    #[must_use]
    pub fn with_hints(self, hints: Hints) -> Self {
        self.with_spec(move |spec| spec.with_hints(hints))
    }

    /// Wraps the tool so that `edit` changes its spec.
    fn with_spec<F>(self, edit: F) -> Self
    where
        F: Fn(ToolSpec<'_>) -> ToolSpec<'_> + Send + Sync + 'static,
    {
        struct WithSpec<F>(DynTool, F);

        impl<F: Fn(ToolSpec<'_>) -> ToolSpec<'_> + Send + Sync> ErasedTool for WithSpec<F> {
            fn spec(&self) -> ToolSpec<'_> {
                (self.1)(self.0.spec())
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
                self.0.erased_agent()
            }
        }

        Self(Arc::new(WithSpec(self, edit)))
    }

    /// Returns the tool's name, description and call options.
    pub fn spec(&self) -> ToolSpec<'_> {
        self.0.spec()
    }

    /// Returns the tool's declaration in a dialect, as it appears in model requests.
    pub(super) fn declaration(&self, dialect: AnyDialect) -> &str {
        self.0.declaration(dialect)
    }

    /// Checks arguments without calling the tool.
    pub(super) fn check(&self, arguments: &str) -> Result<(), ToolResult> {
        self.0.check(arguments)
    }

    /// Calls the tool with JSON text, the format in which a model sends arguments.
    pub async fn call(&self, arguments: &str, run: &RunContext) -> ToolResult {
        self.0.call(arguments, run).await
    }
}

impl fmt::Debug for DynTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynTool").field(&self.spec().name).finish()
    }
}

/// Converts the return value of a function into the result that the model reads.
pub(super) fn into_tool_result<R: ToolReturn>(answer: Result<R, ToolError>) -> ToolResult {
    match answer {
        Ok(value) => value.into_result(),
        Err(error) => ToolResult::error(error.to_string()),
    }
}

/// A tool created from a name, a description, a schema and a function.
struct FromFunction<F> {
    name: String,
    description: String,
    parameters: Value,
    declarations: Declarations,
    function: F,
}

impl<F> ErasedTool for FromFunction<F>
where
    F: Fn(Value, RunContext) -> BoxFuture<'static, ToolResult> + Send + Sync,
{
    fn spec(&self) -> ToolSpec<'_> {
        ToolSpec::new(&self.name, &self.description)
    }

    fn declaration(&self, dialect: AnyDialect) -> &str {
        self.declarations
            .get(dialect, &self.name, &self.description, &self.parameters)
    }

    fn check(&self, arguments: &str) -> Result<(), ToolResult> {
        self.read(arguments).map(drop)
    }

    fn call<'a>(&'a self, arguments: &'a str, run: &'a RunContext) -> BoxFuture<'a, ToolResult> {
        match self.read(arguments) {
            Ok(args) => (self.function)(args, run.clone()),
            Err(error) => Box::pin(std::future::ready(error)),
        }
    }
}

impl<F> FromFunction<F> {
    /// Decodes the arguments and checks them against the schema.
    fn read(&self, arguments: &str) -> Result<Value, ToolResult> {
        let arguments = decode::text_of(arguments)?;
        let args = serde_json::from_str(arguments).map_err(|error| decode::invalid_arguments(&error))?;
        schema::runtime::validate(&self.parameters, &args)
            .map_err(|errors| decode::invalid_arguments(&errors))?;
        Ok(args)
    }
}

/// The declarations of a run-time tool, one per dialect. Each is rendered once, when a model first needs it. Keywords
/// that providers reject are removed or converted. Strict mode is not used, because it applies only to schemas known at
/// compile time.
#[derive(Default)]
struct Declarations([OnceLock<String>; 4]);

impl Declarations {
    fn get(&self, dialect: AnyDialect, name: &str, description: &str, schema: &Value) -> &str {
        let [openai, anthropic, gemini, plain] = &self.0;
        let (written, key) = match dialect {
            AnyDialect::OpenAi => (openai, "parameters"),
            AnyDialect::Anthropic => (anthropic, "input_schema"),
            AnyDialect::Gemini => (gemini, "parameters"),
            AnyDialect::JsonSchema => (plain, "parameters"),
        };
        written.get_or_init(|| {
            let mut tool = json!({"name": name, "description": description});
            if dialect == AnyDialect::OpenAi {
                tool["strict"] = json!(false);
            }
            if let Some(schema) = schema::runtime_dialect::arguments(schema, dialect) {
                tool[key] = schema;
            }
            tool.to_string()
        })
    }
}

/// Creates the error for an invalid tool.
pub(super) fn configuration(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

/// Returns `true` if a tool name is valid for all providers.
fn is_valid_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
