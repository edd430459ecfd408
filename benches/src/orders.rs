//! Agents with ten and a hundred tools, declared with the macros, and the same tools created at run time. The [handwritten
//! tools](crate::numbered) have the same names.

use agno::tool::{DynTool, DynTools};
use serde_json::json;

/// Defines tools with these names, and an agent with these tools.
macro_rules! agents {
    ($($(#[$doc:meta])* $module:ident: $($tool:ident)+;)+) => {$(
        $(#[$doc])*
        pub(crate) mod $module {
            use agno::prelude::*;

            $(
                /// Finds an order.
                #[tool]
                async fn $tool() -> &'static str {
                    "found"
                }
            )+

            /// An agent with these tools, declared with the macros.
            #[agent(instructions = "Answer.", tools = [$($tool),+])]
            #[derive(Debug, Clone, Copy)]
            pub(crate) struct Static;
        }
    )+};
}

agents! {
    /// Ten tools, as many as a typical agent has.
    ten:
        find_order_in_0000 find_order_in_0001 find_order_in_0002 find_order_in_0003 find_order_in_0004
        find_order_in_0005 find_order_in_0006 find_order_in_0007 find_order_in_0008 find_order_in_0009;
    /// A hundred tools, as many as a large agent has.
    hundred:
        find_order_in_0000 find_order_in_0001 find_order_in_0002 find_order_in_0003 find_order_in_0004
        find_order_in_0005 find_order_in_0006 find_order_in_0007 find_order_in_0008 find_order_in_0009
        find_order_in_0010 find_order_in_0011 find_order_in_0012 find_order_in_0013 find_order_in_0014
        find_order_in_0015 find_order_in_0016 find_order_in_0017 find_order_in_0018 find_order_in_0019
        find_order_in_0020 find_order_in_0021 find_order_in_0022 find_order_in_0023 find_order_in_0024
        find_order_in_0025 find_order_in_0026 find_order_in_0027 find_order_in_0028 find_order_in_0029
        find_order_in_0030 find_order_in_0031 find_order_in_0032 find_order_in_0033 find_order_in_0034
        find_order_in_0035 find_order_in_0036 find_order_in_0037 find_order_in_0038 find_order_in_0039
        find_order_in_0040 find_order_in_0041 find_order_in_0042 find_order_in_0043 find_order_in_0044
        find_order_in_0045 find_order_in_0046 find_order_in_0047 find_order_in_0048 find_order_in_0049
        find_order_in_0050 find_order_in_0051 find_order_in_0052 find_order_in_0053 find_order_in_0054
        find_order_in_0055 find_order_in_0056 find_order_in_0057 find_order_in_0058 find_order_in_0059
        find_order_in_0060 find_order_in_0061 find_order_in_0062 find_order_in_0063 find_order_in_0064
        find_order_in_0065 find_order_in_0066 find_order_in_0067 find_order_in_0068 find_order_in_0069
        find_order_in_0070 find_order_in_0071 find_order_in_0072 find_order_in_0073 find_order_in_0074
        find_order_in_0075 find_order_in_0076 find_order_in_0077 find_order_in_0078 find_order_in_0079
        find_order_in_0080 find_order_in_0081 find_order_in_0082 find_order_in_0083 find_order_in_0084
        find_order_in_0085 find_order_in_0086 find_order_in_0087 find_order_in_0088 find_order_in_0089
        find_order_in_0090 find_order_in_0091 find_order_in_0092 find_order_in_0093 find_order_in_0094
        find_order_in_0095 find_order_in_0096 find_order_in_0097 find_order_in_0098 find_order_in_0099;
}

/// Creates this many tools at run time.
pub(crate) fn dynamic(count: usize) -> agno::Result<DynTools> {
    (0..count).try_fold(DynTools::new(), |tools, at| {
        let schema = json!({"type": "object", "properties": {}, "additionalProperties": false});
        let name = format!("find_order_in_{at:04}");
        tools.with_tool(DynTool::from_fn(
            name,
            "Finds an order.",
            schema,
            |_args, _run| async { Ok("found") },
        )?)
    })
}
