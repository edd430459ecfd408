//! Methods with the names of trait methods, of local variables of the expansion, and of keywords, and renamed methods.

use agno::prelude::*;
use agno::tool::Toolset;

use crate::called;

struct Kit {
    len: u8,
}

#[toolkit]
impl Kit {
    /// Has the name of a method of the trait.
    #[tool]
    fn len(&self) -> u8 {
        self.len
    }

    /// Has the name of a method of the trait.
    #[tool]
    fn is_empty(&self) -> bool {
        false
    }

    /// Has the name of a method of the trait.
    #[tool]
    fn spec(&self, index: u8) -> u8 {
        index
    }

    /// Has the name of a method of the trait.
    #[tool]
    fn by_ref(&self) -> u8 {
        1
    }

    /// Is a keyword.
    #[tool]
    async fn r#match(&self, r#type: u8, r#async: &str) -> String {
        format!("{type}{async}")
    }

    /// Has a custom name.
    #[tool(name = "by-attribute")]
    fn otherwise(&self) -> u8 {
        2
    }
}

#[tokio::test]
async fn a_method_is_found_by_its_serialized_name() {
    let kit = Kit { len: 7 };
    assert_eq!(called(&kit, "len", "{}").await.unwrap(), "7");
    assert_eq!(called(&kit, "is_empty", "{}").await.unwrap(), "false");
    assert_eq!(called(&kit, "spec", r#"{"index":3}"#).await.unwrap(), "3");
    assert_eq!(called(&kit, "by_ref", "{}").await.unwrap(), "1");
    assert_eq!(
        called(&kit, "match", r#"{"type":1,"async":"b"}"#).await.unwrap(),
        "1b"
    );
    assert_eq!(called(&kit, "by-attribute", "{}").await.unwrap(), "2");
}

#[test]
fn the_methods_of_the_trait_are_not_replaced() {
    let kit = Kit { len: 7 };
    assert_eq!(Toolset::len(&kit), 6);
    assert_eq!(kit.len(), 7);
    assert!(!Toolset::is_empty(&kit));
}
