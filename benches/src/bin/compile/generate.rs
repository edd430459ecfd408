//! Writes the crates that are compiled: the same tools and agents in each form, as many tools as asked for.
//!
//! Five lists of parameters take turns. Thirty agents have ten of the tools each, and every tenth has all of them. All
//! end in one list of agents behind pointers, so that a build makes what a program that runs them makes.

use std::fmt::Write as _;

const TYPES: &str = include_str!("forms/types.rs");
const SCHEMAS: &str = include_str!("forms/schemas.rs");

/// How many agents each crate has.
pub(crate) const AGENTS: usize = 30;

/// How the items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The types with serde's derives and the functions: what every other form has too.
    Baseline,
    /// By agno's macros.
    Macros,
    /// By hand, against agno's traits.
    Twin,
    /// With schemas by schemars at run time and tools behind pointers, as most crates for agents do it.
    Schemars,
}

impl Form {
    pub(crate) const ALL: [Self; 4] = [Self::Baseline, Self::Macros, Self::Twin, Self::Schemars];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Macros => "macros",
            Self::Twin => "twin",
            Self::Schemars => "schemars",
        }
    }

    /// The crate of this form with so many tools.
    pub(crate) fn source(self, tools: usize) -> String {
        let mut text = String::from("#![allow(clippy::all)]\n");
        text.push_str(self.imports());
        let derive = match self {
            Self::Macros => "#[derive(Schema)]\n",
            Self::Schemars => "#[derive(schemars::JsonSchema)]\n",
            Self::Baseline | Self::Twin => "",
        };
        // Comments of a file are of no use in the middle of one.
        for line in TYPES.lines().filter(|line| !line.starts_with("//!")) {
            match line {
                "#[derive(Schema)]" => text.push_str(derive),
                line => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        if self == Self::Twin {
            text.extend(
                SCHEMAS
                    .lines()
                    .filter(|line| !line.starts_with("//!"))
                    .flat_map(|line| [line, "\n"]),
            );
        }
        for at in 0..tools {
            self.tool(&mut text, at);
        }
        match self {
            Self::Baseline => {}
            Self::Macros | Self::Twin => self.agents(&mut text, tools),
            Self::Schemars => pointers(&mut text, tools),
        }
        text
    }

    const fn imports(self) -> &'static str {
        match self {
            Self::Baseline => "use serde::{Deserialize, Serialize};\n",
            Self::Macros => {
                "use agno::agent::DynAgent;\nuse agno::model::ScriptedModel;\nuse agno::prelude::*;\n"
            }
            Self::Twin => {
                "use std::borrow::Cow;\n\
                 use agno::agent::{AgentInfo, DynAgent};\n\
                 use agno::AnyModel;\n\
                 use agno::model::{NeedsTools, OutputSchema, ScriptedModel};\n\
                 use agno::prelude::*;\n\
                 use agno::schema::{Definition, Dialect, Field, Node, SchemaRef, Tagging, Value, Variant};\n\
                 use agno::tool::{Tool, ToolSpec, Toolset, to_result};\n\
                 use agno::{ModelError, ToolResult};\n"
            }
            Self::Schemars => {
                "use agno::agent::DynAgent;\n\
                 use agno::model::ScriptedModel;\n\
                 use agno::prelude::*;\n\
                 use agno::tool::{DynTool, DynTools, ToolError};\n"
            }
        }
    }

    fn tool(self, text: &mut String, at: usize) {
        let parameters = PARAMETERS[at % PARAMETERS.len()];
        let signature: Vec<String> = parameters
            .iter()
            .map(|parameter| match self {
                Self::Macros => format!(
                    "/// {}\n    {}{}: {}",
                    parameter.doc,
                    if parameter.defaults {
                        "#[arg(default)] "
                    } else {
                        ""
                    },
                    parameter.name,
                    parameter.ty
                ),
                _ => format!("{}: {}", parameter.name, parameter.ty),
            })
            .collect();
        let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
        let attribute = if self == Self::Macros { "#[tool]\n" } else { "" };
        let _ = write!(
            text,
            "\n/// Does number {at} of the things that can be done.\n{attribute}pub async fn tool_{at}(\n    {},\n) -> Result<Money, String> {{\n    let _ = ({},);\n    Ok(Money {{ amount: {at}, currency: Currency::Eur }})\n}}\n",
            signature.join(",\n    "),
            names.join(", "),
        );
        match self {
            Self::Baseline | Self::Macros => {}
            Self::Twin => twin_tool(text, at, parameters),
            Self::Schemars => schemars_tool(text, at, parameters),
        }
    }

    fn agents(self, text: &mut String, tools: usize) {
        for agent in 0..AGENTS {
            let chosen = chosen(agent, tools);
            let _ = write!(text, "\n/// Does some of the things, for somebody.\n");
            if self == Self::Macros {
                let list: Vec<String> = chosen.iter().map(|at| format!("tool_{at}")).collect();
                let _ = writeln!(
                    text,
                    "#[agent(instructions = \"Answer in {{language}}.\", tools = [{}])]",
                    list.join(", ")
                );
            }
            let _ = write!(
                text,
                "pub struct Agent{agent} {{\n    /// What it speaks.\n    pub language: &'static str,\n}}\n"
            );
            if self == Self::Twin {
                let list = chosen.iter().map(|at| format!("Tool{at}")).collect();
                let _ = write!(
                    text,
                    r#"
impl Declared for Agent{agent} {{
    const INFO: &'static AgentInfo = &AgentInfo::new("Agent{agent}", "Does some of the things, for somebody.");
    type Needs = NeedsTools;
    type Output = ();
    type Model = AnyModel;
    fn default_model(&self) -> Result<AnyModel, ModelError> {{
        AnyModel::from_env()
    }}
    fn instructions(&self) -> Cow<'_, str> {{
        Cow::Owned(format!("Answer in {{}}.", self.language))
    }}
    fn tools(&self) -> impl Toolset + '_ {{
        {}
    }}
    fn output_schema<D: Dialect>(_: D) -> Option<OutputSchema<'static>> {{
        None
    }}
    fn parse_output(_: &str) -> Result<(), String> {{
        Ok(())
    }}
}}
"#,
                    nested(list)
                );
            }
        }
        let _ = write!(
            text,
            "\n/// All of them.\npub fn agents(model: &ScriptedModel) -> Vec<DynAgent> {{\n    vec![\n"
        );
        for agent in 0..AGENTS {
            let _ = writeln!(
                text,
                "        Agent{agent} {{ language: \"French\" }}.with(model.clone()).erase(),"
            );
        }
        text.push_str("    ]\n}\n");
    }
}

