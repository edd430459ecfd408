//! A list of tools as one thing: found by name, declared in a dialect, called by place.

use std::future::Future;

use super::decode::decode;
use super::{RunContext, Tool, ToolSpec};
use crate::message::ToolResult;
use crate::schema::Dialect;

/// Tools that belong together: a toolkit, an agent's whole list, tools found at run time.
///
/// `#[toolkit]` and `#[agent]` write this trait: `find` is a `match` over the names, `call` one over the places.
/// A place is an index below [`len`](Self::len); `find` gives it, the other methods take it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a toolkit",
    label = "not a toolkit",
    note = "annotate one of its `impl` blocks with `#[toolkit]`, or use `DynTools` for tools known only at run time"
)]
pub trait Toolset: Send + Sync {
    /// The tools that are known when the program compiles, a slice a toolkit; the compiler checks their names.
    const STATIC: &'static [&'static [&'static ToolSpec<'static>]] = &[];

    /// How many tools there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the tool of this name.
    fn find(&self, name: &str) -> Option<usize>;

    /// The tool at this place, if there is one.
    fn spec(&self, index: usize) -> Option<ToolSpec<'_>>;

    /// Hands each tool and its declaration in this dialect to `each`, in order.
    fn declare<D: Dialect>(&self, dialect: D, each: &mut dyn FnMut(ToolSpec<'_>, &str));

    /// Calls the tool at this place with the arguments the model sent.
    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a;
}

/// A reference to tools is those tools.
impl<T: Toolset> Toolset for &T {
    const STATIC: &'static [&'static [&'static ToolSpec<'static>]] = T::STATIC;

    fn len(&self) -> usize {
        (**self).len()
    }

    fn find(&self, name: &str) -> Option<usize> {
        (**self).find(name)
    }

    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        (**self).spec(index)
    }

    fn declare<D: Dialect>(&self, dialect: D, each: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        (**self).declare(dialect, each);
    }

    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a {
        (**self).call(index, arguments, run)
    }
}

/// No tools: what an agent has that was declared without any.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTools;

impl Toolset for NoTools {
    fn len(&self) -> usize {
        0
    }

    fn find(&self, _name: &str) -> Option<usize> {
        None
    }

    fn spec(&self, _index: usize) -> Option<ToolSpec<'_>> {
        None
    }

    fn declare<D: Dialect>(&self, _dialect: D, _each: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

    async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
        no_such_place()
    }
}

/// Calls a tool with the arguments a model sent: reads and checks them, then calls it.
pub async fn invoke<T: Tool>(tool: &T, arguments: &str, run: &RunContext) -> ToolResult {
    match decode::<T::Args<'_>>(arguments) {
        Ok(args) => tool.call(args, run).await,
        Err(wrong) => wrong,
    }
}

/// Hands a tool and its declaration in this dialect to `each`.
pub fn declare<T: Tool, D: Dialect>(dialect: D, each: &mut dyn FnMut(ToolSpec<'_>, &str)) {
    each(T::SPEC, dialect.pick::<T>());
}

/// What a place beyond the list answers; a driver never asks for one.
pub(super) fn no_such_place() -> ToolResult {
    ToolResult::error("there is no such tool")
}
