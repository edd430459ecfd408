//! Cost of a run from input to answer, with a model that answers immediately.

use std::hint::black_box;
use std::sync::Arc;

use agno::agent::DynAgent;
use agno::model::{DynModel, Model};
use agno::observe::{Observation, ObservedRun, Observer};
use agno::prelude::*;
use agno::session::Window;
use agno::tool::DynTools;
use futures_util::FutureExt;

use crate::agents::{Bare, BareByHand, ByHand, Dynamic, QUESTION, Static, Unit, dynamic_agent, unwrap_valid};
use crate::model::Mock;
use crate::session::conversation;
use crate::{Case, Work, numbered, orders};

pub(crate) const CASES: &[Case] = &[
    Case::new("run, bare", "static", || answers(Bare.with(Mock::TEXT))),
    Case::new("run, bare", "by hand", || answers(BareByHand.with(Mock::TEXT))),
    Case::new("run, bare", "dynamic", || declared(|| Ok(DynTools::new()))),
    Case::new("run, observed", "static", || {
        answers(Bare.with(Mock::TEXT).observe(Idle))
    }),
    Case::new("run, observed by a trait object", "agno", || {
        answers(Bare.with(Mock::TEXT).observe(idle()))
    }),
    Case::new("run, 1 tool declared", "static", || {
        answers(Static.with(Mock::TEXT))
    }),
    Case::new("run, 1 tool declared", "by hand", || {
        answers(ByHand.with(Mock::TEXT))
    }),
    Case::new("run, 1 tool declared", "dynamic", || called(Mock::TEXT)),
    Case::new("run, 10 tools declared", "static", || {
        answers(orders::ten::Static.with(Mock::TEXT))
    }),
    Case::new("run, 10 tools declared", "by hand", || {
        answers(numbered::TenByHand.with(Mock::TEXT))
    }),
    Case::new("run, 10 tools declared", "dynamic", || {
        declared(|| orders::dynamic(10))
    }),
    Case::new("run, 100 tools declared", "static", || {
        answers(orders::hundred::Static.with(Mock::TEXT))
    }),
    Case::new("run, 100 tools declared", "by hand", || {
        answers(numbered::HundredByHand.with(Mock::TEXT))
    }),
    Case::new("run, 100 tools declared", "dynamic", || {
        declared(|| orders::dynamic(100))
    }),
    Case::new("run, one call", "static", || answers(Static.with(Mock::ONE_CALL))),
    Case::new("run, one call", "by hand", || {
        answers(ByHand.with(Mock::ONE_CALL))
    }),
    Case::new("run, one call", "dynamic", || called(Mock::ONE_CALL)),
    Case::new("run, one call, observed", "static", || {
        answers(Static.with(Mock::ONE_CALL).observe(Idle))
    }),
    Case::new("run, one call, observed by a trait object", "agno", || {
        answers(Static.with(Mock::ONE_CALL).observe(idle()))
    }),
    Case::new("run, four calls at once", "static", || {
        answers(Static.with(Mock::FOUR_CALLS))
    }),
    Case::new("run, four calls at once", "by hand", || {
        answers(ByHand.with(Mock::FOUR_CALLS))
    }),
    Case::new("run, four calls at once", "dynamic", || called(Mock::FOUR_CALLS)),
    Case::new("run, ten turns", "static", || {
        answers(Static.with(Mock::TEN_TURNS))
    }),
    Case::new("run, ten turns", "by hand", || {
        answers(ByHand.with(Mock::TEN_TURNS))
    }),
    Case::new("run, ten turns", "dynamic", || called(Mock::TEN_TURNS)),
    Case::new("run, window of 100 messages", "static", || {
        in_session(Static.with(Mock::TEXT))
    }),
    Case::new("run, window of 100 messages", "by hand", || {
        in_session(ByHand.with(Mock::TEXT))
    }),
    Case::new("run, window of 100 messages", "dynamic", || {
        let agent = with_tool(&Mock::TEXT.erase());
        sessions(move |session| {
            let answer = agent.session(session).run(black_box(QUESTION)).now_or_never();
            assert_answered(&answer);
        })
    }),
    Case::new("run, a chunk of 100 streamed", "static", || {
        streams(Static.with(Mock::with_chunks(100)))
    })
    .with_operations(100),
    Case::new("run, a chunk of 100 streamed", "by hand", || {
        streams(ByHand.with(Mock::with_chunks(100)))
    })
    .with_operations(100),
    Case::new("run, a chunk of 100 streamed", "dynamic", || streams_dynamic(100)).with_operations(100),
    Case::new("run, a chunk of 1,000 streamed", "static", || {
        streams(Static.with(Mock::with_chunks(1000)))
    })
    .with_operations(1000),
    Case::new("run, a chunk of 1,000 streamed", "by hand", || {
        streams(ByHand.with(Mock::with_chunks(1000)))
    })
    .with_operations(1000),
    Case::new("run, a chunk of 1,000 streamed", "dynamic", || {
        streams_dynamic(1000)
    })
    .with_operations(1000),
    Case::new(
        "run, a chunk of 1,000 streamed by an erased agent",
        "agno",
        || streams_erased(&Static.with(Mock::with_chunks(1000)).erase()),
    )
    .with_operations(1000),
    Case::new("run, one call of an agent", "static", || {
        answers(
            Desk {
                expert: Expert.with(Mock::TEXT),
            }
            .with(Mock::ONE_CALL),
        )
    }),
];

