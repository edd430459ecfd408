//! The kinds of observers, and the ways to add one to a run.

use super::nested::{BOSS, Lead, delegate};
use super::*;

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
        "observed::observers::the_global_observer_receives_the_events_of_every_run_once",
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
        let agent = Lead { member: BOSS }.with(model).observe(&count);
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
