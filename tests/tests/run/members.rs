//! Agents, inputs and context that `#[agent(agents = [...], input = ..., context = [...])]` declares.

use std::sync::Arc;

use agno::agent::DynAgent;
use agno::context::{ContextError, ContextProvider, ContextQuery, Provided};
use agno::model::{NeedsOf, ScriptedModel, Serves};
use agno::prelude::*;
use agno::schema::AnyDialect;
use agno::{CancellationToken, ErrorKind};

/// A source of facts, borrowed by the agents below.
trait Store: Send + Sync {
    fn fact(&self) -> &str;
}

struct Fixed(&'static str);

impl Store for Fixed {
    fn fact(&self) -> &str {
        self.0
    }
}

/// Reads the library.
#[agent(tools = [self])]
struct Librarian<'a, S: Store> {
    store: &'a S,
}

#[toolkit]
impl<S: Store> Librarian<'_, S> {
    /// Returns a fact.
    #[tool]
    fn fact(&self) -> String {
        self.store.fact().to_owned()
    }
}

/// Finds facts.
#[agent(agents = [self.librarian])]
struct Researcher<'a, S: Store> {
    librarian: &'a Librarian<'a, S>,
}

/// Knows the law.
#[agent]
struct Legal;

mod experts {
    use agno::prelude::*;

    /// Knows taxes.
    #[agent]
    pub(crate) struct TaxExpert;
}

/// Answers questions.
#[agent(
    instructions = "Answer for {customer}.",
    agents = [
        self.researcher,
        Legal,
        experts::TaxExpert,
        self.second(name = "second_opinion", description = "Checks facts."),
    ],
    max_total_turns = 20,
)]
struct Desk<'a, S: Store> {
    customer: &'a str,
    researcher: Researcher<'a, S>,
    second: Legal,
}

fn names<D: Declared>(declaration: &D) -> Vec<(String, String)> {
    use agno::agent::Delegates;

    let mut names = Vec::new();
    let agents = declaration.agents();
    agents.declare(AnyDialect::OpenAi, &mut |spec, json| {
        assert!(
            json.contains(spec.name) && json.contains(spec.description),
            "{json}"
        );
        names.push((spec.name.to_owned(), spec.description.to_owned()));
    });
    names
}

