use agno::prelude::*;

/// Looks.
#[tool]
fn look(
    #[cfg(unix)] a: u8,
    #[cfg(windows)] b: u8,
    #[cfg(debug_assertions)] c: u8,
    #[cfg(test)] d: u8,
    #[cfg(target_pointer_width = "64")] e: u8,
) {
}

fn main() {}
