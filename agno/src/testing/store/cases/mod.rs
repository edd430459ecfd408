//! The cases, in groups.

mod damage;
mod fork;
mod ids;
mod isolation;
mod lease;
mod limits;
mod list;
mod order;
mod reading;
mod reopen;
mod retention;
mod round_trip;
mod search;
mod summary;
mod time;
mod titles;

use super::fixture::Case;

/// All groups, in the order in which they run.
pub(super) const GROUPS: &[&[Case]] = &[
    round_trip::CASES,
    order::CASES,
    reading::CASES,
    summary::CASES,
    lease::CASES,
    isolation::CASES,
    list::CASES,
    search::CASES,
    fork::CASES,
    titles::CASES,
    retention::CASES,
    limits::CASES,
    damage::CASES,
    ids::CASES,
    time::CASES,
    reopen::CASES,
];
