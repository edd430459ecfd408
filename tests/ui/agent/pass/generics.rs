//! Agents with lifetimes, type parameters, const parameters, defaults and bounds.

use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::Toolset;

#[agent(instructions = "{0}")]
struct One<'a>(&'a str);

#[agent(instructions = "{a} {b}")]
struct Two<'a, 'b: 'a> {
    a: &'a str,
    b: &'b str,
}

#[agent(instructions = "{a} {b} {c}")]
struct Three<'a, 'b, 'c>
where
    'c: 'b,
{
    a: &'a str,
    b: &'b str,
    c: &'c str,
}

#[agent(instructions = "{value} of {size:?}", max_turns = 2)]
struct Typed<T: Display + Send + Sync = u8, const N: usize = 3> {
    value: T,
    size: [(); N],
}

#[agent(instructions = "{value:?}", tools = [self, self.kit])]
struct Bounded<'a, T, K>
where
    T: Debug + Send + Sync + ?Sized,
    K: Toolset,
{
    value: &'a T,
    kit: K,
}

#[toolkit]
impl<T, K> Bounded<'_, T, K>
where
    T: Debug + Send + Sync + ?Sized,
    K: Toolset,
{
    /// Returns the value.
    #[tool]
    fn show(&self) -> String {
        format!("{:?}", self.value)
    }
}

struct Kit;

#[toolkit]
impl Kit {
    /// Counts.
    #[tool]
    fn count() -> u8 {
        4
    }
}

#[agent]
struct Marked<T>(PhantomData<fn() -> T>);

#[tokio::test]
async fn an_agent_can_borrow_several_values() {
    let text = String::from("c");
    let three = Three {
        a: "a",
        b: "b",
        c: &text,
    };
    assert_eq!(three.instructions(), "a b c");
    let two = Two { a: &text, b: "b" };
    assert_eq!(two.instructions(), "c b");
    let agent = One(&text).with(ScriptedModel::new().reply("x"));
    assert_eq!(agent.run("go").await.unwrap().text(), "x");
}

#[test]
fn parameters_can_have_defaults() {
    let typed: Typed = Typed {
        value: 1,
        size: [(); 3],
    };
    assert_eq!(typed.instructions(), "1 of [(), (), ()]");
    assert_eq!(
        Typed::<&str, 1> {
            value: "a",
            size: [()]
        }
        .instructions(),
        "a of [()]"
    );
    assert_eq!(<Typed as Declared>::INFO.limits.max_turns, 2);
}

#[tokio::test]
async fn a_generic_agent_has_the_tools_of_its_type_arguments() {
    let bounded = Bounded { value: "a", kit: Kit };
    assert_eq!(bounded.instructions(), "\"a\"");
    assert_eq!(Declared::tools(&bounded).len(), 2);
    let model = ScriptedModel::new()
        .calls([("show", "{}"), ("count", "{}")])
        .reply("done");
    let answer = bounded.with(model).run("go").await.unwrap();
    let results: Vec<_> = answer
        .calls()
        .map(|call| call.result_text().into_owned())
        .collect();
    assert_eq!(results, ["\"a\"", "4"]);
}

#[test]
fn an_unused_type_parameter_does_not_need_to_be_send() {
    assert_eq!(Marked::<std::rc::Rc<u8>>(PhantomData).instructions(), "");
}
