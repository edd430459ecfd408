//! Tests of runs that the provider pauses, which use private methods.

use super::*;
use crate::message::Part;

fn paused(text: &str) -> Reply {
    Reply::text(text).with_finish_reason(FinishReason::Pause)
}

#[test]
fn a_paused_answer_is_resumed_in_the_next_turn() {
    let mut run = Run::new("Search.", Limits::default());
    run.reply(paused("Searching"));
    assert!(matches!(run.next(), Step::Ask { turn: 2, .. }));
    run.reply(Reply::text("Found."));
    assert_eq!(run.next(), Step::Check);
    run.accept();
    assert_eq!((run.text().as_ref(), run.messages().len()), ("Found.", 3));
}

#[test]
fn a_pause_in_the_last_turn_stops_the_run_until_the_limit_is_raised() {
    let limits = Limits::default().with_max_turns(1);
    let mut run = Run::new("Search.", limits);
    run.reply(paused("Searching"));
    assert_eq!(run.next(), Step::Stopped(StopReason::TurnLimit));
    let run = run.with_limits(limits.with_max_turns(2));
    assert!(matches!(run.next(), Step::Ask { turn: 2, last: true }));
}

#[test]
fn reopening_after_an_interrupted_resume_requests_the_answer_again() {
    let mut run = Run::new("Search.", Limits::default());
    run.reply(paused("Searching"));
    run.interrupt(&AssistantMessage::new([Part::text("Fou")]), Usage::default());
    run.stop(StopReason::Interrupted);
    run.reopen();
    // The partial answer is dropped and requested again.
    assert_eq!(run.text(), "Searching");
    assert!(matches!(run.next(), Step::Ask { .. }));
}
