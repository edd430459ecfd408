//! Properties of every run, tested with scripted models and tools that succeed, fail, panic and hang.

mod context;
mod first_agents;
mod format;
mod formats;
mod hostile;
mod interrupted;
mod members;
mod nested;
mod observed;
mod repeated;
mod service;
mod session;
mod waiting;

use std::time::Duration;

use agno::model::scripted::Turn;
use agno::model::{Delta, FinishReason, FunctionModel, Reply, ScriptedModel, ToolChoice, Usage};
use agno::run::{Limits, Run, Step};
use agno::session::Owner;
use agno::{CancellationToken, Declared, ErrorKind, Event, Message, ModelErrorKind, Session, ToolResult};
use tokio::time::Instant;

use agno_tests::{assistant, is_well_formed, quiet_tool_panics};

fn results(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .flat_map(Message::calls)
        .map(|call| call.result_text().into_owned())
        .collect()
}

#[tokio::test]
async fn a_tool_is_called_with_the_models_arguments_and_its_result_is_sent_back() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"hello"}"#)
        .reply("It said hello.");
    let agent = assistant().0.with(&model);
    let answer = agent.run("Say hello").await.unwrap();
    assert_eq!(answer.text(), "It said hello.");
    assert_eq!(results(answer.messages()), ["hello"]);
    assert_eq!(answer.turns, 2);
    let second = &model.requests()[1];
    assert_eq!(second.instructions, "Use tools.");
    assert_eq!(results(&second.messages), ["hello"]);
    assert_eq!(second.tools.len(), 5);
    model.assert_used_up();
}

