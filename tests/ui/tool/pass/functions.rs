//! Every kind of function, with other attributes, in any scope.

use agno::prelude::*;
use agno::tool::{Tool, Toolset};

use crate::called;

/// Is not async.
#[tool]
fn plain() -> u8 {
    1
}

/// Waits.
#[tool]
async fn waits() -> u8 {
    tokio::task::yield_now().await;
    2
}

/// Has attributes.
#[must_use]
#[inline]
#[tool]
#[allow(clippy::let_and_return, unused_variables)]
fn attributes(unused: u8) -> u8 {
    let result = 3;
    result
}

/// Is old.
#[tool]
#[deprecated = "use `plain`"]
#[allow(deprecated)]
fn old() -> u8 {
    4
}

/// Contains items.
#[tool]
fn items(far: u8) -> u8 {
    const MORE: u8 = 2;
    struct Inner(u8);
    impl Inner {
        fn get(self) -> u8 {
            self.0
        }
    }
    macro_rules! twice {
        ($value:expr) => {
            $value * MORE
        };
    }
    fn helper(value: u8) -> u8 {
        Inner(value).get()
    }
    twice!(helper(far))
}

/// Calls itself.
#[tool]
fn recursive(far: u64) -> u64 {
    if far < 2 { 1 } else { far * recursive(far - 1) }
}

/// Fails early.
#[tool]
fn questions(text: &str) -> Result<u8, std::num::ParseIntError> {
    let number: u8 = text.parse()?;
    Ok(number)
}

/// Never returns.
#[tool]
fn diverges(far: u8) -> u8 {
    panic!("{far}")
}

#[tokio::test]
async fn a_tool_can_be_async_or_not() {
    assert_eq!(called(&plain {}, "plain", "{}").await.unwrap(), "1");
    assert_eq!(called(&waits {}, "waits", "{}").await.unwrap(), "2");
    assert_eq!((plain(), waits().await), (1, 2));
}

#[tokio::test]
async fn other_attributes_are_preserved() {
    assert_eq!(
        called(&attributes {}, "attributes", r#"{"unused":1}"#)
            .await
            .unwrap(),
        "3"
    );
    #[expect(deprecated)]
    let result = old();
    assert_eq!(result, 4);
}

#[tokio::test]
async fn bodies_are_not_changed() {
    assert_eq!(called(&items {}, "items", r#"{"far":3}"#).await.unwrap(), "6");
    assert_eq!(
        called(&recursive {}, "recursive", r#"{"far":5}"#).await.unwrap(),
        "120"
    );
    assert_eq!(
        called(&questions {}, "questions", r#"{"text":"7"}"#)
            .await
            .unwrap(),
        "7"
    );
    assert!(
        called(&questions {}, "questions", r#"{"text":"x"}"#)
            .await
            .is_err()
    );
    let _ = diverges;
}

#[tokio::test]
async fn a_tool_and_an_agent_can_be_declared_in_a_function() {
    /// Is local.
    #[tool]
    fn local(far: u8) -> u8 {
        far
    }

    #[agent(tools = [local])]
    struct Local;

    {
        /// Is more local.
        #[tool]
        fn local() -> u8 {
            9
        }
        assert_eq!(called(&local {}, "local", "{}").await.unwrap(), "9");
    }
    assert_eq!(Local.tools().len(), 1);
    assert_eq!(called(&local {}, "local", r#"{"far":3}"#).await.unwrap(), "3");
    assert_eq!(local::SPEC.description, "Is local.");
}