#[test]
fn entries_have_names_and_descriptions_from_options_fields_and_structs() {
    let store = Fixed("42 is even");
    let librarian = Librarian { store: &store };
    let desk = Desk {
        customer: "Ada",
        researcher: Researcher {
            librarian: &librarian,
        },
        second: Legal,
    };
    let expected = [
        ("researcher", "Finds facts."),
        ("legal", "Knows the law."),
        ("tax_expert", "Knows taxes."),
        ("second_opinion", "Checks facts."),
    ];
    assert_eq!(
        names(&desk),
        expected.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
    assert_eq!(Desk::<Fixed>::INFO.limits.max_total_turns, 20);
}

#[tokio::test]
async fn three_levels_of_agents_borrow_from_the_caller() {
    let model = ScriptedModel::new()
        .call("researcher", r#"{"task":"Is 42 even?"}"#)
        .call("librarian", r#"{"task":"Look up 42."}"#)
        .call("fact", "{}")
        .reply("The library says yes.")
        .reply("It is even.")
        .reply("Yes.");
    let task = {
        let model = model.clone();
        tokio::spawn(async move {
            let store = Fixed("42 is even");
            let librarian = Librarian { store: &store };
            let desk = Desk {
                customer: "Ada",
                researcher: Researcher {
                    librarian: &librarian,
                },
                second: Legal,
            };
            desk.with(model)
                .run("Is 42 even?")
                .await
                .map(|answer| answer.text().into_owned())
        })
    };
    assert_eq!(task.await.unwrap().unwrap(), "Yes.");
    let requests = model.requests();
    assert_eq!(requests.len(), 6);
    assert_eq!(requests[0].instructions, "Answer for Ada.");
    let declared = |index: usize| -> Vec<String> {
        let tools = requests[index].tools.iter();
        tools.map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(
        declared(0),
        ["researcher", "legal", "tax_expert", "second_opinion"]
    );
    assert_eq!(
        (declared(1), declared(2)),
        (vec!["librarian".into()], vec!["fact".into()])
    );
}

/// Splits a problem into parts.
#[agent(agents = [Self(name = "part", depth = 2)])]
struct Splitter;

#[tokio::test]
async fn an_agent_that_calls_itself_stops_at_its_depth() {
    let model = ScriptedModel::new()
        .call("part", r#"{"task":"a half"}"#)
        .reply("the first part is ready")
        .reply("done");
    assert_eq!(Splitter.with(&model).run("all").await.unwrap().text(), "done");

    let model = ScriptedModel::new()
        .call("part", r#"{"task":"a half"}"#)
        .call("part", r#"{"task":"a quarter"}"#);
    let error = Splitter.with(model).run("all").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooDeep);
    let text = error.to_string();
    assert!(text.contains("part -> part"), "{text}");
}

#[derive(Schema, Serialize, Deserialize, Debug, PartialEq)]
struct Verdict {
    allowed: bool,
}

/// Decides.
#[agent(output = Verdict)]
struct Judge;

/// Directs agents of every type.
#[agent(agents = [self.own, self.shared, self.erased, self.boxed, self.borrowed, self.judge])]
struct Director<'a, M: Model> {
    own: Agent<Legal, M>,
    shared: Arc<Agent<Legal, ScriptedModel>>,
    /// Is selected at run time.
    erased: DynAgent,
    boxed: Box<Legal>,
    borrowed: &'a Agent<Legal, ScriptedModel>,
    judge: Judge,
}

#[tokio::test]
async fn agents_of_every_type_can_be_called() {
    let own = |text: &str| Legal.with(ScriptedModel::new().reply(text));
    let borrowed = own("borrowed");
    let director = Director {
        own: own("own"),
        shared: Arc::new(own("shared")),
        erased: own("erased").erase(),
        boxed: Box::new(Legal),
        borrowed: &borrowed,
        judge: Judge,
    };
    let described = names(&director);
    assert_eq!(described[2].1, "Is selected at run time.");
    assert_eq!(described[4].1, "Knows the law.");

    let task = r#"{"task":"x"}"#;
    let mut model = ScriptedModel::new();
    for name in ["own", "shared", "erased", "borrowed", "boxed"] {
        model = model.call(name, task);
    }
    let model = model
        .reply("boxed")
        .call("judge", task)
        .reply(r#"{"allowed":true}"#)
        .reply("done");
    let answer = director.with(model).run("go").await.unwrap();
    let results: Vec<_> = answer
        .calls()
        .map(|call| call.result_text().into_owned())
        .collect();
    assert_eq!(
        results,
        [
            "own",
            "shared",
            "erased",
            "borrowed",
            "boxed",
            r#"{"allowed":true}"#
        ]
    );
}

/// Works with any agent.
#[agent(agents = [self.expert], model = "openai:gpt-5-mini")]
struct Wrapper<E: Declared> {
    /// Knows everything.
    expert: E,
}

fn wrapper<E: Declared, M: Model>(expert: E, model: M) -> Agent<Wrapper<E>, M>
where
    agno::provider::OpenAi: Serves<NeedsOf<E>>,
    M: Serves<<Wrapper<E> as Declared>::Needs>,
{
    Wrapper { expert }.with(model)
}

#[tokio::test]
async fn a_member_can_be_a_type_parameter() {
    let model = ScriptedModel::new()
        .call("expert", r#"{"task":"x"}"#)
        .reply(r#"{"allowed":false}"#)
        .reply("no");
    let answer = wrapper(Judge, model).run("May I?").await.unwrap();
    assert_eq!(answer.text(), "no");
}

/// Is public, and has a field of a private type.
#[agent(agents = [self.legal])]
pub struct Public {
    legal: Legal,
}

#[tokio::test]
async fn a_public_agent_can_have_private_agents() {
    let agent = Public { legal: Legal }.with(ScriptedModel::new().reply("Hello."));
    let token = CancellationToken::new();
    assert_eq!(
        agent.cancellation(&token).run("Hi").await.unwrap().text(),
        "Hello."
    );
}

/// A question with its limits.
#[derive(Schema, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Query {
    /// The text to search for.
    #[schema(len = 1..=20)]
    text: String,
    limit: Option<u8>,
}

/// Searches.
#[agent(input = Query)]
struct Searcher;

#[agent(agents = [Searcher])]
struct Reader;

#[tokio::test]
async fn a_typed_input_is_declared_checked_and_becomes_the_input_of_the_run() {
    let model = ScriptedModel::new()
        .call("searcher", r#"{"text":""}"#)
        .call("searcher", r#"{"text":"fox","limit":3}"#)
        .reply("a fox")
        .reply("done");
    let answer = Reader.with(&model).run("Find a fox.").await.unwrap();
    let results: Vec<_> = answer
        .calls()
        .map(|call| call.result_text().into_owned())
        .collect();
    assert!(results[0].starts_with("invalid arguments: text"), "{results:?}");
    assert_eq!(results[1], "a fox");
    let requests = model.requests();
    assert_eq!(requests.len(), 4);
    assert!(
        requests[0].tools[0].1.contains("The text to search for."),
        "{:?}",
        requests[0].tools
    );
    assert_eq!(requests[2].messages[0].text(), r#"{"text":"fox","limit":3}"#);
}

/// Returns a fixed text.
struct Note(&'static str);

impl ContextProvider for Note {
    async fn provide(&self, _: &ContextQuery<'_>) -> Result<Provided, ContextError> {
        match self.0 {
            "" => Err("the note is missing".into()),
            text => Ok(Provided::new(text)),
        }
    }
}

struct Weather;

impl ContextProvider for Weather {
    async fn provide(&self, query: &ContextQuery<'_>) -> Result<Provided, ContextError> {
        Ok(Provided::new(format!("rain in turn {}", query.turn)))
    }
}

/// Plans the day.
#[agent(
    tools = [look],
    context = [
        self.notes,
        self.missing(on_error = skip, timeout = "2s"),
        self.provider(max_bytes = 4, name = "shared"),
        Weather(each_turn),
    ],
)]
struct Planner<'a, P: ContextProvider> {
    notes: &'a Note,
    missing: Arc<Note>,
    provider: P,
}

/// Looks outside.
#[tool]
fn look() {}

#[tokio::test]
async fn the_context_of_every_entry_is_sent_with_its_name_and_within_its_limits() {
    let planner = Planner {
        notes: &Note("water the plants"),
        missing: Arc::new(Note("")),
        provider: Box::new(Note("shopping")),
    };
    let model = ScriptedModel::new().call("look", "{}").reply("Water.");
    planner.with(&model).run("What is next?").await.unwrap();
    let requests = model.requests();
    let text = |index: usize| {
        let messages = requests[index].messages.iter();
        messages
            .map(|message| message.text().into_owned())
            .collect::<String>()
    };
    let first = text(0);
    for part in [
        "notes",
        "water the plants",
        "shared",
        "shop\n[truncated]",
        "weather",
        "rain in turn 1",
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(!first.contains("missing"), "{first}");
    assert!(text(1).contains("rain in turn 2"), "{}", text(1));
}