/// The tools of an agent: ten in a row, or all for every tenth.
fn chosen(agent: usize, tools: usize) -> Vec<usize> {
    if agent.is_multiple_of(10) {
        return (0..tools).collect();
    }
    (0..tools.min(10)).map(|at| (agent * 10 + at) % tools).collect()
}

/// A tuple of at most eight, of tuples if there are more.
fn nested(mut list: Vec<String>) -> String {
    while list.len() > 8 {
        list = list
            .chunks(8)
            .map(|chunk| format!("({},)", chunk.join(", ")))
            .collect();
    }
    format!("({},)", list.join(", "))
}

/// A parameter of a tool.
struct Parameter {
    name: &'static str,
    ty: &'static str,
    doc: &'static str,
    defaults: bool,
}

const fn parameter(name: &'static str, ty: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        name,
        ty,
        doc,
        defaults: false,
    }
}

impl Parameter {
    const fn or_default(self) -> Self {
        Self {
            defaults: true,
            ..self
        }
    }
}

const PARAMETERS: [&[Parameter]; 5] = [
    &[
        parameter("customer", "&str", "Name of the customer, as in the list."),
        parameter("priority", "Priority", "How fast it must be."),
        parameter("note", "Option<String>", "Anything else."),
    ],
    &[
        parameter("order", "Order", "What was ordered."),
        parameter("tags", "Vec<String>", "Words to find it by."),
        parameter("page", "Option<Page>", "Which part of it."),
    ],
    &[
        parameter("filter", "Filter", "Which ones."),
        parameter("page", "Page", "Which part of the list."),
        parameter("priority", "Option<Priority>", "Only those as urgent as this."),
        parameter("limit", "u16", "The most that are wanted."),
    ],
    &[
        parameter("sender", "Address", "Where it comes from."),
        parameter("parcels", "Vec<Parcel>", "What is sent."),
        parameter("payment", "Option<Payment>", "Who pays, and how."),
    ],
    &[
        parameter("id", "u64", "Number of the contract."),
        parameter("period", "Period", "While it holds."),
        parameter("currency", "Currency", "What is paid in.").or_default(),
        parameter("contact", "Contact", "Whom to ask."),
    ],
];