#[tokio::test(start_paused = true)]
async fn calls_in_one_turn_run_concurrently_and_their_results_keep_the_order() {
    let model = ScriptedModel::new()
        .calls([
            ("slow", r#"{"ms":150}"#),
            ("slow", r#"{"ms":100}"#),
            ("slow", r#"{"ms":50}"#),
        ])
        .reply("done");
    let started = Instant::now();
    let answer = assistant().0.with(model).run("go").await.unwrap();
    assert_eq!(results(answer.messages()), ["slept 150", "slept 100", "slept 50"]);
    // The turn lasts as long as the longest call, not as long as all calls together.
    assert_eq!(started.elapsed(), Duration::from_millis(150));
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_is_reported_to_the_model_and_does_not_affect_other_calls() {
    quiet_tool_panics();
    let model = ScriptedModel::new()
        .calls([
            ("panic", "{}"),
            ("forever", "{}"),
            ("fail", ""),
            ("missing", "{}"),
            ("echo", "{\"text\":"),
            ("echo", "null"),
            ("echo", "[1]"),
            ("echo", r#"{"text":"fine"}"#),
        ])
        .reply("done");
    let answer = assistant().0.with(model).run("go").await.unwrap();
    let results = results(answer.messages());
    assert!(
        results[0].contains("panicked") && !results[0].contains("secret detail"),
        "{}",
        results[0]
    );
    assert!(results[1].contains("timed out after 50ms"), "{}", results[1]);
    assert_eq!(results[2], "the disk is full");
    assert!(
        results[3].contains("unknown tool `missing`") && results[3].contains("`echo`"),
        "{}",
        results[3]
    );
    for invalid in &results[4..7] {
        assert!(invalid.contains("invalid arguments"), "{invalid}");
    }
    assert_eq!(results[7], "fine");
    let errors: Vec<bool> = answer
        .calls()
        .map(|call| call.result.as_ref().is_some_and(|result| result.is_error))
        .collect();
    assert_eq!(errors, [true, true, true, true, true, true, true, false]);
}

#[tokio::test]
async fn empty_and_null_arguments_are_read_as_an_empty_object() {
    for arguments in ["", "null", "  ", "{}"] {
        let model = ScriptedModel::new().call("fail", arguments).reply("done");
        let answer = assistant().0.with(model).run("go").await.unwrap();
        assert_eq!(
            results(answer.messages()),
            ["the disk is full"],
            "arguments {arguments:?}"
        );
    }
}

#[tokio::test]
async fn the_turn_limit_is_exact_and_the_last_turn_requests_an_answer() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"1"}"#)
        .call("echo", r#"{"text":"2"}"#)
        .turn(Turn::reply(Reply::text("all I know")).expect(|request| {
            let last = request
                .messages
                .iter()
                .last()
                .map(|message| message.text().into_owned());
            if request.tool_choice != ToolChoice::None {
                return Err("the tool choice must be `None`".into());
            }
            if request.tools.is_empty() {
                return Err("the tools must still be declared".into());
            }
            last.filter(|text| text.contains("last turn"))
                .map(drop)
                .ok_or("the last turn must request an answer".into())
        }));
    let agent = assistant().0.with(&model);
    let answer = agent.invoke().max_turns(3).run("go").await.unwrap();
    assert_eq!((answer.turns, &*answer.text()), (3, "all I know"));
    assert!(
        answer
            .messages()
            .iter()
            .all(|message| !message.text().contains("last turn")),
        "the request for an answer is not part of the history"
    );
}

#[tokio::test]
async fn a_call_in_the_last_turn_ends_the_run_with_an_error_that_contains_the_run() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"1"}"#)
        .call("echo", r#"{"text":"2"}"#);
    let (assistant, counter) = assistant();
    let agent = assistant.with(&model);
    let error = agent.invoke().max_turns(2).run("go").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TurnLimit);
    assert!(error.to_string().contains("max_turns"), "{error}");
    let run = error.into_run().unwrap();
    assert_eq!(counter.get(), 1, "the call of the last turn was not made");
    assert_eq!((run.turns(), run.messages().len()), (2, 3));
    assert!(is_well_formed(run.messages()));

    let more = run.with_limits(Limits::default());
    let model = ScriptedModel::new().reply("now I know");
    let agent = agno_tests::assistant().0.with(&model);
    assert_eq!(agent.resume(more).await.unwrap().text(), "now I know");
}

#[tokio::test]
async fn usage_is_the_sum_of_all_turns() {
    let model = ScriptedModel::new()
        .turn(Turn::reply(
            Reply::call("a", "fail", "{}").with_usage(Usage::new(10, 3)),
        ))
        .turn(Turn::reply(Reply::text("x").with_usage(Usage::new(20, 4))));
    let answer = assistant().0.with(model).run("go").await.unwrap();
    assert_eq!(answer.usage, Usage::new(30, 7));
}

#[tokio::test]
async fn a_failed_run_can_be_resumed_without_repeating_a_call() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"once"}"#)
        .fault(ModelErrorKind::Overloaded);
    let (assistant, counter) = assistant();
    let agent = assistant.with(model.clone());
    let error = agent.run("go").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model(ModelErrorKind::Overloaded));
    assert!(error.is_retryable());
    assert_eq!(
        error.model_error().map(agno::ModelError::kind),
        Some(ModelErrorKind::Overloaded)
    );
    let run = error.into_run().unwrap();
    assert_eq!(results(run.messages()), ["once"]);

    // Serialize and deserialize the run, as two processes would.
    let restored: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
    assert_eq!(restored, run);
    let _ = model.reply("done");
    let answer = agent.resume(restored).await.unwrap();
    assert_eq!(
        (&*answer.text(), counter.get(), answer.run_id),
        ("done", 1, run.id())
    );
}

