//! Observers of runs, which receive every event exactly once and cannot affect a run.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agno::agent::{AgentInfo, Delegates, IntoRun, Member, MemberInfo};
use agno::message::Part;
use agno::model::layer::{CacheLayer, ModelHooks, RateLimitLayer, RetryLayer};
use agno::model::scripted::Turn;
use agno::model::{
    FunctionModel, ModelError, ModelEvent, ModelId, NeedsTools, Reply, Request, ScriptedModel, Usage,
};
use agno::observe::{NoObserver, Observation, ObservedRun, Observer, set_global};
use agno::prelude::*;
use agno::run::RunId;
use agno::tool::{DynTool, DynTools, NoTools, Toolset};
use agno::{CancellationToken, ErrorKind, ModelErrorKind};
use agno_tests::random::Random;
use agno_tests::{isolated, quiet_tool_panics};

/// Records the events as text.
#[derive(Default)]
struct Record(Mutex<Vec<String>>);

impl Record {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Observer for Record {
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        let event = match event {
            Observation::RunStarted => "started".to_owned(),
            Observation::RunResumed => "resumed".to_owned(),
            Observation::RunFinished { turns, .. } => format!("finished, turns: {turns}"),
            Observation::RunFailed { error, .. } => format!("failed: {:?}", error.kind()),
            Observation::RunPaused { turns, .. } => format!("paused, turns: {turns}"),
            Observation::RunCancelled { usage, .. } => format!("cancelled, tokens: {}", usage.total()),
            Observation::ModelStarted { turn, request, .. } => {
                format!("request {turn}, messages: {}", request.messages.len())
            }
            Observation::ModelFinished { turn, reply, .. } => {
                format!("reply {turn}, cached: {}", reply.is_cached())
            }
            Observation::ModelFailed { turn, error, .. } => format!("error {turn}: {:?}", error.kind()),
            Observation::Layer { turn, event, .. } => format!(
                "layer {turn}: {}",
                match event {
                    ModelEvent::Retry { retry, error, .. } => format!("retry {retry}, {:?}", error.kind()),
                    ModelEvent::Fallback { error, .. } => format!("fallback, {:?}", error.kind()),
                    ModelEvent::CacheHit { model, .. } => format!("cache hit, {model}"),
                    ModelEvent::RateLimitWait { delay, .. } => format!("wait {delay:?}"),
                    ModelEvent::Refused { error, .. } => format!("refused, {:?}", error.kind()),
                    other => format!("{other:?}"),
                }
            ),
            Observation::ToolStarted { call, .. } => format!("{} called", call.name),
            Observation::ToolRetry { retry, delay, .. } => format!("retry {retry} in {delay:?}"),
            Observation::ToolFinished {
                call,
                result,
                is_cached,
                elapsed,
                ..
            } => format!(
                "{} = {}, cached: {is_cached}, {}ms",
                call.name,
                result.text(),
                elapsed.as_millis()
            ),
            Observation::ToolWaiting { call, .. } => format!("{} waits", call.name),
            Observation::OutputRejected { .. } => "rejected".to_owned(),
            other => panic!("unexpected {other:?}"),
        };
        let line = if run.path.is_root() {
            event
        } else {
            format!("{} {}: {event}", run.path, run.agent)
        };
        self.0.lock().unwrap().push(line);
    }
}

/// Panics on every event.
struct Panics;

impl Observer for Panics {
    fn observe(&self, _run: &ObservedRun<'_>, _event: &Observation<'_>) {
        panic!("secret detail");
    }
}

static UNSTABLE_CALLS: AtomicUsize = AtomicUsize::new(0);

/// Fails once.
#[tool(idempotent, retries = 1)]
fn unstable() -> Result<&'static str, &'static str> {
    match UNSTABLE_CALLS.fetch_add(1, Ordering::SeqCst) {
        0 => Err("busy"),
        _ => Ok("ready"),
    }
}

/// Doubles a number.
#[tool(read_only, cache = "5m")]
fn double(number: u32) -> u32 {
    number * 2
}

