//! Cost of finding a tool by name: in the table that `#[agent]` generates, by comparing names one by one, in a hash map, and
//! among dynamic tools. Each case looks up four names: the names of the first, middle and last tools, and an unknown name.

use std::collections::HashMap;
use std::hint::black_box;

use agno::tool::Toolset;

use crate::agents::unwrap_valid;
use crate::numbered::{hundred, one, ten, three_hundred};
use crate::{Case, Work, orders};

/// Measures lookups of the four names with `find`.
fn lookups(count: usize, find: impl Fn(&str) -> Option<usize> + 'static) -> Work {
    let name = |index: usize| format!("find_order_in_{index:04}");
    let names = [name(0), name(count / 2), name(count - 1), name(count)];
    Work::new(move || {
        for name in &names {
            black_box(find(black_box(name)));
        }
    })
}

macro_rules! dispatch {
    ($($module:ident $count:literal)+) => {
        /// The cases for each number of tools, one per kind of lookup.
        pub(crate) const CASES: &[Case] = &[$(
            Case::new(concat!("dispatch, ", $count), "static", || {
                let tools = $module::indexed();
                lookups($module::TOOLS.len(), move |name| tools.find(name))
            }),
            Case::new(concat!("dispatch, ", $count), "one by one", || {
                let tools = $module::linear();
                lookups($module::TOOLS.len(), move |name| tools.find(name))
            }),
            Case::new(concat!("dispatch, ", $count), "hash map", || {
                let indices = 0..$module::TOOLS.len();
                let map: HashMap<&str, usize> =
                    indices.filter_map(|index| Some(($module::TOOLS.get(index)?.name, index))).collect();
                lookups($module::TOOLS.len(), move |name| map.get(name).copied())
            }),
            Case::new(concat!("dispatch, ", $count), "dynamic", || {
                let tools = unwrap_valid(orders::dynamic($module::TOOLS.len()));
                lookups($module::TOOLS.len(), move |name| tools.find(name))
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