#[test]
fn a_run_of_a_later_format_version_is_rejected() {
    let mut serialized = serde_json::to_value(Run::new("hi", Limits::default())).unwrap();
    for version in [0, 3] {
        serialized["version"] = version.into();
        let error = serde_json::from_value::<Run>(serialized.clone())
            .unwrap_err()
            .to_string();
        let expected =
            format!("the run was saved in format {version}, but this version of agno reads formats 1 to 2");
        assert!(error.contains(&expected), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_ends_immediately_with_a_well_formed_history() {
    let model = ScriptedModel::new().calls([("echo", r#"{"text":"kept"}"#), ("slow", r#"{"ms":60000}"#)]);
    let agent = assistant().0.with(&model);
    let token = CancellationToken::new();
    let mut session = Session::new(Owner::shared());
    let cancel = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        token.cancel();
    };
    let run = agent.session(&mut session).cancellation(&token).run("go");
    let (outcome, ()) = tokio::join!(run, cancel);
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let results = results(error.run().unwrap().messages());
    assert_eq!(results[0], "kept", "a finished call keeps its result");
    assert!(results[1].contains("cancelled"), "{}", results[1]);
    assert!(session.messages().eq(error.run().unwrap().messages()));
    assert!(is_well_formed(session.messages()));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_leaves_a_well_formed_history() {
    let model = ScriptedModel::new()
        .calls([("echo", r#"{"text":"kept"}"#), ("slow", r#"{"ms":60000}"#)])
        .reply("next");
    let agent = assistant().0.with(&model);
    let mut session = Session::new(Owner::shared());
    let dropped =
        tokio::time::timeout(Duration::from_millis(50), agent.session(&mut session).run("go")).await;
    assert!(dropped.is_err());
    assert!(is_well_formed(session.messages()));
    let messages: Vec<Message> = session.messages().cloned().collect();
    assert_eq!(results(&messages)[0], "kept");
    assert_eq!(
        agent.session(&mut session).run("again").await.unwrap().text(),
        "next"
    );
    assert_eq!(session.len(), 4);
}

#[tokio::test]
async fn a_dropped_stream_keeps_the_text_received_so_far() {
    let deltas = ["I ", "was ", "saying"].map(|word| Delta::Text(word.into()));
    let model = ScriptedModel::new().turn(Turn::broken_stream(deltas, ModelErrorKind::Network));
    let agent = assistant().0.with(&model);
    let mut session = Session::new(Owner::shared());
    let mut events = agent.session(&mut session).stream("go");
    while let Some(event) = events.next().await {
        if matches!(event.unwrap().event, Event::Text { delta, .. } if delta == "was ") {
            break;
        }
    }
    drop(events);
    let texts: Vec<String> = session
        .messages()
        .map(|message| message.text().into_owned())
        .collect();
    assert_eq!(texts, ["go", "I was "]);
}

#[tokio::test]
async fn a_refusal_is_an_error_that_contains_the_refusal_message() {
    use agno::message::Part;
    let model = ScriptedModel::new().turn(Turn::reply(Reply::new([Part::refusal("I would rather not.")])));
    let error = assistant().0.with(model).run("go").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(!error.to_string().contains("rather not"));
    assert!(
        matches!(&error.run().unwrap().messages()[1], Message::Assistant(message) if message.parts.len() == 1)
    );
}

#[tokio::test]
async fn calls_with_a_missing_or_duplicate_id_get_a_unique_id() {
    use agno::message::Part;
    let calls = [("", "a"), ("x", "b"), ("x", "c")];
    let reply = Reply::new(calls.map(|(id, text)| Part::call(id, "echo", format!(r#"{{"text":"{text}"}}"#))));
    let model = ScriptedModel::new().turn(Turn::reply(reply)).reply("done");
    let answer = assistant().0.with(model).run("go").await.unwrap();
    let ids: Vec<&str> = answer.calls().map(|call| call.id.as_str()).collect();
    assert_eq!(ids[1], "x");
    assert!(
        ids[0].starts_with("call_") && ids[2].starts_with("call_") && ids[0] != ids[2],
        "{ids:?}"
    );
    assert_eq!(results(answer.messages()), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_stream_reports_every_event_in_order_and_ends_with_the_answer() {
    let model = ScriptedModel::new()
        .call("echo", r#"{"text":"x"}"#)
        .reply("two words");
    let agent = assistant().0.with(model);
    let mut events = agent.stream("go");
    let mut log = Vec::new();
    while let Some(event) = events.next().await {
        log.push(match event.unwrap().event {
            Event::Started => "started".to_owned(),
            Event::TurnStarted { turn, .. } => format!("turn {turn}"),
            Event::Text { delta, .. } => format!("text {delta:?}"),
            Event::TurnFinished { turn, .. } => format!("end of turn {turn}"),
            Event::ToolStarted { call, .. } => format!("{}({})", call.name, call.arguments),
            Event::ToolFinished { result, .. } => format!("= {}", result.text()),
            Event::Finished { answer, .. } => format!("answer {answer}"),
            other => panic!("unexpected {other:?}"),
        });
    }
    assert_eq!(
        log,
        [
            "started",
            "turn 1",
            "end of turn 1",
            r#"echo({"text":"x"})"#,
            "= x",
            "turn 2",
            r#"text "two ""#,
            r#"text "words""#,
            "end of turn 2",
            "answer two words",
        ]
    );
}

#[tokio::test]
async fn a_truncated_stream_is_an_error_and_not_a_short_answer() {
    let model = ScriptedModel::new().turn(Turn::stream([Delta::Text("half an ans".into())]));
    let error = assistant().0.with(model).stream("go").answer().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model(ModelErrorKind::Truncated));
}

#[tokio::test]
async fn a_broken_stream_keeps_its_text_and_a_resumed_run_repeats_the_request() {
    let deltas = ["half ", "an "].map(|word| Delta::Text(word.into()));
    let model = ScriptedModel::new()
        .turn(Turn::broken_stream(deltas, ModelErrorKind::Network))
        .reply("a whole answer");
    let agent = assistant().0.with(&model);
    let error = agent.stream("go").answer().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model(ModelErrorKind::Network));
    let run = error.into_run().unwrap();
    assert_eq!(run.text(), "half an ");
    let answer = agent.resume(run).await.unwrap();
    let texts: Vec<_> = answer
        .messages()
        .iter()
        .map(|message| message.text().into_owned())
        .collect();
    assert_eq!(texts, ["go", "a whole answer"]);
}

#[tokio::test]
async fn a_truncated_answer_has_the_finish_reason_length() {
    let reply = Reply::text("to be contin").with_finish_reason(FinishReason::Length);
    let answer = assistant()
        .0
        .with(ScriptedModel::always(reply))
        .run("go")
        .await
        .unwrap();
    assert_eq!(answer.finish_reason, FinishReason::Length);
}

#[tokio::test]
async fn two_tools_with_the_same_name_are_rejected() {
    use agno::tool::{DynTool, DynTools, ToolError};
    let tool = || {
        DynTool::from_fn(
            "same",
            "Does something.",
            serde_json::json!({"type": "object"}),
            |_, _| async { Ok::<_, ToolError>("") },
        )
    };
    let error = DynTools::new()
        .with_tool(tool().unwrap())
        .unwrap()
        .with_tool(tool().unwrap())
        .unwrap_err();
    assert!(error.to_string().contains("`same`"));
}

#[tokio::test]
async fn the_error_for_a_model_without_tool_support_names_the_model() {
    let model = ScriptedModel::new().with_capabilities(agno::model::Capabilities::TEXT);
    let error = assistant().0.with(model).run("go").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model(ModelErrorKind::Unsupported));
    assert!(
        error
            .model_error()
            .unwrap()
            .to_string()
            .contains("scripted:script")
    );
}

#[tokio::test]
async fn an_unused_script_turn_fails_the_test() {
    let unused = std::panic::catch_unwind(|| drop(ScriptedModel::new().reply("unused")));
    let message = *unused.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(message, "1 scripted turn(s) were not used");
    let error = assistant()
        .0
        .with(ScriptedModel::new())
        .run("go")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model(ModelErrorKind::Script));
}

#[tokio::test]
async fn the_panic_for_an_unused_script_turn_contains_the_last_error() {
    let model = ScriptedModel::new()
        .fault(ModelErrorKind::Authentication)
        .reply("never");
    let error = assistant().0.with(&model).run("go").await.unwrap_err();
    let unused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(model)));
    let message = *unused.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains(&error.to_string()), "{message}");
}

#[tokio::test]
async fn the_error_chain_contains_the_models_error_message_only_once() {
    let model = ScriptedModel::new().fault(ModelErrorKind::Authentication);
    let error = assistant().0.with(model).run("go").await.unwrap_err();
    let model_message = error.model_error().unwrap().to_string();
    assert_eq!(error.to_string(), model_message);
    assert_eq!(
        format!("{error:?}").matches(&model_message).count(),
        1,
        "{error:?}"
    );
}

#[tokio::test]
async fn a_shared_agent_can_stream_in_spawned_tasks() {
    let model = FunctionModel::new(|request| Ok(Reply::text(format!("{}", request.messages.len()))));
    let agent = std::sync::Arc::new(assistant().0.with(model));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let agent = std::sync::Arc::clone(&agent);
            tokio::spawn(async move { agent.stream("go").answer().await.unwrap().into_text() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "1");
    }
}

#[test]
fn the_state_machine_ignores_unexpected_input() {
    let mut run = Run::new("hi", Limits::default());
    run.result(0, ToolResult::from_text("unexpected"));
    run.accept();
    run.reject("unexpected");
    assert_eq!(run.next(), Step::Ask { turn: 1, last: false });
    run.reply(Reply::text("hello"));
    run.result(7, ToolResult::from_text("unexpected"));
    run.accept();
    run.accept();
    assert_eq!((run.next(), run.messages().len()), (Step::Done, 2));
}
