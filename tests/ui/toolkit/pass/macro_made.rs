//! Toolkits made by macros by example, and in functions.

use agno::prelude::*;
use agno::tool::Toolset;

use crate::called;

macro_rules! toolkit {
    ($(#[$attr:meta])* $vis:vis $name:ident<$life:lifetime> { $($tokens:tt)* }) => {
        $(#[$attr])*
        $vis struct $name<$life>(&$life str);

        #[toolkit]
        impl<$life> $name<$life> {
            $($tokens)*
        }
    };
}

toolkit! {
    /// Made.
    pub(crate) Made<'x> {
        /// Says.
        #[tool]
        fn say(&self, words: &str) -> String {
            format!("{}{words}", self.0)
        }
    }
}

macro_rules! methods {
    ($ty:ty, $($name:ident => $doc:literal $value:expr;)*) => {
        #[toolkit]
        impl $ty {
            $(
                #[doc = $doc]
                #[tool]
                fn $name(&self) -> u32 {
                    $value
                }
            )*
        }
    };
}

struct Numbers;

methods! { Numbers, one => "Is one." 1; two => "Is two." 1 + 1; }

#[tokio::test]
async fn a_macro_may_write_a_toolkit() {
    let made = Made("a");
    assert_eq!(called(&made, "say", r#"{"words":"b"}"#).await.unwrap(), "ab");
    assert_eq!(called(&Numbers, "two", "{}").await.unwrap(), "2");
    assert_eq!(Numbers.spec(0).unwrap().description, "Is one.");
}

#[tokio::test]
async fn a_toolkit_may_stand_in_a_function() {
    struct Local(u8);

    #[toolkit]
    impl Local {
        /// Is local.
        #[tool]
        fn local(&self) -> u8 {
            self.0
        }
    }

    assert_eq!(called(&Local(3), "local", "{}").await.unwrap(), "3");
}
