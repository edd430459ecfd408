//! Cost of a model cache hit, and the overhead of a cache miss.

use std::fmt::Write as _;
use std::hint::black_box;

use agno::Message;
use agno::model::layer::CacheLayer;
use agno::model::{Model, ModelExt, Request};
use futures_util::FutureExt;

use crate::agents::QUESTION;
use crate::model::Mock;
use crate::{Case, Work};

pub(crate) const CASES: &[Case] = &[
    Case::new("model call, not cached", "static", || repeated(Mock::TEXT)),
    Case::new("model call, not cached", "dynamic", || {
        repeated(Mock::TEXT.erase())
    }),
    Case::new("model call, found in the cache", "static", || {
        repeated(Mock::TEXT.cache(cache()))
    }),
    Case::new("model call, found in the cache", "dynamic", || {
        repeated(Mock::TEXT.erase().cache(cache()).erase())
    }),
    Case::new("model call, not in the cache", "static", || {
        distinct(Mock::TEXT.cache(cache()))
    }),
    Case::new("model call, not in the cache", "dynamic", || {
        distinct(Mock::TEXT.erase().cache(cache()).erase())
    }),
];

fn cache() -> CacheLayer {
    CacheLayer::in_memory(1 << 20)
}

/// Repeats the same request.
fn repeated(model: impl Model + 'static) -> Work {
    let messages = [Message::user(QUESTION)];
    Work::new(move || {
        let request = Request::new(&messages).with_instructions("Answer.");
        let answer = model.complete(black_box(request)).now_or_never();
        assert!(
            matches!(black_box(answer), Some(Ok(_))),
            "the model did not answer"
        );
    })
}

/// Makes a different request each time.
fn distinct(model: impl Model + 'static) -> Work {
    let messages = [Message::user(QUESTION)];
    let mut instructions = String::with_capacity(64);
    let mut number = 0_u64;
    Work::new(move || {
        number += 1;
        instructions.clear();
        let _ = write!(instructions, "Answer in {number} words.");
        let request = Request::new(&messages).with_instructions(&instructions);
        let answer = model.complete(black_box(request)).now_or_never();
        assert!(
            matches!(black_box(answer), Some(Ok(_))),
            "the model did not answer"
        );
    })
}
