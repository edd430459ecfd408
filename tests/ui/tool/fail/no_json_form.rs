use agno::prelude::*;

/// Calls back.
#[tool]
fn call_back(function: fn(u8) -> u8, any: &dyn Send) -> u8 {
    let _ = any;
    function(1)
}

fn main() {}
