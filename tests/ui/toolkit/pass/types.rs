//! Every kind of type as a toolkit, and every way to list one.

use std::sync::Arc;

use agno::prelude::*;
use agno::tool::{DynTool, DynTools, Tool, Toolset};

use crate::called;

struct Unit;

#[toolkit]
impl Unit {
    /// Belongs to a unit struct.
    #[tool]
    fn unit() -> u8 {
        1
    }
}

struct Tuple(u8);

#[toolkit]
impl Tuple {
    /// Belongs to a tuple struct.
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
    /// Belongs to an enum.
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
    /// Belongs to a borrowing type.
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
        /// Belongs to a private type.
        #[tool]
        fn private(&self) -> u8 {
            5
        }
    }

    #[toolkit]
    impl Inner {
        /// Belongs to an inner type.
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
    /// Belongs to a shared type.
    #[tool]
    async fn shared(&self) -> u8 {
        7
    }
}

#[toolkit]
impl Agent<'_> {
    /// Belongs to the agent.
    #[tool]
    fn own(&self) -> u8 {
        self.tuple.0
    }
}

#[tokio::test]
async fn every_type_can_be_a_toolkit_and_every_field_can_contain_one() {
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
async fn a_tool_can_be_a_field() {
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

/// Another tool.
#[tool]
fn second() -> u8 {
    9
}
