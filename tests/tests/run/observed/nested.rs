//! The events of agents within agents.

use super::*;

/// Delegates.
#[agent(instructions = "Delegate.", agents = [self.member(name = "delegate", description = "Does the work.")])]
pub(super) struct Boss {
    member: Worker,
}

/// Delegates.
#[agent(instructions = "Delegate.", agents = [self.member(name = "delegate", description = "Does the work.")])]
pub(super) struct Lead {
    pub(super) member: Boss,
}

pub(super) const BOSS: Boss = Boss { member: Worker };

pub(super) fn delegate(id: &str) -> Turn {
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
    let agent = Lead { member: BOSS }
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
        (answer.run_id, "Lead", "Worker")
    );
    assert_eq!((of_boss, of_worker), (owner, boss));
}

#[tokio::test(start_paused = true)]
async fn an_observer_of_a_member_observes_only_the_members_runs() {
    /// Delegates.
    #[agent(agents = [self.member(name = "delegate", description = "Does the work.")])]
    struct Team {
        member: agno::agent::Observed<Worker, Arc<Record>>,
    }

    let observed = |observer: &Arc<Record>| Team {
        member: Worker.observe(Arc::clone(observer)),
    };
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
    observed(&inner).with(model()).run("go").await.unwrap();
    assert_eq!(inner.take(), expected);
    let team = observed(&inner).with(model());
    team.observe(&outer).run("go").await.unwrap();
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
