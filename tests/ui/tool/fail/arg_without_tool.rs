fn look(#[arg(default)] far: u8) -> u8 {
    far
}

fn main() {}
