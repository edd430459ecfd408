//! More tools than fit one tuple, and more than fit a tuple of tuples.

use agno::prelude::*;
use agno::tool::Toolset;

mod tools {
    use agno::prelude::*;

    /// Tool 0.
    #[tool]
    pub fn tool_0() -> u8 {
        0
    }

    /// Tool 1.
    #[tool]
    pub fn tool_1() -> u8 {
        1
    }

    /// Tool 2.
    #[tool]
    pub fn tool_2() -> u8 {
        2
    }

    /// Tool 3.
    #[tool]
    pub fn tool_3() -> u8 {
        3
    }

    /// Tool 4.
    #[tool]
    pub fn tool_4() -> u8 {
        4
    }

    /// Tool 5.
    #[tool]
    pub fn tool_5() -> u8 {
        5
    }

    /// Tool 6.
    #[tool]
    pub fn tool_6() -> u8 {
        6
    }

    /// Tool 7.
    #[tool]
    pub fn tool_7() -> u8 {
        7
    }

    /// Tool 8.
    #[tool]
    pub fn tool_8() -> u8 {
        8
    }

    /// Tool 9.
    #[tool]
    pub fn tool_9() -> u8 {
        9
    }

    /// Tool 10.
    #[tool]
    pub fn tool_10() -> u8 {
        10
    }

    /// Tool 11.
    #[tool]
    pub fn tool_11() -> u8 {
        11
    }

    /// Tool 12.
    #[tool]
    pub fn tool_12() -> u8 {
        12
    }

    /// Tool 13.
    #[tool]
    pub fn tool_13() -> u8 {
        13
    }

    /// Tool 14.
    #[tool]
    pub fn tool_14() -> u8 {
        14
    }

    /// Tool 15.
    #[tool]
    pub fn tool_15() -> u8 {
        15
    }

    /// Tool 16.
    #[tool]
    pub fn tool_16() -> u8 {
        16
    }

    /// Tool 17.
    #[tool]
    pub fn tool_17() -> u8 {
        17
    }

    /// Tool 18.
    #[tool]
    pub fn tool_18() -> u8 {
        18
    }

    /// Tool 19.
    #[tool]
    pub fn tool_19() -> u8 {
        19
    }

    /// Tool 20.
    #[tool]
    pub fn tool_20() -> u8 {
        20
    }

    /// Tool 21.
    #[tool]
    pub fn tool_21() -> u8 {
        21
    }

    /// Tool 22.
    #[tool]
    pub fn tool_22() -> u8 {
        22
    }

    /// Tool 23.
    #[tool]
    pub fn tool_23() -> u8 {
        23
    }

    /// Tool 24.
    #[tool]
    pub fn tool_24() -> u8 {
        24
    }

    /// Tool 25.
    #[tool]
    pub fn tool_25() -> u8 {
        25
    }

    /// Tool 26.
    #[tool]
    pub fn tool_26() -> u8 {
        26
    }

    /// Tool 27.
    #[tool]
    pub fn tool_27() -> u8 {
        27
    }

    /// Tool 28.
    #[tool]
    pub fn tool_28() -> u8 {
        28
    }

    /// Tool 29.
    #[tool]
    pub fn tool_29() -> u8 {
        29
    }

    /// Tool 30.
    #[tool]
    pub fn tool_30() -> u8 {
        30
    }

    /// Tool 31.
    #[tool]
    pub fn tool_31() -> u8 {
        31
    }

    /// Tool 32.
    #[tool]
    pub fn tool_32() -> u8 {
        32
    }

    /// Tool 33.
    #[tool]
    pub fn tool_33() -> u8 {
        33
    }

    /// Tool 34.
    #[tool]
    pub fn tool_34() -> u8 {
        34
    }

    /// Tool 35.
    #[tool]
    pub fn tool_35() -> u8 {
        35
    }

    /// Tool 36.
    #[tool]
    pub fn tool_36() -> u8 {
        36
    }

    /// Tool 37.
    #[tool]
    pub fn tool_37() -> u8 {
        37
    }

    /// Tool 38.
    #[tool]
    pub fn tool_38() -> u8 {
        38
    }

    /// Tool 39.
    #[tool]
    pub fn tool_39() -> u8 {
        39
    }

    /// Tool 40.
    #[tool]
    pub fn tool_40() -> u8 {
        40
    }

    /// Tool 41.
    #[tool]
    pub fn tool_41() -> u8 {
        41
    }

    /// Tool 42.
    #[tool]
    pub fn tool_42() -> u8 {
        42
    }

