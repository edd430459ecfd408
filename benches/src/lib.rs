//! Defines the measured cases once, for the criterion bench, the table, the instruction counts and the allocation tests.
//!
//! A subject is a module with a list of cases. To add a subject, add a module and list it in [`SUBJECTS`].

pub mod agents;
mod cache;
pub mod counter;
mod creation;
mod dispatch;
pub mod measure;
pub mod memory;
pub mod model;
mod numbered;
mod orders;
mod output;
mod run;
pub mod scaling;
mod schema;
mod session;

use std::fmt;

/// The subjects with their cases.
pub const SUBJECTS: &[(&str, &[Case])] = &[
    ("creation", creation::CASES),
    ("run", run::CASES),
    ("output", output::CASES),
    ("session", session::CASES),
    ("schema", schema::CASES),
    ("dispatch", dispatch::CASES),
    ("cache", cache::CASES),
];

/// Returns the cases of all subjects.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    SUBJECTS.iter().flat_map(|(_, cases)| *cases)
}

/// A measured operation, in one form.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Name of the operation.
    pub name: &'static str,
    /// Form of the code: `static` uses the macros, `by hand` implements agno's traits without them, and `dynamic` assembles
    /// boxed tools and schema values at run time. An operation with only one form in agno has the form `agno`. Other forms are
    /// alternatives outside agno.
    pub form: &'static str,
    /// Prepares the work. The preparation is not measured.
    pub prepare: fn() -> Work,
    /// Number of operations per execution, such as the chunks of a stream or the messages of a session.
    pub operations: u64,
}

impl Case {
    const fn new(name: &'static str, form: &'static str, prepare: fn() -> Work) -> Self {
        Self {
            name,
            form,
            prepare,
            operations: 1,
        }
    }

    /// Sets the number of operations per execution.
    const fn with_operations(mut self, operations: u64) -> Self {
        self.operations = operations;
        self
    }
}

/// Prepared work that can be executed any number of times.
pub struct Work(Box<dyn FnMut(u64)>);

impl Work {
    fn new(mut once: impl FnMut() + 'static) -> Self {
        Self(Box::new(move |times| (0..times).for_each(|_| once())))
    }

    /// Executes the work `times` times.
    pub fn repeat(&mut self, times: u64) {
        (self.0)(times);
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work")
    }
}
