//! An entry of an agent's list of agents. Its name and description are constants even if the agents are generic.

use std::future::Future;
use std::marker::PhantomData;

use super::delegates::{Delegate, Delegates};
use super::environment::DelegateCall;
use super::nested::Delegated;
use super::sink::EventSink;
use crate::model::Model;
use crate::schema::render::{Document, Renderable};
use crate::schema::{Dialect, SchemaRef};
use crate::tool::{StaticTools, ToolSpec};

/// The properties of an entry in `agents = [...]`. `#[agent]` implements this trait for a unit struct per entry.
pub trait MemberInfo: Send + Sync + 'static {
    /// The name by which the model calls the agent.
    const NAME: &'static str;

    /// The description of the entry, which replaces the description of the agent.
    const DESCRIPTION: Option<&'static str> = None;

    /// The maximum number of occurrences of the agent on the way down from the agent that was started.
    const DEPTH: Option<u32> = None;
}

/// An agent in the list of another agent, with the name and the description that the caller's model sees.
///
/// ```
/// use agno::agent::{Delegates, Member, MemberInfo};
/// use agno::prelude::*;
///
/// /// Finds facts.
/// #[agent]
/// struct Researcher;
///
/// struct Entry;
///
/// impl MemberInfo for Entry {
///     const NAME: &'static str = "research";
/// }
///
/// let agents = Member::<Entry, _>::new(&Researcher);
/// assert_eq!(agents.find("research"), Some(0));
/// ```
#[derive(Debug)]
pub struct Member<'a, E, D> {
    agent: &'a D,
    entry: PhantomData<fn() -> E>,
}

impl<'a, E: MemberInfo, D: Delegate> Member<'a, E, D> {
    /// Creates an entry.
    pub const fn new(agent: &'a D) -> Self {
        Self {
            agent,
            entry: PhantomData,
        }
    }
}

impl<E: MemberInfo, D: Delegate> Member<'_, E, D> {
    const SPEC: ToolSpec<'static> = ToolSpec::new(E::NAME, Self::description());

    const fn description() -> &'static str {
        match E::DESCRIPTION {
            Some(description) => description,
            None => {
                assert!(
                    !D::DESCRIPTION.is_empty(),
                    "an entry of `agents` has no description; write a doc comment on its field or on its struct"
                );
                D::DESCRIPTION
            }
        }
    }
}

impl<E: MemberInfo, D: Delegate> Renderable for Member<'_, E, D> {
    const DOCUMENT: Document<'static> = Document::Tool(Self::SPEC.name, Self::SPEC.description);
    const SCHEMA: SchemaRef = D::INPUT;
}

impl<E: MemberInfo, D: Delegate> Delegates for Member<'_, E, D> {
    const STATIC: StaticTools = StaticTools::new(const { &[&Self::SPEC] });

    fn declare<X: Dialect>(&self, dialect: X, visit: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        visit(Self::SPEC, dialect.pick::<Self>());
    }

    fn call<'a, M: Model, S: EventSink>(
        &'a self,
        _index: usize,
        model: &'a M,
        delegate: DelegateCall<'a, S>,
    ) -> impl Future<Output = Delegated> + Send + 'a {
        self.agent.delegate(model, delegate.with_entry(E::NAME, E::DEPTH))
    }
}
