//! A list of tools known only at run time.

use std::any::Any;
use std::collections::HashMap;

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
        self.tools.iter().position(|tool| tool.spec().name == name)
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        self.tools.get(index).map(DynTool::spec)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        for tool in &self.tools {
            visit(tool.spec(), tool.declaration(dialect.any()));
        }
    }

    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        match self.tools.get(index) {
            Some(tool) => tool.check(arguments),
            None => Err(no_such_tool()),
        }
    }

    async fn call(&self, index: usize, arguments: &str, run: &RunContext) -> ToolResult {
        match self.tools.get(index) {
            Some(tool) => tool.call(arguments, run).await,
            None => no_such_tool(),
        }
    }

    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.tools.get(index)?.delegate()
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
