//! Laws of runs and sessions, checked with generated scripts.

use agno::message::Part;
use agno::model::scripted::Turn;
use agno::model::{Reply, ScriptedModel, Usage};
use agno::run::{Limits, Run, RunId, Step};
use agno::session::{Owner, Segment, Window};
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

/// An edit of a session.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Push,
    ExtendMessages(usize),
    /// Adds this many messages of a run.
    ExtendRun(usize, usize),
    Truncate(usize),
    TakeRun(usize),
    /// Builds the session again from the segments before and after an index.
    Rebuild(usize),
    Serialize,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Push),
        (0..40_usize).prop_map(Edit::ExtendMessages),
        (0..5_usize, 0..6_usize).prop_map(|(run, count)| Edit::ExtendRun(run, count)),
        (0..60_usize).prop_map(Edit::Truncate),
        (0..5_usize).prop_map(Edit::TakeRun),
        (0..8_usize).prop_map(Edit::Rebuild),
        Just(Edit::Serialize),
    ]
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
        let mut session = Session::new(Owner::shared()).with_window(Window::messages(limit));
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
        let mut session = Session::new(Owner::shared()).with_window(Window::tokens(100));
        texts.iter().for_each(|text| session.push(Message::user(text.as_str())));
        let read: Session = serde_json::from_str(&serde_json::to_string(&session).unwrap()).unwrap();
        prop_assert_eq!(read, session);
    }

    #[test]
    fn edits_keep_the_messages_of_a_run_together_under_its_id(edits in proptest::collection::vec(edit(), 0..40)) {
        let runs: Vec<RunId> = (0..5).map(|_| RunId::new()).collect();
        let mut session = Session::new(Owner::shared());
        // The expected messages, each with the index of its run.
        let mut expected: Vec<(Option<usize>, String)> = Vec::new();
        for (number, edit) in edits.into_iter().enumerate() {
            let texts = |count: usize| (0..count).map(move |at| format!("{number}.{at}"));
            match edit {
                Edit::Push => {
                    session.push(number.to_string());
                    expected.push((None, number.to_string()));
                }
                Edit::ExtendMessages(count) => {
                    session.extend(texts(count).map(Message::user));
                    expected.extend(texts(count).map(|text| (None, text)));
                }
                Edit::ExtendRun(run, count) => {
                    session.extend([Segment::new(runs[run], texts(count))]);
                    if count > 0 {
                        expected.retain(|(of, _)| *of != Some(run));
                        expected.extend(texts(count).map(|text| (Some(run), text)));
                    }
                }
                Edit::Truncate(len) => {
                    session.truncate(len);
                    expected.truncate(len);
                }
                Edit::TakeRun(run) => {
                    let taken = session.take_run(runs[run]).map_or(0, |segment| segment.messages().len());
                    let before = expected.len();
                    expected.retain(|(of, _)| *of != Some(run));
                    prop_assert_eq!(taken, before - expected.len());
                }
                Edit::Rebuild(at) => {
                    let at = at.min(session.segments().len());
                    let mut rebuilt = Session::from_history(session.owner(), &session.segments()[..at]);
                    rebuilt.extend(session.segments()[at..].to_vec());
                    session = rebuilt;
                }
                Edit::Serialize => {
                    let read: Session = serde_json::from_value(serde_json::to_value(&session).unwrap()).unwrap();
                    prop_assert_eq!(&read, &session);
                    session = read;
                }
            }
            let found: Vec<(Option<usize>, String)> = session
                .segments()
                .iter()
                .flat_map(|segment| {
                    let run = segment.run_id().map(|id| runs.iter().position(|run| *run == id).unwrap());
                    segment.messages().iter().map(move |message| (run, message.text().into_owned()))
                })
                .collect();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(session.len(), expected.len());
            prop_assert_eq!(session.is_empty(), expected.is_empty());
            prop_assert!(session.segments().iter().all(|segment| !segment.messages().is_empty()));
            let mut ids: Vec<RunId> = session.segments().iter().filter_map(Segment::run_id).collect();
            let segments_of_runs = ids.len();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), segments_of_runs, "each run is one segment");
        }
    }

    #[test]
    fn every_id_that_is_not_zero_parses_in_both_forms_and_displays_as_32_digits(number in 1..=u128::MAX) {
        let text = format!("{number:032x}");
        let id: RunId = text.parse().unwrap();
        prop_assert_eq!(id.to_string(), &text[..]);
        let [first, second, third, fourth, fifth] = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
        let uuid = [first, second, third, fourth, fifth].join("-");
        prop_assert_eq!(uuid.parse(), Ok(id));
        prop_assert_eq!(uuid.to_uppercase().parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        prop_assert_eq!(serde_json::from_str::<RunId>(&json).unwrap(), id);
        let is_version_7 = third.starts_with('7') && fourth.starts_with(['8', '9', 'a', 'b']);
        prop_assert_eq!(id.created_at().is_some(), is_version_7);
    }

    #[test]
    fn text_that_is_not_an_id_does_not_parse(text in "[0-9a-fg+-]{30,38}") {
        let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let is_id = is_hex
            && match text.len() {
                32 => hyphens.is_empty(),
                36 => hyphens == [8, 13, 18, 23],
                _ => false,
            };
        prop_assert_eq!(text.parse::<RunId>().is_ok(), is_id);
    }

    #[test]
    fn the_ids_of_a_thread_increase(count in 2..500_usize) {
        let ids: Vec<RunId> = (0..count).map(|_| RunId::new()).collect();
        prop_assert!(ids.is_sorted_by(|left, right| left < right));
        let times: Vec<_> = ids.iter().map(|id| id.created_at().unwrap()).collect();
        prop_assert!(times.is_sorted());
    }
}
