//! Lists of tools known only at run time: one tool, a plain list, and a list with an index by name.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;

use super::dyn_tool::configuration;
use super::toolset::no_such_tool;
use super::{DynTool, RunContext, ToolSpec, Toolset};
use crate::message::ToolResult;
use crate::run::Error;
use crate::schema::Dialect;

/// A list of tools known only at run time. Store it in a field of an agent and name the field in the agent's `tools`.
///
/// ```
/// use agno::prelude::*;
/// use agno::tool::DynTools;
///
/// /// Uses the tools of the installed plug-ins.
/// #[agent(tools = [self.plugins])]
/// struct Host { plugins: DynTools }
/// ```
///
/// An entry of `tools` can also be a field of type [`DynTool`], `Vec<DynTool>`, or `Option<T>` for any tool or toolkit
/// `T`:
///
/// ```
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
/// use agno::tool::{DynTool, ToolError};
/// use serde_json::json;
///
/// struct Web;
///
/// #[toolkit]
/// impl Web {
///     /// Searches the web.
///     #[tool]
///     async fn search(&self, query: &str) -> String { format!("nothing about {query}") }
/// }
///
/// /// Answers questions.
/// #[agent(tools = [self.web, self.extra])]
/// struct Assistant { web: Option<Web>, extra: Vec<DynTool> }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let shout = DynTool::from_fn("shout", "Shouts.", json!({"type": "object"}), |_args, _run| async {
///     Ok::<_, ToolError>("AH")
/// })?;
/// let model = ScriptedModel::new().call("shout", "{}").reply("Done.");
/// let agent = Assistant { web: None, extra: vec![shout] }.with(model);
/// assert_eq!(agent.run("Shout!").await?.text(), "Done.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct DynTools {
    tools: Vec<DynTool>,
    /// The index of each tool by name. Empty while the list is short.
    indexes: HashMap<String, usize>,
}

/// Maximum length of a list that is searched linearly. Up to this length, a linear search is as fast as a hash lookup.
const MAX_LINEAR_SEARCH: usize = 8;

impl DynTools {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the list already
    /// contains a tool with that name.
    pub fn add(&mut self, tool: DynTool) -> Result<(), Error> {
        if self.find(tool.spec().name).is_some() {
            let name = tool.spec().name;
            return Err(configuration(format!("duplicate tool `{name}`; rename one")));
        }
        self.tools.push(tool);
        if self.tools.len() > MAX_LINEAR_SEARCH {
            for index in self.indexes.len()..self.tools.len() {
                let name = self.tools[index].spec().name.to_owned();
                self.indexes.insert(name, index);
            }
        }
        Ok(())
    }

    /// Adds a tool and returns the list.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the list already
    /// contains a tool with that name.
    pub fn with_tool(mut self, tool: DynTool) -> Result<Self, Error> {
        self.add(tool)?;
        Ok(self)
    }
}

impl Toolset for DynTools {
    fn len(&self) -> usize {
        self.tools.len()
    }

    fn find(&self, name: &str) -> Option<usize> {
        if self.tools.len() > MAX_LINEAR_SEARCH {
            return self.indexes.get(name).copied();
        }
        self.tools.find(name)
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        self.tools.spec(index)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        self.tools.declare(dialect, visit);
    }

    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        self.tools.check(index, arguments)
    }

    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a {
        self.tools.call(index, arguments, run)
    }

    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.tools.delegate(index)
    }
}

/// A list of tools whose names are checked before the first request of a run. [`DynTools`] checks each name when the
/// tool is added and finds a tool without comparing every name, so it is better for long lists.
impl Toolset for Vec<DynTool> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.iter().position(|tool| tool.spec().name == name)
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        self.get(index).map(DynTool::spec)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        for tool in self {
            visit(tool.spec(), tool.declaration(dialect.any()));
        }
    }

    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        match self.get(index) {
            Some(tool) => DynTool::check(tool, arguments),
            None => Err(no_such_tool()),
        }
    }

    async fn call(&self, index: usize, arguments: &str, run: &RunContext) -> ToolResult {
        match self.get(index) {
            Some(tool) => DynTool::call(tool, arguments, run).await,
            None => no_such_tool(),
        }
    }

    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.get(index)?.erased_agent()
    }
}

/// A run-time tool is a list with one item.
impl Toolset for DynTool {
    fn len(&self) -> usize {
        1
    }

    fn find(&self, name: &str) -> Option<usize> {
        (name == DynTool::spec(self).name).then_some(0)
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        (index == 0).then(|| DynTool::spec(self))
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        visit(DynTool::spec(self), self.declaration(dialect.any()));
    }

    fn check(&self, _index: usize, arguments: &str) -> Result<(), ToolResult> {
        DynTool::check(self, arguments)
    }

    async fn call(&self, _index: usize, arguments: &str, run: &RunContext) -> ToolResult {
        DynTool::call(self, arguments, run).await
    }

    fn delegate(&self, _index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.erased_agent()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tool::ToolError;

    fn tool(name: &str) -> DynTool {
        let schema = json!({"type": "object"});
        let tool = DynTool::from_fn(name, "Does nothing.", schema, |_, _| async {
            Ok::<_, ToolError>(())
        });
        tool.unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn names_are_unique_and_found_in_short_and_long_lists() {
        let mut tools = DynTools::new();
        for count in 0..3 * MAX_LINEAR_SEARCH {
            let name = format!("tool_{count}");
            assert_eq!(tools.find(&name), None);
            assert!(tools.add(tool(&name)).is_ok());
            assert!(tools.add(tool(&name)).is_err(), "{name} is a duplicate");
            for index in 0..=count {
                assert_eq!(tools.find(&format!("tool_{index}")), Some(index));
            }
        }
        assert_eq!(tools.len(), 3 * MAX_LINEAR_SEARCH);
    }
}
