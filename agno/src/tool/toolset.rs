//! A list of tools as one thing: found by name, declared in a dialect, called by place.

use std::future::Future;
use std::sync::Arc;

use super::decode::decode;
use super::{RunContext, StaticTools, Tool, ToolSpec};
use crate::message::ToolResult;
use crate::schema::Dialect;

/// Tools that belong together: a tool by itself, a toolkit, an agent's whole list, tools found at run time.
///
/// `#[toolkit]` writes this trait: `find` is a `match` over the names, `call` one over the places. Every [`Tool`] is a
/// list of one, and a tuple of lists is their concatenation, which is how an agent puts its tools together.
/// A place is an index below [`len`](Self::len); `find` gives it, the other methods take it.
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
    note = "annotate one of its `impl` blocks with `#[toolkit]`, or use `DynTools` for tools known only at run time"
)]
pub trait Toolset: Send + Sync {
    /// The tools that are known when the program compiles; the compiler checks their names.
    const STATIC: StaticTools = StaticTools::NONE;

    /// How many tools there are.
    fn len(&self) -> usize {
        // Counted by the compiler: finding and calling a tool in a tuple adds up the lengths of what is before it.
        const { Self::STATIC.len() }
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the tool of this name.
    fn find(&self, name: &str) -> Option<usize> {
        (0..self.len()).find(|index| self.spec(*index).is_some_and(|spec| spec.name == name))
    }

    /// The tool at this place, if there is one.
    fn spec(&self, index: usize) -> Option<ToolSpec<'_>> {
        Self::STATIC.get(index).copied()
    }

    /// Calls `visit` with each tool and its declaration in this dialect, in order.
    fn declare<D: Dialect>(&self, dialect: D, visit: &mut dyn FnMut(ToolSpec<'_>, &str));

    /// Whether the tool at this place would take these arguments, without calling it. Asked before a call waits for
    /// somebody, and before a call that failed is made again; a list without such tools need not answer.
    ///
    /// # Errors
    ///
    /// What [`call`](Self::call) would answer.
    fn check(&self, index: usize, arguments: &str) -> Result<(), ToolResult> {
        let _ = (index, arguments);
        Ok(())
    }

    /// Calls the tool at this place with the arguments the model sent.
    fn call<'a>(
        &'a self,
        index: usize,
        arguments: &'a str,
        run: &'a RunContext,
    ) -> impl Future<Output = ToolResult> + Send + 'a;

    /// The same tools, borrowed: to put the toolkit of a field into a tuple.
    fn by_ref(&self) -> ByRef<'_, Self>
    where
        Self: Sized,
    {
        ByRef(self)
    }
}

/// A tool is a list of one.
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

/// Borrowed tools, see [`Toolset::by_ref`].
#[derive(Debug, Clone, Copy)]
pub struct ByRef<'t, T>(pub &'t T);

/// Pointers to a list of tools are that list.
macro_rules! by_pointer {
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

            fn call<'a>(
                &'a $this,
                index: usize,
                arguments: &'a str,
                run: &'a RunContext,
            ) -> impl Future<Output = ToolResult> + Send + 'a {
                $inner.call(index, arguments, run)
            }
        }
    )*};
}

by_pointer! {
    ['t, T: Toolset] ByRef<'t, T>, self => self.0;
    [T: Toolset] Arc<T>, self => (**self);
}

/// A tuple of lists is one list.
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
        }
    )+};
}

// An agent with more tools than the longest tuple nests them.
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

/// No tools: what an agent has that was declared without any.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTools;

impl Toolset for NoTools {
    fn declare<D: Dialect>(&self, _dialect: D, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

    async fn call(&self, _index: usize, _arguments: &str, _run: &RunContext) -> ToolResult {
        no_such_tool()
    }
}

/// Calls a tool with the arguments a model sent: reads and checks them, then calls it, unless a result is at hand.
pub(super) async fn invoke<T: Tool>(tool: &T, arguments: &str, run: &RunContext) -> ToolResult {
    let args = match decode::<T::Args<'_>>(arguments) {
        Ok(args) => args,
        Err(error) => return error,
    };
    #[cfg(feature = "cache")]
    if let Some(cache) = T::CACHE {
        let key = super::ToolCache::key(arguments);
        if let Some(result) = cache.get(&key) {
            return result;
        }
        let result = tool.call(args, run).await;
        cache.put(key, &result);
        return result;
    }
    tool.call(args, run).await
}

/// Returns the answer of an index beyond a list; a driver never asks for one.
#[cold]
pub fn no_such_tool() -> ToolResult {
    ToolResult::error("there is no such tool")
}
