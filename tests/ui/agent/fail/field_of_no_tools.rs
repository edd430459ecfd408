use agno::prelude::*;

#[agent(tools = [self.names])]
struct Names {
    names: Vec<String>,
}

#[agent(tools = [self.number])]
struct Number {
    number: Option<u8>,
}

async fn ask() -> agno::Result<()> {
    let names = Names { names: Vec::new() }.agent()?;
    drop(names.run("Hi").await?);
    let number = Number { number: None }.agent()?;
    drop(number.run("Hi").await?);
    Ok(())
}

fn main() {
    drop(ask());
}
