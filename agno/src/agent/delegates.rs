//! Agents that an agent can call. A list of them is to agents what [`Toolset`](crate::tool::Toolset) is to tools, but
//! generic over the caller's model, so that an agent without its own model uses the caller's model statically.

use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::environment::DelegateCall;
use super::nested::{Delegated, run_nested};
use super::sink::EventSink;
use super::{Agent, Declared, ErasedAgent};
use crate::model::{Model, NeedsNothing, ServedBy, Serves};
use crate::schema::{Dialect, Field, Node, Schema, SchemaRef};
use crate::tool::{StaticTools, ToolSpec};

/// The agents that an agent can call, each of which the model sees as a tool.
///
/// `#[agent(agents = [...])]` generates a tuple of [`Member`](super::Member)s. Only agno implements this trait.
pub trait Delegates: Send + Sync {
    /// The names and descriptions of the agents.
    const STATIC: StaticTools = StaticTools::NONE;

    /// Returns the index of the agent with this name.
    fn find(&self, name: &str) -> Option<usize> {
        (0..const { Self::STATIC.len() })
            .find(|index| Self::STATIC.get(*index).is_some_and(|spec| spec.name == name))
    }

    /// Calls `visit` with the spec of each agent and its declaration in `dialect`, in order.
    fn declare<X: Dialect>(&self, dialect: X, visit: &mut dyn FnMut(ToolSpec<'_>, &str));

    /// Runs the agent at `index`.
    #[doc(hidden)]
    fn call<'a, M: Model, S: EventSink>(
        &'a self,
        index: usize,
        model: &'a M,
        delegate: DelegateCall<'a, S>,
    ) -> impl Future<Output = Delegated> + Send + 'a;
}

/// The empty list.
#[derive(Debug, Clone, Copy)]
pub struct NoAgents;

impl Delegates for NoAgents {
    fn declare<X: Dialect>(&self, _dialect: X, _visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {}

    async fn call<'a, M: Model, S: EventSink>(
        &'a self,
        _index: usize,
        _model: &'a M,
        _delegate: DelegateCall<'a, S>,
    ) -> Delegated {
        no_such_agent()
    }
}

#[cold]
fn no_such_agent() -> Delegated {
    Delegated::error("unknown agent")
}

/// An agent that another agent can call: a declaration, which uses the caller's model, or an [`Agent`] with a model of its
/// own.
///
/// Only agno implements this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an agent",
    label = "not an agent",
    note = "annotate the struct with `#[agent]`"
)]
pub trait Delegate: Send + Sync {
    /// The capabilities that the agent requires of the caller's model.
    type Needs;

    /// The purpose of the agent, which the calling model reads; may be empty.
    const DESCRIPTION: &'static str;

    /// The schema of the arguments of a call.
    const INPUT: SchemaRef;

    /// Runs the agent as a part of another run. Boxed, so that the future of an ordinary call does not reserve memory for
    /// the run of the largest agent, and so that agents can call each other.
    #[doc(hidden)]
    fn delegate<'a, M: Model, S: EventSink>(
        &'a self,
        model: &'a M,
        call: DelegateCall<'a, S>,
    ) -> BoxFuture<'a, Delegated>;
}

impl<M: Serves<D::Needs>, D: Delegate> ServedBy<M> for D {}

#[diagnostic::do_not_recommend]
impl<D: Declared> Delegate for D {
    type Needs = D::Needs;
    const DESCRIPTION: &'static str = D::INFO.description;
    const INPUT: SchemaRef = D::INPUT;

    fn delegate<'a, M: Model, S: EventSink>(
        &'a self,
        model: &'a M,
        call: DelegateCall<'a, S>,
    ) -> BoxFuture<'a, Delegated> {
        run_nested(self, model, call)
    }
}

impl<D: Declared, Own: Model> Delegate for Agent<D, Own> {
    type Needs = NeedsNothing;
    const DESCRIPTION: &'static str = D::INFO.description;
    const INPUT: SchemaRef = D::INPUT;

    fn delegate<'a, M: Model, S: EventSink>(
        &'a self,
        _model: &'a M,
        call: DelegateCall<'a, S>,
    ) -> BoxFuture<'a, Delegated> {
        run_nested(&self.declaration, &self.model, call)
    }
}

/// Implements [`Delegate`] for pointers to an agent with its own model. Pointers to declarations are declarations.
macro_rules! agent_pointers {
    ($($pointer:ty),+) => {$(
        impl<D: Declared, Own: Model> Delegate for $pointer {
            type Needs = NeedsNothing;
            const DESCRIPTION: &'static str = D::INFO.description;
            const INPUT: SchemaRef = D::INPUT;

            fn delegate<'a, M: Model, S: EventSink>(
                &'a self,
                model: &'a M,
                call: DelegateCall<'a, S>,
            ) -> BoxFuture<'a, Delegated> {
                (**self).delegate(model, call)
            }
        }
    )+};
}

agent_pointers!(&Agent<D, Own>, Arc<Agent<D, Own>>);

/// The type of an erased agent is unknown, so its entry requires a doc comment.
impl Delegate for ErasedAgent<'_> {
    type Needs = NeedsNothing;
    const DESCRIPTION: &'static str = "";
    const INPUT: SchemaRef = TASK;

    fn delegate<'a, M: Model, S: EventSink>(
        &'a self,
        _model: &'a M,
        call: DelegateCall<'a, S>,
    ) -> BoxFuture<'a, Delegated> {
        Box::pin(self.run_nested(call))
    }
}

/// The arguments of a call of an agent without a typed input.
pub(super) const TASK: SchemaRef = SchemaRef::new(
    &Node::object(&[Field::new("task", <String as Schema>::SCHEMA)
        .description("The complete task, with all information that is required.")])
    .closed(),
);

/// Implements [`Delegates`] for tuples.
macro_rules! tuples {
    ($(($($list:ident $at:tt),+);)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($list: Delegates),+> Delegates for ($($list,)+) {
            const STATIC: StaticTools = StaticTools::join(const { &[$($list::STATIC),+] });

            fn declare<X: Dialect>(&self, dialect: X, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
                $(self.$at.declare(dialect, visit);)+
            }

            async fn call<'a, M0: Model, S0: EventSink>(
                &'a self,
                index: usize,
                model: &'a M0,
                delegate: DelegateCall<'a, S0>,
            ) -> Delegated {
                let mut at = index;
                $(
                    let len = const { $list::STATIC.len() };
                    if at < len {
                        return self.$at.call(at, model, delegate).await;
                    }
                    at -= len;
                )+
                let _ = at;
                no_such_agent()
            }
        }
    )+};
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
}

/// Implements [`Declared`] for pointers to a declaration, so that agents can share one and borrow one in a field.
macro_rules! declared_pointers {
    ($($pointer:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<D: Declared> Declared for $pointer {
            $crate::agent::forward_declared!(D, self => **self);
        }
    )+};
}

declared_pointers!(&D, Arc<D>, Box<D>);
