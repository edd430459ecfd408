//! The table, and what it says of the goals: linear growth, and at most 15 ms a tool in `cargo check` over the twin.

use std::fmt::Write as _;

use crate::generate::Form;

/// The most CPU milliseconds a tool may cost in `cargo check` over the same tool written by hand.
const MOST_OVER_TWIN: f64 = 15.0;

/// How much more a tool may cost from 100 to 300 tools than from 10 to 100, to be called linear.
const MOST_GROWTH: f64 = 1.5;

/// One crate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) form: Form,
    pub(crate) tools: usize,
    /// CPU seconds of `cargo check`.
    pub(crate) check: f64,
    /// CPU seconds of `cargo build`.
    pub(crate) build: f64,
    /// Size when expanded.
    pub(crate) bytes: usize,
    pub(crate) lines: usize,
}

type Seconds = fn(&Measured) -> f64;

const JOBS: [(&str, Seconds); 2] = [("check", |one| one.check), ("build", |one| one.build)];

/// The table with what can be concluded from it.
pub(crate) fn report(measured: &[Measured]) -> String {
    let mut text = String::from(
        "form\ttools\tcheck s\tbuild s\tcheck ms/tool\tbuild ms/tool\texpanded kB\texpanded lines\tbytes/tool\n",
    );
    for one in measured {
        let plain = find(measured, Form::Baseline, one.tools).unwrap_or(one);
        let each = |of: Seconds| (of(one) - of(plain)) * 1e3 / one.tools as f64;
        let bytes = (one.bytes as f64 - plain.bytes as f64) / one.tools as f64;
        let [check, build] = JOBS.map(|(_, of)| each(of));
        let _ = writeln!(
            text,
            "{}\t{}\t{:.2}\t{:.2}\t{check:.2}\t{build:.2}\t{}\t{}\t{bytes:.0}",
            one.form.name(),
            one.tools,
            one.check,
            one.build,
            one.bytes / 1000,
            one.lines,
        );
    }
    text.push_str("(milliseconds and bytes a tool are over the baseline, agents included)\n");
    for (job, of) in JOBS {
        over_twin(&mut text, measured, job, of);
        growth(&mut text, measured, job, of);
    }
    text
}

fn find(measured: &[Measured], form: Form, tools: usize) -> Option<&Measured> {
    measured.iter().find(|one| one.form == form && one.tools == tools)
}

/// What a tool costs over the twin, with the most tools there are.
fn over_twin(text: &mut String, measured: &[Measured], job: &str, of: Seconds) {
    let Some(macros) = measured.iter().rfind(|one| one.form == Form::Macros) else {
        return;
    };
    let Some(twin) = find(measured, Form::Twin, macros.tools) else {
        return;
    };
    let over = (of(macros) - of(twin)) * 1e3 / macros.tools as f64;
    let verdict = match job {
        "check" if over <= MOST_OVER_TWIN => ", which is within the goal of 15",
        "check" => ", which is MORE THAN THE GOAL of 15",
        _ => "",
    };
    let _ = writeln!(
        text,
        "{job}: {over:+.2} ms a tool over the twin, with {} tools{verdict}",
        macros.tools
    );
}

/// What one more tool costs, between each number of tools and the next.
fn growth(text: &mut String, measured: &[Measured], job: &str, of: Seconds) {
    for form in Form::ALL {
        let sizes: Vec<&Measured> = measured.iter().filter(|one| one.form == form).collect();
        let steps: Vec<f64> = sizes
            .windows(2)
            .map(|pair| (of(pair[1]) - of(pair[0])) * 1e3 / (pair[1].tools - pair[0].tools) as f64)
            .collect();
        let [.., before, last] = steps.as_slice() else {
            continue;
        };
        let verdict = if *last <= before * MOST_GROWTH {
            "linear"
        } else {
            "NOT LINEAR"
        };
        let _ = writeln!(
            text,
            "{job}: {}: one more tool costs {before:.2} ms at first and {last:.2} ms at last: {verdict}",
            form.name()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(form: Form, tools: usize, check: f64) -> Measured {
        Measured {
            form,
            tools,
            check,
            build: check,
            bytes: tools * 1000,
            lines: tools,
        }
    }

    #[test]
    fn growth_faster_than_the_tools_is_told() {
        let square = [10, 100, 300].map(|tools| measured(Form::Macros, tools, (tools * tools) as f64));
        assert!(report(&square).contains("NOT LINEAR"));
        let line = [10, 100, 300].map(|tools| measured(Form::Macros, tools, tools as f64));
        assert!(!report(&line).contains("NOT LINEAR"));
    }

    #[test]
    fn a_tool_is_compared_with_its_twin() {
        let all = [measured(Form::Macros, 100, 3.0), measured(Form::Twin, 100, 1.0)];
        assert!(
            report(&all).contains("check: +20.00 ms a tool over the twin, with 100 tools, which is MORE")
        );
        let all = [measured(Form::Macros, 100, 1.5), measured(Form::Twin, 100, 1.0)];
        assert!(
            report(&all).contains("check: +5.00 ms a tool over the twin, with 100 tools, which is within")
        );
    }
}
