//! Tools that a value may lack, such as a toolkit that only some users of an agent have.

use std::any::Any;

use super::toolset::no_such_tool;
use super::{RunContext, ToolSpec, Toolset};
use crate::message::ToolResult;
use crate::schema::Dialect;

/// The tools of the value, or none.
///
/// The compiler cannot know whether the tools are present, so their names are checked before the first request of a
/// run.
///
/// ```
/// use agno::prelude::*;
/// use agno::tool::Toolset;
///
/// /// Rolls a die.
/// #[tool]
/// fn roll() -> u8 { 4 }
///
/// let (present, absent) = (Some(roll {}), None::<roll>);
/// assert_eq!((present.len(), absent.len()), (1, 0));
/// assert_eq!((present.find("roll"), absent.find("roll")), (Some(0), None));
/// ```
#[diagnostic::do_not_recommend]
impl<T: Toolset> Toolset for Option<T> {
    fn len(&self) -> usize {
        self.as_ref().map_or(0, T::len)
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.as_ref()?.find(name)
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        self.as_ref()?.spec(index)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        if let Some(tools) = self {
            tools.declare(dialect, visit);
        }
    }

    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        match self {
            Some(tools) => tools.check(index, arguments),
            None => Err(no_such_tool()),
        }
    }

    async fn call(&self, index: usize, arguments: &str, run: &RunContext) -> ToolResult {
        match self {
            Some(tools) => tools.call(index, arguments, run).await,
            None => no_such_tool(),
        }
    }

    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        self.as_ref()?.delegate(index)
    }
}