    /// Tool 43.
    #[tool]
    pub fn tool_43() -> u8 {
        43
    }

    /// Tool 44.
    #[tool]
    pub fn tool_44() -> u8 {
        44
    }

    /// Tool 45.
    #[tool]
    pub fn tool_45() -> u8 {
        45
    }

    /// Tool 46.
    #[tool]
    pub fn tool_46() -> u8 {
        46
    }

    /// Tool 47.
    #[tool]
    pub fn tool_47() -> u8 {
        47
    }

    /// Tool 48.
    #[tool]
    pub fn tool_48() -> u8 {
        48
    }

    /// Tool 49.
    #[tool]
    pub fn tool_49() -> u8 {
        49
    }

    /// Tool 50.
    #[tool]
    pub fn tool_50() -> u8 {
        50
    }

    /// Tool 51.
    #[tool]
    pub fn tool_51() -> u8 {
        51
    }

    /// Tool 52.
    #[tool]
    pub fn tool_52() -> u8 {
        52
    }

    /// Tool 53.
    #[tool]
    pub fn tool_53() -> u8 {
        53
    }

    /// Tool 54.
    #[tool]
    pub fn tool_54() -> u8 {
        54
    }

    /// Tool 55.
    #[tool]
    pub fn tool_55() -> u8 {
        55
    }

    /// Tool 56.
    #[tool]
    pub fn tool_56() -> u8 {
        56
    }

    /// Tool 57.
    #[tool]
    pub fn tool_57() -> u8 {
        57
    }

    /// Tool 58.
    #[tool]
    pub fn tool_58() -> u8 {
        58
    }

    /// Tool 59.
    #[tool]
    pub fn tool_59() -> u8 {
        59
    }

    /// Tool 60.
    #[tool]
    pub fn tool_60() -> u8 {
        60
    }

    /// Tool 61.
    #[tool]
    pub fn tool_61() -> u8 {
        61
    }

    /// Tool 62.
    #[tool]
    pub fn tool_62() -> u8 {
        62
    }

    /// Tool 63.
    #[tool]
    pub fn tool_63() -> u8 {
        63
    }

    /// Tool 64.
    #[tool]
    pub fn tool_64() -> u8 {
        64
    }

    /// Tool 65.
    #[tool]
    pub fn tool_65() -> u8 {
        65
    }

    /// Tool 66.
    #[tool]
    pub fn tool_66() -> u8 {
        66
    }

    /// Tool 67.
    #[tool]
    pub fn tool_67() -> u8 {
        67
    }

    /// Tool 68.
    #[tool]
    pub fn tool_68() -> u8 {
        68
    }

    /// Tool 69.
    #[tool]
    pub fn tool_69() -> u8 {
        69
    }
}

#[agent(tools = [tools::tool_0, tools::tool_1, tools::tool_2, tools::tool_3, tools::tool_4, tools::tool_5, tools::tool_6, tools::tool_7, tools::tool_8, tools::tool_9, tools::tool_10, tools::tool_11, tools::tool_12, tools::tool_13, tools::tool_14, tools::tool_15, tools::tool_16, tools::tool_17, tools::tool_18, tools::tool_19, tools::tool_20, tools::tool_21, tools::tool_22, tools::tool_23, tools::tool_24, tools::tool_25, tools::tool_26, tools::tool_27, tools::tool_28, tools::tool_29, tools::tool_30, tools::tool_31, tools::tool_32, tools::tool_33, tools::tool_34, tools::tool_35, tools::tool_36, tools::tool_37, tools::tool_38, tools::tool_39, tools::tool_40, tools::tool_41, tools::tool_42, tools::tool_43, tools::tool_44, tools::tool_45, tools::tool_46, tools::tool_47, tools::tool_48, tools::tool_49, tools::tool_50, tools::tool_51, tools::tool_52, tools::tool_53, tools::tool_54, tools::tool_55, tools::tool_56, tools::tool_57, tools::tool_58, tools::tool_59, tools::tool_60, tools::tool_61, tools::tool_62, tools::tool_63, tools::tool_64, tools::tool_65, tools::tool_66, tools::tool_67, tools::tool_68, tools::tool_69])]
struct Agent;

fn main() {
    let tools = Agent.tools();
    assert_eq!(tools.len(), 70);
    for at in 0..70 {
        assert_eq!(tools.find(&format!("tool_{at}")), Some(at));
        assert_eq!(tools.spec(at).unwrap().name, format!("tool_{at}"));
    }
}
