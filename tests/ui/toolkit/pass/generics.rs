//! Toolkits of generic types with bounds and lifetimes.

use std::fmt::Display;

use agno::prelude::*;
use agno::tool::Toolset;

trait Store: Send + Sync {
    fn get(&self, id: u64) -> Option<String>;
}

impl Store for Vec<String> {
    fn get(&self, id: u64) -> Option<String> {
        self.as_slice().get(usize::try_from(id).ok()?).cloned()
    }
}

struct Orders<'a, S, const N: usize, T = u8>
where
    S: Store + ?Sized,
{
    store: &'a S,
    tag: T,
}

#[toolkit]
impl<'a, S, const N: usize, T: Display + Send + Sync> Orders<'a, S, N, T>
where
    S: Store + ?Sized + 'a,
{
    /// Maximum number of orders.
    pub const MOST: usize = N;

    /// Finds an order.
    #[tool(read_only)]
    async fn order(&self, id: u64) -> Result<String, String> {
        self.store
            .get(id)
            .ok_or_else(|| format!("{} has no order {id} of {N}", self.tag))
    }

    /// Returns the maximum number of orders.
    #[tool]
    fn most() -> usize {
        Self::MOST
    }

    /// Not a tool.
    fn helper<U: Into<u8>>(self, other: U) -> (Self, u8) {
        (self, other.into())
    }
}

#[agent(instructions = "{name:?} has {orders}", tools = [self.kit], output = Option<bool>, max_turns = N as u32)]
struct Clerk<'a, S: Store + ?Sized, const N: usize>
where
    S: 'a,
{
    name: &'a str,
    orders: u8,
    kit: Orders<'a, S, N, &'a str>,
}

#[test]
fn a_generic_type_can_be_a_toolkit() {
    let store = vec!["a book".to_owned()];
    let (kit, one) = Orders::<_, 5, _> {
        store: &store,
        tag: "the shop",
    }
    .helper(1);
    let clerk = Clerk {
        name: "Ada",
        orders: one,
        kit,
    };
    assert_eq!(clerk.tools().find("most"), Some(1));
    assert_eq!(Clerk::<'_, Vec<String>, 5>::INFO.limits.max_turns, 5);
}
