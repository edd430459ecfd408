//! Laws of runs and sessions, checked with generated scripts.

use agno::message::Part;
use agno::model::scripted::Turn;
use agno::model::{Reply, ScriptedModel, Usage};
use agno::run::{Limits, Run, Step};
use agno::session::Window;
use agno::{Declared, Message, Session, ToolResult};
use agno_tests::{assistant, is_well_formed, quiet_tool_panics, with_fixed_ids};
use proptest::prelude::*;

/// Generates replies with text, reasoning and calls to tools that succeed, fail, panic or do not exist.
fn reply() -> impl Strategy<Value = Reply> {
    let call = (
        prop_oneof!["echo", "fail", "panic", "nope"],
        prop_oneof![Just(r#"{"text":"x"}"#), Just("{}"), Just(""), Just("{")],
    )
        .prop_map(|(name, arguments)| Part::call("", name, arguments));
    let text = "[a-z ]{1,30}";
    (
        proptest::option::of(text.prop_map(Part::reasoning)),
        proptest::option::of(text.prop_map(Part::text)),
        proptest::collection::vec(call, 0..4),
        (0..1000_u64, 0..1000_u64),
    )
        .prop_map(|(thinking, text, calls, (input, output))| {
            let parts: Vec<Part> = thinking.into_iter().chain(text).chain(calls).collect();
            Reply::new(parts).with_usage(Usage::new(input, output))
        })
}

/// Returns the comparable parts of an outcome.
fn ended(outcome: agno::Result<agno::Answer>) -> (Vec<Message>, Usage, u32, String) {
    match outcome {
        Ok(answer) => (
            with_fixed_ids(answer.messages()),
            answer.usage,
            answer.turns,
            String::new(),
        ),
        Err(error) => {
            let kind = error.kind().as_str().to_owned();
            let run = error.into_run().expect("the error contains the run");
            (with_fixed_ids(run.messages()), run.usage(), run.turns(), kind)
        }
    }
}

fn in_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts")
        .block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streaming_does_not_change_the_outcome_of_a_run(replies in proptest::collection::vec(reply(), 1..6), max_turns in 1..5_u32) {
        quiet_tool_panics();
        let script = || replies.iter().fold(ScriptedModel::new(), |model, reply| model.turn(Turn::reply(reply.clone())));
        let (complete, streamed) = in_runtime(async {
            // A run may end before its script does. Request the remaining replies, because unused replies are an error.
            let (model, other) = (script(), script());
            let agent = assistant().0.with(&model);
            let complete = ended(agent.invoke().max_turns(max_turns).run("go").await);
            let agent = assistant().0.with(&other);
            let streamed = ended(agent.invoke().max_turns(max_turns).stream("go").answer().await);
            for model in [&model, &other] {
                while model.remaining() > 0 {
                    let _ = agno::Model::complete(model, agno::model::Request::new(&[])).await;
                }
            }
            (complete, streamed)
        });
        prop_assert!(is_well_formed(&complete.0));
        prop_assert_eq!(complete, streamed);
    }

    #[test]
    fn serialization_between_any_two_steps_does_not_change_a_run(
        replies in proptest::collection::vec(reply(), 1..6),
        max_turns in 1..5_u32,
    ) {
        let mut original = Run::new("go", Limits::default().with_max_turns(max_turns));
        let mut restored = original.clone();
        let mut script = replies.into_iter();
        loop {
            restored = serde_json::from_str(&serde_json::to_string(&restored).unwrap()).unwrap();
            prop_assert_eq!(&original, &restored);
            match original.next() {
                Step::Ask { .. } => {
                    let Some(reply) = script.next() else { break };
                    original.reply(reply.clone());
                    restored.reply(reply);
                }
                Step::Call(_) => {
                    let index = original.pending().map(|(index, _)| index).last().unwrap();
                    original.result(index, ToolResult::from_text("r"));
                    restored.result(index, ToolResult::from_text("r"));
                }
                Step::Check => {
                    if original.turns().is_multiple_of(2) { original.accept(); restored.accept(); } else { original.reject("no"); restored.reject("no"); }
                }
                _ => break,
            }
            prop_assert!(original.turns() <= max_turns);
        }
    }

    #[test]
    fn a_truncated_window_starts_with_a_user_message(
        runs in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 1..6), 0..8),
        limit in 0..12_usize,
    ) {
        let mut session = Session::new().with_window(Window::messages(limit));
        for is_user in runs.iter().flatten() {
            session.push(if *is_user { Message::user("q") } else { Message::assistant("a") });
        }
        let all: Vec<&Message> = session.messages().collect();
        let seen: Vec<&Message> = session.visible().iter().collect();
        prop_assert!(seen.len() <= limit || all.len() <= limit);
        prop_assert!(all.ends_with(&seen));
        prop_assert_eq!(session.visible().len(), seen.len());
        if all.len() > limit {
            prop_assert!(seen.first().is_none_or(|first| first.is_user()));
            // The window is as long as possible: it starts at the oldest user message that fits.
            let longest = all[all.len() - limit..].iter().position(|message| message.is_user());
            prop_assert_eq!(seen.len(), longest.map_or(0, |at| limit - at));
        } else {
            prop_assert_eq!(seen, all);
        }
    }

    #[test]
    fn a_session_survives_serialization(texts in proptest::collection::vec(".{0,20}", 0..6)) {
        let mut session = Session::new().with_window(Window::tokens(100));
        texts.iter().for_each(|text| session.push(Message::user(text.as_str())));
        let read: Session = serde_json::from_str(&serde_json::to_string(&session).unwrap()).unwrap();
        prop_assert_eq!(read, session);
    }
}
