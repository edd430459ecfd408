//! The life of one session: user turns whose runs are streamed, cancelled, dropped, serialized and resumed.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use agno::prelude::*;
use agno::session::Window;
use agno::{CancellationToken, ErrorKind, Message, Run, ToolCall};
use agno_tests::is_well_formed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::agent::Agent;
use crate::figures::Figures;
use crate::provider::USAGE;
use agno_tests::random::Random;

/// Maximum number of times that a run is resumed.
const MAX_RESUMES: u32 = 4;

/// Runs one session. Returns the first violation as an error.
pub(crate) async fn run(
    number: u64,
    mut random: Random,
    agent: &Agent,
    figures: &Figures,
) -> Result<(), String> {
    let mut session = Session::new(Owner::shared());
    if random.chance(50) {
        session = session.with_window(Window::messages(20));
    }
    let mut asked = Vec::new();
    for turn in 0..3 + random.below(6) {
        // Every fourth session asks the same questions, so that some requests hit the cache or wait for the same reply.
        let question = if number.is_multiple_of(4) {
            format!("turn {turn} of all")
        } else {
            format!("turn {turn} of {number}: {}", random.next())
        };
        asked.push(question.clone());
        figures.user_turns.fetch_add(1, Relaxed);
        turn_of(&mut session, question, &mut random, agent, figures).await?;
        if random.chance(30) {
            // The window is not serialized.
            session = reread(&session, figures)?.with_window(session.window());
        }
        check(&session, &asked)?;
    }
    let paid = agent.declaration().paid.lock().unwrap();
    let approved = agent.declaration().approved.lock().unwrap();
    if let Some((payment, _)) = paid.iter().find(|(payment, _)| !approved.contains(payment)) {
        return Err(format!("payment {payment} was made without approval"));
    }
    if let Some((payment, count)) = paid.iter().find(|(_, count)| **count > 1) {
        return Err(format!("payment {payment} was made {count} times"));
    }
    figures.sessions.fetch_add(1, Relaxed);
    Ok(())
}

/// Runs one user turn until it is answered, dropped, abandoned or resumed too often.
async fn turn_of(
    session: &mut Session,
    question: String,
    random: &mut Random,
    agent: &Agent,
    figures: &Figures,
) -> Result<(), String> {
    let mut start = Start::Question(question);
    for attempt in 0..=MAX_RESUMES {
        let outcome = attempt_run(session, start, random, agent, figures).await?;
        let Some(outcome) = outcome else {
            return Ok(());
        };
        match outcome {
            Ok(answer) => {
                let counter = if attempt == 0 {
                    &figures.answers
                } else {
                    &figures.resumed_answers
                };
                counter.fetch_add(1, Relaxed);
                return check_usage(answer.usage, answer.turns + attempt);
            }
            Err(error) => {
                figures.error(error.kind().as_str());
                if error.kind() == ErrorKind::Configuration {
                    return Err(format!("the run is misconfigured: {error:?}"));
                }
                let text = error.to_string();
                let Some(mut run) = error.into_run() else {
                    return Err(format!("an error has no run: {text}"));
                };
                check_usage(run.usage(), run.turns() + attempt + 1)?;
                decide(&mut run, random, agent)?;
                if random.chance(50) {
                    run = reread(&run, figures)?;
                }
                if random.chance(20) {
                    return Ok(());
                }
                start = Start::Run(Box::new(run));
            }
        }
    }
    Ok(())
}

enum Start {
    Question(String),
    Run(Box<Run>),
}

