use agno::prelude::*;

#[agent(tools = [weather(), "weather", |city| city, self.files()])]
struct Assistant;

#[agent(tools = [&weather, weather {}, weather.clone(), weather as rain, rain = weather])]
struct Expressions;

#[agent(tools = [WebSearch::new(), Box::new(weather), Files { root: "/" }])]
struct Values;

#[agent(tools = [weather roll, *])]
struct Separators;

#[agent(tools = vec![weather])]
struct List;

#[agent(tools(weather, roll))]
struct Parentheses;

fn main() {}
