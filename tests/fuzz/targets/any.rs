//! Runs a fuzz target from `agno_tests` under libFuzzer. The `AGNO_FUZZ_TARGET` environment variable names the target.
#![no_main]

use std::sync::OnceLock;

use agno_tests::fuzz::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

fn target() -> Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    *TARGET.get_or_init(|| {
        let name = std::env::var("AGNO_FUZZ_TARGET").unwrap_or_default();
        let names = TARGETS.map(|(name, _)| name).join(", ");
        let found = TARGETS.into_iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("set AGNO_FUZZ_TARGET to one of {names}")).1
    })
}

fuzz_target!(|bytes: &[u8]| target()(bytes));
