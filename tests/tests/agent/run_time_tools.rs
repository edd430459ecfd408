//! Tools that are known only at run time, in fields of every type.

use super::*;

#[test]
fn errors_of_run_time_tools_propagate_as_configuration_errors() {
    fn tools(schema: Value) -> agno::Result<DynTools> {
        let tool = DynTool::from_fn("shout", "Shouts.", schema, |_, _| async {
            Ok::<_, ToolError>("AH")
        })?;
        let tools = DynTools::new().with_tool(tool.clone())?;
        tools.with_tool(tool)
    }
    fn start(schema: Value) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        tools(schema)?;
        Ok(())
    }
    for (schema, expected) in [
        (
            json!({"type": "object", "properties": {"a": {"type": "strin"}}}),
            "the schema of `shout` is invalid at `/properties/a/type`: unknown type \"strin\"",
        ),
        (json!({"type": "object"}), "duplicate tool `shout`"),
        (
            json!({"type": "string"}),
            "the parameters of `shout` are not the schema of an object",
        ),
    ] {
        let error = start(schema).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        let error = error.downcast::<agno::Error>().unwrap();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

fn shout(name: &str) -> DynTool {
    let tool = DynTool::from_fn(name, "Shouts.", json!({"type": "object"}), |_, _| async {
        Ok::<_, ToolError>("AH")
    });
    tool.unwrap()
}

/// Has tools of every type that is known only at run time.
#[agent(tools = [
    weather, self.one, self.many, self.plugins, self.search, self.files, self.shared, self.borrowed, self.nested,
])]
struct Mixed<'a> {
    one: DynTool,
    many: Vec<DynTool>,
    plugins: DynTools,
    search: Option<Search>,
    files: Option<Files>,
    shared: Arc<Vec<DynTool>>,
    borrowed: &'a Option<DynTool>,
    nested: Option<(Arc<DynTool>, Vec<DynTool>)>,
}

fn mixed() -> Mixed<'static> {
    Mixed {
        one: shout("one"),
        many: vec![shout("two"), shout("three")],
        plugins: plugins("four"),
        search: Some(Search { lines: vec!["a fox"] }),
        files: Some(Files),
        shared: Arc::new(vec![shout("five")]),
        borrowed: &None,
        nested: Some((Arc::new(shout("six")), vec![])),
    }
}

/// Returns the name, and the address of the declaration, of each tool.
fn declared<T: Toolset>(tools: &T) -> Vec<(String, *const str)> {
    let mut declared = Vec::new();
    tools.declare(AnyDialect::OpenAi, &mut |spec, text| {
        declared.push((spec.name.to_owned(), std::ptr::from_ref(text)));
    });
    declared
}

#[tokio::test]
async fn fields_of_every_run_time_type_are_tools() {
    let names = ["one", "two", "three", "four", "five", "six"];
    let model = ScriptedModel::new()
        .calls([("search", r#"{"query":"fox"}"#), ("read", r#"{"path":"x"}"#)])
        .calls(names.map(|name| (name, "{}")))
        .calls([("one", "[]")])
        .reply("Done.");
    let agent = mixed().with(model.clone());
    let answer = agent.run("Hi").await.unwrap();
    let results: Vec<String> = answer
        .calls()
        .map(|call| call.result.as_ref().unwrap().text().into_owned())
        .collect();
    assert_eq!(results[..2], [r#"["a fox"]"#, "no x"]);
    assert_eq!(results[2..8], ["AH"; 6]);
    assert!(results[8].starts_with("invalid arguments"), "{results:?}");
    let declared: Vec<String> = declared(&agent.declaration().tools())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let expected = [
        "weather", "one", "two", "three", "four", "search", "read", "five", "six",
    ];
    assert_eq!(declared, expected);
    let sent: Vec<String> = model.requests()[0]
        .tools
        .iter()
        .map(|tool| tool.0.clone())
        .collect();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn absent_tools_are_neither_declared_nor_found() {
    let model = ScriptedModel::new()
        .calls([("search", r#"{"query":"fox"}"#), ("two", "{}")])
        .reply("Done.");
    let mixed = Mixed {
        search: None,
        many: Vec::new(),
        files: None,
        nested: None,
        ..mixed()
    };
    let agent = mixed.with(model.clone());
    let answer = agent.run("Hi").await.unwrap();
    assert!(answer.calls().all(|call| call.result.as_ref().unwrap().is_error));
    let sent: Vec<String> = model.requests()[0]
        .tools
        .iter()
        .map(|tool| tool.0.clone())
        .collect();
    assert_eq!(sent, ["weather", "one", "four", "five"]);
}

#[test]
fn only_run_time_tools_of_a_mixed_list_are_rendered_and_only_once() {
    let (first, second) = (mixed(), mixed());
    let alone = declared(&weather {})[0].1;
    let (tools, others) = (declared(&first.tools()), declared(&second.tools()));
    assert_eq!(tools, declared(&first.tools()), "rendered again");
    for (tool, other) in tools.iter().zip(&others) {
        let is_static = matches!(tool.0.as_str(), "weather" | "search" | "read");
        assert_eq!(std::ptr::eq(tool.1, other.1), is_static, "{}", tool.0);
    }
    assert!(std::ptr::eq(tools[0].1, alone));
    // Only tools whose presence is certain are in the constant.
    const fn static_len<T: Toolset>(_: fn(&'static Mixed<'static>) -> T) -> usize {
        T::STATIC.len()
    }
    assert_eq!(static_len(Mixed::tools), 1);
}

#[tokio::test]
async fn errors_for_duplicate_names_describe_both_entries() {
    let fix = "rename one of them: `#[tool(name = \"...\")]`, or the name in `DynTool::from_fn`";
    for (mixed, expected) in [
        (
            Mixed {
                one: shout("weather"),
                ..mixed()
            },
            "two tools are named `weather`: entry 1 of `tools` (`weather`) and entry 2 (`DynTool`)",
        ),
        (
            Mixed {
                many: vec![shout("two"), shout("one")],
                ..mixed()
            },
            "two tools are named `one`: entry 2 of `tools` (`DynTool`) and entry 3 (`Vec<DynTool>`, tool 2)",
        ),
        (
            Mixed {
                many: vec![shout("x"), shout("two"), shout("two")],
                ..mixed()
            },
            "two tools are named `two`: tools 2 and 3 of entry 3 of `tools` (`Vec<DynTool>`)",
        ),
        (
            Mixed {
                plugins: plugins("search"),
                ..mixed()
            },
            "two tools are named `search`: entry 4 of `tools` (`DynTools`) and entry 5 (`Option<Search>`)",
        ),
        (
            Mixed {
                borrowed: Box::leak(Box::new(Some(shout("five")))),
                ..mixed()
            },
            "two tools are named `five`: entry 7 of `tools` (`Arc<Vec<DynTool>>`) and entry 8 (`Option<DynTool>`)",
        ),
        (
            Mixed {
                nested: Some((Arc::new(shout("one")), vec![])),
                ..mixed()
            },
            "two tools are named `one`: entry 2 of `tools` (`DynTool`) and entry 9 (`Option<(Arc<DynTool>, Vec<DynTool>)>`)",
        ),
    ] {
        let model = ScriptedModel::new();
        let error = mixed.with(&model).run("Hi").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.to_string(), format!("{expected}; {fix}"));
        assert!(model.requests().is_empty());
    }
}
