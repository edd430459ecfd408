//! Agents in other agents: generics, lints, modules, macros, long lists and names that a module may shadow.
#![deny(
    dead_code,
    missing_debug_implementations,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    unused
)]

use std::sync::Arc;

use agno::agent::Delegates;
use agno::model::ScriptedModel;
use agno::prelude::*;

trait Store: Send + Sync {}

#[derive(Debug)]
struct Memory;

impl Store for Memory {}

/// Finds facts.
#[agent(instructions = self.text())]
#[derive(Debug)]
struct Researcher<'a, S: Sync + ?Sized, const N: usize = 1> {
    store: &'a S,
    size: [u8; N],
}

impl<S: Sync + ?Sized, const N: usize> Researcher<'_, S, N> {
    fn text(&self) -> String {
        format!("{} of {} bytes", self.size.len(), size_of_val(self.store))
    }
}

/// Knows the law.
#[agent]
#[derive(Debug, Clone, Copy)]
struct Legal;

/// Lifetimes, bounds, defaults, unsized parameters and const parameters.
#[agent(agents = [self.researcher, self.shared, self.legal, self.r#type])]
#[derive(Debug)]
struct Generic<'a, 'b: 'a, S: Store + ?Sized = Memory, const N: usize = 1>
where
    'b: 'a,
{
    researcher: Researcher<'a, S, N>,
    shared: Arc<Researcher<'b, S, 2>>,
    legal: &'b &'a Legal,
    r#type: Box<Legal>,
}

/// Ten entries.
#[agent(agents = [
    self.0(name = "a"),
    self.1(name = "b"),
    self.0(name = "c"),
    self.1(name = "d"),
    Legal(name = "e"),
    Legal(name = "f"),
    Legal(name = "g"),
    Legal(name = "h"),
    Legal(name = "i"),
    Legal(name = "j"),
])]
#[derive(Debug)]
struct Many(Legal, &'static Legal);

/// Calls an agent that calls it.
#[agent(agents = [Pong])]
#[derive(Debug)]
struct Ping;

/// Calls its caller.
#[agent(agents = [Ping(depth = 2)])]
#[derive(Debug)]
struct Pong;

macro_rules! desks {
    ($($name:ident { $field:ident: $ty:ty } = [$($entry:tt)*];)*) => {$(
        /// Is generated.
        #[agent(agents = [$($entry)*])]
        #[derive(Debug)]
        struct $name {
            $field: $ty,
        }
    )*};
}

desks! {
    Made { legal: Legal } = [self.legal, Legal(name = "other")];
}

mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    use agno::agent;

    type Option = ();
    type Some = ();
    type Send = ();
    type Sync = ();
    type str = ();
    type u32 = ();
    type usize = ();
    struct Delegates;
    struct NeedsOf;
    struct Checked;

    /// Is public and contains private types.
    #[agent(agents = [self.legal(depth = 2), super::Legal(name = "second")])]
    #[derive(Debug)]
    pub(super) struct Desk {
        pub(super) legal: super::Legal,
    }
}

#[test]
fn agents_in_agents_can_be_generic_generated_and_many() {
    let researcher = Researcher {
        store: &Memory,
        size: [0],
    };
    let generic: Generic<'_, '_> = Generic {
        researcher,
        shared: Arc::new(Researcher {
            store: &Memory,
            size: [0; 2],
        }),
        legal: &&Legal,
        r#type: Box::new(Legal),
    };
    let model = ScriptedModel::new();
    let agent = generic.with(&model);
    let agents = agent.declaration().agents();
    let names = ["researcher", "shared", "legal", "type"];
    assert_eq!(
        names.map(|name| agents.find(name)),
        [Some(0), Some(1), Some(2), Some(3)]
    );
    let many = Many(Legal, &Legal);
    let agents = many.agents();
    assert_eq!((agents.find("a"), agents.find("j")), (Some(0), Some(9)));
    assert_eq!(Made { legal: Legal }.agents().find("other"), Some(1));
    assert_eq!(
        (Ping.agents().find("pong"), Pong.agents().find("ping")),
        (Some(0), Some(0))
    );
    drop(Ping.with(&model));
    let desk = shadowed::Desk { legal: Legal };
    assert_eq!(desk.agents().find("second"), Some(1));
}
