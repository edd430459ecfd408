//! Lists of tools. A tool is found by name, declared in a dialect and called by index.

use std::any::{Any, type_name};
use std::future::Future;
use std::sync::Arc;

use super::decode::decode;
use super::{RunContext, StaticTools, Tool, ToolSpec};
use crate::message::ToolResult;
use crate::schema::Dialect;

/// A list of tools: a single tool, a toolkit, all tools of an agent, or tools known only at run time.
///
/// `#[toolkit]` implements this trait with one `match` over the names in `find` and another over the indexes in `call`.
/// Every [`Tool`] is a list with one item. A tuple of lists is their concatenation, which is how an agent combines its
/// tools.
///
/// `find` returns an index, which is less than [`len`](Self::len). The other methods accept this index.
///
/// ```
/// use agno::prelude::*;
/// use agno::tool::Toolset;
///
/// /// Rolls a die.
/// #[tool]
/// fn roll() -> u8 { 4 }
///
/// /// Tosses a coin.
/// #[tool]
/// fn toss() -> &'static str { "heads" }
///
/// let tools = (roll {}, toss {});
/// assert_eq!(tools.find("toss"), Some(1));
/// assert_eq!(tools.len(), 2);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a tool nor a toolkit",
    label = "no tools here",
    note = "annotate one of its `impl` blocks with `#[toolkit]`; for tools known only at run time, use `DynTool`, `Vec<DynTool>`, `DynTools` or an `Option` of a tool or toolkit; an agent belongs in `agents = [...]`"
)]
pub trait Toolset: Send + Sync {
    /// The tools known at compile time. The compiler checks their names.
    const STATIC: StaticTools = StaticTools::NONE;

    /// Returns the number of tools.
    fn len(&self) -> usize {
        // A constant, because finding or calling a tool in a tuple adds the lengths of the preceding lists.
        const { Self::STATIC.len() }
    }

    /// Returns `true` if the list has no tools.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the index of the tool with this name.
    fn find(&self, name: &str) -> Option<usize> {
        (0..self.len()).find(|index| self.spec(*index).is_some_and(|spec| spec.name == name))
    }

    /// Returns the spec of the tool at `index`, if there is one.
    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        Self::STATIC.get(index).copied()
    }

    /// Calls `visit` with the spec of each tool and its declaration in `dialect`, in order.
    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str));

    /// Checks the arguments of the tool at `index` without calling it.
    ///
    /// A run calls this before a call waits for approval or an external result, and before it retries a failed call.
    /// The default implementation accepts all arguments, which is sufficient for a list without tools that wait or are
    /// retried.
    ///
    /// # Errors
    ///
    /// Returns the error that [`call`](Self::call) would return.
    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        let _ = (index, arguments);
        Ok(())
    }

    /// Calls the tool at `index` with the arguments that the model sent.
    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a;

    /// Returns the agent behind the tool at `index`, if the tool is an agent; see `DynTool::agent`. The run drives the
    /// agent itself. The value is an `agent::DynAgent`, which this module cannot name.
    #[doc(hidden)]
    fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
        let _ = index;
        None
    }

    /// Calls `visit` with the type and the number of tools of each entry of the list, in order. Errors about duplicate
    /// names mention them. This method is not public API.
    #[doc(hidden)]
    fn entries(&self, visit: &mut dyn FnMut(&'static str, usize)) {
        visit(type_name::<Self>(), self.len());
    }

    /// Borrows the tools, for example so that a tuple can include a toolkit that is stored in a field.
    ///
    /// ```
    /// use agno::tool::{DynTools, Toolset};
    ///
    /// let (plugins, builtins) = (DynTools::new(), DynTools::new());
    /// let both = (plugins.by_ref(), builtins.by_ref());
    /// assert_eq!(both.len(), 0);
    /// ```
    fn by_ref(&self) -> ByRef<'_, Self>
    where
        Self: Sized,
    {
        ByRef(self)
    }
}

/// A tool is a list with one item.
#[diagnostic::do_not_recommend]
impl<T: Tool> Toolset for T {
    const STATIC: StaticTools = StaticTools::new(const { &[&<T as Tool>::SPEC] });

    fn find(&self, name: &str) -> Option<usize> {
        (name == T::SPEC.name).then_some(0)
    }

    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        visit(T::SPEC, dialect.pick::<T>());
    }

    fn check(&self, _index: usize, arguments: &str) -> Result<(), ToolResult> {
        decode::<T::Args<'_>>(arguments).map(drop)
    }

    fn call<'a>(
        &'a self,
        _index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a {
        invoke(self, arguments, run)
    }
}

/// Borrowed tools, returned by [`Toolset::by_ref`].
#[derive(Debug, Clone, Copy)]
pub struct ByRef<'t, T>(pub &'t T);

