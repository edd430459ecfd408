//! From the name a model sent to the place of the tool: with the table that `#[agent]` makes, one name after another,
//! among tools known only at run time, and in a hash map. Each case looks for the first name, the middle one, the last, and
//! one that no tool has.

use std::collections::HashMap;
use std::hint::black_box;

use agno::tool::Toolset;

use crate::agents::right;
use crate::numbered::{hundred, one, ten, three_hundred};
use crate::{Case, Work, orders};

/// Looks for the four names, over and over.
fn look(count: usize, find: impl Fn(&str) -> Option<usize> + 'static) -> Work {
    let name = |at: usize| format!("find_order_in_{at:04}");
    let names = [name(0), name(count / 2), name(count - 1), name(count)];
    Work::of(move || {
        for name in &names {
            black_box(find(black_box(name)));
        }
    })
}

macro_rules! dispatch {
    ($($module:ident $count:literal)+) => {
        /// Every number of tools in every form.
        pub(crate) const CASES: &[Case] = &[$(
            Case::new(concat!("dispatch, ", $count), "static", || {
                let tools = $module::indexed();
                look($module::TOOLS.len(), move |name| tools.find(name))
            }),
            Case::new(concat!("dispatch, ", $count), "one by one", || {
                let tools = $module::one_by_one();
                look($module::TOOLS.len(), move |name| tools.find(name))
            }),
            Case::new(concat!("dispatch, ", $count), "hash map", || {
                let places = 0..$module::TOOLS.len();
                let map: HashMap<&str, usize> =
                    places.filter_map(|at| Some(($module::TOOLS.get(at)?.name, at))).collect();
                look($module::TOOLS.len(), move |name| map.get(name).copied())
            }),
            Case::new(concat!("dispatch, ", $count), "dynamic", || {
                let tools = right(orders::dynamic($module::TOOLS.len()));
                look($module::TOOLS.len(), move |name| tools.find(name))
            }),
        )+];
    };
}

dispatch! {
    one "1 tool"
    ten "10 tools"
    hundred "100 tools"
    three_hundred "300 tools"
}