/// An observer that only receives events.
struct Idle;

impl Observer for Idle {
    fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
        black_box((run, event));
    }
}

fn idle() -> Arc<dyn Observer> {
    black_box(Arc::new(Idle))
}

/// Asserts that the run returned an answer without waiting.
fn assert_answered<T>(answer: &Option<agno::Result<T>>) {
    assert!(
        matches!(black_box(answer), Some(Ok(_))),
        "the run returned no answer"
    );
}

/// Measures runs of one agent.
pub(crate) fn answers<D: Declared + 'static, M: Model + 'static>(agent: Agent<D, M>) -> Work {
    Work::new(move || assert_answered(&agent.run(black_box(QUESTION)).now_or_never()))
}

fn answers_dynamic(agent: DynAgent) -> Work {
    Work::new(move || assert_answered(&agent.run(black_box(QUESTION)).now_or_never()))
}

fn with_tool(model: &DynModel) -> DynAgent {
    unwrap_valid(dynamic_agent(model)).erase()
}

fn called(model: Mock) -> Work {
    answers_dynamic(with_tool(&model.erase()))
}

fn declared(tools: fn() -> agno::Result<DynTools>) -> Work {
    let tools = unwrap_valid(tools());
    answers_dynamic(Dynamic { tools }.with(Mock::TEXT.erase()).erase())
}

/// Measures runs in a session with a window of 100 messages. The session grows with each run and is reset every 2,000 runs.
fn sessions(mut run: impl FnMut(&mut Session) + 'static) -> Work {
    let beginning = conversation(100).with_window(Window::messages(100));
    let mut session = beginning.clone();
    let mut runs = 0;
    Work::new(move || {
        run(&mut session);
        runs += 1;
        if runs % 2000 == 0 {
            session = beginning.clone();
        }
    })
}

fn in_session<D: Declared + 'static, M: Model + 'static>(agent: Agent<D, M>) -> Work {
    sessions(move |session| {
        let answer = agent.session(session).run(black_box(QUESTION)).now_or_never();
        assert_answered(&answer);
    })
}

fn streams<D: Declared + 'static, M: Model + 'static>(agent: Agent<D, M>) -> Work {
    Work::new(move || {
        let answer = async {
            let mut events = agent.stream(black_box(QUESTION));
            let mut last = None;
            while let Some(event) = events.next().await {
                last = Some(black_box(event)?);
            }
            Ok(last)
        };
        assert_answered(&answer.now_or_never());
    })
}

/// The arguments of the mock's call.
#[expect(dead_code, reason = "the agent reads the arguments as text")]
#[derive(Schema, Deserialize)]
struct Forecast {
    city: String,
    unit: Unit,
}

/// Knows the weather.
#[agent(instructions = "Answer.", input = Forecast)]
struct Expert;

/// Calls an agent as other agents call a tool.
#[agent(instructions = "Answer.", agents = [self.expert(name = "weather")])]
struct Desk {
    expert: Agent<Expert, Mock>,
}

fn streams_erased(agent: &DynAgent) -> Work {
    let agent = agent.clone();
    Work::new(move || {
        let answer = async {
            let mut events = agent.stream(black_box(QUESTION));
            let mut last = None;
            while let Some(event) = events.next().await {
                last = Some(black_box(event)?);
            }
            Ok(last)
        };
        assert_answered(&answer.now_or_never());
    })
}

/// Measures streamed runs with an erased model and erased tools.
fn streams_dynamic(chunks: usize) -> Work {
    streams(unwrap_valid(dynamic_agent(&Mock::with_chunks(chunks).erase())))
}
