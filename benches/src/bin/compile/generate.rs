//! Generates the source of the measured crates, which contain the same tools in each form.
//!
//! The tools cycle through five lists of parameters. Each crate except the baseline declares thirty agents: every tenth agent has
//! all tools, and the others have ten each. A function returns all agents with their types erased, so that a build generates the
//! code for running them.

use std::fmt::Write as _;

const TYPES: &str = include_str!("forms/types.rs");
const SCHEMAS: &str = include_str!("forms/schemas.rs");

/// Number of agents in each crate except the baseline.
pub(crate) const AGENTS: usize = 30;

/// A way of declaring tools and agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Only the functions and the types with serde's derives, which every other form also contains.
    Baseline,
    /// Declared with agno's macros.
    Macros,
    /// Handwritten implementations of agno's traits.
    Twin,
    /// Boxed tools with schemas that schemars generates at run time, as in most agent crates.
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

    /// Returns the source of a crate with this many tools.
    pub(crate) fn source(self, tools: usize) -> String {
        let mut text = String::from("#![allow(clippy::all)]\n");
        text.push_str(self.imports());
        let derive = match self {
            Self::Macros => "#[derive(Schema)]\n",
            Self::Schemars => "#[derive(schemars::JsonSchema)]\n",
            Self::Baseline | Self::Twin => "",
        };
        // Inner doc comments are not allowed in the middle of a file.
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
        for number in 0..tools {
            self.tool(&mut text, number);
        }
        match self {
            Self::Baseline => {}
            Self::Macros | Self::Twin => self.agents(&mut text, tools),
            Self::Schemars => dyn_agents(&mut text, tools),
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
                 use agno::schema::{Definition, Dialect, EnumValue, Field, Node, SchemaRef, Tagging, Variant};\n\
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

    fn tool(self, text: &mut String, number: usize) {
        let parameters = PARAMETERS[number % PARAMETERS.len()];
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
            "\n/// Performs operation number {number}.\n{attribute}pub async fn tool_{number}(\n    {},\n) -> Result<Money, String> {{\n    let _ = ({},);\n    Ok(Money {{ amount: {number}, currency: Currency::Eur }})\n}}\n",
            signature.join(",\n    "),
            names.join(", "),
        );
        match self {
            Self::Baseline | Self::Macros => {}
            Self::Twin => twin_tool(text, number, parameters),
            Self::Schemars => schemars_tool(text, number, parameters),
        }
    }

    fn agents(self, text: &mut String, tools: usize) {
        for agent in 0..AGENTS {
            let selected = select_tools(agent, tools);
            let _ = write!(text, "\n/// Performs some of the operations for a customer.\n");
            if self == Self::Macros {
                let list: Vec<String> = selected.iter().map(|number| format!("tool_{number}")).collect();
                let _ = writeln!(
                    text,
                    "#[agent(instructions = \"Answer in {{language}}.\", tools = [{}])]",
                    list.join(", ")
                );
            }
            let _ = write!(
                text,
                "pub struct Agent{agent} {{\n    /// Language of the answers.\n    pub language: &'static str,\n}}\n"
            );
            if self == Self::Twin {
                let list = selected.iter().map(|number| format!("Tool{number}")).collect();
                let _ = write!(
                    text,
                    r#"
impl Declared for Agent{agent} {{
    const INFO: &'static AgentInfo = &AgentInfo::new("Agent{agent}", "Performs some of the operations for a customer.");
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
            "\n/// Creates all agents.\npub fn agents(model: &ScriptedModel) -> Vec<DynAgent> {{\n    vec![\n"
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

/// Returns the numbers of an agent's tools: ten consecutive tools, or all tools for every tenth agent.
fn select_tools(agent: usize, tools: usize) -> Vec<usize> {
    if agent.is_multiple_of(10) {
        return (0..tools).collect();
    }
    (0..tools.min(10))
        .map(|index| (agent * 10 + index) % tools)
        .collect()
}

/// Formats a list as a tuple of at most eight elements; longer lists become nested tuples.
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
        parameter("priority", "Priority", "Required speed."),
        parameter("note", "Option<String>", "Additional remarks."),
    ],
    &[
        parameter("order", "Order", "The order to process."),
        parameter("tags", "Vec<String>", "Search tags."),
        parameter("page", "Option<Page>", "Part of the order to return."),
    ],
    &[
        parameter("filter", "Filter", "Condition for the entries."),
        parameter("page", "Page", "Part of the list to return."),
        parameter("priority", "Option<Priority>", "Minimum priority."),
        parameter("limit", "u16", "Maximum number of entries."),
    ],
    &[
        parameter("sender", "Address", "Address of the sender."),
        parameter("parcels", "Vec<Parcel>", "Parcels to send."),
        parameter("payment", "Option<Payment>", "Method of payment."),
    ],
    &[
        parameter("id", "u64", "Number of the contract."),
        parameter("period", "Period", "Term of the contract."),
        parameter("currency", "Currency", "Currency of the payments.").or_default(),
        parameter("contact", "Contact", "Person to contact."),
    ],
];

/// Returns the fields of the arguments struct with serde's attributes, and with doc comments if `docs` is `true`. `text` is the
/// type of string arguments.
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

/// Returns the arguments of the call to a tool's function.
fn call_arguments(parameters: &[Parameter]) -> String {
    let arguments: Vec<String> = parameters
        .iter()
        .map(|parameter| match parameter.ty {
            "&str" => format!("&args.{}", parameter.name),
            _ => format!("args.{}", parameter.name),
        })
        .collect();
    arguments.join(", ")
}

fn twin_tool(text: &mut String, number: usize, parameters: &[Parameter]) {
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
                "            Field::new(\"{}\", <{ty} as Schema>::SCHEMA).description(\"{}\"){optional},\n",
                parameter.name, parameter.doc
            )
        })
        .collect();
    let _ = write!(
        text,
        r#"
pub struct Tool{number};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Args{number}{named} {{
{fields}}}

impl Schema for Args{number}{any} {{
    const SCHEMA: SchemaRef = SchemaRef::new(
        &Node::object(&[
{schemas}        ])
        .closed(),
    );
}}

impl Tool for Tool{number} {{
    const SPEC: ToolSpec<'static> = ToolSpec::new("tool_{number}", "Performs operation number {number}.");
    type Args<'a> = Args{number}{own};
    async fn call(&self, args: Args{number}{any}, _run: &RunContext) -> ToolResult {{
        match tool_{number}({arguments}).await {{
            Ok(output) => to_result(output),
            Err(error) => ToolResult::error(error),
        }}
    }}
}}
agno::declare_tool!(Tool{number});
"#,
        fields = fields(parameters, "Cow<'a, str>", false),
        arguments = call_arguments(parameters),
    );
}

fn schemars_tool(text: &mut String, number: usize, parameters: &[Parameter]) {
    let _ = write!(
        text,
        r#"
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Args{number} {{
{fields}}}
"#,
        fields = fields(parameters, "String", true),
    );
}

/// Writes the boxed tools and the agents that use them. All agents have the same type.
fn dyn_agents(text: &mut String, tools: usize) {
    text.push_str("\n/// Creates all tools.\npub fn tools() -> agno::Result<Vec<DynTool>> {\n    Ok(vec![\n");
    for number in 0..tools {
        let _ = writeln!(
            text,
            "        DynTool::from_schemars(\"tool_{number}\", \"Performs operation number {number}.\", |args: Args{number}, _run| async move {{\n            tool_{number}({}).await.map_err(ToolError::new)\n        }})?,",
            call_arguments(PARAMETERS[number % PARAMETERS.len()])
        );
    }
    text.push_str(
        r#"    ])
}

/// Performs some of the operations for a customer.
#[agent(instructions = "Answer in {language}.", tools = [self.tools])]
pub struct Dynamic {
    pub language: &'static str,
    pub tools: DynTools,
}

fn select(tools: &[DynTool], selected: &[usize]) -> agno::Result<DynTools> {
    selected.iter().try_fold(DynTools::new(), |list, number| list.with_tool(tools[*number].clone()))
}

/// Creates all agents.
pub fn agents(model: &ScriptedModel) -> agno::Result<Vec<DynAgent>> {
    let tools = tools()?;
    Ok(vec![
"#,
    );
    for agent in 0..AGENTS {
        let _ = writeln!(
            text,
            "        Dynamic {{ language: \"French\", tools: select(&tools, &{:?})? }}.with(model.clone()).erase(),",
            select_tools(agent, tools)
        );
    }
    text.push_str("    ])\n}\n");
}