/// Runs or streams one attempt. Returns `None` if the run was dropped.
async fn attempt_run(
    session: &mut Session,
    start: Start,
    random: &mut Random,
    agent: &Agent,
    figures: &Figures,
) -> Result<Option<agno::Result<agno::Answer>>, String> {
    let token = CancellationToken::new();
    let ends_after = Duration::from_millis(random.below(60));
    let (cancels, drops, streams) = (random.chance(20), random.chance(15), random.chance(50));
    let reads_slowly = random.chance(10);
    let invocation = agent.session(session).cancellation(&token);
    let run = async {
        if !streams {
            return match start {
                Start::Question(question) => invocation.run(question).await,
                Start::Run(run) => invocation.resume(*run).await,
            };
        }
        let mut events = match start {
            Start::Question(question) => invocation.stream(question),
            Start::Run(run) => invocation.resume_stream(*run),
        };
        while let Some(event) = events.next().await {
            if let Event::Finished { answer, .. } = event?.event {
                return Ok(*answer);
            }
            if reads_slowly {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        panic!("a stream ended without an answer or an error");
    };
    let cancel = async {
        tokio::time::sleep(ends_after).await;
        token.cancel();
        std::future::pending::<()>().await;
    };
    let limit = if drops {
        ends_after
    } else {
        Duration::from_secs(60)
    };
    let outcome = tokio::time::timeout(limit, async {
        tokio::select! {
            outcome = run => outcome,
            () = cancel, if cancels => unreachable!("the future never ends"),
        }
    })
    .await;
    match outcome {
        Ok(outcome) => {
            if cancels
                && outcome
                    .as_ref()
                    .is_err_and(|error| error.kind() == ErrorKind::Cancelled)
            {
                figures.cancelled.fetch_add(1, Relaxed);
            }
            Ok(Some(outcome))
        }
        Err(_) if drops => {
            figures.dropped.fetch_add(1, Relaxed);
            Ok(None)
        }
        Err(_) => Err("a run did not end within 60 s".to_owned()),
    }
}

/// Approves or declines the waiting calls of a run at random.
fn decide(run: &mut Run, random: &mut Random, agent: &Agent) -> Result<(), String> {
    let waiting: Vec<ToolCall> = run.waiting().map(|waiting| waiting.call.clone()).collect();
    for ToolCall { id, arguments, .. } in waiting {
        let decided = if random.chance(70) {
            let arguments: Value = serde_json::from_str(&arguments).map_err(|error| error.to_string())?;
            let number = arguments["number"]
                .as_u64()
                .ok_or("a waiting payment has no number")?;
            agent.declaration().approved.lock().unwrap().insert(number);
            run.approve(&id)
        } else {
            run.decline(&id, "not today")
        };
        decided.map_err(|error| format!("a decision was rejected: {error}"))?;
    }
    Ok(())
}

/// Serializes and deserializes a value, and checks that it is unchanged.
fn reread<T: Serialize + DeserializeOwned + PartialEq>(value: &T, figures: &Figures) -> Result<T, String> {
    figures.serialized.fetch_add(1, Relaxed);
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let read = serde_json::from_str(&json).map_err(|error| format!("{error}: {json}"))?;
    if read == *value {
        Ok(read)
    } else {
        Err(format!("serialization changed a value: {json}"))
    }
}

/// Checks that a session is well-formed and contains each user turn once.
fn check(session: &Session, asked: &[String]) -> Result<(), String> {
    if !is_well_formed(session.messages()) {
        return Err("a session is not well-formed".to_owned());
    }
    let turns: Vec<String> = session
        .messages()
        .filter(|message| message.is_user())
        .map(|message| message.text().into_owned())
        .collect();
    if turns != asked {
        return Err(format!("the session has the turns {turns:?}, expected {asked:?}"));
    }
    for message in session.messages() {
        check_ids(message)?;
    }
    Ok(())
}

/// Checks that the IDs of the calls in a message are distinct and not empty.
fn check_ids(message: &Message) -> Result<(), String> {
    let mut ids: Vec<&str> = message.calls().map(|call| call.id.as_str()).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) || ids.contains(&"") {
        return Err(format!("the IDs of the calls in a message are {ids:?}"));
    }
    Ok(())
}

/// Checks that the output tokens of a run are those of complete replies, with at most one reply per turn. An interrupted
/// attempt may add the tokens of the reply that it received, although its turn does not count: `replies` includes these.
fn check_usage(usage: agno::Usage, replies: u32) -> Result<(), String> {
    if !usage.output.is_multiple_of(USAGE) || usage.output / USAGE > u64::from(replies) {
        return Err(format!(
            "the usage of a run with at most {replies} replies is {usage:?}"
        ));
    }
    Ok(())
}