/// Sleeps.
#[tool]
async fn slow(ms: u64) -> &'static str {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    "slept"
}

/// Sends an e-mail.
#[tool(approval)]
fn send(to: &str) -> String {
    format!("sent to {to}")
}

/// Uses tools.
#[agent(tools = [unstable, double, slow, send])]
struct Worker;

/// Answers with a number.
#[agent(output = u8)]
struct Counter;

/// Answers.
#[agent]
struct Plain;

#[tokio::test(start_paused = true)]
async fn the_events_of_a_run_are_observed_in_order() {
    let model = || {
        ScriptedModel::new()
            .call("slow", r#"{"ms":150}"#)
            .call("unstable", "{}")
            .call("double", r#"{"number":21}"#)
            .call("double", r#"{"number":21}"#)
            .reply("done")
    };
    let expected = [
        "started",
        "request 1, messages: 1",
        "reply 1, cached: false",
        "slow called",
        "slow = slept, cached: false, 150ms",
        "request 2, messages: 2",
        "reply 2, cached: false",
        "unstable called",
        "retry 1 in 100ms",
        "unstable = ready, cached: false, 100ms",
        "request 3, messages: 3",
        "reply 3, cached: false",
        "double called",
        "double = 42, cached: false, 0ms",
        "request 4, messages: 4",
        "reply 4, cached: false",
        "double called",
        "double = 42, cached: true, 0ms",
        "request 5, messages: 5",
        "reply 5, cached: false",
        "finished, turns: 5",
    ];
    let record = Record::default();
    Worker.with(model()).observe(&record).run("go").await.unwrap();
    assert_eq!(record.take(), expected);

    UNSTABLE_CALLS.store(0, Ordering::SeqCst);
    let _ = Worker.with(model()).observe(&record).stream("go").answer().await;
    let streamed = record.take();
    assert_eq!(streamed[..12], expected[..12]);
    assert_eq!(streamed[13], "double = 42, cached: true, 0ms");
    assert_eq!(streamed.last(), expected.last().map(ToString::to_string).as_ref());
}

#[tokio::test(start_paused = true)]
async fn the_layers_around_a_model_are_observed() {
    let main = ScriptedModel::new()
        .fault(ModelErrorKind::Overloaded)
        .fault(ModelErrorKind::QuotaExceeded);
    let spare = ScriptedModel::always(Reply::text("Hello."))
        .rate_limit(RateLimitLayer::new().with_requests_per_minute(1));
    let model = main
        .retry(RetryLayer::new())
        .fallback(spare)
        .cache(CacheLayer::in_memory(1 << 20));
    let record = Record::default();
    let agent = Plain.with(model).observe(&record);
    for stream in [false, true] {
        let answer = if stream {
            agent.stream("Hi").answer().await
        } else {
            agent.run("Hi").await
        };
        assert_eq!(answer.unwrap().text(), "Hello.");
        let expected: &[&str] = if stream {
            &["layer 1: cache hit, scripted:script", "reply 1, cached: true"]
        } else {
            &[
                "layer 1: retry 1, Overloaded",
                "layer 1: fallback, QuotaExceeded",
                "reply 1, cached: false",
            ]
        };
        let events = record.take();
        assert_eq!(events[2..events.len() - 1], *expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_rate_limit_is_observed_in_each_way_to_run() {
    let limit = RateLimitLayer::new().with_requests_per_minute(1);
    let model = ScriptedModel::always(Reply::text("Hello.")).rate_limit(limit);
    let record = Record::default();
    let agent = Plain.with(model).observe(&record);
    agent.run("Hi").await.unwrap();
    record.take();
    agent.run("Hi").await.unwrap();
    assert_eq!(record.take()[2], "layer 1: wait 60s");
    agent.stream("Hi").answer().await.unwrap();
    assert_eq!(record.take()[2], "layer 1: wait 60s");
}

#[tokio::test(start_paused = true)]
async fn hooks_receive_the_events_of_the_layers_inside_and_pass_them_on() {
    #[derive(Default)]
    struct Hooks {
        refuses: bool,
        events: AtomicUsize,
    }

    impl ModelHooks for Hooks {
        fn on_request(&self, _model: ModelId<'_>, _request: &Request<'_>) -> Result<(), ModelError> {
            if self.refuses {
                return Err(ModelError::new(ModelErrorKind::BadRequest, "refused"));
            }
            Ok(())
        }

        fn on_event(&self, _model: ModelId<'_>, _request: &Request<'_>, _event: &ModelEvent<'_>) {
            self.events.fetch_add(1, Ordering::SeqCst);
            panic!("secret detail");
        }
    }

    quiet_tool_panics();
    let record = Record::default();
    for stream in [false, true] {
        let hooks = Arc::new(Hooks::default());
        let model = ScriptedModel::new()
            .fault(ModelErrorKind::Network)
            .reply("Hello.");
        let model = model.retry(RetryLayer::new()).hooks(Arc::clone(&hooks));
        let agent = Plain.with(model).observe(&record);
        if stream {
            agent.stream("Hi").answer().await.unwrap();
        } else {
            agent.run("Hi").await.unwrap();
        }
        assert_eq!(hooks.events.load(Ordering::SeqCst), 1);
        assert_eq!(record.take()[2], "layer 1: retry 1, Network");

        let refuses = Hooks {
            refuses: true,
            ..Hooks::default()
        };
        let agent = Plain.with(ScriptedModel::new().hooks(refuses)).observe(&record);
        let error = if stream {
            agent.stream("Hi").answer().await
        } else {
            agent.run("Hi").await
        };
        assert!(error.is_err());
        let expected = [
            "started",
            "request 1, messages: 1",
            "layer 1: refused, BadRequest",
            "error 1: BadRequest",
            "failed: Model(BadRequest)",
        ];
        assert_eq!(record.take(), expected);
    }
}

#[tokio::test]
async fn a_rejected_answer_is_observed() {
    let record = Record::default();
    let model = ScriptedModel::new().reply("many").reply("7");
    let answer = Counter.with(model).observe(&record).run("Count.").await.unwrap();
    assert_eq!(answer.output, 7);
    let events = record.take();
    assert_eq!(events[2..4], ["reply 1, cached: false", "rejected"]);
}

#[tokio::test]
async fn a_pause_and_its_continuation_are_observed() {
    let record = Record::default();
    let model = ScriptedModel::new().call("send", r#"{"to":"Ada"}"#).reply("done");
    let agent = Worker.with(model).observe(&record);
    let mut run = agent.run("Write.").await.unwrap_err().into_run().unwrap();
    assert_eq!(
        record.take()[2..],
        ["reply 1, cached: false", "send waits", "paused, turns: 1"]
    );
    let id = run.waiting().next().unwrap().call.id.clone();
    run.approve(id.as_str()).unwrap();
    agent.resume(run).await.unwrap();
    let expected = [
        "resumed",
        "send called",
        "send = sent to Ada, cached: false, 0ms",
        "request 2, messages: 2",
        "reply 2, cached: false",
        "finished, turns: 2",
    ];
    assert_eq!(record.take().map_elapsed(), expected);
}

/// Removes the elapsed times, which depend on the machine if the clock is not paused.
trait MapElapsed {
    fn map_elapsed(self) -> Vec<String>;
}

impl MapElapsed for Vec<String> {
    fn map_elapsed(self) -> Vec<String> {
        let normalize = |line: String| match line.rsplit_once(", ") {
            Some((start, time)) if time.ends_with("ms") && !start.starts_with("retry") => {
                format!("{start}, 0ms")
            }
            _ => line,
        };
        self.into_iter().map(normalize).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_and_a_dropped_run_are_observed_as_cancelled() {
    let model = || {
        let reply = Reply::call("a", "slow", r#"{"ms":60000}"#).with_usage(Usage::new(3, 4));
        ScriptedModel::new().turn(Turn::reply(reply))
    };
    let expected = ["reply 1, cached: false", "slow called", "cancelled, tokens: 7"];
    let record = Record::default();
    let agent = Worker.with(model()).observe(&record);
    let token = CancellationToken::new();
    let stop = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        token.cancel();
    };
    let (outcome, ()) = tokio::join!(agent.cancellation(&token).run("go"), stop);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(record.take()[2..], expected);

    let agent = Worker.with(model()).observe(&record);
    let dropped = tokio::time::timeout(Duration::from_secs(1), agent.run("go")).await;
    assert!(dropped.is_err());
    assert_eq!(record.take()[2..], expected);

    let agent = Worker
        .with(ScriptedModel::always(Reply::text("done")))
        .observe(&record);
    drop(agent.run("never polled"));
    drop(agent.stream("never polled"));
    assert_eq!(record.take(), [""; 0]);
}

/// Declares an agent that calls another, as `#[agent(agents = [self.member])]` generates it.
macro_rules! team {
    ($name:ident, $member:ty) => {
        struct $name {
            member: $member,
        }

        impl Declared for $name {
            const INFO: &'static AgentInfo = &AgentInfo::new(stringify!($name), "Delegates.");
            type Needs = NeedsTools;
            type Output = ();
            type Model = AnyModel;

            fn default_model(&self) -> Result<AnyModel, ModelError> {
                AnyModel::from_env()
            }

            fn instructions(&self) -> Cow<'_, str> {
                Cow::Borrowed("Delegate.")
            }

            fn tools(&self) -> impl Toolset + '_ {
                NoTools
            }

            fn parse_output(_: &str) -> Result<(), String> {
                Ok(())
            }

            fn agents(&self) -> impl Delegates + '_ {
                Member::<Entry, _>::new(&self.member)
            }
        }
    };
}

struct Entry;

impl MemberInfo for Entry {
    const NAME: &'static str = "delegate";
    const DESCRIPTION: Option<&'static str> = Some("Does the work.");
}

team!(Boss, Worker);
team!(Owner, Boss);

const BOSS: Boss = Boss { member: Worker };

fn delegate(id: &str) -> Turn {
    Turn::reply(Reply::call(id, "delegate", r#"{"task":"Work."}"#))
}

#[tokio::test(start_paused = true)]
async fn nested_runs_are_observed_with_their_path_and_parent() {
    #[derive(Default)]
    struct Parents(Mutex<Vec<(RunId, Option<RunId>, String)>>);

    impl Observer for Parents {
        fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
            if let Observation::RunStarted = event {
                let started = (run.run_id, run.parent, run.agent.to_owned());
                self.0.lock().unwrap().push(started);
            }
        }
    }

    let model = ScriptedModel::new()
        .turn(delegate("a"))
        .turn(delegate("b/c"))
        .turn(Turn::reply(Reply::call("d", "double", r#"{"number":1000}"#)))
        .reply("worked")
        .reply("delegated")
        .reply("done");
    let (record, parents) = (Record::default(), Parents::default());
    let agent = Owner { member: BOSS }
        .with(model)
        .observe(&record)
        .observe(&parents);
    let answer = agent.run("go").await.unwrap();
    let expected = [
        "started",
        "request 1, messages: 1",
        "reply 1, cached: false",
        "delegate called",
        "a Boss: started",
        "a Boss: request 1, messages: 1",
        "a Boss: reply 1, cached: false",
        "a Boss: delegate called",
        "a/b~1c Worker: started",
        "a/b~1c Worker: request 1, messages: 1",
        "a/b~1c Worker: reply 1, cached: false",
        "a/b~1c Worker: double called",
        "a/b~1c Worker: double = 2000, cached: false, 0ms",
        "a/b~1c Worker: request 2, messages: 2",
        "a/b~1c Worker: reply 2, cached: false",
        "a/b~1c Worker: finished, turns: 2",
        "a Boss: delegate = worked, cached: false, 0ms",
        "a Boss: request 2, messages: 2",
        "a Boss: reply 2, cached: false",
        "a Boss: finished, turns: 2",
        "delegate = delegated, cached: false, 0ms",
        "request 2, messages: 2",
        "reply 2, cached: false",
        "finished, turns: 2",
    ];
    assert_eq!(record.take(), expected);
    let parents = parents.0.into_inner().unwrap();
    let [
        (owner, None, owner_name),
        (boss, Some(of_boss), _),
        (_, Some(of_worker), worker_name),
    ] = &parents[..]
    else {
        panic!("unexpected {parents:?}")
    };
    assert_eq!(
        (*owner, owner_name.as_str(), worker_name.as_str()),
        (answer.run_id, "Owner", "Worker")
    );
    assert_eq!((of_boss, of_worker), (owner, boss));
}

#[tokio::test(start_paused = true)]
async fn an_observer_of_a_member_observes_only_the_members_runs() {
    struct Team(agno::agent::Observed<Worker, Arc<Record>>);

    impl Declared for Team {
        const INFO: &'static AgentInfo = &AgentInfo::new("Team", "Delegates.");
        type Needs = NeedsTools;
        type Output = ();
        type Model = AnyModel;

        fn default_model(&self) -> Result<AnyModel, ModelError> {
            AnyModel::from_env()
        }

        fn instructions(&self) -> Cow<'_, str> {
            Cow::Borrowed("Delegate.")
        }

        fn tools(&self) -> impl Toolset + '_ {
            NoTools
        }

        fn parse_output(_: &str) -> Result<(), String> {
            Ok(())
        }

        fn agents(&self) -> impl Delegates + '_ {
            Member::<Entry, _>::new(&self.0)
        }
    }

    let (inner, outer) = (Arc::new(Record::default()), Record::default());
    let model = || {
        ScriptedModel::new()
            .turn(delegate("a"))
            .reply("worked")
            .reply("done")
    };
    let expected = [
        "a Worker: started",
        "a Worker: request 1, messages: 1",
        "a Worker: reply 1, cached: false",
        "a Worker: finished, turns: 1",
    ];
    Team(Worker.observe(Arc::clone(&inner)))
        .with(model())
        .run("go")
        .await
        .unwrap();
    assert_eq!(inner.take(), expected);
    let team = Team(Worker.observe(Arc::clone(&inner)));
    team.with(model()).observe(&outer).run("go").await.unwrap();
    assert_eq!(inner.take(), expected);
    assert_eq!(outer.take()[4..8], expected);
}

#[tokio::test(start_paused = true)]
async fn nested_runs_that_pause_or_are_dropped_end_before_the_calling_run() {
    let model = ScriptedModel::new()
        .turn(delegate("a"))
        .turn(Turn::reply(Reply::call("b", "send", r#"{"to":"Ada"}"#)))
        .reply("worked")
        .turn(Turn::hang());
    let record = Record::default();
    let agent = BOSS.with(model).observe(&record);
    let mut run = agent.run("go").await.unwrap_err().into_run().unwrap();
    let events = record.take();
    let expected = [
        "a Worker: send waits",
        "a Worker: paused, turns: 1",
        "paused, turns: 1",
    ];
    assert_eq!(events[events.len() - 3..], expected);
    run.approve("a/b").unwrap();
    let dropped = tokio::time::timeout(Duration::from_secs(1), agent.resume(run)).await;
    assert!(dropped.is_err());
    let expected = [
        "resumed",
        "delegate called",
        "a Worker: resumed",
        "a Worker: send called",
        "a Worker: send = sent to Ada, cached: false, 0ms",
        "a Worker: request 2, messages: 2",
        "a Worker: reply 2, cached: false",
        "a Worker: finished, turns: 2",
        "delegate = worked, cached: false, 0ms",
        "request 2, messages: 2",
        "cancelled, tokens: 0",
    ];
    assert_eq!(record.take(), expected);
}

#[tokio::test]
async fn a_panicking_observer_changes_nothing_and_other_observers_receive_each_event() {
    quiet_tool_panics();
    let model = || {
        ScriptedModel::new()
            .turn(delegate("a"))
            .turn(Turn::reply(Reply::call("b", "double", r#"{"number":2}"#)))
            .reply("worked")
            .reply("done")
    };
    let (plain, record) = (Record::default(), Record::default());
    BOSS.with(model()).observe(&plain).run("go").await.unwrap();
    let agent = BOSS
        .with(model())
        .observe(Panics)
        .observe(&record)
        .observe(Panics);
    let answer = agent.run("go").await.unwrap();
    assert_eq!(answer.text(), "done");
    let normalize = |events: Vec<String>| -> Vec<String> {
        let events = events.map_elapsed().into_iter();
        events
            .map(|line| line.replace("cached: true", "cached: false"))
            .collect()
    };
    assert_eq!(normalize(record.take()), normalize(plain.take()));
    let erased = BOSS.with(model()).erase().observe(Panics);
    assert_eq!(erased.run("go").await.unwrap().text(), "done");

    let agent = Worker
        .with(ScriptedModel::new().turn(Turn::hang()))
        .observe(Panics);
    assert!(futures_util::FutureExt::now_or_never(agent.run("dropped")).is_none());
}

#[tokio::test]
async fn pointers_pairs_and_options_are_observers() {
    let record = Arc::new(Record::default());
    let dynamic: Arc<dyn Observer> = record.clone();
    let run = async |agent: agno::DynAgent| {
        agent.run("Hi").await.unwrap();
        record.take().len()
    };
    let model = || ScriptedModel::new().reply("Hello.");
    assert_eq!(
        run(Plain.with(model()).observe(Arc::clone(&record)).erase()).await,
        4
    );
    assert_eq!(
        run(Plain.with(model()).observe(Some(dynamic.clone())).erase()).await,
        4
    );
    assert_eq!(
        run(Plain.with(model()).observe(None::<Arc<dyn Observer>>).erase()).await,
        0
    );
    assert_eq!(run(Plain.with(model()).observe(NoObserver).erase()).await, 0);
    let pair = (Box::new(dynamic.clone()), dynamic.clone());
    assert_eq!(run(Plain.with(model()).observe(pair).erase()).await, 8);
    assert_eq!(
        run(Arc::new(Plain.observe(dynamic.clone())).with(model()).erase()).await,
        4
    );
    assert_eq!(
        run(Plain
            .with(model())
            .erase()
            .observe(dynamic.clone())
            .observe(dynamic))
        .await,
        8
    );
}

#[tokio::test(start_paused = true)]
async fn erased_agents_are_observed_however_they_are_run() {
    let inner = Arc::new(Record::default());
    let record = Arc::new(Record::default());
    let agent = || {
        let model = ScriptedModel::new().reply("Hello.");
        Plain
            .with(model)
            .observe(Arc::clone(&inner))
            .erase()
            .observe(Arc::clone(&record))
    };
    let events = [
        "started",
        "request 1, messages: 1",
        "reply 1, cached: false",
        "finished, turns: 1",
    ];
    let check = || {
        assert_eq!(record.take(), events);
        assert_eq!(inner.take(), events);
    };
    agent().run("Hi").await.unwrap();
    check();
    agent().stream("Hi").answer().await.unwrap();
    check();
    agent().into_run("Hi").run().await.result.unwrap();
    check();
    agent().into_stream("Hi").answer().await.unwrap();
    check();

    /// Delegates.
    #[agent(tools = [self.experts])]
    struct Desk {
        experts: DynTools,
    }
    let outer = Record::default();
    for stream in [false, true] {
        let expert = DynTool::agent("ask", agent().observe(NoObserver));
        let experts = DynTools::new().with_tool(expert.unwrap()).unwrap();
        let model = ScriptedModel::new()
            .turn(Turn::reply(Reply::call("a", "ask", r#"{"task":"Hi"}"#)))
            .reply("done");
        let desk = Desk { experts }.with(model).observe(&outer);
        if stream {
            desk.stream("go").answer().await.unwrap();
        } else {
            desk.run("go").await.unwrap();
        }
        let nested = events.map(|event| format!("a Plain: {event}"));
        assert_eq!(record.take(), nested);
        assert_eq!(inner.take(), nested);
        assert_eq!(outer.take()[4..8], nested);
    }
}

#[test]
fn the_global_observer_receives_the_events_of_every_run_once() {
    isolated(
        "observed::the_global_observer_receives_the_events_of_every_run_once",
        || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap();
            let (global, own) = (Arc::new(Record::default()), Record::default());
            set_global(Arc::clone(&global)).unwrap();
            let error = set_global(NoObserver).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            let model = || {
                ScriptedModel::new()
                    .turn(delegate("a"))
                    .reply("worked")
                    .reply("done")
            };
            runtime.block_on(BOSS.with(model()).run("go")).unwrap();
            let events = global.take();
            assert_eq!(events.iter().filter(|line| line.ends_with("started")).count(), 2);
            runtime
                .block_on(BOSS.with(model()).observe(&own).run("go"))
                .unwrap();
            assert_eq!(global.take().map_elapsed(), own.take().map_elapsed());
            assert_eq!(events.len(), 12);
        },
    );
}

/// Counts the starts and ends of requests and calls, and adds up usage.
#[derive(Default)]
struct Totals {
    requests: HashMap<(RunId, u32), [usize; 2]>,
    calls: HashMap<(RunId, String), [usize; 2]>,
    runs: HashMap<RunId, [usize; 2]>,
    usage: Usage,
}

struct Count(Mutex<Totals>);

impl Observer for Count {
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        let totals = &mut *self.0.lock().unwrap();
        let id = run.run_id;
        match event {
            Observation::RunStarted => totals.runs.entry(id).or_default()[0] += 1,
            Observation::RunFinished { .. } | Observation::RunFailed { .. } => {
                totals.runs.entry(id).or_default()[1] += 1;
            }
            Observation::ModelStarted { turn, .. } => totals.requests.entry((id, *turn)).or_default()[0] += 1,
            Observation::ModelFinished { turn, reply, .. } => {
                totals.requests.entry((id, *turn)).or_default()[1] += 1;
                totals.usage += reply.usage;
            }
            Observation::ToolStarted { call, .. } => {
                totals.calls.entry((id, call.id.clone())).or_default()[0] += 1;
            }
            Observation::ToolFinished { call, .. } => {
                totals.calls.entry((id, call.id.clone())).or_default()[1] += 1;
            }
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_request_and_call_is_observed_once_and_their_usage_adds_up_to_the_answers() {
    for seed in 0..100 {
        // The number of requests and calls that the model made.
        let made = Arc::new(Mutex::new((Random::new(seed), 0, 0)));
        let shared = Arc::clone(&made);
        let model = FunctionModel::new(move |request| {
            let (random, requests, calls) = &mut *shared.lock().unwrap();
            *requests += 1;
            let usage = Usage::new(random.below(1000), random.below(100));
            if request.messages.len() > 3 || random.chance(30) {
                return Ok(Reply::text("done").with_usage(usage));
            }
            let count = 1 + random.below(4);
            let id = |at| format!("{requests}-{at}");
            let parts: Vec<Part> = (0..count)
                .map(|at| match random.below(4) {
                    0 | 1 => Part::call(id(at), "delegate", r#"{"task":"Work."}"#),
                    2 => Part::call(id(at), "slow", format!(r#"{{"ms":{}}}"#, random.below(50))),
                    _ => Part::call(id(at), "missing", "{}"),
                })
                .collect();
            *calls += parts.len();
            Ok(Reply::new(parts).with_usage(usage))
        });
        let count = Count(Mutex::default());
        let agent = Owner { member: BOSS }.with(model).observe(&count);
        let answer = if seed % 2 == 0 {
            agent.run("go").await.unwrap()
        } else {
            agent.stream("go").answer().await.unwrap()
        };
        let totals = count.0.into_inner().unwrap();
        let (_, requests, calls) = *made.lock().unwrap();
        assert_eq!(totals.usage, answer.usage, "seed {seed}");
        assert_eq!(
            (totals.requests.len(), totals.calls.len()),
            (requests, calls),
            "seed {seed}"
        );
        let all = totals
            .requests
            .values()
            .chain(totals.calls.values())
            .chain(totals.runs.values());
        for counts in all {
            assert_eq!(*counts, [1, 1], "seed {seed}");
        }
    }
}