/// The fields of the struct of arguments, with serde's attributes and with `docs` or without.
fn fields(parameters: &[Parameter], text: &'static str, docs: bool) -> String {
    let mut fields = String::new();
    for parameter in parameters {
        if docs {
            let _ = writeln!(fields, "    /// {}", parameter.doc);
        }
        if parameter.defaults {
            fields.push_str("    #[serde(default)]\n");
        }
        let ty = match parameter.ty {
            "&str" => {
                if text.contains('\'') {
                    fields.push_str("    #[serde(borrow)]\n");
                }
                text
            }
            ty => ty,
        };
        let _ = writeln!(fields, "    {}: {ty},", parameter.name);
    }
    fields
}

fn given(parameters: &[Parameter]) -> String {
    let given: Vec<String> = parameters
        .iter()
        .map(|parameter| match parameter.ty {
            "&str" => format!("&args.{}", parameter.name),
            _ => format!("args.{}", parameter.name),
        })
        .collect();
    given.join(", ")
}

fn twin_tool(text: &mut String, at: usize, parameters: &[Parameter]) {
    let borrows = parameters.iter().any(|parameter| parameter.ty == "&str");
    let (named, any, own) = if borrows {
        ("<'a>", "<'_>", "<'a>")
    } else {
        ("", "", "")
    };
    let schemas: String = parameters
        .iter()
        .map(|parameter| {
            let ty = parameter.ty;
            let optional = if parameter.defaults {
                ".optional().null_is_absent()"
            } else {
                ""
            };
            format!(
                "            Field::new(\"{}\", <{ty} as Schema>::SCHEMA).described(\"{}\"){optional},\n",
                parameter.name, parameter.doc
            )
        })
        .collect();
    let _ = write!(
        text,
        r#"
pub struct Tool{at};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Args{at}{named} {{
{fields}}}

impl Schema for Args{at}{any} {{
    const SCHEMA: SchemaRef = SchemaRef::new(
        &Node::object(&[
{schemas}        ])
        .closed(),
    );
}}

impl Tool for Tool{at} {{
    const SPEC: ToolSpec<'static> = ToolSpec::new("tool_{at}", "Does number {at} of the things that can be done.");
    type Args<'a> = Args{at}{own};
    async fn call(&self, args: Args{at}{any}, _run: &RunContext) -> ToolResult {{
        match tool_{at}({given}).await {{
            Ok(done) => to_result(done),
            Err(error) => ToolResult::error(error),
        }}
    }}
}}
agno::declare_tool!(Tool{at});
"#,
        fields = fields(parameters, "Cow<'a, str>", false),
        given = given(parameters),
    );
}

fn schemars_tool(text: &mut String, at: usize, parameters: &[Parameter]) {
    let _ = write!(
        text,
        r#"
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Args{at} {{
{fields}}}
"#,
        fields = fields(parameters, "String", true),
    );
}

/// The tools behind pointers, and the agents that hold them: of one type.
fn pointers(text: &mut String, tools: usize) {
    text.push_str("\n/// All tools.\npub fn tools() -> Result<Vec<DynTool>, ToolError> {\n    Ok(vec![\n");
    for at in 0..tools {
        let _ = writeln!(
            text,
            "        DynTool::from_schemars(\"tool_{at}\", \"Does number {at} of the things that can be done.\", |args: Args{at}, _run| async move {{\n            tool_{at}({}).await.map_err(ToolError::new)\n        }})?,",
            given(PARAMETERS[at % PARAMETERS.len()])
        );
    }
    text.push_str(
        r#"    ])
}

/// Does some of the things, for somebody.
#[agent(instructions = "Answer in {language}.", tools = [self.tools])]
pub struct Pointers {
    pub language: &'static str,
    pub tools: DynTools,
}

fn some(tools: &[DynTool], chosen: &[usize]) -> Result<DynTools, ToolError> {
    chosen.iter().try_fold(DynTools::new(), |some, at| some.with(tools[*at].clone()))
}

/// All of them.
pub fn agents(model: &ScriptedModel) -> Result<Vec<DynAgent>, ToolError> {
    let tools = tools()?;
    Ok(vec![
"#,
    );
    for agent in 0..AGENTS {
        let _ = writeln!(
            text,
            "        Pointers {{ language: \"French\", tools: some(&tools, &{:?})? }}.with(model.clone()).erase(),",
            chosen(agent, tools)
        );
    }
    text.push_str("    ])\n}\n");
}
