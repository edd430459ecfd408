//! Cost of appending messages to a session, finding its window, and saving and loading the session. The `list` form does the
//! same work with a plain list of messages, and the `copied` form copies the window, like frameworks that pass a copy to
//! the model.

use std::hint::black_box;

use agno::Message;
use agno::prelude::*;
use agno::session::Window;
use serde::de::DeserializeOwned;

use crate::agents::QUESTION;
use crate::{Case, Work};

macro_rules! at_each_size {
    ($($size:literal $text:literal)+) => {
        pub(crate) const CASES: &[Case] = &[
            $(
                Case::new(concat!("append, each of ", $text, " messages"), "agno", || {
                    Work::new(|| {
                        black_box(conversation($size));
                    })
                })
                .with_operations($size),
                Case::new(concat!("append, each of ", $text, " messages"), "list", || {
                    Work::new(|| {
                        let mut list = Vec::new();
                        (0..$size).for_each(|index| list.push(message(index)));
                        black_box(list);
                    })
                })
                .with_operations($size),
            )+
            $(
                Case::new(concat!("window of 100, of ", $text, " messages"), "agno", || {
                    windowed(conversation($size).with_window(Window::messages(100)))
                }),
                Case::new(concat!("window of 100, of ", $text, " messages"), "copied", || {
                    copied(conversation($size).with_window(Window::messages(100)))
                }),
                Case::new(concat!("window of 750 tokens, of ", $text, " messages"), "agno", || {
                    windowed(conversation($size).with_window(Window::tokens(750)))
                }),
            )+
            $(
                Case::new(concat!("save, each of ", $text, " messages"), "agno", || {
                    saved(conversation($size))
                })
                .with_operations($size),
                Case::new(concat!("save, each of ", $text, " messages"), "list", || {
                    saved((0..$size).map(message).collect::<Vec<_>>())
                })
                .with_operations($size),
                Case::new(concat!("load, each of ", $text, " messages"), "agno", || {
                    loaded::<Session>(&conversation($size))
                })
                .with_operations($size),
                Case::new(concat!("load, each of ", $text, " messages"), "list", || {
                    loaded::<Vec<Message>>(&(0..$size).map(message).collect::<Vec<_>>())
                })
                .with_operations($size),
            )+
        ];
    };
}

at_each_size! {
    100 "100"
    10_000 "10,000"
    100_000 "100,000"
}

fn message(index: u64) -> Message {
    if index.is_multiple_of(2) {
        Message::user(QUESTION)
    } else {
        Message::assistant("It rains in Oslo.")
    }
}

/// Creates a session with this many messages, which alternate between questions and answers.
pub(crate) fn conversation(messages: u64) -> Session {
    let mut session = Session::new(Owner::shared());
    (0..messages).for_each(|index| session.push(message(index)));
    session
}

/// Finds the start of the window, as each run does at the beginning.
fn windowed(session: Session) -> Work {
    Work::new(move || {
        black_box(black_box(&session).visible());
    })
}

fn copied(session: Session) -> Work {
    Work::new(move || {
        let visible = black_box(&session).visible();
        black_box(visible.iter().cloned().collect::<Vec<_>>());
    })
}

fn saved<T: Serialize + 'static>(conversation: T) -> Work {
    Work::new(move || {
        let _ = black_box(serde_json::to_vec(black_box(&conversation)));
    })
}

fn loaded<T: DeserializeOwned>(conversation: &impl Serialize) -> Work {
    let text = serde_json::to_string(conversation).unwrap_or_default();
    Work::new(move || {
        let loaded: Result<T, _> = serde_json::from_str(black_box(&text));
        assert!(black_box(loaded).is_ok(), "the saved session could not be loaded");
    })
}
