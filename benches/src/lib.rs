//! The cases that are measured, once: the criterion bench, the quick table, the counts of instructions and the allocation
//! tests all run these. A subject is a file with its list of cases; a new one is a module and a line in [`SUBJECTS`].
//!
//! Teams, workflows, knowledge, a pool, metrics and tracing get theirs when they exist.

pub mod agents;
mod cache;
pub mod counter;
mod creation;
mod dispatch;
pub mod held;
pub mod measure;
pub mod model;
mod numbered;
mod orders;
mod output;
mod run;
pub mod scaling;
mod schema;
mod session;

use std::fmt;

/// Every subject, with its cases.
pub const SUBJECTS: &[(&str, &[Case])] = &[
    ("creation", creation::CASES),
    ("run", run::CASES),
    ("output", output::CASES),
    ("session", session::CASES),
    ("schema", schema::CASES),
    ("dispatch", dispatch::CASES),
    ("cache", cache::CASES),
];

/// Every case.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    SUBJECTS.iter().flat_map(|(_, cases)| *cases)
}

/// One thing that is measured, in one form.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What is done.
    pub name: &'static str,
    /// By what: `static` is made by the macros, `by hand` written without them, `dynamic` put together at run time out of
    /// pointers and schemas as values. What exists in one form only is `agno`, with what others use beside it.
    pub form: &'static str,
    /// Makes ready what is not measured.
    pub prepare: fn() -> Work,
    /// How many of what is named are done at once: the chunks of a stream, the messages of a session.
    pub each: u64,
}

impl Case {
    const fn new(name: &'static str, form: &'static str, prepare: fn() -> Work) -> Self {
        Self {
            name,
            form,
            prepare,
            each: 1,
        }
    }

    /// The same, where doing the work once does so many of what is named.
    const fn each_of(mut self, each: u64) -> Self {
        self.each = each;
        self
    }
}

/// Work that is ready to be done, any number of times.
pub struct Work(Box<dyn FnMut(u64)>);

impl Work {
    fn of(mut once: impl FnMut() + 'static) -> Self {
        Self(Box::new(move |times| (0..times).for_each(|_| once())))
    }

    /// Does it so many times.
    pub fn repeat(&mut self, times: u64) {
        (self.0)(times);
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work")
    }
}
