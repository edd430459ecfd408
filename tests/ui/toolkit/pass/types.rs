//! Types of each kind as toolkits, and each way to name one in a list.

use std::sync::Arc;

use agno::prelude::*;
use agno::tool::{DynTool, DynTools, Tool, Toolset};

use crate::called;

struct Unit;

#[toolkit]
impl Unit {
    /// Is of a unit.
    #[tool]
    fn unit() -> u8 {
        1
    }
}

struct Tuple(u8);

#[toolkit]
impl Tuple {
    /// Is of a tuple.
    #[tool]
    fn tuple(&self) -> u8 {
        self.0
    }
}

enum Either {
    One,
    Other,
}

#[toolkit]
impl Either {
    /// Is of an enum.
    #[tool]
    fn either(&self) -> u8 {
        match self {
            Self::One => 3,
            Self::Other => 4,
        }
    }
}

struct Borrowing<'a, 'b: 'a>(&'a [&'b str]);

#[toolkit]
impl<'a, 'b> Borrowing<'a, 'b> {
    /// Is of what is borrowed.
    #[tool]
    fn borrowing(&self, at: usize) -> Option<&'b str> {
        self.0.get(at).copied()
    }
}

mod nested {
    use agno::prelude::*;

    pub(super) struct Private {
        pub(super) inner: Inner,
    }

    pub(super) struct Inner;

    #[toolkit]
    impl Private {
        /// Is of a private type.
        #[tool]
        fn private(&self) -> u8 {
            5
        }
    }

    #[toolkit]
    impl Inner {
        /// Is of an inner type.
        #[tool]
        fn inner(&self) -> u8 {
            6
        }
    }
}

#[agent(tools = [
    self,
    Unit,
    self.tuple,
    self.either,
    self.borrowing,
    self.private,
    self.private.inner,
    self.plugins,
    self.shared,
])]
struct Agent<'a> {
    tuple: Tuple,
    either: &'a Either,
    borrowing: Borrowing<'a, 'a>,
    private: Arc<nested::Private>,
    plugins: &'a DynTools,
    shared: Arc<Shared>,
}

struct Shared;

#[toolkit]
impl Shared {
    /// Is of what is shared.
    #[tool]
    async fn shared(&self) -> u8 {
        7
    }
}

#[toolkit]
impl Agent<'_> {
    /// Is the agent's own.
    #[tool]
    fn own(&self) -> u8 {
        self.tuple.0
    }
}

#[tokio::test]
async fn every_type_may_be_a_toolkit_and_every_place_may_hold_one() {
    let plugins = DynTools::new();
    let words = ["a", "b"];
    let agent = Agent {
        tuple: Tuple(2),
        either: &Either::Other,
        borrowing: Borrowing(&words),
        private: Arc::new(nested::Private { inner: nested::Inner }),
        plugins: &plugins,
        shared: Arc::new(Shared),
    };
    let tools = Declared::tools(&agent);
    assert_eq!(tools.len(), 8);
    for (name, result) in [
        ("own", "2"),
        ("unit", "1"),
        ("tuple", "2"),
        ("either", "4"),
        ("private", "5"),
        ("inner", "6"),
        ("shared", "7"),
    ] {
        assert_eq!(called(&tools, name, "{}").await.unwrap(), result, "{name}");
    }
    assert_eq!(called(&tools, "borrowing", r#"{"at":1}"#).await.unwrap(), "b");
    let _ = Either::One;
}

#[tokio::test]
async fn a_tool_may_be_held_in_a_field_too() {
    /// Is a function.
    #[tool]
    fn function() -> u8 {
        8
    }

    #[agent(tools = [self.0, self.1])]
    struct Holder(function, DynTools);

    let more = DynTools::new().with_tool(DynTool::new(second {})).unwrap();
    let holder = Holder(function {}, more);
    assert_eq!(holder.tools().len(), 2);
    assert_eq!(called(&holder.tools(), "function", "{}").await.unwrap(), "8");
    assert_eq!(function::SPEC.name, "function");
}

/// Is another.
#[tool]
fn second() -> u8 {
    9
}