/// Implementations for pointers to a list, which forward every method.
macro_rules! forward_toolset {
    ($([$($generics:tt)*] $pointer:ty, $this:ident => $inner:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Toolset for $pointer {
            const STATIC: StaticTools = T::STATIC;

            fn len(&$this) -> usize {
                $inner.len()
            }

            fn find(&$this, name: &str) -> Option<usize> {
                $inner.find(name)
            }

            fn spec(&$this, index: usize) -> Option<ToolSpec<'_>> {
                $inner.spec(index)
            }

            fn declare<D: Dialect>(&$this, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
                $inner.declare(dialect, visit);
            }

            fn check(&$this, index: usize, arguments: &str) -> Result<(), ToolResult> {
                $inner.check(index, arguments)
            }

            // One entry, even if the list is a tuple.
            fn entries(&$this, visit: &mut dyn FnMut(&'static str, usize)) {
                visit(type_name::<T>(), $inner.len());
            }

            fn call<'a>(
                &'a $this,
                index: usize,
                arguments: &'a str,
                run: &'a RunContext,
            ) -> impl Future<Output = ToolResult> + Send + 'a {
                $inner.call(index, arguments, run)
            }

            fn delegate(&$this, index: usize) -> Option<&(dyn Any + Send + Sync)> {
                $inner.delegate(index)
            }
        }
    )*};
}

forward_toolset! {
    ['t, T: Toolset] ByRef<'t, T>, self => self.0;
    [T: Toolset] Arc<T>, self => (**self);
}

/// Implementations for tuples, which concatenate their lists.
macro_rules! tuples {
    ($(($($list:ident $at:tt),+);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($list: Toolset),+> Toolset for ($($list,)+) {
            const STATIC: StaticTools = StaticTools::join(const { &[$($list::STATIC),+] });

            fn len(&self) -> usize {
                0 $(+ self.$at.len())+
            }

            fn find(&self, name: &str) -> Option<usize> {
                let mut before = 0;
                $(
                    if let Some(index) = self.$at.find(name) {
                        return Some(before + index);
                    }
                    before += self.$at.len();
                )+
                let _ = before;
                None
            }

            fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
                let mut position = index;
                $(
                    let len = self.$at.len();
                    if position < len {
                        return self.$at.spec(position);
                    }
                    position -= len;
                )+
                let _ = position;
                None
            }

            fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
                $(self.$at.declare(dialect, visit);)+
            }

            fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
                let mut position = index;
                $(
                    let len = self.$at.len();
                    if position < len {
                        return self.$at.check(position, arguments);
                    }
                    position -= len;
                )+
                let _ = position;
                Err(no_such_tool())
            }

            fn entries(&self, visit: &mut dyn FnMut(&'static str, usize)) {
                $(self.$at.entries(visit);)+
            }

            async fn call<'a>(&'a self, index: usize, arguments: &'a str, run: &'a RunContext) -> ToolResult {
                let mut position = index;
                $(
                    let len = self.$at.len();
                    if position < len {
                        return self.$at.call(position, arguments, run).await;
                    }
                    position -= len;
                )+
                let _ = position;
                no_such_tool()
            }

            fn delegate(&self, index: usize) -> Option<&(dyn Any + Send + Sync)> {
                let mut position = index;
                $(
                    let len = self.$at.len();
                    if position < len {
                        return self.$at.delegate(position);
                    }
                    position -= len;
                )+
                let _ = position;
                None
            }
        }
    )+};
}

// An agent with more lists than the longest tuple uses nested tuples.
tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D0 3);
    (A 0, B 1, C 2, D0 3, E 4);
    (A 0, B 1, C 2, D0 3, E 4, F 5);
    (A 0, B 1, C 2, D0 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D0 3, E 4, F 5, G 6, H 7);
}

/// The empty list, which is the default of an agent declared without tools.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTools;

impl Toolset for NoTools {
    fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

    async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
        no_such_tool()
    }
}

/// Decodes and checks the arguments that a model sent, then calls the tool unless the tool's cache has the result.
pub(super) async fn invoke<T: Tool>(tool: &T, arguments: &str, run: &RunContext) -> ToolResult {
    let args = match decode::<T::Args<'_>>(arguments) {
        Ok(args) => args,
        Err(error) => return error,
    };
    #[cfg(feature = "cache")]
    if let Some(cache) = T::CACHE {
        let key = super::ToolCache::key(arguments);
        // Boxed so that the futures of uncached tools reserve no memory for this future.
        return Box::pin(cache.get_or_call(key, tool.call(args, run), run)).await;
    }
    tool.call(args, run).await
}

/// Returns the error for an index beyond the end of a list. A driver never passes such an index.
#[cold]
pub fn no_such_tool() -> ToolResult {
    ToolResult::error("unknown tool")
}
