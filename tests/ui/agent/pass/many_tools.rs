//! The maximum number of tools of OpenAI: more than fit one tuple, and more than fit a tuple of tuples. Comparing each name
//! with each other name would exceed the compiler's limit for evaluating a constant.

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

        #[agent(model = "openai:gpt-5-mini", tools = [$(tools::$name),*])]
        struct Agent;

        #[agent(model = "openai:gpt-5-mini", tools = [$(tools::$name),*])]
        struct Generic<T: Send + Sync>(T);
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
    tool_70 tool_71 tool_72 tool_73 tool_74 tool_75 tool_76 tool_77 tool_78 tool_79
    tool_80 tool_81 tool_82 tool_83 tool_84 tool_85 tool_86 tool_87 tool_88 tool_89
    tool_90 tool_91 tool_92 tool_93 tool_94 tool_95 tool_96 tool_97 tool_98 tool_99
    tool_100 tool_101 tool_102 tool_103 tool_104 tool_105 tool_106 tool_107 tool_108 tool_109
    tool_110 tool_111 tool_112 tool_113 tool_114 tool_115 tool_116 tool_117 tool_118 tool_119
    tool_120 tool_121 tool_122 tool_123 tool_124 tool_125 tool_126 tool_127
}

#[test]
fn a_list_of_tools_can_be_longer_than_a_tuple_of_tuples() {
    let tools = Agent.tools();
    assert_eq!(tools.len(), 128);
    for at in 0..128 {
        assert_eq!(tools.find(&format!("tool_{at}")), Some(at));
        let spec = tools.spec(at).unwrap();
        assert_eq!(spec.name, format!("tool_{at}"));
        assert_eq!(spec.description, format!("Is tool_{at}."));
    }
}

#[test]
fn a_generic_agent_can_have_the_maximum_number_of_tools() {
    assert_eq!(Generic(5_u8).tools().len(), 128);
}
