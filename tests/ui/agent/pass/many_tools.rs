//! More tools than fit one tuple, and more than fit a tuple of tuples.

use agno::prelude::*;
use agno::tool::Toolset;

macro_rules! agent {
    ($($name:ident)*) => {
        mod tools {
            $(
                #[doc = concat!("Is ", stringify!($name), ".")]
                #[agno::tool]
                pub(super) fn $name() {}
            )*
        }

        #[agent(tools = [$(tools::$name),*])]
        struct Agent;
    };
}

agent! {
    tool_0 tool_1 tool_2 tool_3 tool_4 tool_5 tool_6 tool_7 tool_8 tool_9
    tool_10 tool_11 tool_12 tool_13 tool_14 tool_15 tool_16 tool_17 tool_18 tool_19
    tool_20 tool_21 tool_22 tool_23 tool_24 tool_25 tool_26 tool_27 tool_28 tool_29
    tool_30 tool_31 tool_32 tool_33 tool_34 tool_35 tool_36 tool_37 tool_38 tool_39
    tool_40 tool_41 tool_42 tool_43 tool_44 tool_45 tool_46 tool_47 tool_48 tool_49
    tool_50 tool_51 tool_52 tool_53 tool_54 tool_55 tool_56 tool_57 tool_58 tool_59
    tool_60 tool_61 tool_62 tool_63 tool_64 tool_65 tool_66 tool_67 tool_68 tool_69
}

#[test]
fn a_list_may_be_longer_than_a_tuple_of_tuples() {
    let tools = Agent.tools();
    assert_eq!(tools.len(), 70);
    for at in 0..70 {
        assert_eq!(tools.find(&format!("tool_{at}")), Some(at));
        let spec = tools.spec(at).unwrap();
        assert_eq!(spec.name, format!("tool_{at}"));
        assert_eq!(spec.description, format!("Is tool_{at}."));
    }
}
