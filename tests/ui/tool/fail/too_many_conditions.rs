use agno::prelude::*;

/// Looks.
#[tool]
fn look(
    #[cfg(unix)] _a: u8,
    #[cfg(windows)] _b: u8,
    #[cfg(debug_assertions)] _c: u8,
    #[cfg(test)] _d: u8,
    #[cfg(target_pointer_width = "64")] _e: u8,
) {
}

fn main() {}
